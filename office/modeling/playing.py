"""Playing a draft through, press by press: the engine's own steps on nothing that is kept.

A play is the case of a test (`cases`) that grows by an answer each time, and is walked anew: taking
back a step leaves the last answer out, and what was played can be kept as a test.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from engine.models.forms import form_source
from engine.runtime import outline
from engine.runtime.values import OpenedTask, OutcomeSpec, WantedJob
from office.modeling import cases
from office.modeling.cases import MOST_VALUES, Case
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
        case, run.status, run.end, run.steps, [*_waiting(run)], run.variables, failure, run.done
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
