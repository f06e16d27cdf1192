"""What the registry does: delivers inside the ministry, settles numbers, takes acknowledgements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.commands import checks
from engine.errors import Conflict, NotFound
from engine.models.columns import AnyRow
from office.correspondence import errors, rules
from office.correspondence.addressing import Delivery, deliver_to
from office.correspondence.counted import CIRCULARS_APART, check_book
from office.correspondence.models import book_start, letter_book, letter_number, register_entry
from office.correspondence.numbers import Registry, one, void
from office.correspondence.queries import (
    may_see_line,
    received_line,
    sent_entry_of,
    stamped_copy,
)
from office.correspondence.registers import note_handling
from office.documents import access
from office.documents import queries as documents
from office.documents.commands import KeepCopy
from office.documents.letters import letter_of
from office.documents.ports import Letter, desk_of
from office.documents.rules import RECEIVER, STAMPED_COPY
from office.documents.thai import office_day
from office.files.uploads import StoredFile
from office.people import queries as people
from office.people.commands.policy import choose, hold_policy
from office.people.history import record
from office.people.rights import demand

#: Longest reason for crossing out a number, in characters.
MAX_CAUSE = 500
#: why a number is void that nobody signed over
UNSIGNED = "ไม่ได้ลงนามภายในวันที่จองเลข"
_ON_PAPER = (
    sa.select(letter_book.c.code, book_start.c.first)
    .join(
        letter_book,
        sa.and_(
            letter_book.c.agency_id == book_start.c.agency_id,
            letter_book.c.id == book_start.c.book_id,
        ),
    )
    .where(
        book_start.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        letter_book.c.kind == "circular",
    )
    .order_by(book_start.c.first.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class DeliverLetter:
    """Enter a signed letter in the register of each unit of the agency that it addresses.

    Doing it again changes nothing. Answer: {units: [code], outside: [addressee]}.
    """

    document_id: UUID


@dataclass(frozen=True, slots=True)
class AcknowledgeReceipt:
    """Someone of the receiving unit takes note of a line. Answer: {id, acknowledged_at}."""

    entry_id: UUID


@dataclass(frozen=True, slots=True)
class KeepStamped:
    """Keep the stamped copy of the letter that a line is about (`stamping.stamp` makes it); who was
    later than another gets the other's. Answer as of KeepCopy.
    """

    entry_id: UUID
    document_id: UUID
    ordinal: int
    of_sha256: str
    told: Mapping[str, Any]
    file: StoredFile = field(compare=False)


@dataclass(frozen=True, slots=True)
class NoteHandling:
    """Write การปฏิบัติ and หมายเหตุ into a line. Answer: {id}."""

    entry_id: UUID
    handling: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class SettleNumber:
    """After its day a number that was not signed over becomes void; by the system, or by an
    operator whose system did not. Right: operate. Answer: {settled: bool}.
    """

    number_id: UUID


@dataclass(frozen=True, slots=True)
class VoidNumber:
    """A registrar crosses a reserved number out, saying why. Right: registry. Answer: {number}."""

    number_id: UUID
    cause: str


@dataclass(frozen=True, slots=True)
class StartBook:
    """A book of this year goes on at `first`: the numbers below were given out on paper, and nobody
    gets them here. Right: registry; for a book of what is secret, a clearance too.

    `kind` and `code` as `rules.BOOKS` and `letter_book` have them, or a kind of document that is
    counted by department. Answer: {kind, code, year, stood, first}.
    """

    kind: str
    code: str
    first: int
    note: str


@dataclass(frozen=True, slots=True)
class CountCircularsApart:
    """Whether circulars (ว) count in books of their own, or with the letters. Right: registry.
    Refused once a circular has a number: one number would be given twice, and a restore would look
    for it in the wrong book. Answer: {circulars_apart}.
    """

    apart: bool


def deliver_letter(command: DeliverLetter, ctx: Context) -> Answer:
    row = access.find(ctx.db, ctx.actor.agency_id, command.document_id)
    sent = sent_entry_of(ctx.db, row.agency_id, row.id)
    if sent is None:
        raise Conflict("Expected a signed letter, but it has no number yet.", code="not_signed")
    letter = letter_of(ctx.db, row)
    where = _addressed(ctx, letter)
    registry = cast(Registry, desk_of(ctx).numbers)
    for unit in sorted(where.units):  # one order for all: two deliveries never wait in a circle
        registry.enter_received(ctx, letter, sent.number, row.dated, unit)
        access.let_read(ctx.db, row.agency_id, row.id, [f"unit:{unit}"], RECEIVER, ctx.now)
    note_handling(ctx, row.id, _handling(where))
    return {"units": list(where.units), "outside": list(where.outside)}


def acknowledge_receipt(command: AcknowledgeReceipt, ctx: Context) -> Answer:
    entry = _entry(ctx, command.entry_id)
    if f"unit:{entry.unit}" not in ctx.actor.principals and not ctx.actor.may("registry"):
        raise errors.not_yours(entry.unit)
    at = entry.acknowledged_at or ctx.now
    if entry.acknowledged_at is None:
        _update(ctx, entry, acknowledged_by=ctx.actor.username, acknowledged_at=ctx.now)
    return {"id": str(entry.id), "acknowledged_at": at}


def keep_stamped(command: KeepStamped, ctx: Context) -> Answer:
    entry = received_line(ctx.db, ctx.actor, command.entry_id)
    if entry.document_id != command.document_id:
        raise NotFound("Expected the letter of this line, but the line is about another.")
    row = access.find(ctx.db, ctx.actor.agency_id, command.document_id)
    access.lock_instance(ctx.db, row)  # two that come at once wait here
    made = stamped_copy(ctx.db, ctx.actor.agency_id, command.entry_id)
    if made is not None:
        return {"id": made, "document_id": str(command.document_id), "ordinal": 0}
    return ctx.run(
        KeepCopy(
            command.document_id,
            STAMPED_COPY,
            command.ordinal,
            command.of_sha256,
            command.told,
            command.file,
            command.entry_id,
        )
    )


def note(command: NoteHandling, ctx: Context) -> Answer:
    entry = _entry(ctx, command.entry_id)
    if f"unit:{entry.unit}" not in ctx.actor.principals:
        demand(ctx.actor, "registry")
    _update(ctx, entry, handling=command.handling[:500], remark=command.remark[:500])
    return {"id": str(entry.id)}


def settle_number(command: SettleNumber, ctx: Context) -> Answer:
    demand(ctx.actor, "operate")
    held = one(ctx, command.number_id)
    due = (
        held.state == rules.RESERVED
        and held.dated < office_day(ctx.now)
        and not documents.number_in_use(ctx.db, held.agency_id, held.id)
    )
    if due:
        void(ctx, held, UNSIGNED)
        if not ctx.actor.is_system:
            record(ctx, "number.settled", held.id, number=held.text)
    return {"settled": due}


def void_number(command: VoidNumber, ctx: Context) -> Answer:
    demand(ctx.actor, "registry")
    cause = checks.text(command.cause, "cause", limit=MAX_CAUSE)
    held = one(ctx, command.number_id)
    if held.state != rules.RESERVED or documents.number_in_use(ctx.db, held.agency_id, held.id):
        raise errors.not_reserved(held.text, held.state)
    void(ctx, held, cause)
    record(ctx, "number.voided", held.id, number=held.text, note=cause)
    return {"number": held.text}


def start_book(command: StartBook, ctx: Context) -> Answer:
    demand(ctx.actor, "registry")
    note = checks.text(command.note, "note", limit=MAX_CAUSE)
    kind, code = command.kind, " ".join(command.code.split())
    check_book(ctx.db, ctx.actor, kind, code)
    year = office_day(ctx.now).year
    registry = cast(Registry, desk_of(ctx).numbers)
    stood = registry.start_book(ctx, kind, code, year, command.first, note).value
    said: dict[str, Any] = {"book": kind, "code": code, "year": year}
    if not rules.is_secret_book(kind):  # how many there are is for those who may open the book
        said |= {"first": command.first, "last": stood, "note": note}
    record(ctx, "numbering.started", ctx.actor.agency_id, **said)
    return {"kind": kind, "code": code, "year": year, "stood": stood, "first": command.first}


def count_circulars_apart(command: CountCircularsApart, ctx: Context) -> Answer:
    demand(ctx.actor, "registry")
    agency_id = ctx.actor.agency_id
    policy = hold_policy(ctx)
    was = bool(policy.get(CIRCULARS_APART, True))
    if was != command.apart:
        given = sa.select(letter_number.c.text).where(
            letter_number.c.agency_id == agency_id, letter_number.c.text.contains("/ว ")
        )
        first = ctx.db.execute(given.limit(1)).scalar_one_or_none()
        if first is not None:
            raise errors.circulars_numbered(first)
        started = _circulars_on_paper(ctx)
        if started is not None:
            raise errors.circulars_numbered(started)
        choose(ctx, policy, CIRCULARS_APART, command.apart)
        said = {CIRCULARS_APART: command.apart, "was": {CIRCULARS_APART: was}}
        record(ctx, "numbering.changed", agency_id, **said)
    return {CIRCULARS_APART: command.apart}


def _circulars_on_paper(ctx: Context) -> str | None:
    """The highest number of a circular that was given out on paper, where a book says so."""
    row = ctx.db.execute(_ON_PAPER, {"agency": ctx.actor.agency_id}).first()
    return row and rules.number_text(row.code, row.first - 1, rules.CIRCULAR_MARK)


def _addressed(ctx: Context, letter: Letter) -> Delivery:
    names = [" ".join(name.split()) for name in (letter.recipient, *letter.copies) if name]
    units = people.units_named(ctx.db, ctx.actor.agency_id, names)
    posts = people.positions_named(ctx.db, ctx.actor.agency_id, names)
    return deliver_to(
        names,
        {unit.name: unit.code for unit in units if unit.active},
        {post.name: post.unit_code for post in reversed(posts) if post.active},
    )


def _handling(where: Delivery) -> str:
    sent = f"ส่งในกระทรวง {len(where.units)} หน่วย" if where.units else ""
    rest = f"ส่งภายนอก: {', '.join(where.outside)}" if where.outside else ""
    return " · ".join(part for part in (sent, rest) if part)[:500]


def _entry(ctx: Context, entry_id: UUID) -> AnyRow:
    found = ctx.db.execute(
        sa.select(register_entry)
        .where(register_entry.c.agency_id == ctx.actor.agency_id, register_entry.c.id == entry_id)
        .with_for_update()
    ).one_or_none()
    if found is None or not may_see_line(ctx.actor, found):
        raise NotFound("Expected a line of a register, but there is none with this id.")
    return found


def _update(ctx: Context, entry: AnyRow, **values: object) -> None:
    ctx.db.execute(
        sa.update(register_entry)
        .where(register_entry.c.agency_id == entry.agency_id, register_entry.c.id == entry.id)
        .values(**values)
    )


HANDLERS: dict[type, Handler] = {
    DeliverLetter: deliver_letter,
    AcknowledgeReceipt: acknowledge_receipt,
    KeepStamped: keep_stamped,
    NoteHandling: note,
    SettleNumber: settle_number,
    VoidNumber: void_number,
    StartBook: start_book,
    CountCircularsApart: count_circulars_apart,
}
