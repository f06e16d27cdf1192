"""Writing what happened to people, posts and accounts: rows that are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Context
from engine.ids import new_id
from office.people.models import org_event
from office.people.together import Together

_ADD = sa.insert(org_event)


def record(ctx: Context, event: str, subject_id: UUID, **data: Any) -> None:
    """Add one event, such as "instrument.revoked", with what changed."""
    said = {
        "at": ctx.now,
        "actor": ctx.actor.username,
        "type": event,
        "subject_id": subject_id,
        "data": _plain(data),
    }
    if isinstance(ctx, Together):
        ctx.add(org_event, {**said, "import_id": ctx.import_id})
    else:
        ctx.db.execute(_ADD, {"agency_id": ctx.actor.agency_id, "id": new_id(), **said})


def record_change(
    ctx: Context, event: str, row: Any, values: Mapping[str, Any], **more: tuple[Any, Any]
) -> None:
    """Add one event of a change: what the columns `values` are now, and under "was" what they were.

    `more` says in words what is kept as an id: `unit=("records", "office")`, before and after.
    """
    pairs = {name: (getattr(row, name), new) for name, new in values.items()} | more
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if changed:
        after = {name: pair[1] for name, pair in changed.items()}
        record(ctx, event, row.id, **after, was={name: pair[0] for name, pair in changed.items()})


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None}
