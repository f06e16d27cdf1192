"""Who would get each step today, whoever starts the case: what is asked before it is published.

A rule that names posts, units, roles or persons is judged; one that looks at the starter, at what
is filled in or at who did an earlier step is said to depend on that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from engine.actor import Principal
from engine.feel import FeelError, evaluate, parse
from office.chains.model import OPERATORS, Ask, Chain, Inform, Who, asks_each
from office.chains.trying import persons, proving
from office.foreseen import judging
from office.foreseen.judging import Judge, SoFar
from office.foreseen.values import Asked, Warned
from office.people.queries import Standing

#: what the people of a step are known by when a case is there; nothing: they are known today
Depends: TypeAlias = Literal["", "starter", "values", "performer", "appointed"]
#: what comes of a shortfall at its step, by `staff_words.CONSEQUENCES`; nothing: all is well
Consequence: TypeAlias = Literal[
    "", "stuck", "stuck_at", "waits", "waits_at", "passed", "handed", "left_out", "others",
    "instead", "nobody_starts",
]  # fmt: skip


class Roster(judging.Look, Protocol):
    """What is asked of the organisation, of one moment."""

    @property
    def at(self) -> datetime: ...

    def standings(self, principals: Sequence[Principal]) -> Mapping[Principal, Standing]: ...

    def heads(self, unit: Principal) -> Sequence[Principal]: ...


@dataclass(frozen=True, slots=True)
class Lack:
    """Nobody acts for one of those named; `why` is a key of `office.people.shortfalls` without
    its kind.
    """

    standing: Standing
    why: str

    @property
    def kind(self) -> str:
        return self.standing.principal.partition(":")[0]

    @property
    def called(self) -> str:
        """Its name, or its code where there is none."""
        return self.standing.name or self.standing.principal.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Staffed:
    """One step; without one, who may start the chain. `able` and `away` as in `Standing`; of
    `unproven` a proof is demanded that they cannot give yet; `waiting` tells for whom of several
    the case would wait, as a trial does.
    """

    step: Ask | Inform | None
    depends: Depends = ""
    principals: tuple[Principal, ...] = ()
    able: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    consequence: Consequence = ""
    lacks: tuple[Lack, ...] = ()
    unproven: tuple[str, ...] = ()
    waiting: tuple[Warned, ...] = ()


def staffed(chain: Chain, roster: Roster) -> list[Staffed]:
    """Every step that people do, in reading order; first who may start it, where nobody can."""
    steps = (step for step in chain.walk() if isinstance(step, Ask | Inform))
    return [*_start(chain, roster), *(_Staffing(step, roster).found() for step in steps)]


def _start(chain: Chain, roster: Roster) -> Iterator[Staffed]:
    if not chain.start_role:
        return
    role = f"role:{chain.start_role}"
    asked = [role, *roster.starters(chain.key)]
    standings = roster.standings(asked)
    if not any(one.able for one in standings.values()):
        lack = Lack(standings[role], standings[role].shortfall)
        yield Staffed(None, principals=tuple(asked), consequence="nobody_starts", lacks=(lack,))


@dataclass(frozen=True, slots=True)
class _Staffing:
    step: Ask | Inform
    roster: Roster

    def found(self) -> Staffed:
        depends, named = _named(self.step.who, self.roster.at)
        if depends:
            return self._of_a_case(depends)
        principals, lacks = self._looked_up(named)
        standings = self.roster.standings(principals)
        lacks += [Lack(one, one.shortfall) for one in standings.values() if one.shortfall]
        able = {name for one in standings.values() for name in one.able}
        away = {name for one in standings.values() for name in one.away}
        found = Staffed(
            self.step, "", tuple(principals), tuple(sorted(able)), tuple(sorted(away)),
            unproven=proving(self.step, sorted(able), self.roster),
        )  # fmt: skip
        judged = self._judged(replace(found, waiting=self._waiting(found)), lacks)
        if judged.consequence or not (nobody := self._in_place()):
            return judged
        return replace(judged, consequence="instead", lacks=tuple(nobody))

    def _of_a_case(self, depends: Depends) -> Staffed:
        """Of those who are known later, at least whoever does it instead is known now."""
        lacks = [*self._instead(), *self._in_place()]
        return Staffed(
            self.step, depends, consequence="instead" if lacks else "", lacks=tuple(lacks)
        )

    def _looked_up(self, named: Sequence[Principal]) -> tuple[list[Principal], list[Lack]]:
        """Those who are asked, and the units that no post heads."""
        if self.step.who.kind != "head":
            return list(named), []
        found: dict[Principal, None] = {}
        lacks = []
        for unit, standing in self.roster.standings(named).items():
            heads = self.roster.heads(unit)
            found |= dict.fromkeys(heads)
            if not heads:
                odd = standing.shortfall in ("unknown", "closed")
                lacks.append(Lack(standing, standing.shortfall if odd else "headless"))
        return list(found), lacks

    def _waiting(self, found: Staffed) -> tuple[Warned, ...]:
        """Those of several who are on leave, where what the others say is not enough."""
        step = self.step
        if not isinstance(step, Ask) or not asks_each(step):
            return ()
        able, principals = found.able, found.principals
        if step.who.kind == "members":  # each is asked as a person
            principals = tuple(f"person:{name}" for name in able)

        def enough(answers: int) -> bool:
            return step.how == "share" and answers * 100 >= step.share * len(principals)

        asked = Asked(step.id, principals, several=True, each=True, enough=enough)
        return tuple(Judge(self.roster, SoFar(""), str).held_up(asked, able))

    def _judged(self, found: Staffed, lacks: Sequence[Lack]) -> Staffed:
        """What comes of it: nothing where somebody who is there can do it for all."""
        who, each = self.step.who, asks_each(self.step) and self.step.who.kind != "members"
        missing = [one for one in lacks if one.why != "away"]
        if not found.able:
            return self._without(found, lacks)
        if missing and who.if_nobody == "hand" and (nobody := self._instead()):
            return replace(found, consequence="stuck", lacks=(*lacks, *nobody))
        consequence: Consequence = ""
        if len(found.away) == len(found.able):
            consequence = "waits"
        elif missing and each and who.if_nobody == "stop":
            consequence = "stuck_at"
        elif missing and who.if_nobody == "hand":
            consequence = "handed"
        elif missing:
            consequence = "left_out" if each else "others"
        elif found.waiting:
            consequence = "waits_at"
        return replace(found, consequence=consequence, lacks=tuple(lacks) if consequence else ())

    def _without(self, found: Staffed, lacks: Sequence[Lack]) -> Staffed:
        """Nobody at all can do it."""
        match self.step.who.if_nobody:
            case "pass":
                return replace(found, consequence="passed", lacks=tuple(lacks))
            case "hand":
                nobody = self._instead()
                after: Consequence = "stuck" if nobody else "handed"
                return replace(found, consequence=after, lacks=(*lacks, *nobody))
            case _:
                return replace(found, consequence="stuck", lacks=tuple(lacks))

    def _instead(self) -> list[Lack]:
        """Why nobody can do it instead; nothing where somebody can."""
        return self._nobody_of(self.step.who.instead)

    def _in_place(self) -> list[Lack]:
        """Why nobody can do it where it is the starter themselves; nothing where somebody can."""
        return self._nobody_of(self.step.who.instead_of_starter)

    def _nobody_of(self, others: Sequence[Principal]) -> list[Lack]:
        lacks, able = [], False
        for one in others:
            standings = self.roster.standings(self.roster.others([one])).values()
            able = able or any(standing.able for standing in standings)
            if one == OPERATORS:
                if not any(standing.able for standing in standings):
                    lacks.append(Lack(Standing(one), "nobody"))
            else:
                lacks += [Lack(found, found.shortfall) for found in standings if found.shortfall]
        return [] if able else lacks


def _named(who: Who, at: datetime) -> tuple[Depends, Sequence[Principal]]:
    match who.kind:
        case "named" | "head" | "members":
            return "", who.values
        case "performer":
            return "performer", ()
        case "appointed":
            return "appointed", ()
        case "field":
            return "values", ()
        case "formula":
            return _of_formula(who.value, at)
        case _:
            return "starter", ()


def _of_formula(text: str, at: datetime) -> tuple[Depends, Sequence[Principal]]:
    """Those whom it names whatever the case holds."""
    try:
        told = parse(text).references
        if told.variables or told.maybe:
            return "values", ()
        value = evaluate(text, {}, now=at).value
    except FeelError:
        return "values", ()
    return "", persons(value)
