"""Tests that come with deployed files, as the engine's port asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import DeploymentRefused, Invalid, Problem
from engine.ports import Calendars, Directory, Forms
from engine.runtime import Bundle
from office.chains.asking import Finder
from office.modeling import cases
from office.modeling.deadline import SECONDS, Deadline
from office.modeling.looking_up import Today
from office.modeling.testing import Laboratory
from office.modeling.verdicts import Failure, Report

MEND = "Mend the model or the test, in the designer's page of tests, and deploy again."


#: What came of each file of tests, by its name; why, where it cannot be read.
Judged = Mapping[str, Report | Invalid]


class RedTests(DeploymentRefused):
    """Tests that come with the files fail, or cannot be read; `judged` says what came of each."""

    def __init__(self, problems: Sequence[Problem], judged: Judged) -> None:
        super().__init__(problems)
        self.judged = judged


@dataclass(frozen=True, slots=True)
class StoredModelTests:
    """Satisfies `engine.ports.ModelTests`."""

    forms: Forms
    calendars: Calendars
    directory: Directory

    def judge(self, db: Connection, agency_id: UUID, bundle: Bundle, now: datetime) -> None:
        found = judged(db, agency_id, bundle, self.forms, self.calendars, self.directory, now)
        problems = [problem for name in found for problem in _problems(name, found[name])]
        if problems:
            raise RedTests(problems, found)


def judged(
    db: Connection, agency_id: UUID, bundle: Bundle, forms: Forms, calendars: Calendars,
    directory: Directory, now: datetime,
) -> Judged:  # fmt: skip
    """All files of tests together have one deadline; nothing is written, nothing really happens.
    Whom a look-up finds is asked of the agency's people where a test does not say.
    """
    names = sorted(name for name in bundle.files if name.endswith(cases.ENDING))
    if not names:
        return {}
    working_time, deadline = calendars.working_time(db, agency_id), Deadline()
    today = Today(Finder(db, agency_id, now, directory))

    def one(name: str) -> Report | Invalid:
        process = process_of(bundle, name)
        lab = Laboratory(bundle, process, forms, now, working_time, today, deadline)
        try:
            return lab.run(cases.read(bundle.files[name]))
        except Invalid as wrong:
            return wrong

    return {name: one(name) for name in names}


def process_of(bundle: Bundle, name: str) -> str:
    """What a file of tests is about: the process, or the diagram, that it is named after; else the
    first process of the files. Empty where there is none.
    """
    stem = name.rpartition("/")[2].removesuffix(cases.ENDING)
    if stem in bundle.processes:
        return stem
    for info in bundle.processes.values():
        if info.file.rpartition("/")[2].partition(".bpmn")[0] == stem:
            return info.id
    return next(iter(bundle.processes), "")


def _problems(name: str, found: Report | Invalid) -> Iterator[Problem]:
    if isinstance(found, Invalid):
        yield _unreadable(name, found)
        return
    for outcome in found.outcomes:
        if not outcome.green:
            first = outcome.failures[0]
            yield _problem(
                name, first.at, "tests_failed",
                f"Expected the test “{outcome.case.name:.120}” to be green, but {said(first)}.",
            )  # fmt: skip


#: what a failure is, as the end of a sentence; `api/pages/findings/tests.txt` says the same in Thai
_SAID = {
    "value": "the value of {at} cannot be read, {found}",
    "form": "the form of “{at}” refuses the field {expected}: {found}",
    "not_waiting": "nothing waits at “{at}”",
    "outcome": "“{at}” is answered with one of {expected}, not with {found}",
    "stuck": "the case is stuck at “{at}”: {found}",
    "path": "the case does not pass “{at}” in that order",
    "end": "the case is at {found}, not at “{at}”",
    "variable": "{at} is {found} instead of {expected}",
    "answer": "“{at}” gives no answer: {found}",
    "refused": "it is refused: {found}",
    "looked_up": "nobody is found today by “{at}”, and the test does not say whom, as {expected}",
    "too_long": f"all tests together took more than {SECONDS:g} seconds",
}


def said(failure: Failure) -> str:
    """The end of a sentence without its full stop."""
    at, expected = f"{failure.at:.120}", f"{failure.expected:.120}"
    found = f"{failure.found:.200}".removesuffix(".") or "nothing"
    return _SAID[failure.code].format(at=at, expected=expected, found=found)


def _unreadable(name: str, wrong: Invalid) -> Problem:
    at = wrong.errors[0].path if wrong.errors else ""
    return _problem(name, at, "unreadable_tests", wrong.message)


def _problem(name: str, at: str, code: str, message: str) -> Problem:
    return Problem(name, 0, at or None, None, code, message, MEND)
