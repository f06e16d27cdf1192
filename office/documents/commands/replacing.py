"""Which letter counts in the place of one that counts no more."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context
from engine.commands.vouching import vouch
from engine.errors import Conflict, FieldError, Forbidden, Invalid
from office.documents import access, rules
from office.documents.models import document
from office.documents.ports import desk_of
from office.documents.withdrawals import may_ask


@dataclass(frozen=True, slots=True)
class NameReplacement:
    """Say afterwards which letter counts in the place of one that was withdrawn, for it is often
    written later. For who may ask for a withdrawal, and who may take the letter back. Answer:
    {id, replaced_by}.
    """

    document_id: UUID
    replaced_by: UUID


def name_replacement(command: NameReplacement, ctx: Context) -> Answer:
    row = access.find(ctx.db, ctx.actor.agency_id, command.document_id)
    access.check_reader(ctx.db, ctx.actor, row)
    access.lock_instance(ctx.db, row)
    row = access.lock(ctx.db, ctx.actor.agency_id, row.id)
    if not (may_ask(ctx.db, ctx.actor, row) or access.may_revoke(ctx.db, ctx.actor, row, ctx.now)):
        raise Forbidden(
            "Expected who signed or drafted the letter, who holds or acts for its post, or the"
            f" right registry, but {ctx.actor.username} is none of them."
        )
    if row.revoked_at is None:
        raise Conflict(
            "Expected a letter that counts no more, but it still does; withdraw it first.",
            code="still_in_force",
        )
    other = check_replacement(ctx, row, command.replaced_by)
    if row.replaced_by != other.id:
        ctx.db.execute(
            sa.update(document)
            .where(document.c.agency_id == row.agency_id, document.c.id == row.id)
            .values(replaced_by=other.id, updated_at=ctx.now)
        )
        desk_of(ctx).numbers.remark(ctx, row.id, in_its_place(other))
        told = {"document_id": row.id, "replaced_by": other.id, "by": ctx.actor.username}
        vouch(ctx, row.instance_id, rules.REPLACED, told)
    return {"id": str(row.id), "replaced_by": str(other.id)}


def check_replacement(ctx: Context, row: access.Row, replaced_by: UUID) -> access.Row:
    """The other letter, which the actor may read. Invalid by field where it does not count."""
    other = access.find(ctx.db, ctx.actor.agency_id, replaced_by)
    access.check_reader(ctx.db, ctx.actor, other)
    if other.id == row.id or not counts(other):
        raise Invalid(
            "Expected another signed letter that counts in its place, but this is none.",
            [FieldError("replaced_by", "Choose a signed letter that counts.", "not_in_force")],
        )
    return other


def counts(row: access.Row) -> bool:
    return row.state == rules.SIGNED and row.revoked_at is None


def in_its_place(other: access.Row) -> str:
    """As the registers tell it, in หมายเหตุ."""
    return f"ใช้ {other.number} แทน" if other.number else "มีหนังสือใช้แทน"
