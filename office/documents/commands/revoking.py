"""Taking back a letter that was signed and issued: it stays what it was, and no longer counts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context
from engine.commands.vouching import vouch
from engine.errors import Conflict, FieldError, Forbidden, Invalid
from office.documents import access, rules
from office.documents.commands.replacing import check_replacement, in_its_place
from office.documents.models import document
from office.documents.ports import desk_of
from office.documents.thai import long_date, office_day
from office.documents.withdrawals import signers_of


@dataclass(frozen=True, slots=True)
class RevokeDocument:
    """Say of a signed letter that it does not count any more, why, and which letter counts in its
    place. For its one signer, and for who holds the post in whose name it is signed or acts for it;
    anybody else asks for its withdrawal. Answer: {id, revoked_at}.
    """

    document_id: UUID
    reason: str
    replaced_by: UUID | None = None


def revoke_document(command: RevokeDocument, ctx: Context) -> Answer:
    row = access.find(ctx.db, ctx.actor.agency_id, command.document_id)
    access.check_reader(ctx.db, ctx.actor, row)
    access.lock_instance(ctx.db, row)
    row = access.lock(ctx.db, ctx.actor.agency_id, row.id)
    _check_right(ctx, row)
    if row.state != rules.SIGNED or row.revoked_at is not None:
        stands = "revoked already" if row.revoked_at else row.state
        raise Conflict(
            f"Expected a signed letter that counts, but it is {stands}.", code="not_in_force"
        )
    if not command.reason.strip():
        raise Invalid(
            "Expected a reason why the letter does not count any more, but got none.",
            [FieldError("reason", "Fill this in.", "required")],
        )
    if len(signers_of(ctx.db, row)) > 1:
        raise Conflict(
            "Expected a letter that one has signed, but several have; ask them all to withdraw it.",
            code="several_signed",
        )
    other = check_replacement(ctx, row, command.replaced_by) if command.replaced_by else None
    ctx.db.execute(
        sa.update(document)
        .where(document.c.agency_id == row.agency_id, document.c.id == row.id)
        .values(
            revoked_at=ctx.now,
            revoked_by=ctx.actor.username,
            revoked_reason=command.reason.strip(),
            replaced_by=command.replaced_by,
            updated_at=ctx.now,
        )
    )
    said = f"ยกเลิกแล้ว {long_date(office_day(ctx.now))}"
    desk_of(ctx).numbers.remark(ctx, row.id, f"{said} {in_its_place(other)}" if other else said)
    told = {"document_id": row.id, "reason": command.reason.strip(), "by": ctx.actor.username}
    vouch(ctx, row.instance_id, rules.REVOKED, told)
    return {"id": str(row.id), "revoked_at": ctx.now.isoformat()}


def _check_right(ctx: Context, row: access.Row) -> None:
    if not access.may_revoke(ctx.db, ctx.actor, row, ctx.now):
        raise Forbidden(
            "Expected the letter's signer, or who holds or acts for the post in whose name it is"
            f" signed, to take it back, but {ctx.actor.username} is neither; ask its signer to"
            " withdraw it."
        )
