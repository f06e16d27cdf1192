"""Judging one step after another, by the organisation as it is and by what came before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from engine.actor import Principal
from office.documents.rules import OPEN_TO_RIGHTS
from office.foreseen.values import Asked, Chosen, Foreseen, Policy, Warned


class Factors(Protocol):
    """Who has the means to prove that they are themselves."""

    def provable(self, usernames: Sequence[str]) -> frozenset[str]: ...


class Look(Factors, Protocol):
    """What is asked of the organisation, of one moment."""

    def superior(self, username: str, level: int) -> Principal | None: ...

    def others(self, principals: Sequence[Principal]) -> Sequence[Principal]: ...

    def starters(self, process: str) -> Sequence[Principal]: ...

    def able(self, principals: Sequence[Principal]) -> frozenset[str]: ...

    def cleared(self, usernames: Sequence[str], secrecy: int) -> frozenset[str]: ...

    def away(self) -> Mapping[str, date]: ...

    def acting(self, username: str) -> Sequence[str]: ...


@dataclass(slots=True)
class SoFar:
    """What has happened in the case: `did` says who could have done each step, by its id; `before`
    who surely did the step before, `answers` what each has surely answered.
    """

    starter: str
    did: dict[str, tuple[str, ...]] = field(default_factory=dict)
    before: str = ""
    answers: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.before = self.starter

    def sure(self, steps: Iterable[str]) -> set[str]:
        """Those who surely did one of these steps."""
        found = (self.did.get(one, ()) for one in steps)
        return {names[0] for names in found if len(names) == 1}

    def barred(self, policy: Policy) -> set[str]:
        found = self.sure(policy.apart) | policy.besides
        return found | {self.starter} if policy.not_starter else found

    def has_done(self, name: str, answer: str) -> bool:
        return name == self.before or answer in self.answers.get(name, ())

    def anew(self) -> None:
        """Work came back to a step that was done: what was answered counts no more."""
        self.before, self.answers = "", {}


def together(said: Iterable[Mapping[str, set[str]]]) -> dict[str, set[str]]:
    """What each has answered, on ways that went on at the same time."""
    found: dict[str, set[str]] = {}
    for answers in said:
        for name, each in answers.items():
            found.setdefault(name, set()).update(each)
    return found


def unproven(names: Sequence[str], factors: Factors) -> tuple[str, ...]:
    """Those of them who cannot prove that they are themselves yet."""
    known = factors.provable(names) if names else frozenset()
    return tuple(name for name in names if name not in known)


@dataclass(frozen=True, slots=True)
class Judge:
    """`secrecy`: of the letter that is thought of, 1 ปกติ, 2 ลับ, 3 ลับมาก; `called`: what a step is
    called, by its id, empty where there is none.
    """

    look: Look
    sofar: SoFar
    called: Callable[[str], str]
    secrecy: int = OPEN_TO_RIGHTS

    # -- before anybody is asked ------------------------------------------------------------

    def started(self, process: str, role: str) -> Iterator[Warned]:
        """Why the starter may not begin it: by the role, a grant or the right to everything."""
        starter = self.sofar.starter
        if self.uncleared((starter,)):
            yield Warned("starter_uncleared", starter)
        if not role:
            return
        holders = self.look.able([f"role:{role}", *self.look.starters(process)])
        if not holders:
            yield Warned("nobody_may_start", role)
        elif starter not in holders:
            yield Warned("may_not_start", starter)

    def chosen(self, principals: tuple[Principal, ...], policy: Policy) -> Chosen:
        """Who is asked of those named, as the policy says."""
        barred = self.sofar.barred(policy)
        told: list[Warned] = []
        if own := self._own(principals, policy, barred):
            principals, because = own
            told.append(because)
            if because.code == "own_stuck":
                return Chosen(principals, tuple(told), "stuck")
            if not principals:
                return Chosen(principals, tuple(told), "passed")
        could = self.look.able(principals)
        if could and not could - barred:
            told.append(Warned("conflict", ", ".join(sorted(could))))
        if could - barred:
            told += self._left_out(principals, could - barred, barred) if policy.each else ()
        elif policy.if_nobody == "pass":
            return Chosen(principals, (Warned("passed"), *told), "passed")
        elif policy.if_nobody == "hand":
            principals = tuple(self.look.others(policy.instead))
            told.append(Warned("handed"))
        return Chosen(principals, tuple(told))

    def _own(
        self, principals: tuple[Principal, ...], policy: Policy, barred: set[str]
    ) -> tuple[tuple[Principal, ...], Warned] | None:
        """Who is asked where only the starter could do it, who is barred: of all who are asked for
        it, or of each. None: others can, or it is as where nobody can.
        """
        starter, what = self.sofar.starter, policy.if_starter
        if not policy.not_starter or what == "same":
            return None
        able = {one: self.look.able([one]) for one in principals}
        free = [one for one in principals if able[one] - barred]
        others = self.sofar.barred(replace(policy, not_starter=False))
        mine = starter not in others and [
            one for one in principals if one not in free and starter in able[one]
        ]
        if not mine or (free and not policy.each):
            return None
        if what == "stop":
            return principals, Warned("own_stuck", starter)
        if what == "pass":
            rest = tuple(one for one in principals if one not in mine) if policy.each else ()
            return rest, Warned("own_passed", starter)
        found = self._in_place(policy)
        if not self.look.able(found) - barred:
            return None
        asked = (found if one in mine else [one] for one in principals)
        return (
            tuple(dict.fromkeys(one for many in asked for one in many)),
            Warned("own_handed", starter),
        )

    def _in_place(self, policy: Policy) -> Sequence[Principal]:
        """Those who do it in the starter's place."""
        if policy.if_starter == "hand":
            return self.look.others(policy.instead_of_starter)
        above = self.look.superior(self.sofar.starter, 1)
        return [] if above is None else [above]

    def _left_out(
        self, principals: Sequence[Principal], able: frozenset[str], barred: set[str]
    ) -> Iterator[Warned]:
        """Those of several who cannot do it."""
        missing = [
            one for one in principals
            if not (
                {one.removeprefix("person:")} & able
                if one.startswith("person:")
                else self.look.able([one]) - barred
            )
        ]  # fmt: skip
        if missing:
            yield Warned("left_out", ", ".join(missing))

    # -- those who are asked ----------------------------------------------------------------

    def reached(self, asked: Asked, told: Sequence[Warned] = ()) -> Foreseen:
        """Who gets it, and what would go wrong, after what was `told` of it already."""
        able = tuple(sorted(self.look.able(asked.principals) - asked.barred))
        warnings = list(told)
        if missing := self.uncleared(able):
            # As at run time: who is not cleared is left out, and nobody is asked instead of them.
            able = tuple(name for name in able if name not in missing)
            code = "uncleared" if able else "nobody_cleared"
            warnings.insert(0, Warned(code, ", ".join(missing)))
        away = tuple(name for name in able if name in self.look.away())
        if not able and not missing:
            warnings.insert(0, Warned("nobody"))
        elif asked.each:
            warnings += self.held_up(asked, able)
        elif able and len(away) == len(able):
            warnings.append(Warned("away", away[0]))
        if asked.decides:
            warnings += self._conflict_if(asked, able)
            warnings += self._unprovable(asked, able)
            warnings += self._again(asked, able)
        return Foreseen(able, away, tuple(warnings))

    def uncleared(self, names: Sequence[str]) -> list[str]:
        """Those of them who are not cleared for the letter's degree."""
        if self.secrecy <= OPEN_TO_RIGHTS or not names:
            return []
        cleared = self.look.cleared(names, self.secrecy)
        return [name for name in names if name not in cleared]

    def _unprovable(self, asked: Asked, able: Sequence[str]) -> Iterator[Warned]:
        if asked.proof and (missing := unproven(able, self.look)):
            yield Warned("unprovable", ", ".join(missing))

    def _conflict_if(self, asked: Asked, able: tuple[str, ...]) -> Iterator[Warned]:
        """Where the only one who can do it may not, should they do another step first."""
        for earlier in asked.apart if len(able) == 1 else ():
            names, name = self.sofar.did.get(earlier, ()), self.called(earlier)
            if name and len(names) > 1 and able[0] in names:
                yield Warned("conflict_if", name)

    def held_up(self, asked: Asked, able: tuple[str, ...]) -> Iterator[Warned]:
        """Those of several for whom it waits: all who can do it in one's place are on leave, and
        what the others say is not enough. Whom it passes by, it does not wait for.
        """
        away = self.look.away()
        if not away.keys() & set(able):
            return
        each = {one: self.look.able([one]) & set(able) for one in asked.principals}
        held = {one: names for one, names in each.items() if names}
        gone = {
            one: names
            for one, names in held.items()
            if names <= away.keys() and not self._passes(asked, names)
        }
        if asked.enough(len(held) - len(gone)):  # each of the others says yes
            return
        for one, names in gone.items():
            until = min(away[name] for name in names)
            if one.startswith("person:"):
                username = one.removeprefix("person:")
                acting = tuple(name for name in self.look.acting(username) if name not in away)
                yield Warned("waits_person", username, until=until, acting=acting)
            else:
                yield Warned("waits_post", ", ".join(sorted(names)), until=until)

    def _passes(self, asked: Asked, names: frozenset[str]) -> bool:
        """Whether the one who can do it has done as much."""
        return (
            asked.skip_same
            and len(names) == 1
            and all(self.sofar.has_done(name, asked.first) for name in names)
        )

    # -- one and the same -------------------------------------------------------------------

    def _again(self, asked: Asked, able: tuple[str, ...]) -> Iterator[Warned]:
        """Whom it passes by, for they have done as much; else who comes up twice. As at run time,
        if nobody enters anything else on the way.
        """
        once = self._once(asked, able)
        if once:
            yield Warned("once", ", ".join(once))
        else:
            yield from self._same(asked, able)

    def _once(self, asked: Asked, able: tuple[str, ...]) -> list[str]:
        done = (name for name in self._alone(asked, able) if self.sofar.has_done(name, asked.first))
        return list(done) if asked.skip_same else []

    def _alone(self, asked: Asked, able: tuple[str, ...]) -> list[str]:
        """Those who alone can do what they are asked for."""
        if not asked.several or len(able) < 2:
            return list(able) if len(able) == 1 else []
        each = [self.look.able([one]) & set(able) for one in asked.principals]
        return list(dict.fromkeys(name for found in each if len(found) == 1 for name in found))

    def _same(self, asked: Asked, able: tuple[str, ...]) -> Iterator[Warned]:
        """One and the same person twice: the starter, or whoever does an earlier step."""
        if len(able) != 1:
            return
        if able[0] == self.sofar.starter and not asked.of_starter:
            yield Warned("starter", able[0])
        for earlier, names in self.sofar.did.items():
            name = self.called(earlier)
            if names == able and name and able[0] != self.sofar.starter:
                yield Warned("same", name)
                return

    def answered(self, asked: Asked, able: tuple[str, ...], *, entered: bool = False) -> None:
        """They have said what they are thought to say; `entered`: and something that others have
        not seen.
        """
        sofar, once = self.sofar, self._once(asked, able)
        acting = [name for name in self._alone(asked, able) if name not in once]
        alone = acting[0] if len(able) == 1 and acting else ""
        if set(able) - set(once):
            sofar.before = alone
        if entered:
            sofar.answers = {alone: sofar.answers.get(alone, set())}
        for name in acting:
            sofar.answers.setdefault(name, set()).add(asked.says)
