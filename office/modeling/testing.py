"""Running a model's tests on the model itself: the engine's own steps, no database, no real work.

People's answers, machine work, messages and due timers are what the case says they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from engine import dmn
from engine.actor import Principal
from engine.errors import Rejected
from engine.feel import FeelError, evaluate
from engine.models.forms import form_source
from engine.ports import Forms, WorkingTime
from engine.runtime import (
    Advance,
    Bundle,
    Surroundings,
    complete_job,
    complete_task,
    correlate,
    fire_timer,
    outline,
    start,
)
from engine.runtime.values import OpenedTask, WantedJob
from office.modeling import trying
from office.modeling.cases import Answer, Case
from office.modeling.deadline import Deadline
from office.modeling.looking_up import LookUps, NoLookUps
from office.modeling.verdicts import Failed, Failure, Outcome, Report, differing, said

STARTER = "tester"
_INSTANCE = "0" * 32
#: machine work of one case that no answer stops
MOST_JOBS = 1_000


@dataclass(frozen=True, slots=True)
class Laboratory:
    """What every case of a model runs in."""

    bundle: Bundle
    process_id: str
    forms: Forms
    now: datetime
    working_time: WorkingTime | None = None
    #: answers of machine work that looks people up, where a test gives none
    look_ups: LookUps = field(default_factory=NoLookUps)
    #: of all cases together
    deadline: Deadline = field(default_factory=Deadline)

    def run(self, cases: Sequence[Case]) -> Report:
        with dmn.watched() as hits:
            outcomes = [self.one(case) for case in cases]
        if self.process_id not in self.bundle.woven:
            return Report(outcomes, hits=hits)
        drawn = outline(self.bundle, self.process_id)
        taken = {step for outcome in outcomes for step in outcome.steps}
        missed = [(f.id, f.source, f.target) for f in drawn.flows if f.id not in taken]
        return Report(outcomes, len(drawn.flows), missed, hits)

    def one(self, case: Case) -> Outcome:
        if self.deadline.past:
            return Outcome(case, [Failure("too_long")])
        if case.decision:
            return Outcome(case, [*self._decided(case)])
        run = Run(self, case)
        try:
            failures = [*run.failures()]
        except Failed as failed:
            failures = [failed.failure]
        return Outcome(case, failures, run.steps, run.looked_up)

    def _decided(self, case: Case) -> Iterator[Failure]:
        try:
            given = self.values(case.start)
            wanted = self.values(case.values)
        except Failed as failed:
            yield failed.failure
            return
        files = self.bundle.files
        found = trying.decide(
            files, case.decision, given, now=self.now, working_time=self.working_time,
            deadline=self.deadline,
        )  # fmt: skip
        if found.error and self.deadline.past:
            yield Failure("too_long")
        elif found.error:
            yield Failure("answer", case.decision, "", found.error)
        elif list(wanted) == ["result"] and not isinstance(found.value, dict):
            if wanted["result"] != found.value:
                yield Failure("variable", "result", case.values["result"], said(found.value))
        else:
            values = found.value if isinstance(found.value, dict) else {"result": found.value}
            yield from differing(case, wanted, values)

    def values(self, texts: Mapping[str, str]) -> dict[str, Any]:
        found = {}
        for name, text in texts.items():
            self.check_time()
            try:
                found[name] = evaluate(text, {}, now=self.now).value
            except FeelError as wrong:
                raise Failed("value", name, text, str(wrong)) from None
        return found

    def check_time(self) -> None:
        """Between two pieces of work that each have limits of their own."""
        if self.deadline.past:
            raise Failed("too_long")


@dataclass(frozen=True, slots=True)
class Turn:
    """What was done at a token, and what came of it; without a token it is the start. `task`: that
    was completed, with its outcome; `entered`: with something that was not known before.
    """

    advance: Advance
    token: str = ""
    task: OpenedTask | None = None
    outcome: str = ""
    entered: bool = False


_NOTHING = object()


@dataclass(slots=True)
class Run:
    """One instance of one case, and what it waits for."""

    lab: Laboratory
    case: Case
    state: bytes = b""
    status: str = "active"
    end: str = ""
    scopes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    tasks: dict[str, OpenedTask] = field(default_factory=dict)
    #: tasks that were completed, the last one of each element
    done: dict[str, OpenedTask] = field(default_factory=dict)
    #: tokens of jobs, timers and subscriptions, with their kind and element
    others: dict[str, tuple[str, str]] = field(default_factory=dict)
    #: machine work that was asked for, by token
    wanted: dict[str, WantedJob] = field(default_factory=dict)
    jobs_done: int = 0
    #: everything that was done, in order
    turns: list[Turn] = field(default_factory=list)
    #: whom the organisation gave where the case did not say, by element
    looked_up: dict[str, Sequence[Principal]] = field(default_factory=dict)

    def begin(self) -> None:
        """Failed where it cannot even be started."""
        lab, given = self.lab, self.lab.values(self.case.start)
        info = lab.bundle.processes.get(lab.process_id)
        if info is None:
            raise Failed("refused", lab.process_id)
        if info.start_form:
            given = self._clean(info.start_form, given, {}, None, lab.process_id)
        self.variables.update(given)
        self._took(Turn(self._asked(start, lab.bundle, lab.process_id, given, self.around())))

    def failures(self) -> Iterator[Failure]:
        self.begin()
        answers = list(self.case.answers)
        while self.status == "active":
            if self._work(answers):
                continue
            if not answers:
                break
            self.answer(answers.pop(0))
        for answer in answers:
            yield Failure("not_waiting", answer.element)
        yield from self._compared()

    def around(self) -> Surroundings:
        lab = self.lab
        return Surroundings(
            lab.now, lab.working_time, "test", self.case.starter or STARTER, instance_id=_INSTANCE,
        )  # fmt: skip

    def _asked(self, verb: Any, *given: Any) -> Advance:
        self.lab.check_time()
        try:
            found: Advance = verb(*given)
        except (Rejected, FeelError) as refused:
            raise Failed("refused", "", "", str(refused)) from None
        return found

    def _work(self, answers: list[Answer]) -> bool:
        """One job that waits; what it gives is the case's answer for its element, if any, and
        whom a look-up finds today where there is none.
        """
        token = next((t for t, (kind, _) in self.others.items() if kind == "job"), None)
        if token is None:
            return False
        self.jobs_done += 1
        if self.jobs_done > MOST_JOBS:
            raise Failed("stuck", self.others[token][1])
        element = self.others.pop(token)[1]
        mine = next((one for one in answers if one.element == element), None)
        if mine is not None:
            answers.remove(mine)
        values = self.lab.values(mine.values) if mine else self._found(self.wanted[token])
        self._go(complete_job, token, values)
        return True

    def _found(self, job: WantedJob) -> Mapping[str, Any]:
        look_ups, element = self.lab.look_ups, job.element_id
        if not look_ups.asked(job.action):
            return {}
        found = look_ups.found(job.action, job.inputs, self.case.starter)
        if found is None:
            raise Failed("looked_up", element, f'{element}; people = ["position:…"]')
        self.looked_up[element] = found["people"]
        return {name: list(listed) for name, listed in found.items()}

    def answer(self, answer: Answer) -> None:
        """What happens at one waiting element; Failed where nothing so waits, or it is refused."""
        values = self.lab.values(answer.values)
        task = next((t for t in self.tasks.values() if t.element_id == answer.element), None)
        if task is not None:
            self._complete(task, answer, values)
            return
        token = next((t for t, (_, at) in self.others.items() if at == answer.element), None)
        if token is None:
            waits = ", ".join(sorted(self.waits()))
            raise Failed("not_waiting", answer.element, "", waits)
        kind, _ = self.others.pop(token)
        if kind == "timer":
            self._go(fire_timer, token)
        else:
            self._go(complete_job if kind == "job" else correlate, token, values)

    def _complete(self, task: OpenedTask, answer: Answer, values: dict[str, Any]) -> None:
        del self.tasks[task.token]
        outcomes = [one.id for one in task.outcomes]
        if outcomes and answer.outcome not in [*outcomes, "return"]:
            raise Failed("outcome", task.element_id, ", ".join(outcomes), answer.outcome)
        known = {**self.scopes.get(task.scope, {}), **task.local}
        if task.form:
            values = self._clean(task.form, values, known, answer.outcome or None, task.element_id)
        entered = any(known.get(name, _NOTHING) != value for name, value in values.items())
        advance = self._asked(complete_task, *self._at(task.token), values,
                              answer.outcome or None, self.around())  # fmt: skip
        self._took(Turn(advance, task.token, task, answer.outcome, entered))
        self.done[task.element_id] = task

    def _clean(
        self, form: str, given: Mapping[str, Any], known: Mapping[str, Any], outcome: str | None,
        at: str,
    ) -> dict[str, Any]:  # fmt: skip
        source = form_source(self.lab.bundle.files, form)
        if source is None:
            return dict(given)
        typed = {k: v.isoformat() if isinstance(v, date) else v for k, v in given.items()}
        made = self.lab.forms.clean(source, typed, known, self.lab.now, outcome)
        for error in made.errors:
            raise Failed("form", at, error.path, str(error.message))
        return dict(made.values)

    def _go(self, verb: Any, token: str, *given: Any) -> None:
        self._took(Turn(self._asked(verb, *self._at(token), *given, self.around()), token))

    def _at(self, token: str) -> tuple[Bundle, bytes, Mapping[str, Any], str]:
        return self.lab.bundle, self.state, self.scopes, token

    def _took(self, turn: Turn) -> None:
        advance = turn.advance
        self.turns.append(turn)
        self.state, self.status, self.scopes = advance.state, advance.status, advance.variables
        self.end = advance.end_element or self.end
        self.variables.update({c.name: c.value for c in advance.changes if c.scope == ""})
        self.steps += [one.element_id for one in advance.steps if one.kind in ("entered", "flow")]
        for gone in (
            *advance.jobs_dropped,
            *advance.timers_dropped,
            *advance.subscriptions_dropped,
        ):
            self.others.pop(gone, None)
        for closed in advance.closed:
            self.tasks.pop(closed.token, None)
        self.tasks.update({one.token: one for one in advance.opened})
        self.others.update({one.token: ("job", one.element_id) for one in advance.jobs})
        self.wanted.update({one.token: one for one in advance.jobs})
        self.others.update({one.token: ("timer", one.element_id) for one in advance.timers})
        self.others.update({one.token: (one.kind, one.element_id) for one in advance.subscriptions})
        for stuck in advance.stuck:
            raise Failed("stuck", stuck.cause.element_id, "", stuck.cause.message)

    def waits(self) -> set[str]:
        """The elements at which something waits."""
        return {t.element_id for t in self.tasks.values()} | {at for _, at in self.others.values()}

    def _compared(self) -> Iterator[Failure]:
        case, met = self.case, iter(self.steps)
        for element in case.path:
            if element not in met:  # of what is left
                yield Failure("path", element)
                break
        at = {self.end} if self.status == "completed" else self.waits()
        if case.end and case.end not in at:
            yield Failure("end", case.end, case.end, ", ".join(sorted(at)))
        try:
            wanted = self.lab.values(case.values)
        except Failed as failed:
            yield failed.failure
            return
        yield from differing(case, wanted, self.variables)
