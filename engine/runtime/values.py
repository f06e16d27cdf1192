"""What one advance of a process instance tells the engine: plain values, no SpiffWorkflow objects.

A *token* names a place where the instance waits or works (hex text, stable until it ends).
A *scope* names a process (the root, or a called process) that holds variables: "" is the root,
else the token of the call activity that started it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from engine.errors import Cause
from engine.runtime.allowance import Allowance

if TYPE_CHECKING:
    from engine.ports import WorkingTime

Scope = str
Token = str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an advance may know of the world: everything that is not in the state or the variables.

    The state is bound to `instance_id`: hand in the same one for every advance of an instance.
    """

    now: datetime
    working_time: WorkingTime | None = None
    business_key: str | None = None
    starter: str | None = None
    definition_id: str = ""
    instance_id: str = ""
    #: zone of dates and times that a diagram writes without one
    zone: str = "Asia/Bangkok"
    #: shared by the advances of one turn
    allowance: Allowance = field(default_factory=Allowance)


@dataclass(frozen=True, slots=True)
class AssignmentRule:
    """One `saraban:assignment`, its FEEL already evaluated.

    kind: position, role, unit, person (value: code or list of codes) · starter · superior
    (of the person in `value`, by default the starter) · performer (value: element id whose last
    performer is meant). A field or an expression has become person codes or "kind:id" principals.
    """

    kind: str
    value: Any = None
    #: of a superior: how many posts above
    level: int = 1


@dataclass(frozen=True, slots=True)
class OutcomeSpec:
    id: str
    name: str
    name_en: str
    reason_required: bool = False


@dataclass(frozen=True, slots=True)
class OpenedTask:
    """A person's task that the instance now waits for."""

    token: Token
    scope: Scope
    element_id: str
    name: str
    assignments: Sequence[AssignmentRule]
    excluded: Sequence[AssignmentRule]
    form: str | None
    outcomes: Sequence[OutcomeSpec]
    #: element ids that a return may name (`saraban:return`), nearest first
    returns: Sequence[str]
    #: deadline counted from now; `due_working` says whether in working time
    due: timedelta | datetime | None = None
    due_working: bool = True
    priority: int = 1
    #: an act that completing demands, such as "sign" or "confirm"
    act: str | None = None
    #: pass by itself where the only person who can act has done the same in this case already
    skip_same_person: bool = False
    #: fractions of the time to the deadline at which to remind, and where to escalate
    remind_at: Sequence[float] = ()
    escalate: str | None = None
    lane: str | None = None
    #: variables local to this iteration (multi-instance): element variable, loopCounter
    local: Mapping[str, Any] = field(default_factory=dict)
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class ClosedTask:
    """A task that no longer waits, for another reason than its own completion."""

    token: Token
    reason: Literal["boundary", "terminated", "completion_condition", "withdrawn", "cancelled"]


@dataclass(frozen=True, slots=True)
class WantedJob:
    """Machine work: an action with its evaluated inputs."""

    token: Token
    scope: Scope
    element_id: str
    name: str
    action: str
    inputs: Mapping[str, Any]
    max_attempts: int | None = None


@dataclass(frozen=True, slots=True)
class SetTimer:
    token: Token
    element_id: str
    due_at: datetime
    #: occurrences are numbered from 1; `remaining` is None for an endless cycle
    occurrence: int = 1


@dataclass(frozen=True, slots=True)
class Subscription:
    """Waits for a message (kind "message", with its correlation key as text) or a signal."""

    token: Token
    element_id: str
    kind: Literal["message", "signal"]
    name: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Thrown:
    """A message or signal for others; the engine routes it after the advance."""

    element_id: str
    kind: Literal["message", "signal"]
    name: str
    key: str | None
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StartedCall:
    """A called process has begun: it gets an id and a row of its own."""

    scope: Scope
    parent_scope: Scope
    element_id: str
    process_id: str
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EndedCall:
    scope: Scope
    status: Literal["completed", "cancelled"]


@dataclass(frozen=True, slots=True)
class StuckToken:
    """An incident: this token cannot go on; the others could."""

    token: Token
    scope: Scope
    cause: Cause


@dataclass(frozen=True, slots=True)
class Step:
    """One element entered, left or taken, in order: what diagrams and history show.

    kind: "entered", "completed", "cancelled", "flow" (element_id is the sequence flow's id).
    """

    kind: Literal["entered", "completed", "cancelled", "flow"]
    element_id: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class Change:
    """A variable that this advance set, where, and to what."""

    scope: Scope
    name: str
    value: Any
    element_id: str


@dataclass(frozen=True, slots=True)
class Advance:
    """Everything that one step of an instance changed. The engine turns it into rows."""

    state: bytes
    status: Literal["active", "completed"]
    #: full variables of each scope that still lives
    variables: Mapping[Scope, Mapping[str, Any]]
    changes: Sequence[Change] = ()
    opened: Sequence[OpenedTask] = ()
    closed: Sequence[ClosedTask] = ()
    jobs: Sequence[WantedJob] = ()
    jobs_dropped: Sequence[Token] = ()
    timers: Sequence[SetTimer] = ()
    timers_dropped: Sequence[Token] = ()
    subscriptions: Sequence[Subscription] = ()
    subscriptions_dropped: Sequence[Token] = ()
    thrown: Sequence[Thrown] = ()
    calls: Sequence[StartedCall] = ()
    calls_ended: Sequence[EndedCall] = ()
    stuck: Sequence[StuckToken] = ()
    freed: Sequence[Token] = ()
    steps: Sequence[Step] = ()
    title: str | None = None
    end_element: str | None = None
