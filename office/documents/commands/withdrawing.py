"""Withdrawing a signed document: asked for with a reason, decided by everybody who signed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context
from engine.commands.instances import StartInstance
from engine.commands.vouching import vouch
from engine.errors import Conflict, FieldError, Forbidden, Invalid
from office.documents import access, consents, rules
from office.documents.commands.replacing import check_replacement, counts, in_its_place
from office.documents.consents import Wish
from office.documents.degrees import told_subject
from office.documents.models import document
from office.documents.ports import desk_of
from office.documents.thai import long_date, office_day
from office.documents.withdrawals import PROCESS, may_ask, running, signers_of
from office.notices.commands import TellPerson

WITHDRAW, TELL_KEPT = "documents.withdraw", "documents.tell_kept"
LONGEST = 2_000
NOTICE = "withdrawal"


@dataclass(frozen=True, slots=True)
class AskWithdrawal:
    """Ask everybody who signed the document to agree that it is withdrawn. For who signed or
    drafted it, and who keeps the registers. `replaced_by` is to count in its place, and the signers
    read that behind the reason. Answer: {id, instance_id, signers}.
    """

    document_id: UUID
    reason: str
    replaced_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class WithdrawDocument:
    """Everybody has agreed: the document counts no more. For a step of the withdrawal `case_id`,
    whose history says so. Conflict (withdrawal_route, withdrawal_not_asked, withdrawal_not_agreed)
    otherwise. Answer: {id}.
    """

    case_id: UUID
    document_id: UUID
    requester: str


@dataclass(frozen=True, slots=True)
class TellKept:
    """Somebody has refused: whoever asked is told. For a step of the withdrawal `case_id`; Conflict
    (withdrawal_route, withdrawal_not_asked) otherwise. Answer: {id}.
    """

    case_id: UUID
    document_id: UUID
    requester: str


def ask_withdrawal(command: AskWithdrawal, ctx: Context) -> Answer:
    row = access.find(ctx.db, ctx.actor.agency_id, command.document_id)
    access.check_reader(ctx.db, ctx.actor, row)
    access.lock_instance(ctx.db, row)
    row = access.lock(ctx.db, ctx.actor.agency_id, row.id)
    if not may_ask(ctx.db, ctx.actor, row):
        raise Forbidden(
            "Expected who signed or drafted the document, or the right registry, to ask for its"
            f" withdrawal, but {ctx.actor.username} is neither."
        )
    _check_in_force(row)
    reason = command.reason.strip()
    if not 0 < len(reason) <= LONGEST:
        code = "too_long" if reason else "required"
        message = f"Fill this in, with at most {LONGEST} characters."
        raise Invalid(
            "Expected a reason why the document is to be withdrawn.",
            [FieldError("reason", message, code)],
        )
    other = check_replacement(ctx, row, command.replaced_by) if command.replaced_by else None
    if running(ctx.db, row):
        raise Conflict(
            "Expected a document whose withdrawal nobody has asked for, but its signers are being"
            " asked already.",
            code="withdrawal_running",
        )
    signers = signers_of(ctx.db, row)
    version = consents.version(ctx.db, row.agency_id, desk_of(ctx).withdrawal_forms)
    started = ctx.run(
        StartInstance(
            PROCESS,
            version,
            business_key=str(row.id),
            variables={
                "document_id": str(row.id),
                "number": row.number or "",
                "subject": told_subject(row.subject, row.secrecy),
                "urgency": row.urgency,
                "withdrawal_reason": f"{reason}\n{in_its_place(other)}" if other else reason,
                "letter_page": f"/documents/{row.id}",
                "requester": ctx.actor.username,
                "signers": [f"person:{name}" for name in signers],
                "consents": [],
            },
        )
    )
    told: dict[str, Any] = {"document_id": row.id, "reason": reason, "by": ctx.actor.username}
    if other is not None:
        told["replaced_by"] = other.id
    vouch(ctx, row.instance_id, rules.WITHDRAWAL_ASKED, told)
    vouch(ctx, UUID(str(started["id"])), rules.WITHDRAWAL_ASKED, told)
    return {"id": str(row.id), "instance_id": str(started["id"]), "signers": signers}


def _asked(command: WithdrawDocument | TellKept, ctx: Context) -> Wish:
    if not ctx.depth or not ctx.actor.is_system:
        raise Forbidden("Expected a part of the route, but this command came alone.")
    forms = desk_of(ctx).withdrawal_forms
    wish = consents.asked(ctx.db, ctx.actor.agency_id, command.case_id, forms)
    consents.check_named(wish, command.document_id, command.requester)
    return wish


def withdraw_document(command: WithdrawDocument, ctx: Context) -> Answer:
    wish = _asked(command, ctx)
    row = access.find(ctx.db, ctx.actor.agency_id, command.document_id)
    access.lock_instance(ctx.db, row)
    row = access.lock(ctx.db, ctx.actor.agency_id, row.id)
    if row.revoked_at is None:
        _check_in_force(row)
        consents.check_agreed(ctx.db, row.agency_id, wish, signers_of(ctx.db, row))
        other = _still_counts(ctx, wish)
        ctx.db.execute(
            sa.update(document)
            .where(document.c.agency_id == row.agency_id, document.c.id == row.id)
            .values(
                revoked_at=ctx.now,
                revoked_by=wish.asker,
                revoked_reason=wish.reason,
                replaced_by=other.id if other else None,
                updated_at=ctx.now,
            )
        )
        remark = f"ถอนแล้ว {long_date(office_day(ctx.now))}"
        remark = f"{remark} {in_its_place(other)}" if other else remark
        desk_of(ctx).numbers.remark(ctx, row.id, remark)
        told = {"document_id": row.id, "reason": wish.reason, "by": wish.asker}
        vouch(ctx, row.instance_id, rules.REVOKED, told)
    _tell(ctx, row, wish.asker)
    return {"id": str(row.id)}


def _still_counts(ctx: Context, wish: Wish) -> access.Row | None:
    """The letter in its place, unless that was withdrawn itself while the signers were asked."""
    if wish.replaced_by is None:
        return None
    other = access.find(ctx.db, ctx.actor.agency_id, wish.replaced_by)
    return other if counts(other) else None


def tell_kept(command: TellKept, ctx: Context) -> Answer:
    wish = _asked(command, ctx)
    row = access.find(ctx.db, ctx.actor.agency_id, command.document_id)
    _tell(ctx, row, wish.asker)
    return {"id": str(row.id)}


def _check_in_force(row: access.Row) -> None:
    if row.state != rules.SIGNED or row.revoked_at is not None:
        stands = "withdrawn already" if row.revoked_at else row.state
        raise Conflict(
            f"Expected a signed document that counts, but it is {stands}.", code="not_in_force"
        )


def _tell(ctx: Context, row: access.Row, requester: str) -> None:
    what = f"{row.number or ''} {row.subject}".strip()
    for username in dict.fromkeys((requester, row.drafter)):
        ctx.run(TellPerson(username, NOTICE, what, f"/documents/{row.id}"))
