"""What rooms of the office can listen to: raised by handlers, heard in the same transaction.

A listener writes rows and asks for jobs; it never does I/O of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.actor import Actor
from engine.ports import Candidate


@dataclass(frozen=True, slots=True)
class DefinitionDoomed:
    """A version is to be deleted: who refers to it adds to `claims` how often, and it stays."""

    agency_id: UUID
    definition_id: UUID
    key: str
    version: int
    claims: dict[str, int]


@dataclass(frozen=True, slots=True)
class InstanceStarted:
    agency_id: UUID
    instance_id: UUID
    definition_key: str
    business_key: str | None
    variables: Mapping[str, Any]
    actor: Actor


@dataclass(frozen=True, slots=True)
class InstanceEnded:
    """`status` is completed or cancelled; `end_element` the end event that was reached last."""

    agency_id: UUID
    instance_id: UUID
    definition_key: str
    business_key: str | None
    status: str
    end_element: str | None
    actor: Actor


@dataclass(frozen=True, slots=True)
class TaskRef:
    """The task that an event is about."""

    agency_id: UUID
    task_id: UUID
    instance_id: UUID
    definition_key: str
    business_key: str | None
    element_id: str
    name: str
    title: str
    priority: int
    due_at: datetime | None
    act: str | None


@dataclass(frozen=True, slots=True)
class TaskCreated:
    task: TaskRef
    candidates: Sequence[Candidate]
    #: "new", "returned" (someone sent it back here) or "acknowledge" (a skipped level is told)
    because: str
    reason: str | None = None
    actor: Actor | None = None
    #: sign-in names of all who can take it now, where the step that made it has asked; a person
    #: who is named here may have left meanwhile
    able: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class TaskCompleted:
    task: TaskRef
    actor: Actor
    outcome: str | None
    variables: Mapping[str, Any]
    on_behalf_of: str | None
    instrument_id: UUID | None
    comment: str | None = None
    #: passed by itself because the actor, who alone could do it, had done the same before
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class TaskReturned:
    """Sent back to an earlier step. TaskCompleted with the outcome "return" is told before it."""

    task: TaskRef
    actor: Actor
    to: str
    reason: str
    resume: str


@dataclass(frozen=True, slots=True)
class TaskReminded:
    task: TaskRef
    candidates: Sequence[Candidate]
    assignee: str | None
    occurrence: int


@dataclass(frozen=True, slots=True)
class TaskEscalated:
    task: TaskRef
    candidates: Sequence[Candidate]
    assignee: str | None
    #: candidates added by the escalation (the superior), already stored
    escalated_to: Sequence[Candidate] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class TaskReassigned:
    """Delegated or reassigned: `assignee` (sign-in name) is told."""

    task: TaskRef
    actor: Actor
    assignee: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class TaskRetold:
    """Another version of the process says something else of an open task. Where it says who may
    take it, TaskCreated tells them instead. `changes` as in runtime.migration.values.
    """

    task: TaskRef
    candidates: Sequence[Candidate]
    assignee: str | None
    changes: frozenset[str]
    actor: Actor


@dataclass(frozen=True, slots=True)
class TaskWithdrawn:
    """Whoever was asked is no longer: their turn in a list is taken away, or somebody's act has
    ended the work to which the task belonged.
    """

    task: TaskRef
    candidates: Sequence[Candidate]
    assignee: str | None
    reason: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class TaskUnclaimed:
    """Given back: open again for its candidates."""

    task: TaskRef
    actor: Actor


@dataclass(frozen=True, slots=True)
class IncidentRaised:
    """`process` and `title` are of the whole case, whose instance is `root_id`."""

    agency_id: UUID
    root_id: UUID
    instance_id: UUID
    incident_id: UUID
    element_id: str
    message: str
    process: str
    title: str


@dataclass(frozen=True, slots=True)
class FreeJobSettled:
    """An operator has a dead job that no instance waits for tried again, or goes on without it: no
    case's history tells. `resolution` is retried or skipped, for a `reason` where it is skipped.
    """

    job_id: UUID
    action: str
    resolution: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class OperatorTold:
    """Somebody signed in has told processes something by hand; what other systems tell
    by a token is in the cases that it reaches. `kind` is message.sent or facts.told; `said` tells
    no values.
    """

    kind: str
    said: Mapping[str, str]
