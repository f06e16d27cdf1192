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
from office.foreseen import judging
from office.foreseen.judging import Factors, Judge, SoFar, together, unproven
from office.foreseen.values import Asked, Policy, Warned

#: processes that a trial goes into, one within another, and cards of all that it enters: a ring of
#: them would never end, and each of many cards can run a process of many
DEEPEST, MOST_ENTERED = 5, 600


class Look(judging.Look, Protocol):
    """What is asked of the organisation, of one moment."""

    def found(self, who: Who, starter: str) -> Sequence[Principal]: ...

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
    _sofar: SoFar = field(init=False)
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
        self._sofar = SoFar(self.starter)
        self._at = self.now
        met = list(self._row(self.chain.steps))
        if met:
            told = self._judge.started(self.chain.key, self.chain.start_role)
            met[0] = replace(met[0], warnings=(*told, *met[0].warnings))
        return met

    @property
    def _judge(self) -> Judge:
        return Judge(self.look, self._sofar, self._name, self.secrecy)

    def _name(self, step_id: str) -> str:
        found = self.chain.step(step_id)
        return found.name if found is not None else ""

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
        outer = self.chain, self._sofar.did, self._around
        self.chain, self._sofar.did = called.chain, {}
        self._around = (*self._around, outer[0].key)
        for met in self._row(called.chain.steps):
            yield replace(met, within=(step, *met.within), chain=met.chain or called.chain)
        self.chain, self._sofar.did, self._around = outer

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
        sofar, begun, done = self._sofar, self._at, self._at
        before, answers, said = sofar.before, sofar.answers, [sofar.answers]
        for branch in branches:
            self._at, sofar.before = begun, before
            # what is said in the other ways is not known yet where this one begins
            sofar.answers = {name: set(each) for name, each in answers.items()}
            yield from self._row(branch.steps)
            done = max(done, self._at)
            said.append(sofar.answers)
        self._at, sofar.answers = done, together(said)
        if len(branches) > 1:
            self._sofar.before = ""  # of several ways, nobody knows which is done last

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
        try:
            principals = tuple(self._principals(step))
        except _NoValue as empty:
            code = "not_chosen" if step.who.kind == "appointed" else "field_empty"
            return Met(step, warnings=(Warned(code, empty.label),))
        except FeelError as wrong:
            return Met(step, warnings=(self._unclear("unclear_who", "", wrong),))
        policy = policy_of(step)
        chosen = self._judge.chosen(principals, policy)
        if chosen.over == "passed":
            self._pass(step)
        if chosen.over:
            return Met(step, chosen.principals, warnings=chosen.warnings)
        asked = self._asked(step, chosen.principals, policy)
        found = self._judge.reached(asked, chosen.warnings)
        if isinstance(step, Ask):
            named = bool(self.chain.appointed(step.id))
            self._judge.answered(asked, found.able, entered=named)
            self._answer(step, found.able, len(asked.principals))
        return Met(
            step, asked.principals, found.able, found.away, found.warnings, by=self._by(step)
        )

    def _asked(
        self, step: Ask | Inform, principals: tuple[Principal, ...], policy: Policy
    ) -> Asked:
        if isinstance(step, Inform):
            return Asked(step.id, principals, decides=False)

        def enough(answers: int) -> bool:
            # of all who are named, as the diagram counts
            return step.how == "share" and answers * 100 >= step.share * len(principals)

        return Asked(
            step.id,
            principals,
            frozenset(self._sofar.barred(policy)),
            step.not_those,
            several=step.how != "one",
            each=asks_each(step),
            enough=enough,
            of_starter=step.who.kind == "starter",
            skip_same=step.skip_same and step.kind != "sign" and not step.confirm,
            proof=step.confirm,
            says=self._says(step),
            first=next((one.id for one in step.outcomes), ""),
        )

    def _by(self, step: Ask | Inform) -> datetime | None:
        if step.due is None:
            return None
        by = self.look.later(self._at, step.due.span)
        if isinstance(step, Ask):  # who is told, nothing waits for
            self._at = by
        return by

    def _pass(self, step: Ask | Inform) -> None:
        self._sofar.did.pop(step.id, None)
        if isinstance(step, Ask) and step.how != "one":
            self._known[outcomes_variable(step)] = []
        else:
            self._known[outcome_variable(step)] = NOBODY

    def _answer(self, step: Ask, able: tuple[str, ...], asked: int) -> None:
        self._sofar.did[step.id] = able
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
                return [f"person:{name}" for name in self._sofar.did.get(who.value, ())]
            case "field":
                return self._of_field(who.value)
            case "appointed":
                return self._appointed(step)
            case _ if self.chain.field(who.value.strip()) is not None:
                return self._of_field(who.value.strip())
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


def policy_of(step: Ask | Inform) -> Policy:
    """What its card says of those who cannot or may not do it."""
    asked, who = step if isinstance(step, Ask) else None, step.who
    return Policy(
        not_starter=asked is not None and asked.not_starter,
        apart=asked.not_those if asked is not None else (),
        each=asks_each(step),
        if_nobody=who.if_nobody,
        instead=who.instead,
        if_starter=who.if_starter if asked is not None else "same",
        instead_of_starter=who.instead_of_starter,
    )


def proving(step: Ask | Inform, able: Sequence[str], factors: Factors) -> tuple[str, ...]:
    """Those of whom the step demands a proof that they cannot give yet."""
    return unproven(able, factors) if isinstance(step, Ask) and step.confirm else ()


def persons(value: Any) -> list[Principal]:
    """Sign-in names, or principals, as the engine takes them: one or a list."""
    listed = value if isinstance(value, list | tuple) else [value]
    texts = [one for one in listed if isinstance(one, str) and one]
    return [one if ":" in one else f"person:{one}" for one in texts]
