"""The shapes of answers that commands make; queries answer with dataclasses of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.models.task_row import TaskRow
from engine.queries.definitions import DefinitionRow, Origin
from engine.queries.heat import ElementHeat as Warmth
from engine.queries.incidents import IncidentRow
from engine.queries.instances import Event, InstanceRow
from engine.queries.jobs import JobRow
from engine.queries.migrations import BatchRow, FateRow
from office.files.cases import CaseFile
from office.workload.queries import UnitTask


@dataclass(frozen=True, slots=True)
class Problem:
    """RFC 9457. `code` is stable (of every 409: `rejected`, with its `reason`); `errors` names
    fields, or elements of a deployed file.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    reason: str | None = None
    errors: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class ProblemPlace:
    """One of `errors`: a field of what was sent, or an element (of a deployed file: with its file,
    line and attribute, and the mend), and what is wrong there. `outside`: what of the agency's own
    set-up it is mended at, such as role:clerk; empty where it is the file.
    """

    message: str
    code: str
    field: str = ""
    element: str | None = None
    file: str = ""
    line: int = 0
    attribute: str | None = None
    mend: str = ""
    severity: str = ""
    outside: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer that a task can be completed with."""

    id: str
    name: str
    name_en: str
    reason_required: bool


@dataclass(frozen=True, slots=True)
class OpenIncident:
    id: str
    element_id: str | None
    code: str
    message: str
    raised_at: datetime
    instance_id: str


@dataclass(frozen=True, slots=True)
class DeployedDefinition:
    id: str
    key: str
    version: int
    name: str


@dataclass(frozen=True, slots=True)
class DeploymentWarning:
    """Something in a deployed file that runs, but perhaps not as its author thinks. `outside`: what
    of the agency's own set-up it is mended at, such as role:clerk; empty where it is the file.
    """

    file: str
    line: int
    element: str | None
    attribute: str | None
    code: str
    message: str
    mend: str
    severity: str
    outside: str


@dataclass(frozen=True, slots=True)
class Deployment:
    id: str
    definitions: Sequence[DeployedDefinition]
    warnings: Sequence[DeploymentWarning]


@dataclass(frozen=True, slots=True)
class Definition:
    """`deployed_by` and `note`: who brought this version at `created_at`, and what they said."""

    id: str
    key: str
    version: int
    name: str
    deployment_id: str
    file_name: str
    start_form: str | None
    start_role: str | None
    created_at: datetime
    #: from then on nothing is started by it
    withdrawn_at: datetime | None
    deployed_by: str
    note: str

    @classmethod
    def of(cls, row: DefinitionRow, origin: Origin) -> Definition:
        told: dict[str, Any] = {"deployed_by": origin.actor, "note": origin.note}
        same = (name for name in cls.__dataclass_fields__ if name not in told)
        return cls(**{name: getattr(row, name) for name in same}, **told)


@dataclass(frozen=True, slots=True)
class ElementHeat:
    """One element: open `tasks`, `late` of them past their deadline, the `oldest` waiting longest;
    `waits`: other tokens; `stuck`: incidents. Of the tasks that were done in the period: how many,
    how many of them had a deadline, how many missed it, and in how many seconds half and nine of
    ten were done, by the clock and in working time of the agency's calendar.
    """

    element_id: str
    tasks: int
    late: int
    oldest: datetime | None
    waits: int
    stuck: int
    done: int
    done_due: int
    done_late: int
    median_seconds: float | None
    p90_seconds: float | None
    working_median_seconds: float | None
    working_p90_seconds: float | None

    @classmethod
    def of(cls, found: Warmth) -> ElementHeat:
        same = [one for one in cls.__dataclass_fields__ if not one.endswith("_seconds")]
        told = {name: getattr(found, name) for name in same}
        return cls(
            **told,
            median_seconds=_seconds(found.clock.median),
            p90_seconds=_seconds(found.clock.p90),
            working_median_seconds=_seconds(found.working.median),
            working_p90_seconds=_seconds(found.working.p90),
        )


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()


@dataclass(frozen=True, slots=True)
class Heat:
    """`since` to before `until`: the period that tasks were done in. `versions`: the numbers of
    those that are counted. `more_running`, `more_done`: there is more than one look counts.
    """

    definition_id: str
    since: datetime
    until: datetime
    versions: Sequence[int]
    elements: Sequence[ElementHeat]
    more_running: bool
    more_done: bool


@dataclass(frozen=True, slots=True)
class ChangedDefinition:
    """`versions` are the numbers of those that were withdrawn, or restored, now."""

    id: str
    key: str
    version: int
    versions: Sequence[int]
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeletedDefinition:
    """`deployment_deleted`: it was the last one of its deployment, whose files went with it."""

    id: str
    key: str
    version: int
    deployment_deleted: bool


@dataclass(frozen=True, slots=True)
class FileReference:
    """What a variable holds of a file: `type` is its media type, `size` in bytes, `sha256` in
    hex.
    """

    id: str
    name: str
    type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TakenBackFile:
    id: str


@dataclass(frozen=True, slots=True)
class CaseFiles:
    items: Sequence[CaseFile]


@dataclass(frozen=True, slots=True)
class StartedInstance:
    """`tasks` are open now, `next` those of them that the caller may do."""

    id: str
    status: str
    definition_id: str
    definition_key: str
    business_key: str | None
    title: str
    tasks: Sequence[TaskRow]
    next: Sequence[TaskRow]


@dataclass(frozen=True, slots=True)
class CancelledInstance:
    id: str
    status: str


@dataclass(frozen=True, slots=True)
class TokenFate:
    """What becomes of one token. `outcome`: kept (with `changes`: what differs for it), set or
    removed (what only listens), refused (with `code` and `message`).
    """

    instance_id: str
    element_id: str
    target_element_id: str | None
    outcome: str
    changes: Sequence[str]
    code: str | None
    message: str | None


@dataclass(frozen=True, slots=True)
class MigratedInstance:
    """`possible` is false only in a dry run: else a refusal is a 409 with `errors` by element."""

    id: str
    status: str
    dry_run: bool
    possible: bool
    definition_id: str
    definition_version: int
    tokens: Sequence[TokenFate]


@dataclass(frozen=True, slots=True)
class UndoneMigration:
    id: str
    status: str
    definition_id: str


@dataclass(frozen=True, slots=True)
class ChosenInstances:
    """How many instances of the migration are to migrate now, and how many could but stay."""

    id: str
    possible: int
    unchosen: int


@dataclass(frozen=True, slots=True)
class BegunMigration:
    """What is at work now; `wanted` instances are to be settled."""

    id: str
    key: str
    state: str
    wanted: int


@dataclass(frozen=True, slots=True)
class Instance(InstanceRow):
    """One instance with what it knows, its tasks, and its incidents. `verbs`: what you may do."""

    variables: Mapping[str, Any]
    tasks: Sequence[TaskRow]
    called: Sequence[InstanceRow]
    incidents: Sequence[Mapping[str, Any]]
    verbs: Sequence[str]


@dataclass(frozen=True, slots=True)
class History:
    items: Sequence[Event]
    next: str | None


@dataclass(frozen=True, slots=True)
class Comment:
    id: str
    author: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Task(TaskRow):
    """One task with what its form may show. `verbs`: what you may do with it now."""

    definition_id: str
    instance_status: str
    documentation: str
    variables: Mapping[str, Any]
    comments: Sequence[Comment]
    verbs: Sequence[str]


@dataclass(frozen=True, slots=True)
class ChangedTask:
    task: TaskRow


@dataclass(frozen=True, slots=True)
class ChangedList:
    """How many items came to the list, and how many left it."""

    task_id: str
    added: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class CompletedTask:
    """`next`: open tasks of this instance that the caller may do now. A task that signs adds
    `status` (signed) and its `document`.
    """

    task: TaskRow
    instance_status: str
    next: Sequence[TaskRow]
    status: str | None = None
    document: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class WaitingTask:
    """A task that signs and is not completed yet: `status` is waiting_timestamp (a job goes on) or
    waiting_device, which says in `device` what its signer's device is to sign.
    """

    status: str
    document: Mapping[str, Any]
    device: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class AddedComment:
    comment: Comment


@dataclass(frozen=True, slots=True)
class CorrelatedMessage:
    instances: Sequence[str]


@dataclass(frozen=True, slots=True)
class AskedCondition:
    """`holds` is null where `problem` says why the condition gives neither true nor false."""

    definition_key: str
    element_id: str
    holds: bool | None
    starts: bool
    problem: str | None


@dataclass(frozen=True, slots=True)
class AskedConditions:
    conditions: Sequence[AskedCondition]


@dataclass(frozen=True, slots=True)
class KeptMessage:
    message_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RetriedIncident:
    id: str
    state: str
    instance_id: str | None
    instance_status: str | None


@dataclass(frozen=True, slots=True)
class ChangedJob:
    """`state`: waiting after a retry, cancelled after a skip."""

    id: str
    state: str
    instance_id: str | None
    instance_status: str | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    value: Any
    type: str
    warnings: Sequence[str]
    steps: int


@dataclass(frozen=True, slots=True)
class TaskPage:
    items: Sequence[TaskRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class InstancePage:
    items: Sequence[InstanceRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class MigrationPage:
    items: Sequence[BatchRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class FatePage:
    items: Sequence[FateRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class UnitTaskPage:
    items: Sequence[UnitTask]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class IncidentPage:
    items: Sequence[IncidentRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class JobPage:
    items: Sequence[JobRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class DefinitionPage:
    items: Sequence[Definition]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    """One signature: four questions answered apart, when (`time_source`: timestamp, or claimed by
    the signer's machine), and how strong. `by`: person, or organisation: then it is the seal of the
    organisation that `signer` names, nobody's signature. `problem`: what is wrong with it.
    `revoked`: since when its certificate is revoked; a signature that is proved from before stays
    good, any other is not `valid`.
    """

    field: str
    signer: str
    by: str
    intact: bool
    valid: bool
    trusted: bool
    modified: bool
    time: datetime | None
    time_source: str | None
    level: str | None
    issuer: str | None
    reason: str | None
    problem: str | None
    revoked: datetime | None
    digest: str | None
    post: Sequence[str]
    post_source: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`verdict`: valid, untrusted, modified, invalid, unsigned or unreadable; of that one,
    `problem` says why. Or withdrawn or unissued: genuine, but whoever issues it says that it counts
    no more, or not yet. `standing` is in_force, withdrawn (`withdrawn_at`, and `replaced_by` the
    number of the document in its place) or unissued where an
    agency of the house made the file, and is left out where nothing is known of it here. Of each
    signature, `post` are the lines under the name: as kept here (`post_source` house), or as the
    certificate has them (certificate); `digest` is of what it covers, in hex.
    """

    signatures: Sequence[SignatureVerdict]
    verdict: str
    problem: str | None = None
    standing: str | None = None
    withdrawn_at: datetime | None = None
    replaced_by: str | None = None
