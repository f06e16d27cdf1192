"""ฉบับประทับตรารับ: a copy of a received letter with the receiving stamp (ข้อ 38, แบบที่ 12). The
register's line says what the stamp says; the letter's own file stays as its sender signed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from engine.actor import Actor
from engine.bus import Answer, Bus
from engine.db import reading
from engine.errors import Conflict
from office.correspondence import queries
from office.correspondence.commands import KeepStamped
from office.correspondence.queries import EntryRow
from office.documents import copying, rules
from office.documents.copying import Source
from office.documents.ports import Desk
from office.documents.thai import BANGKOK, long_date, office_day, thai_digits
from office.people import queries as people
from signing.copies.making import Receipt, stamped
from signing.errors import Uncopyable, Unrenderable

WHAT = "ฉบับประทับตรารับ"
_SAID = f"{WHAT} เป็นสำเนา ไม่ใช่ไฟล์ที่ลงลายมือชื่อ"


@dataclass(frozen=True, slots=True)
class _Work:
    entry: EntryRow
    source: Source
    receipt: Receipt
    #: the id of the one that there is already
    made: str | None


def stamp(bus: Bus, actor: Actor, desk: Desk, entry_id: UUID, command_id: UUID) -> Answer:
    """Make the stamped copy of the letter that a line of a register of letters received is about,
    once: asked again, it answers the one that is there. For whoever may read both line and letter.

    Answer: {id, document_id, ordinal}. Raises Invalid (copy_…) for a file that cannot be copied.
    """
    with reading(bus.engine, actor.fence) as db:
        work = _work(db, actor, entry_id)
    source = work.source
    if work.made is not None:
        return {"id": work.made, "document_id": str(source.document_id), "ordinal": 0}
    about = copying.about(source, WHAT, _SAID)
    original = copying.signed_bytes(desk.storage, source)
    try:
        pdf = stamped(original, work.receipt, about, typeface=desk.papers.typeface())
    except (Uncopyable, Unrenderable) as bad:
        raise copying.refused(bad) from bad
    name = f"{WHAT} {work.entry.no}"
    file = copying.kept(desk.storage, source, pdf, name)
    told = {
        "agency": work.receipt.agency,
        "number": work.receipt.number,
        "day": work.receipt.day,
        "time": work.receipt.time,
    }
    command = KeepStamped(entry_id, source.document_id, source.next, source.sha256, told, file)
    return bus.execute(command, actor, command_id)


def _work(db: Connection, actor: Actor, entry_id: UUID) -> _Work:
    entry = queries.received_line(db, actor, entry_id)
    if entry.document_id is None:
        raise Conflict(
            "Expected a line whose letter is kept here, but only the line is there.",
            code="no_letter",
        )
    source = copying.source_of(db, actor, entry.document_id, rules.STAMPED_COPY)
    made = queries.stamped_copy(db, actor.agency_id, entry_id)
    return _Work(entry, source, receipt_of(db, entry, actor.agency_id), made)


def receipt_of(db: Connection, entry: EntryRow, agency_id: UUID) -> Receipt:
    """The stamp of the unit whose register it is, and the moment when the line was entered."""
    local = entry.entered_at.astimezone(BANGKOK)
    return Receipt(
        agency=people.unit(db, agency_id, entry.unit).name,
        number=thai_digits(str(entry.no)),
        day=long_date(office_day(entry.entered_at)),
        time=thai_digits(f"{local:%H.%M} น."),
    )
