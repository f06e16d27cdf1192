"""/model-drafts/<id>/tests: what a draft must do, written beside it and run on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from api.rest.fields import LONGEST_KEY, Nothing, Text
from api.rest.frame import Resource, Tagged, execute, read, revision_read, system
from api.rest.model_drafts import UPLOAD, SavedModelFile
from api.rest.model_files import with_files
from engine.errors import DeploymentRefused, Invalid
from office.modeling import cases, checking, queries, tables
from office.modeling.cases import Answer, Case
from office.modeling.commands import RIGHT, AddModelFiles
from office.modeling.judging import Judged
from office.modeling.verdicts import Outcome, Report
from office.people.rights import demand

resource = Resource(
    "model-tests", __name__, url_prefix="/api/v1/model-drafts/<uuid:model_draft_id>/tests",
    description="What a draft must do, written beside it and run on it.",
)  # fmt: skip

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class ModelCaseAnswer:
    element: str
    outcome: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ModelCase:
    """One test, as it is written."""

    name: str
    decision: str
    start: Mapping[str, str]
    answers: Sequence[ModelCaseAnswer]
    path: Sequence[str]
    end: str
    values: Mapping[str, str]
    starter: str

    @classmethod
    def of(cls, case: Case) -> ModelCase:
        told = {name: getattr(case, name) for name in cls.__dataclass_fields__}
        return cls(**{**told, "answers": [ModelCaseAnswer(**asdict(a)) for a in case.answers]})


@dataclass(frozen=True, slots=True)
class ModelTests:
    """Of the draft's file of tests, `file`: null where it has none. `unreadable`: why it cannot be
    read, and then there are no items.
    """

    file: str | None
    items: Sequence[ModelCase]
    unreadable: str | None


@dataclass(frozen=True, slots=True)
class TestFailure:
    """`code`: value, form, not_waiting, outcome, stuck, path, end, variable, answer, refused,
    looked_up (today nobody can say whom), or too_long (of all tests together); `at`: the element
    or variable.
    """

    code: str
    at: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class TestOutcome:
    """`steps`: elements and flows as they were met; `looked_up`: principals whom the agency gave
    today, by the element that asked for them, where the test does not say whom it finds.
    """

    name: str
    green: bool
    failures: Sequence[TestFailure]
    steps: Sequence[str]
    looked_up: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class MissedFlow:
    id: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class RuleHits:
    """How often each rule of a decision table answered, in their order."""

    file: str
    decision: str
    table: str
    hits: Sequence[int]


@dataclass(frozen=True, slots=True)
class TestsRun:
    """What came of one file of tests. `flows`: how many the process has; `missed`: those that no
    test takes. `unreadable`: why the file cannot be read.
    """

    file: str
    green: bool
    items: Sequence[TestOutcome]
    flows: int
    missed: Sequence[MissedFlow]
    rules: Sequence[RuleHits]
    unreadable: str | None


@dataclass(frozen=True, slots=True)
class TestRun:
    """`green`: it may be published, as far as its tests go."""

    green: bool
    items: Sequence[TestsRun]


def texts() -> fields.Dict:
    """Names with FEEL values, as people write them."""
    return fields.Dict(
        keys=Text(LONGEST_KEY), values=Text(cases.LONGEST_TEXT), load_default=dict,
        validate=validate.Length(max=cases.MOST_VALUES),
    )  # fmt: skip


def _name(**options: Any) -> Text:
    return Text(LONGEST_KEY, shortest=0, load_default="", **options)


class TestAnswer(Schema):
    """What happens at one waiting element: a task's outcome and values, a job's, a message's."""

    element = Text(LONGEST_KEY, required=True)
    outcome = _name()
    values = texts()


class ModelTest(Schema):
    """`decision`: of that decision alone, empty for the process. `path`: elements that are met in
    this order; `end`: the end event, or where the process waits once all is answered; `values`:
    variables, or outputs; `starter`: the sign-in name of whoever is thought to start it.
    """

    name = Text(LONGEST_NAME, required=True)
    decision = _name()
    start = texts()
    answers = fields.List(
        fields.Nested(TestAnswer), load_default=list,
        validate=validate.Length(max=cases.MOST_ANSWERS),
    )  # fmt: skip
    path = fields.List(
        Text(LONGEST_KEY), load_default=list, validate=validate.Length(max=cases.MOST_VALUES)
    )
    end = _name()
    values = texts()
    starter = _name()


class ModelTestList(Schema):
    """All tests, in their order: those before are replaced."""

    items = fields.List(
        fields.Nested(ModelTest), required=True, validate=validate.Length(max=cases.MOST_CASES)
    )


@resource.get("", gives=ModelTests, tagged=True)
def listing(model_draft_id: UUID) -> Any:
    """List the tests. The ETag is the draft's."""
    row, files = read(with_files, model_draft_id)
    name = cases.file_of(files)
    try:
        found = [] if name is None else [ModelCase.of(one) for one in cases.read(files[name])]
    except Invalid as wrong:
        return Tagged(ModelTests(name, [], wrong.message), row.revision)
    return Tagged(ModelTests(name, found, None), row.revision)


@resource.put(
    "", takes=ModelTestList, gives=SavedModelFile, guarded=True, scope="deploy",
    max_body=UPLOAD,
)  # fmt: skip
def write(body: dict[str, Any], model_draft_id: UUID) -> Any:
    """Replace the tests: one that is left out is gone. If-Match carries the draft's ETag."""
    row, files = read(with_files, model_draft_id)
    content = cases.write([_case(one) for one in body["items"]])
    file = cases.file_to_write(files, row.key)
    return execute(AddModelFiles(model_draft_id, {file: content}, revision_read()))


def _case(given: Mapping[str, Any]) -> Case:
    return Case(**{**given, "answers": [Answer(**one) for one in given["answers"]]})


@resource.post("/run", takes=Nothing, gives=TestRun, scope="read", asks=True)
def run(body: dict[str, Any], model_draft_id: UUID) -> Any:
    """Run the tests as publishing would. Nothing is kept; a draft that cannot run is 422, with
    what is wrong in it.
    """
    del body
    files, found = read(_judged, model_draft_id)
    items = [_ran(name, one, files) for name, one in found.items()]
    return TestRun(all(one.green for one in items), items)


def _judged(db: Connection, model_draft_id: UUID) -> tuple[Mapping[str, bytes], Judged]:
    demand(g.actor, RIGHT)
    me, services = g.actor.agency_id, system().services
    row = queries.draft(db, me, model_draft_id)
    files = queries.files(db, me, row)
    found = checking.tests(db, me, services, files, g.now)
    if found is None:
        raise DeploymentRefused(checking.findings(db, me, services, files, g.now))
    return files, found


def _ran(name: str, found: Report | Invalid, files: Mapping[str, bytes]) -> TestsRun:
    if isinstance(found, Invalid):
        return TestsRun(name, False, [], 0, [], [], found.message)
    return TestsRun(
        name,
        found.green,
        [_outcome(one) for one in found.outcomes],
        found.flows,
        [MissedFlow(*flow) for flow in found.missed],
        [*_hits(found, files)],
        None,
    )


def _outcome(one: Outcome) -> TestOutcome:
    failures = [TestFailure(**asdict(failure)) for failure in one.failures]
    return TestOutcome(one.case.name, one.green, failures, one.steps, one.looked_up)


def _hits(report: Report, files: Mapping[str, bytes]) -> Iterator[RuleHits]:
    for name, content in files.items():
        for one in tables.counted(content) if name.endswith(".dmn") else ():
            times = [answered for _number, answered in report.times(one.key, one.rules)]
            yield RuleHits(name, one.decision, " · ".join(one.names) or one.decision, times)
