"""A new root instance: its row and first event, held as if it had been locked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.bus import Context
from engine.commands.turn import applying
from engine.commands.turn.chain import record
from engine.commands.turn.held import Definition, Held, Process
from engine.commands.turn.moving import move
from engine.db import insert_once
from engine.events import InstanceStarted
from engine.ids import new_id
from engine.models.history import genesis
from engine.models.instance import ACTIVE, process_instance
from engine.runtime import Bundle, Surroundings, start
from engine.runtime.values import Advance

_ADD_ONCE = insert_once(process_instance)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new instance is given. `starter` is None where no person started it.

    `message`: the name of the message that starts it; of those that run, one has this name and
    business key.
    """

    definition: Definition
    title: str
    business_key: str | None
    variables: Mapping[str, Any]
    starter: str | None = None
    message: str | None = None


def begin(ctx: Context, wanted: Beginning) -> Held | None:
    """None where the instance that the same message has started still runs: nothing was written."""
    root_id = new_id()
    held = Held(
        agency_id=ctx.actor.agency_id,
        root_id=root_id,
        business_key=wanted.business_key,
        title=wanted.title,
        starter=wanted.starter,
        state=b"",
        lock_version=0,
        seq=0,
        head=genesis(ctx.actor.agency_id, root_id),
        processes={"": Process(root_id, None, wanted.definition, wanted.variables)},
        secrecy=ctx.services.clearances.degree(ctx.db, ctx.actor.agency_id, wanted.business_key),
        live={},
    )
    row = _root_row(ctx, held) | {"start_message": wanted.message}
    if ctx.db.execute(_ADD_ONCE, row).rowcount == 0:
        return None
    _tell(ctx, held)
    return held


def _tell(ctx: Context, held: Held) -> None:
    key, business_key, variables = (
        held.root.definition.key, held.business_key, held.root.variables,
    )  # fmt: skip
    data = {"definition_key": key, "business_key": business_key, "variables": variables}
    record(ctx, held, "instance.started", data=data)
    held.news.append(
        InstanceStarted(held.agency_id, held.root_id, key, business_key, variables, ctx.actor)
    )


def set_off(ctx: Context, held: Held, event: str | None = None) -> None:
    """The first advance, from the plain start or from the start event with this id."""
    verb = _start(held.root.definition.key, event)
    applying.apply(ctx, held, move(ctx, held, verb, held.root.variables))


def _start(process_id: str, event: str | None) -> Any:
    """`start` with the arguments in the order of the other verbs: there is no state yet."""

    def verb(
        bundle: Bundle, _state: bytes, _scopes: Any, variables: Any, around: Surroundings
    ) -> Advance:
        return start(bundle, process_id, variables, around, event=event)

    return verb


def _root_row(ctx: Context, held: Held) -> dict[str, Any]:
    return {
        "id": held.root_id,
        "agency_id": held.agency_id,
        "root_id": held.root_id,
        "parent_id": None,
        "scope": "",
        "definition_id": held.root.definition.id,
        "business_key": held.business_key,
        "title": held.title,
        "status": ACTIVE,
        "starter": held.starter,
        "secrecy": held.secrecy,
        "variables": held.root.variables,
        "state": held.state,
        "lock_version": held.lock_version,
        "history_seq": held.seq,
        "history_hash": held.head,
        "calls": 0,
        "started_at": ctx.now,
        "updated_at": ctx.now,
        "ended_at": None,
    }
