"""Numbers of letters: reserved, made final with their line in the register, or void for ever.

Fulfils `office.documents.ports.Numbers`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.bus import Context
from engine.commands.jobs import want_job
from engine.errors import NotFound
from engine.ids import new_id
from engine.models.columns import AnyRow
from office.correspondence import errors, rules
from office.correspondence.books import Drawn, draw, raise_to
from office.correspondence.counted import CIRCULARS_APART
from office.correspondence.issued import Issued, is_issued
from office.correspondence.journal import Journal
from office.correspondence.models import book_start, letter_book, letter_number
from office.correspondence.registers import enter_received, enter_sent, note_remark
from office.correspondence.started import Started
from office.documents.ports import GivenNumber, Letter, Place, Series
from office.documents.thai import BANGKOK, office_day
from office.people import queries as people

SETTLE = "correspondence.settle_number"

_OF_DOCUMENT = sa.select(letter_number).where(
    letter_number.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    letter_number.c.document_id == sa.bindparam("document", type_=sa.Uuid),
    letter_number.c.state == rules.RESERVED,
)
_ONE = (
    sa.select(letter_number)
    .where(
        letter_number.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        letter_number.c.id == sa.bindparam("id", type_=sa.Uuid),
    )
    .with_for_update()
)

_PLACE = (
    sa.select(
        letter_number.c.id, letter_number.c.text, letter_number.c.dated, letter_number.c.value,
        letter_book.c.kind, letter_book.c.code,
    )
    .join(
        letter_book,
        sa.and_(
            letter_book.c.agency_id == letter_number.c.agency_id,
            letter_book.c.id == letter_number.c.book_id,
        ),
    )
    .where(
        letter_number.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        letter_number.c.id == sa.bindparam("id", type_=sa.Uuid),
    )
)  # fmt: skip


class Registry:
    """The books of all agencies, and the journal beside them."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def reserve(self, ctx: Context, letter: Letter, today: date) -> GivenNumber:
        """The number that the letter has reserved today, else its book's next."""
        for held in _held(ctx.db, ctx.actor.agency_id, letter.document_id):
            if held.dated == today and rules.is_secret_number(held.text) == letter.secret:
                return GivenNumber(held.id, held.text, held.dated)
            void(ctx, held, _why_not(held, today))
        return _draw(ctx, letter, today)

    def give_up(self, ctx: Context, document_id: UUID, cause: str) -> None:
        for held in _held(ctx.db, ctx.actor.agency_id, document_id):
            void(ctx, held, cause)

    def let_go(self, ctx: Context, number_id: UUID) -> None:
        """A signature on its way kept it through the night, in which it would have been settled."""
        held = one(ctx, number_id)
        if held.state == rules.RESERVED and held.dated < office_day(ctx.now):
            want_job(ctx, SETTLE, {"number_id": str(held.id)}, due_at=ctx.now)

    def make_final(self, ctx: Context, number_id: UUID, letter: Letter, sha256: str) -> None:
        held = one(ctx, number_id)
        if held.state != rules.RESERVED or held.document_id != letter.document_id:
            raise errors.not_reserved(held.text, held.state)
        _settle(ctx, held, state=rules.FINAL, sha256=sha256)
        enter_sent(ctx, self._journal, letter, held.text, held.dated)
        if letter.received:
            enter_received(ctx, self._journal, letter, held.text, held.dated, letter.unit)

    def enter_received(
        self, ctx: Context, letter: Letter, number: str, dated: date, unit: str
    ) -> None:
        """A line in the receiving unit's register, unless the letter has one."""
        enter_received(ctx, self._journal, letter, number, dated, unit)

    def start_book(
        self, ctx: Context, kind: str, code: str, year: int, first: int, note: str
    ) -> Drawn:
        """The book goes on at `first`, for what is below was given out on paper; answers where it
        stood.

        The journal has it before it counts, as it has the running numbers of registers.
        """
        agency_id = ctx.actor.agency_id
        stood = raise_to(ctx.db, agency_id, kind, code, year, 0)
        rules.check_first(first, stood.value)
        raise_to(ctx.db, agency_id, kind, code, year, first - 1)
        place, by = (agency_id, kind, code, year), ctx.actor.username
        started = Started(*place, stood.value, first, new_id(), by, note, ctx.now)
        ctx.db.execute(sa.insert(book_start), started.row(stood.book_id))
        self._journal.append(started.line())
        return stood

    def remark(self, ctx: Context, document_id: UUID, remark: str) -> None:
        note_remark(ctx, document_id, remark)

    def given(self, db: Connection, agency_id: UUID, number_id: UUID) -> GivenNumber:
        row = db.execute(_PLACE, {"agency": agency_id, "id": number_id}).one()
        in_series = row.kind not in rules.BOOKS
        place = Place(row.kind, row.code, row.value) if in_series else None
        return GivenNumber(row.id, row.text, row.dated, place)

    def journal(
        self, agency_id: UUID, given: GivenNumber, document_id: UUID, sha256: str, at: datetime
    ) -> None:
        assert given.id is not None  # what no book counts has no line here
        number = (given.id, given.text, given.dated, given.place)
        self._journal.append(Issued.of(agency_id, number, document_id, sha256, at).line())

    def issued(self, agency_id: UUID, document_ids: Collection[UUID]) -> list[Issued]:
        """The journal's lines about these letters, oldest first."""
        if not document_ids:
            return []
        agency, documents = str(agency_id), {str(one) for one in document_ids}
        return [
            Issued.read(line)
            for line in self._journal.lines()
            if is_issued(line)
            and line.get("agency") == agency
            and line.get("document") in documents
        ]


def _why_not(held: AnyRow, today: date) -> str:
    """Why a reserved number is not the letter's any more."""
    if held.dated == today:
        return "หนังสือเปลี่ยนชั้นความลับ จึงใช้เลขของอีกเล่ม"
    return "ไม่ได้ลงนามภายในวันที่จองเลข"


def one(ctx: Context, number_id: UUID) -> AnyRow:
    """The number's row, locked."""
    row = ctx.db.execute(_ONE, {"agency": ctx.actor.agency_id, "id": number_id}).first()
    if row is None:
        raise NotFound("Expected a number of a book, but there is none with this id.")
    return row


def void(ctx: Context, held: AnyRow, cause: str) -> None:
    """The number stays in the book, crossed out, with the reason; nobody gets it again."""
    _settle(ctx, held, state=rules.VOID, cause=cause)


def _held(db: Connection, agency_id: UUID, document_id: UUID) -> list[AnyRow]:
    binds = {"agency": agency_id, "document": document_id}
    return list(db.execute(_OF_DOCUMENT, binds))


def _draw(ctx: Context, letter: Letter, today: date) -> GivenNumber:
    given, values = _next(ctx, letter, today)
    _insert(ctx, letter, given, values)
    payload = {"number_id": str(given.id)}
    want_job(ctx, SETTLE, payload, due_at=_after_midnight(today), dedupe=f"{SETTLE}:{given.id}")
    return given


def _next(ctx: Context, letter: Letter, today: date) -> tuple[GivenNumber, dict[str, Any]]:
    """The number, and where its row belongs."""
    if letter.series is not None:
        return _next_of_series(ctx, letter.series, today, secret=letter.secret)
    agency = people.agency(ctx.db, ctx.actor.agency_id)
    prefix = people.unit(ctx.db, ctx.actor.agency_id, letter.unit).number_code
    if not prefix:
        raise errors.no_prefix(letter.unit)
    apart = bool(agency.policy.get(CIRCULARS_APART, True))
    mark = rules.mark_of(circular=letter.circular, secret=letter.secret)
    kind = rules.book_kind(mark, circulars_apart=apart)
    drawn = draw(ctx.db, ctx.actor.agency_id, kind, prefix, today.year)
    text = rules.number_text(prefix, drawn.value, mark)
    given = GivenNumber(new_id(), text, today)
    return given, {"book_id": drawn.book_id, "value": drawn.value}


def _next_of_series(
    ctx: Context, series: Series, today: date, *, secret: bool
) -> tuple[GivenNumber, dict[str, Any]]:
    kind = rules.series_book(series.kind, secret=secret)
    drawn = draw(ctx.db, ctx.actor.agency_id, kind, series.department, today.year)
    word = None if series.stands_alone else series.word
    text = rules.series_text(word, drawn.value, today.year, secret=secret)
    given = GivenNumber(new_id(), text, today)
    return given, {"book_id": drawn.book_id, "value": drawn.value}


def _insert(ctx: Context, letter: Letter, given: GivenNumber, values: dict[str, Any]) -> None:
    ctx.db.execute(
        sa.insert(letter_number),
        {
            "agency_id": ctx.actor.agency_id,
            "id": given.id,
            "text": given.text,
            "dated": given.dated,
            "state": rules.RESERVED,
            "document_id": letter.document_id,
            "reserved_by": ctx.actor.username,
            "reserved_at": ctx.now,
            **values,
        },
    )


def _settle(ctx: Context, held: AnyRow, **values: object) -> None:
    ctx.db.execute(
        sa.update(letter_number)
        .where(letter_number.c.agency_id == held.agency_id, letter_number.c.id == held.id)
        .values(settled_at=ctx.now, **values)
    )


def _after_midnight(day: date) -> datetime:
    """A little into the next day: who signs at midnight's stroke is not robbed of the number."""
    end = datetime.combine(day + timedelta(days=1), time(0, 15), BANGKOK)
    return end.astimezone(UTC)
