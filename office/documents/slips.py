"""What a slip of endorsements says (ใบเกษียน): of a letter, what each level said about it, in order
and in words as printed. All of it is read; nothing of the letter changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine import jsonio
from engine.actor import Actor
from engine.models.task import task
from office.documents import access, copying, errors, rules
from office.documents.kinds import KINDS
from office.documents.letters import sender_of
from office.documents.models import endorsement
from office.documents.queries.said import EndorsementRow, endorsements
from office.documents.thai import long_date, thai_digits
from signing.render.slip import Entry, Slip
from signing.thai import thai_moment

WHAT = "ใบเกษียน"
SYSTEM = "system"
#: of outcomes that the engine adds, and of those whose words were not kept and are gone
_OUTCOMES = {"return": "ส่งคืนแก้ไข", "acknowledge": "รับทราบ", "sign": "ลงนาม"}
_STATES = {
    rules.SIGNED: "ลงลายมือชื่อแล้ว",
    rules.REFUSED: "ยุติโดยไม่ได้ลงลายมือชื่อ",
    rules.WITHDRAWN: "ยุติโดยไม่ได้ลงลายมือชื่อ",
}
_UNSIGNED = "ยังไม่ได้ลงลายมือชื่อ"
#: digits of a version's hash that stand beside its number
_SHORT = 16
#: of endorsements without them, the outcomes that their tasks had, where these are still here
_OFFERED = (
    sa.select(endorsement.c.ordinal, task.c.outcomes)
    .join(
        task,
        sa.and_(task.c.agency_id == endorsement.c.agency_id, task.c.id == endorsement.c.task_id),
    )
    .where(
        endorsement.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        endorsement.c.document_id == sa.bindparam("document", type_=sa.Uuid),
        endorsement.c.outcome.is_not(None),
        endorsement.c.outcome_name.is_(None),
    )
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a slip made now would say, but for who made it and when: `digest` is over all of that.
    `of_sha256` is of the signed file, if there is one; `next` the number that the slip gets.
    """

    row: access.Row
    of_sha256: str | None
    slip: Slip
    digest: str
    next: int


def said_of(db: Connection, actor: Actor, document_id: UUID) -> Said:
    """For those who may read the letter; Conflict (not_endorsed) where nobody has said anything."""
    row = access.find(db, actor.agency_id, document_id)
    found = endorsements(db, actor, document_id)
    if not found:
        raise errors.not_endorsed()
    signed = copying.signed_sha256(db, row)
    slip = Slip(
        title=f"{WHAT} {_reference(row)}",
        agency=sender_of(db, row.agency_id, row.owner_unit).agency,
        subject=row.subject,
        facts=_facts(row),
        told=_of_which(signed, found[-1]),
        entries=_entries(found, _offered(db, row)),
        foot=f"{WHAT} {_reference(row)}",
        secrecy=rules.SECRECY[row.secrecy - 1] if row.secrecy > rules.OPEN_TO_RIGHTS else "",
    )
    digest = hashlib.sha256(jsonio.canonical([signed, slip])).hexdigest()
    return Said(row, signed, slip, digest, copying.next_ordinal(db, row, rules.SLIP))


def _reference(row: access.Row) -> str:
    """What stands for a letter before it has a number."""
    return thai_digits(row.number) if row.number else str(row.id)


def _facts(row: access.Row) -> Sequence[tuple[str, str]]:
    facts = [("ที่", thai_digits(row.number))] if row.number else []
    if row.dated is not None:
        facts.append(("ลงวันที่", long_date(row.dated)))
    state = _STATES.get(row.state, _UNSIGNED)
    if row.revoked_at is not None:
        state = f"ยกเลิกแล้วเมื่อ {thai_moment(row.revoked_at)}"
    return [
        *facts,
        ("เรื่อง", row.subject),
        ("ชนิด", KINDS[row.kind].name),
        ("สถานะ", state),
        ("รหัสในระบบ", str(row.id)),
    ]


def _of_which(signed: str | None, last: EndorsementRow) -> Sequence[str]:
    if signed is not None:
        return "หนังสือคือไฟล์ที่ลงลายมือชื่อแล้ว ซึ่งมี SHA-256", signed
    version = thai_digits(str(last.version))
    said = f"หนังสือยังไม่มีไฟล์ที่ลงลายมือชื่อ เกษียนล่าสุดอยู่บนร่าง {version} ซึ่งมี SHA-256"
    return said, last.version_sha256


def _offered(db: Connection, row: access.Row) -> Mapping[int, Mapping[str, str]]:
    """Names of outcomes by ordinal: of endorsements that were written before names were kept."""
    binds = {"agency": row.agency_id, "document": row.id}
    return {
        ordinal: {one["id"]: str(one["name"]) for one in outcomes}
        for ordinal, outcomes in db.execute(_OFFERED, binds).all()
    }


def _entries(
    found: Sequence[EndorsementRow], offered: Mapping[int, Mapping[str, str]]
) -> Sequence[Entry]:
    return [
        Entry(
            level=one.level,
            outcome=_outcome(one, offered.get(one.ordinal, {})),
            said=one.text,
            name="ระบบ" if one.username == SYSTEM else one.name,
            position_lines=tuple(one.position_lines or ()),
            moment=thai_moment(one.at),
            about=(
                f"เกษียนบนร่าง {thai_digits(str(one.version))} ซึ่งมี SHA-256 ขึ้นต้นด้วย"
                f" {one.version_sha256[:_SHORT]}"
            ),
            notes=_notes(one),
        )
        for one in found
    ]


def _outcome(one: EndorsementRow, offered: Mapping[str, str]) -> str:
    if one.outcome is None:
        return "ดำเนินการแล้ว"
    known = one.outcome_name or offered.get(one.outcome)
    return known or _OUTCOMES.get(one.outcome, one.outcome)


def _notes(one: EndorsementRow) -> Sequence[str]:
    notes = []
    if one.skipped:
        notes.append("ผ่านขั้นนี้เอง เพราะเป็นคนเดียวกับขั้นก่อน")
    if one.lapsed_at is not None:
        notes.append(f"สิ้นผลเมื่อ {thai_moment(one.lapsed_at)} เพราะเรื่องถูกส่งคืน")
    return notes
