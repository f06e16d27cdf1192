"""Sealing what is kept anew, after the installation's secret has been changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from engine.bus import Answer, Context, Handler
from engine.errors import Forbidden
from office.accounts.sealed import Sealed
from office.accounts.secrets import Secret, seal, unseal
from office.accounts.settings import settings_of
from office.people.history import record

#: Rows that one command looks at: its transaction stays short.
BATCH = 500


@dataclass(frozen=True, slots=True)
class ResealSecrets:
    """The next values of one column, in the order of their ids. By the system alone.

    Answer: {looked, resealed, lost, after}: `lost` open under no secret that is known, `after` is
    where to go on, None at the end.
    """

    column: str
    after: UUID | None = None


def reseal_secrets(command: ResealSecrets, ctx: Context) -> Answer:
    """Values that the present secret opens are left: whoever was interrupted begins again."""
    if not ctx.actor.is_system:
        raise Forbidden("Expected the system to seal secrets anew, but a person asked.")
    known: Sequence[Sealed] = ctx.services.extra["sealed"]
    sealed = next(each for each in known if each.name == command.column)
    rows = ctx.db.execute(_page(sealed, ctx.actor.agency_id, command.after)).all()
    found = list(_anew(sealed, rows, settings_of(ctx.services).secret))
    changed = sum(_keep(ctx, sealed, row, value) for row, value in found if value is not None)
    if changed:
        record(ctx, "secrets.resealed", ctx.actor.agency_id, what=sealed.name, values=changed)
    return {
        "looked": len(rows),
        "resealed": changed,
        "lost": sum(value is None for _, value in found),
        "after": str(rows[-1].id) if len(rows) == BATCH else None,
    }


def _page(sealed: Sealed, agency_id: UUID, after: UUID | None) -> sa.Select[Any]:
    table = sealed.column.table
    wanted = (
        sa.select(table.c.id, sealed.owner.label("owner"), sealed.column.label("value"))
        .where(table.c.agency_id == agency_id, sa.func.length(sealed.column) > 0)
        .order_by(table.c.id)
        .limit(BATCH)
    )
    return wanted if after is None else wanted.where(table.c.id > after)


def _anew(sealed: Sealed, rows: Sequence[Any], secret: bytes) -> Iterator[tuple[Any, bytes | None]]:
    """Rows that the present secret does not open, with the new value: None where none opens it."""
    present = Secret(secret)
    for row in rows:
        value = bytes(row.value)
        try:
            unseal(present, sealed.purpose, value, row.owner)
        except (InvalidTag, ValueError):
            yield row, _resealed(sealed, row.owner, value, secret)


def _resealed(sealed: Sealed, owner: UUID, value: bytes, secret: bytes) -> bytes | None:
    try:
        return seal(secret, sealed.purpose, unseal(secret, sealed.purpose, value, owner), owner)
    except (InvalidTag, ValueError):
        return None


def _keep(ctx: Context, sealed: Sealed, row: Any, value: bytes) -> int:
    """What somebody has changed meanwhile is theirs."""
    table = sealed.column.table
    same = (
        sa.update(table)
        .where(table.c.agency_id == ctx.actor.agency_id, table.c.id == row.id)
        .where(sealed.column == row.value)
    )
    return ctx.db.execute(same.values({sealed.column.name: value})).rowcount


HANDLERS: Mapping[type, Handler] = {ResealSecrets: reseal_secrets}
