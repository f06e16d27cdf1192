"""Playing a draft through, press by press: the engine's own steps on nothing that is kept.

A play is the case of a test (`cases`) that grows by an answer each time, and is walked anew: taking
back a step leaves the last answer out, and what was played can be kept as a test.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from engine.actor import Principal
from engine.models.forms import form_source
from engine.runtime import outline
from engine.runtime.values import OpenedTask, OutcomeSpec, WantedJob
from office.chains.model import refuses
from office.modeling import cases
from office.modeling.cases import MOST_ANSWERS, MOST_VALUES, Answer, Case
from office.modeling.testing import Laboratory, Run
from office.modeling.verdicts import Failed, Failure


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits at one element. `kind`: task, job, timer, message, signal; `names`: the variables
    that it usually gives, `form` the definition of what a person fills in, over what is `known`;
    `tasks`: of people, one for each token; `job`: machine work, of the first.
    """

    element: str
    kind: str
    tokens: int
    outcomes: Sequence[OutcomeSpec] = ()
    returns: bool = False
    names: Sequence[str] = ()
    form: bytes | None = None
    known: Mapping[str, Any] = field(default_factory=dict)
    tasks: Sequence[OpenedTask] = ()
    job: WantedJob | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """How far it has come. `case` holds the answers that were taken; `failure`: why the last that
    was given was not, or where the process is stuck.
    """

    case: Case
    status: str
    end: str
    steps: Sequence[str]
    waiting: Sequence[Waiting]
    variables: Mapping[str, Any] = field(default_factory=dict)
    failure: Failure | None = None
    #: tasks that were completed, the last one of each element
    done: Mapping[str, OpenedTask] = field(default_factory=dict)
    #: how it was walked; None where it did not even begin
    run: Run | None = None

    @property
    def began(self) -> bool:
        """Whether it came past its start."""
        return bool(self.steps)

    @property
    def tokens(self) -> Mapping[str, int]:
        """How many stand at each element: also the one that is stuck."""
        found = {one.element: one.tokens for one in self.waiting}
        if self.failure and self.failure.code == "stuck" and self.failure.at not in found:
            found[self.failure.at] = 1
        return found

    @property
    def tokens_now(self) -> frozenset[str]:
        """The tokens that wait, by their names."""
        return frozenset() if self.run is None else frozenset({*self.run.tasks, *self.run.others})


def play(lab: Laboratory, case: Case) -> Played:
    """Walk it as far as the answers go. One that cannot be taken is left out, and told."""
    run, taken = Run(lab, case), 0
    try:
        run.begin()
        for answer in case.answers:
            run.answer(answer)
            taken += 1
    except Failed as failed:
        if failed.failure.code == "stuck":
            return _played(run, case, failed.failure)
        if not run.state or failed.failure.code == "too_long":  # it did not even begin
            return _played(run, replace(case, answers=case.answers[:taken]), failed.failure)
        before = play(lab, replace(case, answers=case.answers[:taken]))
        return replace(before, failure=before.failure or failed.failure)
    return _played(run, case, None)


def _played(run: Run, case: Case, failure: Failure | None) -> Played:
    return Played(
        case, run.status, run.end, run.steps, [*_waiting(run)], run.variables, failure, run.done,
        run,
    )  # fmt: skip


def _waiting(run: Run) -> Iterator[Waiting]:
    tasks = {one.element_id: one for one in reversed([*run.tasks.values()])}
    many = Counter(one.element_id for one in run.tasks.values())
    for element, task in tasks.items():
        source = form_source(run.lab.bundle.files, task.form) if task.form else None
        names = run.lab.forms.keys(source) if source else ()
        known = {**run.scopes.get(task.scope, {}), **task.local}
        yield Waiting(
            element, "task", many[element], task.outcomes, bool(task.returns), names, source, known,
            [one for one in run.tasks.values() if one.element_id == element],
        )  # fmt: skip
    others = Counter((at, kind) for kind, at in run.others.values())
    jobs = {at: run.wanted.get(token) for token, (_, at) in reversed([*run.others.items()])}
    for (element, kind), tokens in others.items():
        yield Waiting(element, kind, tokens, job=jobs[element] if kind == "job" else None)


Find = Callable[[Run, WantedJob], Mapping[str, Sequence[Principal]] | None]


def find_today(run: Run, job: WantedJob) -> Mapping[str, Sequence[Principal]] | None:
    """Whom a look-up of people finds today; None: it would fail, or it is other work."""
    return run.lab.look_ups.found(job.action, job.inputs, run.case.starter)


def agreed(lab: Laboratory, case: Case, find: Find = find_today) -> Case:
    """The play gone on as far as it goes if everybody agrees, machine work is done and times come:
    up to a message, a form that asks for values, or the most answers that a play takes.
    """
    run, answers = Run(lab, case), list(case.answers)
    with suppress(Failed):
        run.begin()
        for answer in case.answers:
            run.answer(answer)
        while run.status == "active" and len(answers) < MOST_ANSWERS:
            agreeing = _agreeing(run, find)
            if agreeing is None:
                break
            run.answer(agreeing)
            answers.append(agreeing)
    return replace(case, answers=tuple(answers))


def _agreeing(run: Run, find: Find) -> Answer | None:
    """What is done next, the longest waiting first: what people do before what the clock does."""
    for token, (kind, element) in run.others.items():
        if kind == "job":
            job = run.wanted[token]
            looked_up = find(run, job) if run.lab.look_ups.asked(job.action) else None
            return Answer(element, values=as_texts(looked_up or {}))
    for task in run.tasks.values():
        ways = [one.id for one in task.outcomes]
        yes = next((one for one in ways if not refuses(one)), ways[0] if ways else "")
        return Answer(task.element_id, yes)
    borders = {
        node.id
        for diagram in run.lab.bundle.diagrams
        for process in diagram.processes
        for node in process.nodes.values()
        if node.attached_to is not None
    }
    timers = (at for kind, at in run.others.values() if kind == "timer" and at not in borders)
    return next((Answer(element) for element in timers), None)


def as_texts(found: Mapping[str, Sequence[Principal]]) -> Mapping[str, str]:
    """What a look-up found, as FEEL texts."""
    return {name: json.dumps(list(listed)) for name, listed in found.items()}


def as_test(lab: Laboratory, case: Case, name: str) -> Case:
    """The play as a test that asks for what has come of it: its way, and where it stands.

    In a test machine work is done by itself, also the last that was not pressed yet.
    """
    run = Run(lab, replace(case, path=(), end="", values={}))
    with suppress(Failed):
        list(run.failures())
    drawn = {one.id for one in outline(lab.bundle, lab.process_id).elements}
    path = [one for one in run.steps if one in drawn]
    at = [run.end] if run.status == "completed" else sorted(run.waits())
    return replace(
        case, name=name, path=tuple(path[:MOST_VALUES]), end=at[0] if len(at) == 1 else ""
    )


def kept(lab: Laboratory, case: Case, name: str, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The model's file of tests with the play as one more, by its name. Invalid where the file
    cannot be read, or takes no more.
    """
    file = cases.file_to_write(files, lab.process_id)
    present = cases.read(files[file]) if file in files else ()
    content = cases.write([*present, as_test(lab, case, name)])
    cases.read(content)  # not one test more than are read again
    return {file: content}
