"""Lines of the registers of sent and received letters."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Context
from engine.ids import new_id
from office.correspondence import rules
from office.correspondence.books import draw
from office.correspondence.entered import Entered
from office.correspondence.journal import Journal
from office.correspondence.models import register_entry
from office.documents.ports import Letter
from office.documents.thai import office_day
from office.people import queries as people


def enter_sent(ctx: Context, journal: Journal, letter: Letter, number: str, dated: date) -> None:
    """In the register of the department that sends: แบบที่ 14, or that of what is only issued; what
    is secret in ทขล. 2, whatever it is.
    """
    unit = people.department_of(ctx.db, ctx.actor.agency_id, letter.unit).code
    ordinary = rules.SEND if letter.series is None else rules.ISSUE
    register = rules.SECRET_OUT if letter.secret else ordinary
    enter(ctx, journal, register, unit, letter, number, dated)


def enter_received(
    ctx: Context, journal: Journal, letter: Letter, number: str, dated: date, unit: str
) -> int | None:
    """แบบที่ 13, or ทขล. 1, in the receiving unit's register; None where the letter is entered
    already.
    """
    present = sa.select(register_entry.c.no).where(
        register_entry.c.agency_id == ctx.actor.agency_id,
        register_entry.c.document_id == letter.document_id,
        register_entry.c.register.in_(rules.RECEIVED),
        register_entry.c.unit == unit,
    )
    if ctx.db.execute(present).first() is not None:
        return None
    register = rules.SECRET_IN if letter.secret else rules.RECEIVE
    return enter(ctx, journal, register, unit, letter, number, dated)


def enter(
    ctx: Context,
    journal: Journal,
    register: str,
    unit: str,
    letter: Letter,
    number: str,
    dated: date,
) -> int:
    """The register's next line. What comes out of office hours counts from the next opening.

    The journal has it before it counts. What it has of a transaction that then comes to nothing
    is given again, and only after a restore is passed over.
    """
    today = office_day(ctx.now)
    hours = ctx.services.calendars.working_time(ctx.db, ctx.actor.agency_id)
    no = draw(ctx.db, ctx.actor.agency_id, register, unit, today.year).value
    ctx.db.execute(
        sa.insert(register_entry),
        {
            "agency_id": ctx.actor.agency_id,
            "id": new_id(),
            "register": register,
            "unit": unit,
            "year": today.year,
            "no": no,
            "number": number,
            "dated": dated,
            "sender": letter.sender,
            "recipient": letter.recipient,
            "subject": letter.subject,
            "urgency": letter.urgency,
            "secrecy": letter.secrecy,
            "document_id": letter.document_id,
            "entered_by": ctx.actor.username,
            "entered_at": ctx.now,
            "deemed_at": hours.add(ctx.now, timedelta(0)),
        },
    )
    place = (ctx.actor.agency_id, register, unit, today.year, no)
    journal.append(Entered(*place, letter.document_id, ctx.now).line())
    return no


def note_handling(ctx: Context, document_id: UUID, handling: str) -> None:
    """การปฏิบัติ, in the sent letter's line."""
    ctx.db.execute(
        sa.update(register_entry)
        .where(
            register_entry.c.agency_id == ctx.actor.agency_id,
            register_entry.c.document_id == document_id,
            register_entry.c.register.in_(rules.OUTGOING),
        )
        .values(handling=handling)
    )


def note_remark(ctx: Context, document_id: UUID, remark: str) -> None:
    """หมายเหตุ, behind what stands there, in every line about the letter."""
    standing = register_entry.c.remark
    both = sa.case((sa.func.coalesce(standing, "") == "", remark), else_=standing + " " + remark)
    ctx.db.execute(
        sa.update(register_entry)
        .where(
            register_entry.c.agency_id == ctx.actor.agency_id,
            register_entry.c.document_id == document_id,
        )
        .values(remark=both)
    )
