"""ใบเกษียน: what was said about a letter, as a paper of its own. It is read in one transaction,
drawn with none open, and kept in another, as copies are; the letter's own file is never touched.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.actor import Actor
from engine.bus import Answer, Bus
from engine.db import reading
from office.documents import copying, rules
from office.documents.commands.slips import KeepSlip
from office.documents.ports import Desk
from office.documents.queries.copies import copies
from office.documents.slips import WHAT, Said, said_of
from office.documents.thai import thai_digits
from signing.errors import Unrenderable
from signing.render.slip import Slip, print_slip
from signing.thai import thai_moment


def make_slip(bus: Bus, actor: Actor, desk: Desk, document_id: UUID, command_id: UUID) -> Answer:
    """Make the slip of what has been said about a letter so far, for whoever may read it. Where
    nothing has changed since the last one, that one is the answer, with the ordinal 0.

    Answer: {id, document_id, ordinal}. Raises Conflict (not_endorsed, copied_meanwhile), and
    Invalid for a slip of more than 1,000 pages.
    """
    with reading(bus.engine, actor.fence) as db:
        said = said_of(db, actor, document_id)
        made = made_of(db, actor, said)
    if made is not None:
        return {"id": made, "document_id": str(document_id), "ordinal": 0}
    slip = _signed_off(said, actor, bus.services.clock.now())
    try:
        pdf = print_slip(slip, desk.papers.typeface()).pdf
    except Unrenderable as bad:
        raise copying.refused(bad) from bad
    name = f"{_called(said)} {WHAT} {said.next}"
    file = copying.filed(desk.storage, said.row.agency_id, pdf, name)
    command = KeepSlip(document_id, said.digest, said.next, said.of_sha256, _told(said), file)
    return bus.execute(command, actor, command_id)


def made_of(db: Connection, actor: Actor, said: Said) -> str | None:
    """The id of the last slip, if it says what one made now would say."""
    slips = [one for one in copies(db, actor, said.row.id) if one.kind == rules.SLIP]
    return slips[-1].id if slips and slips[-1].told["digest"] == said.digest else None


def _signed_off(said: Said, actor: Actor, at: datetime) -> Slip:
    made = (
        f"ใบเกษียนนี้ระบบจัดทำจากประวัติของเรื่อง ตามคำขอของ{actor.name} เมื่อ {thai_moment(at)}",
        "เป็นหลักฐานว่าแต่ละขั้นเกษียนว่าอย่างไร ไม่ใช่ตัวหนังสือ และไม่มีลายมือชื่อ",
    )
    return replace(
        said.slip, told=(*made, *said.slip.told), sets=f"ชุดที่ {thai_digits(str(said.next))}"
    )


def _called(said: Said) -> str:
    """Of a secret letter without a number the name says nothing."""
    row = said.row
    return str(row.number or (row.id if said.slip.secrecy else row.subject))


def _told(said: Said) -> dict[str, object]:
    return {"endorsements": len(said.slip.entries), "digest": said.digest}
