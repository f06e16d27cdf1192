"""Messages from outside and between instances: to the one that waits, else to the process that it
starts, else kept for a while.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Actor
from engine.bus import Answer, Context, Handler
from engine.commands import checks
from engine.commands.starts import by_message
from engine.commands.turn.applying import apply, deliver
from engine.commands.turn.held import hold_root, save
from engine.commands.turn.todo import Deliver
from engine.commands.turn.waits import take_kept
from engine.errors import NotFound
from engine.events import OperatorTold
from engine.ids import new_id
from engine.models.columns import AnyRow
from engine.models.granting import Reach, demand_reach
from engine.models.waiting import IS_MESSAGE, message_buffer, subscription

_OF_AGENCY = subscription.c.agency_id == sa.bindparam("agency")
_WAITING = sa.select(subscription).where(
    _OF_AGENCY,
    IS_MESSAGE,
    subscription.c.name == sa.bindparam("name"),
    subscription.c.key == sa.bindparam("key"),
)
_BY_ID = sa.select(subscription).where(_OF_AGENCY, subscription.c.id == sa.bindparam("this"))
_SIGNALS = sa.select(subscription).where(
    _OF_AGENCY,
    subscription.c.kind == "signal",
    subscription.c.root_id == sa.bindparam("root"),
    subscription.c.name == sa.bindparam("name"),
)
_KEEP = message_buffer.insert()


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Answer: {instances: [id]} when someone waits, or when it starts a process: the instance that
    it reached. Else with `ttl` {message_id, expires_at}; without it NotFound(nobody_waiting).

    Who waits for it comes first, then the newest version of the process with a message start of
    this name; the key becomes its business key. While that instance runs, the message starts no
    second one with this key: a kept message starts the next when it has ended.
    Right: operate, or a grant to administer: then it reaches cases of those processes and starts
    them alone, and is never kept, for nobody knows whom it would reach. None as part of another
    command, which has decided who may.
    """

    name: str
    correlation_key: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    ttl: timedelta | None = None


@dataclass(frozen=True, slots=True)
class SendSignal:
    """To every token of one instance that waits for it; by the system. Answer: {delivered}."""

    root_id: UUID
    name: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeliverKept:
    """A message was kept at the moment someone began to wait. Answer: {delivered}."""

    subscription_id: UUID


def send_message(command: SendMessage, ctx: Context) -> Answer:
    mine = demand_reach(ctx.db, ctx.actor, "operate") if ctx.depth == 0 else None
    answer = _send(command, ctx, mine)
    if ctx.depth == 0 and by_hand(ctx.actor):
        said = {"message_name": command.name, "correlation_key": command.correlation_key}
        said |= {"variable_names": ", ".join(command.variables)}
        said |= {"instance": str(answer["instances"][0])} if "instances" in answer else {}
        ctx.emit(OperatorTold("message.sent", said))
    return answer


def by_hand(actor: Actor) -> bool:
    """Whether somebody is signed in; other systems ask by a token."""
    return actor.scopes is None and not actor.is_system


def _send(command: SendMessage, ctx: Context, mine: Reach | None) -> Answer:
    name = checks.text(command.name, "name", limit=checks.MAX_NAME)
    key = _key(command, required=ctx.depth == 0)
    variables = checks.variables(command.variables)
    root_id = _correlate(ctx, name, key, variables, mine) if key else None
    root_id = root_id or by_message(ctx, name, key, variables, mine)
    if root_id is not None:
        return {"instances": [root_id]}
    _key(command, required=True)
    if command.ttl is None or command.ttl <= timedelta(0):
        raise NotFound(
            f"Expected an instance that waits for message {name!r} with the key {key!r:.80}, or a"
            " process that it starts and that does not run with this key yet, but there is none."
            " Send it with a ttl to keep it until there is.",
            code="nobody_waiting",
        )
    if mine is not None and mine.processes is not None:
        raise mine.refusal
    return _keep(ctx, name, key, variables, command.ttl)


def _key(command: SendMessage, *, required: bool) -> str:
    """An instance without a business key may throw a message without one, to start a process."""
    key = command.correlation_key
    return checks.text(key, "correlation_key", required=required, limit=checks.MAX_NAME)


def _correlate(
    ctx: Context, name: str, key: str, variables: Mapping[str, Any], mine: Reach | None
) -> UUID | None:
    where = {"agency": ctx.actor.agency_id, "name": name, "key": key}
    seen = ctx.db.execute(_WAITING, where).first()
    if seen is None:
        return None
    held = hold_root(ctx, seen.root_id)
    # Read again under the lock: whoever held it may have gone on, or begun to wait anew.
    waiting = ctx.db.execute(_WAITING, where).first()
    if waiting is None or waiting.root_id != held.root_id:
        return None
    if mine is not None and not mine.over(held.root.definition.key):
        return None
    apply(ctx, held, deliver(ctx, held, _message(waiting, variables)))
    save(ctx, held)
    return held.root_id


def _message(waiting: AnyRow, variables: Mapping[str, Any]) -> Deliver:
    key = waiting.key if waiting.kind == "message" else None
    return Deliver(waiting.token, waiting.element_id, waiting.name, key, variables)


def _keep(
    ctx: Context, name: str, key: str, variables: Mapping[str, Any], ttl: timedelta
) -> Answer:
    message_id, expires_at = new_id(), ctx.now + ttl
    ctx.db.execute(
        _KEEP,
        {
            "id": message_id,
            "agency_id": ctx.actor.agency_id,
            "name": name,
            "key": key,
            "variables": variables,
            "hops": ctx.hops,
            "received_at": ctx.now,
            "expires_at": expires_at,
        },
    )
    return {"message_id": message_id, "expires_at": expires_at}


def send_signal(command: SendSignal, ctx: Context) -> Answer:
    checks.demand(ctx.actor, "operate")
    held = hold_root(ctx, command.root_id)
    where = {"agency": held.agency_id, "root": held.root_id, "name": command.name}
    waiting = ctx.db.execute(_SIGNALS, where).all()
    if not waiting:
        return {"delivered": 0}
    held.todo.extend(_message(row, command.variables) for row in waiting[1:])
    apply(ctx, held, deliver(ctx, held, _message(waiting[0], command.variables)))
    save(ctx, held)
    return {"delivered": len(waiting)}


def deliver_kept(command: DeliverKept, ctx: Context) -> Answer:
    key = {"agency": ctx.actor.agency_id, "this": command.subscription_id}
    seen = ctx.db.execute(_BY_ID, key).first()
    if seen is None:
        return {"delivered": False}
    held = hold_root(ctx, seen.root_id)
    waiting = ctx.db.execute(_BY_ID, key).mappings().first()
    if waiting is None or not take_kept(ctx, held, dict(waiting)):
        return {"delivered": False}
    apply(ctx, held, deliver(ctx, held, held.todo.popleft()))
    save(ctx, held)
    return {"delivered": True}


HANDLERS: dict[type, Handler] = {
    SendMessage: send_message,
    SendSignal: send_signal,
    DeliverKept: deliver_kept,
}
