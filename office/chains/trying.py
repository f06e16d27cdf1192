"""A chain tried before it is published: which way it takes, and who gets each step today.

Everybody is thought to say yes. What the engine would find out only at run time is a warning here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol

from engine.actor import Principal
from engine.feel import FeelError, UnknownVariable, condition, evaluate
from office.chains.matrix.judging import decided
from office.chains.matrix.ways import variable
from office.chains.model import (
    NOBODY,
    Ask,
    Branch,
    Call,
    Chain,
    Choose,
    Inform,
    Matrix,
    Span,
    Step,
    Together,
    Wait,
    Who,
    appointed_variable,
    asks_each,
    outcome_variable,
    outcomes_variable,
    takes_one,
)
from office.documents.rules import OPEN_TO_RIGHTS

#: processes that a trial goes into, one within another, and cards of all that it enters: a ring of
#: them would never end, and each of many cards can run a process of many
DEEPEST, MOST_ENTERED = 5, 600


class Look(Protocol):
    """What is asked of the organisation, of one moment."""

    def superior(self, username: str, level: int) -> Principal | None: ...

    def found(self, who: Who, starter: str) -> Sequence[Principal]: ...

    def others(self, principals: Sequence[Principal]) -> Sequence[Principal]: ...

    def starters(self, process: str) -> Sequence[Principal]: ...

    def able(self, principals: Sequence[Principal]) -> frozenset[str]: ...

    def cleared(self, usernames: Sequence[str], secrecy: int) -> frozenset[str]: ...

    def provable(self, usernames: Sequence[str]) -> frozenset[str]: ...

    def away(self) -> Mapping[str, date]: ...

    def acting(self, username: str) -> Sequence[str]: ...

    def later(self, start: datetime, span: Span) -> datetime: ...

    def day(self, moment: datetime) -> date: ...

    def called(self, process: str) -> Called | None: ...


@dataclass(frozen=True, slots=True)
class Called:
    """A published process that a step runs. No `chain`: cards cannot say it, from `element` on."""

    name: str
    chain: Chain | None = None
    element: str = ""


@dataclass(frozen=True, slots=True)
class Warned:
    """`code` is one of `words.WARNINGS`, `detail` sign-in names, a step's name or a text.

    Where an expression gives no answer: `missing` is the field that has no value yet, by its
    label, else `why` is what FEEL says of it. Where a step waits for somebody on leave: `until`
    is the last day of it, `acting` those who act for a post of theirs, but not in this step.
    """

    code: str
    detail: str = ""
    why: str = ""
    missing: str = ""
    until: date | None = None
    acting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Met:
    """One step on the way. `able` are those who can do it, `away` those of them on leave."""

    step: Step
    principals: tuple[Principal, ...] = ()
    able: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    warnings: tuple[Warned, ...] = ()
    #: of a condition: the way that is taken, or the ways
    taken: str = ""
    #: of a matrix: the numbers of the rules that hold, from 1
    rules: tuple[int, ...] = ()
    #: when time is up, if each step before took all of its own
    by: datetime | None = None
    #: the steps that run the process in which it is, the outermost first
    within: tuple[Call, ...] = ()
    #: the chain whose card it is, where that is another one
    chain: Chain | None = None


@dataclass(slots=True)
class Trial:
    chain: Chain
    starter: str
    values: Mapping[str, Any]
    now: datetime
    look: Look
    #: of the letter that is tried: 1 ปกติ, 2 ลับ, 3 ลับมาก
    secrecy: int = OPEN_TO_RIGHTS
    _known: dict[str, Any] = field(default_factory=dict)
    _did: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: who surely did the step before, and what each has surely answered in the case
    _before: str = ""
    _answers: dict[str, set[str]] = field(default_factory=dict)
    #: when the step that is met begins at the latest, as far as steps have a deadline
    _at: datetime = field(init=False)
    #: processes around this one, and how many cards all that were entered have
    _around: tuple[str, ...] = ()
    _entered: list[int] = field(default_factory=lambda: [0])

    def way(self) -> list[Met]:
        """Every step that the case would meet, in order."""
        # what is answered is known once its step is met
        samples = {outcome_variable(one) for one in self.chain.walk() if isinstance(one, Ask)}
        self._known = {key: one for key, one in self.values.items() if key not in samples}
        self._did, self._answers = {}, {}
        self._before = self.starter
        self._at = self.now
        met = list(self._row(self.chain.steps))
        if met:
            met[0] = replace(met[0], warnings=(*self._start(), *met[0].warnings))
        return met

    def _start(self) -> Iterator[Warned]:
        """Why the starter may not begin it: by the role, a grant or the right to everything."""
        if self._uncleared((self.starter,)):
            yield Warned("starter_uncleared", self.starter)
        if not self.chain.start_role:
            return
        asked = [f"role:{self.chain.start_role}", *self.look.starters(self.chain.key)]
        holders = self.look.able(asked)
        if not holders:
            yield Warned("nobody_may_start", self.chain.start_role)
        elif self.starter not in holders:
            yield Warned("may_not_start", self.starter)

    def _row(self, steps: Sequence[Step]) -> Iterator[Met]:
        for step in steps:
            match step:
                case Ask() | Inform():
                    yield self._met(step)
                case Matrix():
                    yield from self._matrix(step)
                case Choose():
                    yield from self._choose(step)
                case Together():
                    yield Met(step)
                    yield from self._at_once(step.branches)
                case Wait():
                    yield self._wait(step)
                case Call():
                    yield from self._call(step)
                case _:
                    yield Met(step)

    def _call(self, step: Call) -> Iterator[Met]:
        """What the process meets that runs here: it has this one's variables, and gives its own
        back.
        """
        called = self.look.called(step.process)
        if called is None:
            yield Met(step, warnings=(Warned("no_process", step.process),))
            return
        warned = self._not_entered(step, called)
        yield Met(step, taken=called.name, warnings=(warned,) if warned else ())
        if warned or called.chain is None:
            return
        outer = self.chain, self._did, self._around
        self.chain, self._did = called.chain, {}
        self._around = (*self._around, outer[0].key)
        for met in self._row(called.chain.steps):
            yield replace(met, within=(step, *met.within), chain=met.chain or called.chain)
        self.chain, self._did, self._around = outer

    def _not_entered(self, step: Call, called: Called) -> Warned | None:
        """Why the trial does not go into it."""
        if called.chain is None:
            return Warned("not_cards", called.element or called.name)
        if step.process in (*self._around, self.chain.key):
            return Warned("circle", called.name)
        if len(self._around) + 1 >= DEEPEST:
            return Warned("too_deep", str(DEEPEST))
        self._entered[0] += sum(1 for _step in called.chain.walk())
        if self._entered[0] > MOST_ENTERED:
            return Warned("too_long", str(MOST_ENTERED))
        return None

    def _at_once(self, branches: Sequence[Branch]) -> Iterator[Met]:
        """Ways that begin together; what follows waits for the last."""
        begun, done, before = self._at, self._at, self._before
        for branch in branches:
            self._at, self._before = begun, before
            yield from self._row(branch.steps)
            done = max(done, self._at)
        self._at = done
        if len(branches) > 1:
            self._before = ""  # of several ways, nobody knows which is done last

    def _wait(self, step: Wait) -> Met:
        if step.span is not None:
            self._at = self.look.later(self._at, step.span)
            return Met(step, by=self._at)
        until, met = self._known.get(step.until), self.look.day(self._at)
        if not isinstance(until, date) or isinstance(until, datetime) or until > met:
            return Met(step)
        code = "past" if until <= self.look.day(self.now) else "past_by_then"
        return Met(step, warnings=(Warned(code, until.isoformat()),))

    def _choose(self, step: Choose) -> Iterator[Met]:
        taken, warnings = self._taken(step)
        yield Met(step, warnings=tuple(warnings), taken=taken.label)
        yield from self._row(taken.steps)

    def _matrix(self, step: Matrix) -> Iterator[Met]:
        """What the table answers, then the ways whose flows that opens."""
        try:
            found = decided(step, self.chain, self._known, self.now)
        except FeelError as wrong:
            yield Met(step, warnings=(self._unclear("unclear_table", "", wrong),))
            return
        self._known[variable(step.id)] = found.answer
        *named, last = step.branches
        opened = [one for one in named if self._holds(one.condition)] or [last]
        ways = opened[:1] if takes_one(step) else opened
        yield Met(step, taken=", ".join(way.label for way in ways), rules=tuple(found.rules))
        yield from self._at_once(ways)

    def _holds(self, asked: str) -> bool:
        return condition(asked, self._known, now=self.now)

    def _taken(self, step: Choose) -> tuple[Branch, list[Warned]]:
        for branch in step.branches:
            if not branch.condition:
                return branch, []
            try:
                if condition(branch.condition, self._known, now=self.now):
                    return branch, []
            except FeelError as wrong:
                return step.branches[-1], [self._unclear("unclear_way", branch.label, wrong)]
        return step.branches[-1], []

    def _unclear(self, code: str, detail: str, wrong: FeelError) -> Warned:
        """Which field has no value, else what FEEL says."""
        missing = self.chain.field(wrong.name) if isinstance(wrong, UnknownVariable) else None
        if missing is not None:
            return Warned(code, detail, missing=missing.label)
        return Warned(code, detail, str(wrong))

    def _met(self, step: Ask | Inform) -> Met:
        warnings: list[Warned] = []
        try:
            principals = tuple(self._principals(step))
        except _NoValue as empty:
            code = "not_chosen" if step.who.kind == "appointed" else "field_empty"
            return Met(step, warnings=(Warned(code, empty.label),))
        except FeelError as wrong:
            return Met(step, warnings=(self._unclear("unclear_who", "", wrong),))
        barred = self._barred(step) if isinstance(step, Ask) else set()
        if isinstance(step, Ask) and (own := self._own(step, principals, barred)):
            principals, told = own
            warnings.append(told)
            if told.code == "own_passed" and not principals:
                self._pass(step)
            if told.code == "own_stuck" or not principals:
                return Met(step, principals, warnings=(told,))
        could = self.look.able(principals)
        able = tuple(sorted(could - barred))
        warnings += self._conflicts(step, could, able)
        if not able and step.who.if_nobody == "pass":
            self._pass(step)
            return Met(step, principals, warnings=(Warned("passed"), *warnings))
        if not able and step.who.if_nobody == "hand":
            principals = tuple(self.look.others(step.who.instead))
            able = tuple(sorted(self.look.able(principals) - barred))
            warnings.append(Warned("handed"))
        elif able and asks_each(step):
            warnings += self._left_out(principals, set(able), barred)
        if missing := self._uncleared(able):
            # As at run time: who is not cleared is left out, and nobody is asked instead of them.
            able = tuple(name for name in able if name not in missing)
            code = "uncleared" if able else "nobody_cleared"
            warnings.insert(0, Warned(code, ", ".join(missing)))
        away = tuple(name for name in able if name in self.look.away())
        if not able and not missing:
            warnings.insert(0, Warned("nobody"))
        elif isinstance(step, Ask) and asks_each(step):
            warnings += self._held_up(step, principals, able)
        elif able and len(away) == len(able):
            warnings.append(Warned("away", away[0]))
        if isinstance(step, Ask):
            warnings += self._unprovable(step, able)
            warnings += self._again(step, principals, able)
            self._answer(step, able, len(principals))
        return Met(step, principals, able, away, tuple(warnings), by=self._by(step))

    def _own(
        self, step: Ask, principals: tuple[Principal, ...], barred: set[str]
    ) -> tuple[tuple[Principal, ...], Warned] | None:
        """Who is asked where only the starter could do it, who is barred: of all who are asked for
        it, or of each. None: others can, or it is as where nobody can.
        """
        policy = step.who.if_starter
        if not step.not_starter or policy == "same":
            return None
        able = {one: self.look.able([one]) for one in principals}
        free = [one for one in principals if able[one] - barred]
        others = self._barred(replace(step, not_starter=False))
        mine = self.starter not in others and [
            one for one in principals if one not in free and self.starter in able[one]
        ]
        if not mine or (free and not asks_each(step)):
            return None
        if policy == "stop":
            return principals, Warned("own_stuck", self.starter)
        if policy == "pass":
            rest = tuple(one for one in principals if one not in mine) if asks_each(step) else ()
            return rest, Warned("own_passed", self.starter)
        found = self._in_place(step.who)
        if not self.look.able(found) - barred:
            return None
        asked = (found if one in mine else [one] for one in principals)
        return (
            tuple(dict.fromkeys(one for many in asked for one in many)),
            Warned("own_handed", self.starter),
        )

    def _in_place(self, who: Who) -> Sequence[Principal]:
        """Those who do it in the starter's place."""
        if who.if_starter == "hand":
            return self.look.others(who.instead_of_starter)
        above = self.look.superior(self.starter, 1)
        return [] if above is None else [above]

    def _uncleared(self, names: Sequence[str]) -> list[str]:
        """Those of them who are not cleared for the letter's degree."""
        if self.secrecy <= OPEN_TO_RIGHTS or not names:
            return []
        cleared = self.look.cleared(names, self.secrecy)
        return [name for name in names if name not in cleared]

    def _unprovable(self, step: Ask, able: Sequence[str]) -> Iterator[Warned]:
        """Those of whom a proof is demanded that they cannot give yet."""
        if missing := unproven(step, able, self.look):
            yield Warned("unprovable", ", ".join(missing))

    def _by(self, step: Ask | Inform) -> datetime | None:
        if step.due is None:
            return None
        by = self.look.later(self._at, step.due.span)
        if isinstance(step, Ask):  # who is told, nothing waits for
            self._at = by
        return by

    def _conflicts(
        self, step: Ask | Inform, could: frozenset[str], able: tuple[str, ...]
    ) -> Iterator[Warned]:
        """Where whoever could do it may not, for what they do elsewhere in the case."""
        if could and not able:
            yield Warned("conflict", ", ".join(sorted(could)))
        if not isinstance(step, Ask) or len(able) != 1:
            return
        for earlier in step.not_those:
            found, names = self.chain.step(earlier), self._did.get(earlier, ())
            if found is not None and len(names) > 1 and able[0] in names:
                yield Warned("conflict_if", found.name)

    def _left_out(
        self, principals: Sequence[Principal], able: set[str], barred: set[str]
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

    def _held_up(
        self, step: Ask, principals: Sequence[Principal], able: tuple[str, ...]
    ) -> Iterator[Warned]:
        """Those of several for whom it waits: all who can do it in one's place are on leave, and
        what the others say is not enough. Whom it passes by, it does not wait for.
        """
        away = self.look.away()
        if not away.keys() & set(able):
            return
        asked = {one: self.look.able([one]) & set(able) for one in principals}
        held = {one: names for one, names in asked.items() if names}
        gone = {
            one: names
            for one, names in held.items()
            if names <= away.keys() and not self._passes(step, names)
        }
        # of all who are named, as the diagram counts: each of the others says yes
        there = len(held) - len(gone)
        if step.how == "share" and there * 100 >= step.share * len(asked):
            return
        for one, names in gone.items():
            until = min(away[name] for name in names)
            if one.startswith("person:"):
                username = one.removeprefix("person:")
                acting = tuple(name for name in self.look.acting(username) if name not in away)
                yield Warned("waits_person", username, until=until, acting=acting)
            else:
                yield Warned("waits_post", ", ".join(sorted(names)), until=until)

    def _passes(self, step: Ask, names: frozenset[str]) -> bool:
        """Whether the one who can do it has done as much."""
        return (
            step.skip_same
            and len(names) == 1
            and all(self._has_done(name, self._first(step)) for name in names)
        )

    def _pass(self, step: Ask | Inform) -> None:
        self._did.pop(step.id, None)
        if isinstance(step, Ask) and step.how != "one":
            self._known[outcomes_variable(step)] = []
        else:
            self._known[outcome_variable(step)] = NOBODY

    def _barred(self, step: Ask) -> set[str]:
        """The starter, and those who surely did a step whose performers may not do this one."""
        sure = (self._did.get(earlier, ()) for earlier in step.not_those)
        found = {names[0] for names in sure if len(names) == 1}
        return found | {self.starter} if step.not_starter else found

    def _again(
        self, step: Ask, principals: Sequence[Principal], able: tuple[str, ...]
    ) -> Iterator[Warned]:
        """Whom it passes by, for they have done as much; else who comes up twice. As at run time,
        if nobody enters anything else on the way.
        """
        asked = self._asked(step, principals, able)
        passed = [name for name in asked if self._has_done(name, self._first(step))]
        once = passed if step.skip_same else []
        if once:
            yield Warned("once", ", ".join(once))
        else:
            yield from self._same(step, able)
        acting = [name for name in asked if name not in once]
        alone = acting[0] if len(able) == 1 and acting else ""
        if set(able) - set(once):
            self._before = alone
        if self.chain.appointed(step.id):  # something is entered that others have not seen
            self._answers = {alone: self._answers.get(alone, set())}
        for name in acting:
            self._answers.setdefault(name, set()).add(self._says(step))

    def _asked(
        self, step: Ask, principals: Sequence[Principal], able: tuple[str, ...]
    ) -> list[str]:
        """Those who alone can do what they are asked for."""
        if step.how == "one" or len(able) < 2:
            return list(able) if len(able) == 1 else []
        each = [self.look.able([one]) & set(able) for one in principals]
        return list(dict.fromkeys(name for found in each if len(found) == 1 for name in found))

    def _has_done(self, name: str, answer: str) -> bool:
        return name == self._before or answer in self._answers.get(name, ())

    def _first(self, step: Ask) -> str:
        """What is answered where a step passes by itself."""
        return next((one.id for one in step.outcomes), "")

    def _same(self, step: Ask, able: tuple[str, ...]) -> Iterator[Warned]:
        """One and the same person twice: the starter, or whoever does an earlier step."""
        if len(able) != 1:
            return
        if able[0] == self.starter and step.who.kind != "starter":
            yield Warned("starter", able[0])
        for earlier, names in self._did.items():
            found = self.chain.step(earlier)
            if names == able and found is not None and able[0] != self.starter:
                yield Warned("same", found.name)
                return

    def _answer(self, step: Ask, able: tuple[str, ...], asked: int) -> None:
        self._did[step.id] = able
        yes = self._says(step)
        if step.how == "one":
            self._known[outcome_variable(step)] = yes
        else:
            self._known[outcomes_variable(step)] = [yes] * asked

    def _says(self, step: Ask) -> str:
        """What they answer: yes, or what was given to be tried; a refusal would lead elsewhere."""
        said = self.values.get(outcome_variable(step))
        going_on = [one.id for one in step.outcomes if not one.refuses]
        return str(said) if said in going_on else next(iter(going_on), "")

    def _principals(self, step: Ask | Inform) -> Sequence[Principal]:
        who = step.who
        match who.kind:
            case "named":
                return who.values
            case "starter":
                return [f"person:{self.starter}"]
            case "superior":
                found = self.look.superior(self.starter, who.level)
                return [] if found is None else [found]
            case "head" | "members" | "ladder":
                return self.look.found(who, self.starter)
            case "performer":
                return [f"person:{name}" for name in self._did.get(who.value, ())]
            case "field":
                return self._of_field(who.value)
            case "appointed":
                return self._appointed(step)
            case _:
                return persons(evaluate(who.value, self._known, now=self.now).value)

    def _appointed(self, step: Ask | Inform) -> list[Principal]:
        """Who is chosen on the way, as the sample says."""
        found = self._known.get(appointed_variable(step.id))
        if not found:
            raise _NoValue(step.name)
        return persons(found)

    def _of_field(self, key: str) -> list[Principal]:
        found, field = self._known.get(key), self.chain.field(key)
        if not found:
            raise _NoValue(field.label if field else key)
        return persons(found)


class _NoValue(Exception):
    """The field that names who does a step is empty, or nobody was chosen for it."""

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self.label = label


class Factors(Protocol):
    """Who has the means to prove that they are themselves."""

    def provable(self, usernames: Sequence[str]) -> frozenset[str]: ...


def unproven(step: Ask | Inform, able: Sequence[str], factors: Factors) -> tuple[str, ...]:
    """Those of whom the step demands a proof that they cannot give yet."""
    if not (isinstance(step, Ask) and step.confirm and able):
        return ()
    known = factors.provable(able)
    return tuple(name for name in able if name not in known)


def persons(value: Any) -> list[Principal]:
    """Sign-in names, or principals, as the engine takes them: one or a list."""
    listed = value if isinstance(value, list | tuple) else [value]
    texts = [one for one in listed if isinstance(one, str) and one]
    return [one if ":" in one else f"person:{one}" for one in texts]
