"""Reading registers, books and numbers: plain SELECTs to frozen values of one agency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import Forbidden, NotFound
from engine.models.columns import AnyRow
from engine.queries.page import Page, check_window, count_to_limit, decode_cursor, encode_cursor
from office.correspondence import rules
from office.correspondence.models import book_start, letter_book, letter_number, register_entry
from office.documents import queries as documents
from office.documents.errors import not_cleared
from office.documents.models import document_copy
from office.documents.rules import OPEN_TO_RIGHTS
from office.documents.thai import BANGKOK
from office.people.rights import demand
from office.people.rules import midnight


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A line of แบบที่ 13 or แบบที่ 14."""

    id: str
    register: str
    unit: str
    year: int
    no: int
    number: str
    dated: date | None
    sender: str
    recipient: str
    subject: str
    handling: str
    remark: str
    urgency: int
    #: 1 ปกติ; above it in the registers of what is secret, and nowhere else
    secrecy: int
    document_id: UUID | None
    entered_by: str
    entered_at: datetime
    deemed_at: datetime
    acknowledged_by: str | None
    acknowledged_at: datetime | None


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number of a book: one of rules.NUMBER_STATES; a void or lost one with its cause."""

    id: str
    book_id: str
    value: int
    text: str
    dated: date
    state: str
    document_id: UUID | None
    reserved_by: str
    reserved_at: datetime
    settled_at: datetime | None
    cause: str | None


@dataclass(frozen=True, slots=True)
class ReservedRow:
    """A number that is neither final nor void yet."""

    id: str
    text: str
    dated: date
    document_id: UUID
    reserved_by: str
    reserved_at: datetime
    #: a signature over it waits for its timestamp: it is not to be taken away
    in_use: bool


@dataclass(frozen=True, slots=True)
class BookRow:
    """A book of a year. What is not `final` on a letter stands apart: numbers still reserved, those
    that were crossed out, those that were lost, and how many were given out on paper.
    """

    id: str
    kind: str
    code: str
    year: int
    last: int
    reserved: int = 0
    void: int = 0
    lost: int = 0
    on_paper: int = 0


@dataclass(frozen=True, slots=True)
class StartRow:
    """A book went on from paper: what is above `after` and below `first` was given out there."""

    after: int
    first: int
    note: str
    started_by: str
    started_at: datetime


_AGENCY = sa.bindparam("agency", type_=sa.Uuid)
_ENTRIES = sa.select(*(register_entry.c[name] for name in EntryRow.__dataclass_fields__))
_OF_DOCUMENT = _ENTRIES.where(
    register_entry.c.agency_id == _AGENCY,
    register_entry.c.document_id == sa.bindparam("document", type_=sa.Uuid),
    register_entry.c.register == sa.bindparam("which"),
)
_RECEIPTS = _ENTRIES.where(
    register_entry.c.agency_id == _AGENCY,
    register_entry.c.document_id == sa.bindparam("document", type_=sa.Uuid),
    register_entry.c.register.in_(rules.RECEIVED),
).order_by(register_entry.c.entered_at, register_entry.c.id)
_LINE = _ENTRIES.where(
    register_entry.c.agency_id == _AGENCY,
    register_entry.c.id == sa.bindparam("id", type_=sa.Uuid),
)
_STAMPED = sa.select(document_copy.c.id).where(
    document_copy.c.agency_id == _AGENCY,
    document_copy.c.entry_id == sa.bindparam("entry", type_=sa.Uuid),
)
_BOOKS = sa.select(*(letter_book.c[name] for name in ("id", "kind", "code", "year", "last"))).where(
    letter_book.c.agency_id == _AGENCY
)
_YEARS = (
    sa.select(letter_book.c.year).distinct().where(letter_book.c.agency_id == _AGENCY)
).order_by(letter_book.c.year.desc())
_books = sa.bindparam("books", expanding=True, type_=sa.Uuid)
#: How many numbers of these books are in each state, but for the many that are on letters.
_APART = (
    sa.select(letter_number.c.book_id, letter_number.c.state, sa.func.count())
    .where(
        letter_number.c.agency_id == _AGENCY,
        letter_number.c.book_id.in_(_books),
        letter_number.c.state != rules.FINAL,
    )
    .group_by(letter_number.c.book_id, letter_number.c.state)
)
_LOST_LINES = (
    sa.select(letter_book.c.id, sa.literal(rules.LOST), sa.func.count())
    .join(
        register_entry,
        sa.and_(
            register_entry.c.agency_id == letter_book.c.agency_id,
            register_entry.c.register == letter_book.c.kind,
            register_entry.c.unit == letter_book.c.code,
            register_entry.c.year == letter_book.c.year,
            register_entry.c.document_id.is_(None),
        ),
    )
    .where(letter_book.c.agency_id == _AGENCY, letter_book.c.id.in_(_books))
    .group_by(letter_book.c.id)
)
_ON_PAPER = (
    sa.select(
        book_start.c.book_id,
        sa.literal("on_paper"),
        sa.func.sum(book_start.c.first - book_start.c.after - 1),
    )
    .where(book_start.c.agency_id == _AGENCY, book_start.c.book_id.in_(_books))
    .group_by(book_start.c.book_id)
)
_STARTS = (
    sa.select(*(book_start.c[name] for name in StartRow.__dataclass_fields__))
    .where(
        book_start.c.agency_id == _AGENCY,
        book_start.c.book_id == sa.bindparam("book", type_=sa.Uuid),
    )
    .order_by(book_start.c.first)
)
_NUMBERS = (
    sa.select(*(letter_number.c[name] for name in NumberRow.__dataclass_fields__))
    .where(
        letter_number.c.agency_id == _AGENCY,
        letter_number.c.book_id == sa.bindparam("book", type_=sa.Uuid),
    )
    .order_by(letter_number.c.value.desc())
)

_RESERVED = (
    sa.select(
        letter_number.c.id,
        letter_number.c.text,
        letter_number.c.dated,
        letter_number.c.document_id,
        letter_number.c.reserved_by,
        letter_number.c.reserved_at,
        documents.number_is_used(letter_number).label("in_use"),
    )
    .where(letter_number.c.state == rules.RESERVED, letter_number.c.agency_id == _AGENCY)
    .order_by(letter_number.c.dated, letter_number.c.id)
)


def entry_of(db: Connection, agency_id: UUID, document_id: UUID, register: str) -> EntryRow | None:
    """A document's line in a register (the first, where several units received it)."""
    binds = {"agency": agency_id, "document": document_id, "which": register}
    row = db.execute(_OF_DOCUMENT, binds).first()
    return None if row is None else _entry(row)


def sent_entry_of(db: Connection, agency_id: UUID, document_id: UUID) -> EntryRow | None:
    """The line that came with a document's signature."""
    found = (entry_of(db, agency_id, document_id, which) for which in rules.OUTGOING)
    return next((entry for entry in found if entry is not None), None)


def receipts(db: Connection, actor: Actor, document_id: UUID) -> Sequence[EntryRow]:
    """The lines of registers of letters received that a document has, and that the actor reads."""
    binds = {"agency": actor.agency_id, "document": document_id}
    rows = db.execute(_RECEIPTS, binds).all()
    return [_entry(row) for row in rows if _reads_line(actor, row)]


def received_line(db: Connection, actor: Actor, entry_id: UUID) -> EntryRow:
    """One of those lines; NotFound alike for what is none, and for what is not theirs to read."""
    row = db.execute(_LINE, {"agency": actor.agency_id, "id": entry_id}).one_or_none()
    if row is None or row.register not in rules.RECEIVED or not _reads_line(actor, row):
        raise NotFound("Expected a line of a register of letters received, but there is none here.")
    return _entry(row)


def _reads_line(actor: Actor, line: AnyRow) -> bool:
    """As `register` tells lines: of their own units, or all to whoever keeps the registers."""
    mine = actor.is_system or actor.may("registry") or f"unit:{line.unit}" in actor.principals
    return mine and may_see_line(actor, line)


def stamped_copy(db: Connection, agency_id: UUID, entry_id: UUID) -> str | None:
    """The id of the copy with this line's stamp, once it was made."""
    found = db.execute(_STAMPED, {"agency": agency_id, "entry": entry_id}).scalar_one_or_none()
    return None if found is None else str(found)


def register(
    db: Connection,
    actor: Actor,
    which: str,
    *,
    unit: str | None = None,
    year: int | None = None,
    day: date | None = None,
    q: str = "",
    page: int = 1,
    page_size: int = 20,
    after: str | None = None,
) -> Page[EntryRow]:
    """Lines of "send" or "receive", newest first: of the actor's units, or of all for the registry.
    Those of "secret_out" and "secret_in" up to the degree that the actor is cleared for; letters
    sent only for the registry, which is Forbidden to others.

    `day` is an office day in Bangkok; `q` part of subject, number, sender or recipient.
    """
    check_window(page, page_size)
    if which in rules.SECRETS and not may_open(actor, which):
        raise _closed(actor)
    wanted = _wanted(actor, which, unit, year, q)
    if day is not None:
        wanted = wanted.where(register_entry.c.entered_at.between(*_bounds(day)))
    window = wanted.order_by(register_entry.c.id.desc()).limit(page_size + 1)
    if after is None:
        window = window.offset((page - 1) * page_size)
    else:
        (last,) = decode_cursor("register", after, tuple[UUID])
        window = window.where(register_entry.c.id < last)
    rows = db.execute(window).all()
    items = [_entry(row) for row in rows[:page_size]]
    following = encode_cursor("register", [items[-1].id]) if len(rows) > page_size else None
    return Page(items, count_to_limit(db, wanted), following, page, page_size)


def lines_of(
    db: Connection, actor: Actor, which: str, most: int, *said: sa.ColumnElement[bool]
) -> Sequence[EntryRow]:
    """The newest lines of an ordinary register of which this is true: as `register` tells them, and
    of letters that are theirs to read. Two statements: an OR of both would find no index.
    """
    by_unit = _wanted(actor, which, None, None, "")
    by_letter = _ENTRIES.where(
        register_entry.c.agency_id == actor.agency_id,
        register_entry.c.register == which,
        register_entry.c.document_id.in_(documents.readable_ids(actor)),
    )
    newest = register_entry.c.id.desc()
    rows = [
        row
        for wanted in (by_unit, by_letter)
        for row in db.execute(wanted.where(*said).order_by(newest).limit(most))
    ]
    return list({row.id: _entry(row) for row in rows}.values())


def may_open(actor: Actor, which: str) -> bool:
    """Whether a register of what is secret is theirs to open: a registrar's who is cleared, and of
    letters received also theirs who are cleared in the receiving unit, for they sign for them.
    """
    cleared = actor.is_system or actor.clearance > OPEN_TO_RIGHTS
    return cleared and (actor.is_system or actor.may("registry") or which == rules.SECRET_IN)


def may_see_line(actor: Actor, line: EntryRow | AnyRow) -> bool:
    """Whether a line's subject is theirs to read, in a register that is theirs to open."""
    if line.register not in rules.SECRETS:
        return True
    return may_open(actor, line.register) and (actor.is_system or line.secrecy <= actor.clearance)


def _closed(actor: Actor) -> Forbidden:
    if actor.clearance <= OPEN_TO_RIGHTS:
        return not_cleared(actor.username)
    return Forbidden("Expected the right registry to read what was sent in secret.")


def books(db: Connection, actor: Actor, year: int) -> Sequence[BookRow]:
    """The books of a year (Christian era); those of what is secret for who is cleared."""
    wanted = _BOOKS.where(letter_book.c.year == year)
    found = _with_counts(db, actor, db.execute(wanted, {"agency": actor.agency_id}).all())
    order = {kind: at for at, kind in enumerate(rules.BOOKS)}
    return sorted(found, key=lambda one: (order.get(one.kind, len(order)), one.kind, one.code))


def book(db: Connection, actor: Actor, book_id: UUID) -> BookRow:
    """One of them; NotFound alike for what is none, and for what is not theirs to know of."""
    demand(actor, "registry")
    wanted = _BOOKS.where(letter_book.c.id == book_id)
    found = _with_counts(db, actor, db.execute(wanted, {"agency": actor.agency_id}).all())
    if not found:
        raise NotFound("Expected a book of numbers, but there is none with this id.")
    return found[0]


def book_at(db: Connection, actor: Actor, kind: str, code: str, year: int) -> BookRow | None:
    """The book of this place, once it has given out a number or was begun."""
    wanted = _BOOKS.where(
        letter_book.c.kind == kind, letter_book.c.code == code, letter_book.c.year == year
    )
    found = _with_counts(db, actor, db.execute(wanted, {"agency": actor.agency_id}).all())
    return found[0] if found else None


def _with_counts(db: Connection, actor: Actor, rows: Sequence[AnyRow]) -> list[BookRow]:
    cleared = actor.is_system or actor.clearance > OPEN_TO_RIGHTS
    seen = [row for row in rows if cleared or not rules.is_secret_book(row.kind)]
    if not seen:
        return []
    binds = {"agency": actor.agency_id, "books": [row.id for row in seen]}
    counts: dict[UUID, dict[str, int]] = defaultdict(dict)
    for statement in (_APART, _LOST_LINES, _ON_PAPER):
        for book_id, name, count in db.execute(statement, binds):
            counts[book_id][name] = count
    return [
        BookRow(str(row.id), row.kind, row.code, row.year, row.last, **counts[row.id])
        for row in seen
    ]


def years(db: Connection, actor: Actor) -> Sequence[int]:
    """In which years (Christian era) there are books, the newest first."""
    demand(actor, "registry")
    return db.execute(_YEARS, {"agency": actor.agency_id}).scalars().all()


def starts(db: Connection, actor: Actor, book_id: UUID) -> Sequence[StartRow]:
    """Where a book went on from paper, in order. `book` says whether it is theirs to know of."""
    rows = db.execute(_STARTS, {"agency": actor.agency_id, "book": book_id})
    return [StartRow(*row) for row in rows]


def numbers_of_documents(
    db: Connection, agency_id: UUID, document_ids: Sequence[UUID]
) -> Sequence[AnyRow]:
    """Every number that these letters ever had, in the order of reserving: for evidence."""
    return db.execute(
        sa.select(letter_number)
        .where(
            letter_number.c.agency_id == agency_id,
            letter_number.c.document_id.in_(list(document_ids)),
        )
        .order_by(letter_number.c.reserved_at, letter_number.c.id)
    ).all()


def numbers(
    db: Connection,
    actor: Actor,
    book_id: UUID,
    *,
    states: Collection[str] = rules.NUMBER_STATES,
    page: int = 1,
    page_size: int = 20,
) -> Page[NumberRow]:
    """A book's numbers of these states, the highest first: final, reserved, void and lost ones.
    `book` says whether it is theirs to know of. Needs registry.
    """
    check_window(page, page_size)
    demand(actor, "registry")
    wanted = _NUMBERS.where(letter_number.c.state.in_(states))
    key = {"agency": actor.agency_id, "book": book_id}
    rows = db.execute(wanted.limit(page_size + 1).offset((page - 1) * page_size), key).all()
    items = [_number(row) for row in rows[:page_size]]
    total = count_to_limit(db, wanted, key)
    return Page(items, total, "more" if len(rows) > page_size else None, page, page_size)


def reserved(
    db: Connection, actor: Actor, *, page: int = 1, page_size: int = 20
) -> Page[ReservedRow]:
    """Numbers that are neither final nor void, the oldest first. Needs operate or registry."""
    check_window(page, page_size)
    if not (actor.may("operate") or actor.may("registry")):
        raise Forbidden("Expected the right operate or registry to see reserved numbers.")
    key = {"agency": actor.agency_id}
    total = count_to_limit(db, _RESERVED, key)
    rows = db.execute(_RESERVED.limit(page_size + 1).offset((page - 1) * page_size), key).all()
    items = [
        ReservedRow(**{**row._mapping, "id": str(row.id)})  # noqa: SLF001 - public name
        for row in rows[:page_size]
    ]
    return Page(items, total, "more" if len(rows) > page_size else None, page, page_size)


def _wanted(actor: Actor, which: str, unit: str | None, year: int | None, q: str) -> sa.Select[Any]:
    wanted = _ENTRIES.where(
        register_entry.c.agency_id == actor.agency_id,
        register_entry.c.register == which,
        register_entry.c.secrecy <= max(actor.clearance, OPEN_TO_RIGHTS),
    )
    if not actor.may("registry"):
        own = [who.removeprefix("unit:") for who in actor.principals if who.startswith("unit:")]
        wanted = wanted.where(register_entry.c.unit.in_(own))
    if unit is not None:
        wanted = wanted.where(register_entry.c.unit == unit)
    if year is not None:
        wanted = wanted.where(register_entry.c.year == year)
    if q.strip():
        searched = ("subject", "number", "sender", "recipient")
        words = q.strip()
        wanted = wanted.where(
            sa.or_(*(register_entry.c[name].icontains(words, autoescape=True) for name in searched))
        )
    return wanted


def _bounds(day: date) -> tuple[datetime, datetime]:
    """From midnight to the last instant of the day, as the office counts days."""
    start = midnight(day, BANGKOK)
    return start, midnight(day + timedelta(days=1), BANGKOK) - timedelta(microseconds=1)


def _entry(row: AnyRow) -> EntryRow:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    return EntryRow(**{**values, "id": str(values["id"])})


def _number(row: AnyRow) -> NumberRow:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    return NumberRow(**{**values, "id": str(values["id"]), "book_id": str(values["book_id"])})
