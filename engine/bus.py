"""One door for every change: a command, one unit of work, one commit, then the doorbell."""

from __future__ import annotations

import hashlib
import logging
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from engine import faults, joint, jsonio
from engine.actor import Actor, system_actor
from engine.clock import Clock
from engine.db import begin_write, move_fence
from engine.errors import Conflict, Invalid, ReadOnly
from engine.ids import new_id
from engine.models.columns import AnyRow
from engine.models.command_log import ENTER, FIND, KEEP_ANSWER, command_log
from engine.ports import (
    Action,
    Bell,
    Calendars,
    CaseFiles,
    Clearances,
    Contents,
    Directory,
    Forms,
    HouseLists,
    Listener,
    Mandates,
    ModelTests,
)
from engine.transient import raise_as_final, raise_unless_transient
from engine.twins import (
    PlainCaseFiles,
    PlainClearances,
    PlainContents,
    PlainHouseLists,
    PlainMandates,
    PlainModelTests,
)

log = logging.getLogger(__name__)

#: Answers are plain JSON objects: they are stored with the command's id and replayed as they are.
Answer = dict[str, Any]
Handler = Callable[[Any, "Context"], Answer]

#: Longest waits (seconds) before the tries that follow a failed one; the real wait is random below.
RETRY_WAITS = (0.05, 0.2, 0.8)


@dataclass(frozen=True, slots=True)
class Services:
    """Everything handlers need from outside, wired once in `api.bootstrap`."""

    clock: Clock
    directory: Directory
    calendars: Calendars
    forms: Forms
    mandates: Mandates = field(default_factory=PlainMandates)
    clearances: Clearances = field(default_factory=PlainClearances)
    contents: Contents = field(default_factory=PlainContents)
    model_tests: ModelTests = field(default_factory=PlainModelTests)
    files: CaseFiles = field(default_factory=PlainCaseFiles)
    lists: HouseLists = field(default_factory=PlainHouseLists)
    actions: Mapping[str, Action] = field(default_factory=dict)
    #: what office rooms bring along, by name (storage, signer, …); the engine reads none of it
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
    #: how many commands this one is carried out as part of: what an outer one has allowed
    #: needs no right of its own
    depth: int = 0
    #: how often an instance was locked and loaded in this transaction: who remembers the number
    #: knows whether what they loaded is still the last word
    holds: int = 0
    #: how many messages and signals in a row led to this, with no person and no moment in between
    hops: int = 0

    def emit(self, happened: Any) -> None:
        """Tell every listener of this event's type, in this transaction."""
        for listener in self.bus.listeners.get(type(happened), ()):
            listener(happened, self)

    def run(self, command: Any) -> Answer:
        """Carry out another command as part of this one: same transaction, same actor."""
        self.depth += 1
        try:
            return self.bus.handler(command)(command, self)
        finally:
            self.depth -= 1

    @contextmanager
    def within(self, agency_id: UUID) -> Iterator[Context]:
        """The system of another agency, in this transaction and behind that agency's fence.

        Whatever is raised inside ends the transaction: there is no way back from it.
        """
        move_fence(self.db, agency_id)
        yield replace(self, actor=system_actor(agency_id))
        move_fence(self.db, self.actor.fence)


class Refusal(Conflict):
    """A rejection that must leave a trace: `aftermath` is carried out by the system once all that
    the refused command did is rolled back.
    """

    def __init__(self, message: str, aftermath: Any, *, code: str) -> None:
        super().__init__(message, code=code)
        self.aftermath = aftermath


@dataclass(slots=True)
class Bus:
    engine: Engine
    services: Services
    bell: Bell
    handlers: Mapping[type, Handler]
    listeners: Mapping[type, Sequence[Listener]] = field(default_factory=dict)
    #: commands that change only what is the actor's own: those who only read may give them too
    own_affairs: frozenset[type] = frozenset()

    def handler(self, command: Any) -> Handler:
        return self.handlers[type(command)]

    def execute(self, command: Any, actor: Actor, command_id: UUID | None = None) -> Answer:
        """Carry out a command once: with an id that was used before, its answer is given again.

        Lost races with other transactions are run again here, and nowhere else. So is a commit
        whose answer was lost: the id tells whether it had arrived.
        """
        if actor.reads_only and type(command) not in self.own_affairs:
            raise ReadOnly(actor.username)
        # An id of our own is nobody else's: only a try of ours can have left a row of it.
        known = command_id is not None
        order = _Order(command, actor, command_id or new_id(), fingerprint(command))
        try:
            return self._until_settled(order, known=known)
        except Refusal as refused:
            self.execute(refused.aftermath, system_actor(actor.agency_id))
            raise

    def _until_settled(self, order: _Order, *, known: bool) -> Answer:
        for longest in RETRY_WAITS:
            try:
                return self._once(order, known=known)
            except sa.exc.SQLAlchemyError as error:
                raise_unless_transient(error)
                log.info("Command %s runs again: %s", type(order.command).__name__, error)
            known = True
            wait = longest * random.random()  # noqa: S311 - jitter, no secret
            time.sleep(wait)  # noqa: TID251 - milliseconds, with no transaction open
        try:
            return self._once(order, known=known)
        except sa.exc.SQLAlchemyError as error:
            raise_as_final(error)

    def _once(self, order: _Order, *, known: bool) -> Answer:
        faults.point("before_transaction")
        now = self.services.clock.now()
        entry = order.entry(now)
        with begin_write(self.engine, order.actor.fence) as db:
            # First of all: whoever comes second with this id waits here for the first.
            if known and db.execute(ENTER, entry).rowcount == 0:
                return _replayed(db.execute(FIND, order.key).one(), order.body)
            ctx = Context(db, order.actor, now, self.services, self, order.command_id)
            faults.point("in_transaction")
            answer = jsonio.dumps(self.handler(order.command)(order.command, ctx))
            if known:
                joint.later(db, KEEP_ANSWER, {**order.key, "text": answer})
            else:
                joint.add_later(db, command_log, [{**entry, "answer": answer}])
            joint.send(db)
            faults.point("before_commit")
            db.commit()
        faults.point("after_commit")
        self._ring(ctx.rings)
        return cast(Answer, jsonio.loads(answer))

    def _ring(self, job_ids: Sequence[UUID]) -> None:
        if not job_ids:
            return
        try:
            self.bell.ring(job_ids)
        except Exception:
            # The rows are committed: the sweeper will find them.
            log.exception("Expected the bell to ring for %d jobs, but it failed.", len(job_ids))


@dataclass(frozen=True, slots=True)
class _Order:
    """A command on its way: who gives it, the id that makes it one, what tells it from others."""

    command: Any
    actor: Actor
    command_id: UUID
    body: bytes

    @property
    def key(self) -> dict[str, Any]:
        return {
            "agency": self.actor.agency_id,
            "who": self.actor.username,
            "command": self.command_id,
        }

    def entry(self, now: datetime) -> dict[str, Any]:
        """Its row of the command log, without the answer."""
        return {
            "agency_id": self.actor.agency_id,
            "actor": self.actor.username,
            "command_id": self.command_id,
            "body": self.body,
            "at": now,
        }


def fingerprint(command: Any) -> bytes:
    """What tells two commands under one id apart: the type, and every field that compares."""
    body = {f.name: getattr(command, f.name) for f in fields(command) if f.compare}
    try:
        text = jsonio.canonical([type(command).__name__, body])
    except UnicodeEncodeError:
        raise Invalid("Expected text in Unicode, but found half a surrogate pair.") from None
    return hashlib.sha256(text).digest()


def _replayed(row: AnyRow, body: bytes) -> Answer:
    if bytes(row.body) != body:
        raise Invalid(
            "Expected a command id (Idempotency-Key) to be used for one request,"
            " but another one had it before. Make a new one.",
            code="idempotency_mismatch",
        )
    return cast(Answer, jsonio.loads(row.answer))
