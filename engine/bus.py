"""One door for every change: a command, one unit of work, one commit, then the doorbell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine

from engine.actor import Actor
from engine.clock import Clock
from engine.ports import Action, Bell, Calendars, Directory, Forms, Listener

#: Answers are plain JSON objects: they are stored with the command's id and replayed as they are.
Answer = dict[str, Any]
Handler = Callable[[Any, "Context"], Answer]


@dataclass(frozen=True, slots=True)
class Services:
    """Everything handlers need from outside, wired once in `api.bootstrap`."""

    clock: Clock
    directory: Directory
    calendars: Calendars
    forms: Forms
    actions: Mapping[str, Action] = field(default_factory=dict)
    #: what office rooms bring along, by name (storage, signer, settings …); the engine reads none of it
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Context:
    """What a handler works with: the open transaction, the actor, the moment, the services."""

    db: Connection
    actor: Actor
    now: datetime
    services: Services
    bus: Bus
    command_id: UUID
    #: jobs to ring for after the commit
    rings: list[UUID] = field(default_factory=list)

    def emit(self, happened: Any) -> None:
        """Tell every listener of this event's type, in this transaction."""
        for listener in self.bus.listeners.get(type(happened), ()):
            listener(happened, self)

    def run(self, command: Any) -> Answer:
        """Carry out another command as part of this one: same transaction, same actor."""
        return self.bus.handler(command)(command, self)


@dataclass(slots=True)
class Bus:
    engine: Engine
    services: Services
    bell: Bell
    handlers: Mapping[type, Handler]
    listeners: Mapping[type, Sequence[Listener]] = field(default_factory=dict)

    def handler(self, command: Any) -> Handler:
        return self.handlers[type(command)]

    def execute(self, command: Any, actor: Actor, command_id: UUID | None = None) -> Answer:
        raise NotImplementedError

