"""What the engine needs from outside, as small Protocols. `api.bootstrap` hands in the real ones.

Each has a twin in `engine.twins` that ships, is tested against the same contract and serves
the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from engine.actor import Actor, Authority, Principal

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from engine.bus import Context
    from engine.runtime import Bundle


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who may take a task: `kind` is person, position, role or unit; `id` its code. `left`: a
    person who works here no more.
    """

    kind: str
    id: str
    name: str
    left: bool = False

    @property
    def principal(self) -> Principal:
        return f"{self.kind}:{self.id}"

    @property
    def stored(self) -> dict[str, str]:
        """As a task's row keeps it. Whether a person has left is of the moment, and not kept."""
        return {"kind": self.kind, "id": self.id, "name": self.name}


class Directory(Protocol):
    """People and posts. All look-ups are of one agency and of the moment `at`."""

    def describe(
        self, db: Connection, agency_id: UUID, principals: Sequence[Principal]
    ) -> Mapping[Principal, Candidate]:
        """The candidates behind principals; an unknown one is left out."""
        ...

    def superior(
        self, db: Connection, agency_id: UUID, username: str, at: datetime, level: int = 1
    ) -> Principal | None:
        """The position `level` above the one that this person holds, or None past the top."""
        ...

    def who_can_act(
        self, db: Connection, agency_id: UUID, principals: Sequence[Principal], at: datetime
    ) -> frozenset[str]:
        """Sign-in names of all who hold one of the principals now, acting instruments included."""
        ...


class Mandates(Protocol):
    """Orders by which people act for posts, held against the case that they act in."""

    def covering(
        self, db: Connection, actor: Actor, at: datetime, authority: Authority, root_id: UUID
    ) -> Authority | None:
        """By what the actor may act for `authority.on_behalf_of` in the instance `root_id` now: an
        order in force that covers it, maybe another than the one given. None: no order does.
        """
        ...


class Clearances(Protocol):
    """Whom the secrecy of a case keeps out, whatever post they hold: the office knows which cases
    are secret, by their business key, and who is cleared for what.
    """

    def degree(self, db: Connection, agency_id: UUID, business_key: str | None) -> int:
        """How secret a case with this key is when it begins; 1 where nothing in it is. Whoever
        makes it another degree later says so (`engine.commands.secrecy`).
        """
        ...

    def check(self, db: Connection, actor: Actor, business_key: str | None) -> None:
        """Rejected where the actor is not cleared for the case."""
        ...

    def kept_out(
        self,
        db: Connection,
        agency_id: UUID,
        business_key: str | None,
        usernames: frozenset[str],
        at: datetime,
    ) -> frozenset[str]:
        """Those of the persons who are not cleared for the case at the moment."""
        ...


class Contents(Protocol):
    """What a case is about, where a room of the office keeps it and not its variables."""

    def changed(
        self, db: Connection, agency_id: UUID, business_key: str | None, task_id: UUID
    ) -> bool:
        """Whether it is another by now than whoever completed this task has left it. False where
        nobody keeps anything under the key for the task's case, and of a task of this very turn.
        """
        ...


class ModelTests(Protocol):
    """What the tests that travel with deployed files say of them: the office knows how to run
    them.
    """

    def judge(self, db: Connection, agency_id: UUID, bundle: Bundle, now: datetime) -> None:
        """DeploymentRefused, with an error for each test that fails or cannot be read; nothing
        really happens.
        """
        ...


class WorkingTime(Protocol):
    """One agency's working days and hours: a value, without I/O."""

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """`start` plus working time: whole days in `duration` are working days, the rest is working
        hours. Aware datetimes in and out.
        """
        ...

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from start to end (hours within office hours)."""
        ...

    def is_working_day(self, day: datetime) -> bool: ...


class Calendars(Protocol):
    def working_time(self, db: Connection, agency_id: UUID) -> WorkingTime: ...


@dataclass(frozen=True, slots=True)
class FormProblem:
    path: str
    message: str


@dataclass(frozen=True, slots=True)
class CleanForm:
    """What a form made of raw data: clean `values` (text, bool, int, Decimal, date, list, dict)
    or `errors` by field, never both.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Sequence[FormProblem] = ()


#: the name of a field and ids to those files, by id, that the field may have
FilesOf = Callable[[str, Sequence[str]], Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file that a field may name. `reference`: {id, name, type, size (bytes), sha256 (hex)};
    `held`: a case has it already.
    """

    reference: Mapping[str, Any]
    held: bool


class CaseFiles(Protocol):
    """Files that forms take: they come first, and a field's value names them."""

    def known(
        self, db: Connection, agency_id: UUID, username: str, root_id: UUID | None,
        ids: Collection[str],
    ) -> Mapping[str, KnownFile]:  # fmt: skip
        """Of `ids` those that the person has handed in and no case has, or that the case has."""
        ...

    def hold(
        self, db: Connection, actor: Actor, root_id: UUID, task_id: UUID | None,
        fields: Mapping[str, Collection[str]], now: datetime,
    ) -> None:  # fmt: skip
        """From now on the case has the files of these fields; Conflict (file_gone) where another
        has one meanwhile.
        """
        ...


class Forms(Protocol):
    """Stored form definitions (.form.json bytes) compiled and applied."""

    def check(self, name: str, source: bytes) -> Sequence[tuple[str, str, str]]:
        """Findings in a definition as (JSON pointer, message, mend); empty when it is good."""
        ...

    def clean(
        self,
        source: bytes,
        data: Mapping[str, Any],
        known: Mapping[str, Any],
        now: datetime,
        outcome: str | None = None,
        nameable: Callable[[str], bool] | None = None,
        files: FilesOf | None = None,
    ) -> CleanForm:
        """Validate `data` against the form; `known` are the instance's variables (conditions,
        read-only fields). Dates become `datetime.date`, numbers int or Decimal; fields that the
        form does not have are refused. `nameable` says of what stands in a field for a person
        whether that can be named (None: nobody asks). `files` answers of a field and ids those
        files that it may have; fields for files become lists of {id, name, type, size, sha256}
        (None: nobody keeps files, and what `data` says of them is believed).
        """
        ...

    def keys(self, source: bytes) -> Sequence[str]:
        """Variables that the form can set (for the linter)."""
        ...

    def files(self, source: bytes) -> Sequence[str]:
        """Variables of `keys` that take files."""
        ...

    def reads(self, source: bytes) -> Sequence[str]:
        """Variables that its conditions, bounds and choices read (for the linter)."""
        ...


class HouseLists(Protocol):
    """Lists of the house that forms offer by name, like a variable: no case carries them along."""

    @property
    def names(self) -> frozenset[str]: ...

    def read(self, db: Connection, agency_id: UUID, name: str) -> Sequence[Mapping[str, str]]:
        """[{value, label}] as it is now, in the order in which it is offered."""
        ...


class Progress(Protocol):
    """Tells how far a long job has come, and that its worker is alive: its lease starts anew."""

    def __call__(self, done: int, total: int | None = None, note: str = "") -> None:
        """`done` of `total` (None: nobody knows). `note` names what is at hand: a key or number,
        nothing secret. Call it for each item, with no transaction open: it is written every few
        seconds at most. Raises Conflict (lease_lost) when another has the job: stop.
        """
        ...


def untold(done: int, total: int | None = None, note: str = "") -> None:
    """Nobody hears of it."""


@dataclass(frozen=True, slots=True)
class JobInput:
    """What an action's handler gets. `attempt` counts from 1; `job_id` makes effects idempotent.

    `instance_id`: the process whose step asks; `root_id`: the whole case. None: the house asks.
    """

    job_id: UUID
    agency_id: UUID
    instance_id: UUID | None
    business_key: str | None
    action: str
    payload: Mapping[str, Any]
    attempt: int
    progress: Progress = untold
    root_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class JobOutput:
    """What a handler reports.

    `variables` go to the instance. `effect` runs inside the transaction that records the job's
    completion: rows written there stand or fall with it.
    """

    variables: Mapping[str, Any] = field(default_factory=dict)
    effect: Callable[[Context], Mapping[str, Any] | None] | None = None


class JobFailed(Exception):
    """The handler says that the work failed. `retry=False`: an incident at once.

    `error_code` names a BPMN error: a boundary error event with this code catches it. `code` is
    the incident's, where it comes to one. `effect` runs inside the transaction that records the
    failure: what was learnt by it.
    """

    def __init__(
        self,
        message: str,
        *,
        retry: bool = True,
        error_code: str | None = None,
        code: str = "job_failed",
        effect: Callable[[Context], None] | None = None,
    ) -> None:
        super().__init__(message)
        self.retry = retry
        self.error_code = error_code
        self.code = code
        self.effect = effect


#: An action: machine work named by service tasks (and by office rooms for their own jobs).
#: It runs in a worker with no transaction open; it may read through its own connection.
ActionHandler = Callable[[JobInput], JobOutput]


#: Queues of an agency, the first goes first: somebody sits and waits for it; the usual; whenever.
URGENT, DEFAULT, BULK = QUEUES = "urgent", "default", "bulk"


@dataclass(frozen=True, slots=True)
class ActionUse:
    """How a diagram uses an action: its inputs as they are written, FEEL after “=”."""

    process_id: str
    inputs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class UseProblem:
    """What is wrong with the use of an action, and at which of its inputs; `outside` as in
    `engine.errors.Problem`.
    """

    code: str
    input: str
    message: str
    mend: str
    outside: str = ""


#: Judges how the diagrams of an agency use an action, by what the agency has set up.
ActionJudge = Callable[["Connection", UUID, ActionUse], Sequence[UseProblem]]


#: Looks before each try whether what a job names belongs to the case that asks, or was granted to
#: it; JobFailed where it does not. Whoever draws a diagram chooses what its inputs name.
Bound = Callable[["Connection", JobInput], None]


@dataclass(frozen=True, slots=True)
class Action:
    """`inputs` are the names it accepts, `required` those it cannot do without (both linted).

    `queue`: one of QUEUES. `judge`: what else the linter asks, where it knows the agency.

    `drawn`: a diagram may name it; else it is a job of the house's own, which a diagram never asks
    for. `route`: the one process that may name it, in the form in which it is shipped. `bound`:
    holds what the inputs name to the case; an action that has no need of it takes nothing by its
    id, or its handler asks what was granted to the process.
    """

    name: str
    handler: ActionHandler
    inputs: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    queue: str = DEFAULT
    max_attempts: int = 8
    judge: ActionJudge | None = None
    _: KW_ONLY
    drawn: bool
    route: str | None = None
    bound: Bound | None = None

    def free_for(self, process_id: str) -> bool:
        """Whether a diagram of this process may name it."""
        return self.drawn and self.route in (None, process_id)


def judging(db: Connection, agency_id: UUID) -> Callable[[Action, ActionUse], Sequence[UseProblem]]:
    """What the actions' judges say in one agency."""
    return lambda action, use: action.judge(db, agency_id, use) if action.judge else ()


class Bell(Protocol):
    """The doorbell: tells a worker that jobs wait. A lost ring loses nothing: the sweeper rings."""

    def ring(self, job_ids: Sequence[UUID]) -> None: ...


#: Called in the transaction of the command that raised the event (see engine.events).
Listener = Callable[[Any, "Context"], None]

__all__ = [
    "BULK",
    "DEFAULT",
    "QUEUES",
    "URGENT",
    "Action",
    "ActionHandler",
    "ActionJudge",
    "ActionUse",
    "Actor",
    "Bell",
    "Bound",
    "Calendars",
    "Candidate",
    "CaseFiles",
    "CleanForm",
    "Directory",
    "FilesOf",
    "FormProblem",
    "Forms",
    "JobFailed",
    "JobInput",
    "JobOutput",
    "KnownFile",
    "Listener",
    "Mandates",
    "ModelTests",
    "Progress",
    "UseProblem",
    "WorkingTime",
    "judging",
    "untold",
]
