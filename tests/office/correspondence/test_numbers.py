"""Books without a gap and without a pair, whatever happens at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from support.rooms import Rooms

from engine import commands as engine_commands
from engine.bus import Answer, Context
from engine.clock import SteppedClock
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.ids import new_id
from office.correspondence import commands as correspondence_commands
from office.correspondence import queries
from office.correspondence.commands import SettleNumber, VoidNumber
from office.correspondence.journal import FileJournal, MemoryJournal
from office.correspondence.models import letter_book, letter_number, register_entry
from office.correspondence.numbers import Registry
from office.correspondence.proofs import in_books
from office.correspondence.started import Started, in_force
from office.documents.models import document
from office.documents.ports import Letter
from office.people import commands as people
from office.people.models import agency

TODAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Draw:
    """Reserve, and perhaps make final, in one transaction."""

    letter: Letter
    final: bool = False
    today: date = TODAY


@dataclass(frozen=True)
class Finish:
    number_id: UUID
    letter: Letter


@dataclass(frozen=True)
class Begin:
    first: int


@pytest.fixture
def registry() -> Registry:
    return Registry(MemoryJournal())


@pytest.fixture
def office(rooms: Rooms, registry: Registry) -> Rooms:
    """The small agency with a prefix, and commands that do what signing does with numbers."""

    def draw(command: Draw, ctx: Context) -> Answer:
        given = registry.reserve(ctx, command.letter, command.today)
        if command.final:
            registry.make_final(ctx, given.id, command.letter, "0" * 64)
        return {"id": str(given.id), "text": given.text}

    def finish(command: Finish, ctx: Context) -> Answer:
        registry.make_final(ctx, command.number_id, command.letter, "0" * 64)
        return {}

    def begin(command: Begin, ctx: Context) -> Answer:
        stood = registry.start_book(ctx, "letter", "ตย 0201", TODAY.year, command.first, "x")
        return {"stood": stood.value}

    handlers = {**rooms.bus.handlers, Draw: draw, Finish: finish, Begin: begin}
    for room in (engine_commands, correspondence_commands):
        handlers |= room.HANDLERS
    rooms.bus.handlers = handlers
    _set_prefix(rooms, "ตย 0201")
    return rooms


def _set_prefix(rooms: Rooms, prefix: str) -> None:
    from office.people.models import unit

    with rooms.bus.engine.begin() as db:
        mine = sa.and_(unit.c.agency_id == rooms.agency_id, unit.c.code == "office")
        db.execute(sa.update(unit).where(mine).values(number_code=prefix))


def a_letter(rooms: Rooms, **changes: Any) -> Letter:
    """A letter with a document behind it, as signing has."""
    document_id = new_id()
    values = {
        "agency_id": rooms.agency_id, "id": document_id, "kind": "EXT", "owner_unit": "records",
        "subject": "เรื่อง", "content": {}, "state": "waiting_signature", "signing_post": "chief",
        "drafter": "noi", "created_at": rooms.now, "updated_at": rooms.now,
    }  # fmt: skip
    with rooms.bus.engine.begin() as db:
        db.execute(sa.insert(document), values)
    common = {
        "document_id": document_id, "kind": "EXT", "unit": "records", "circular": False,
        "subject": "เรื่อง", "sender": "สำนักงาน", "recipient": "กรมสาธิต", "urgency": 1,
    }  # fmt: skip
    return Letter(**{**common, **changes})


def rows(rooms: Rooms, table: sa.Table) -> list[Any]:
    with rooms.read() as db:
        return list(db.execute(sa.select(table).where(table.c.agency_id == rooms.agency_id)))


def books_are_whole(rooms: Rooms) -> None:
    """Every number from 1 to the book's last has exactly one row."""
    for book in rows(rooms, letter_book):
        if book.kind in {"letter", "circular"}:
            values = [row.value for row in rows(rooms, letter_number) if row.book_id == book.id]
            assert sorted(values) == list(range(1, book.last + 1))


def test_numbers_count_from_one_in_the_units_book(office: Rooms) -> None:
    texts = [office.do(Draw(a_letter(office)))["text"] for _ in range(3)]
    assert texts == ["ตย 0201/1", "ตย 0201/2", "ตย 0201/3"]
    books_are_whole(office)


def test_a_letter_keeps_its_number_of_the_day(office: Rooms) -> None:
    letter = a_letter(office)
    assert office.do(Draw(letter))["id"] == office.do(Draw(letter))["id"]


def test_a_new_year_opens_a_new_book(office: Rooms) -> None:
    office.do(Draw(a_letter(office)))
    answer = office.do(Draw(a_letter(office), today=date(2027, 1, 4)))
    assert answer["text"] == "ตย 0201/1"
    assert sorted(book.year for book in rows(office, letter_book)) == [2026, 2027]


@pytest.mark.parametrize(("apart", "expected"), [(True, "ตย 0201/ว 1"), (False, "ตย 0201/ว 2")])
def test_circulars_count_apart_or_with_the_letters(
    office: Rooms, apart: bool, expected: str
) -> None:
    with office.bus.engine.begin() as db:
        db.execute(sa.update(agency).values(policy={"circulars_apart": apart}))
    office.do(Draw(a_letter(office)))
    assert office.do(Draw(a_letter(office, circular=True)))["text"] == expected


def test_two_units_with_one_prefix_share_a_book(office: Rooms) -> None:
    office.do(people.AddUnit("twin", "group", "กลุ่มคู่แฝด", parent="office"))
    with office.bus.engine.begin() as db:
        from office.people.models import unit

        db.execute(sa.update(unit).where(unit.c.code == "twin").values(number_code="ตย 0201"))
    texts = {office.do(Draw(a_letter(office, unit=unit)))["text"] for unit in ("twin", "records")}
    assert texts == {"ตย 0201/1", "ตย 0201/2"}


def test_without_a_prefix_there_is_no_number(office: Rooms) -> None:
    _set_prefix(office, "")
    with pytest.raises(Conflict) as refused:
        office.do(Draw(a_letter(office)))
    assert refused.value.code == "no_number_prefix"


def test_the_final_number_has_its_line_in_the_register(office: Rooms) -> None:
    letter = a_letter(office)
    number = office.do(Draw(letter))
    office.do(Finish(UUID(number["id"]), letter))
    (line,) = rows(office, register_entry)
    assert (line.register, line.unit, line.no, line.number) == ("send", "office", 1, "ตย 0201/1")
    with pytest.raises(Conflict) as refused:
        office.do(Finish(UUID(number["id"]), letter))
    assert refused.value.code == "number_settled"


def test_another_letter_cannot_take_the_number(office: Rooms) -> None:
    number = office.do(Draw(a_letter(office)))
    with pytest.raises(Conflict):
        office.do(Finish(UUID(number["id"]), a_letter(office)))


def test_a_registrar_crosses_a_number_out(office: Rooms) -> None:
    number = office.do(Draw(a_letter(office)))
    with pytest.raises(Forbidden):
        office.do(VoidNumber(UUID(number["id"]), "จองผิด"), by="noi")
    office.empower("rong", "registry")
    office.do(VoidNumber(UUID(number["id"]), "จองผิด"), by="rong")
    (row,) = rows(office, letter_number)
    assert (row.state, row.cause) == ("void", "จองผิด")
    assert office.do(Draw(a_letter(office)))["text"] == "ตย 0201/2"


def test_a_number_is_settled_after_its_day_alone(office: Rooms, clock: SteppedClock) -> None:
    number = office.do(Draw(a_letter(office)))
    command = SettleNumber(UUID(number["id"]))
    assert office.do(command) == {"settled": False}
    clock.advance(timedelta(days=1))
    assert office.do(command) == {"settled": True}
    assert office.do(command) == {"settled": False}
    (row,) = rows(office, letter_number)
    assert row.state == "void"


def test_what_is_received_out_of_hours_counts_from_the_next_opening(
    office: Rooms, clock: SteppedClock
) -> None:
    clock.advance(timedelta(hours=12))  # Monday 21:00
    letter = a_letter(office)
    office.do(Finish(UUID(office.do(Draw(letter))["id"]), letter))
    (line,) = rows(office, register_entry)
    assert line.deemed_at > line.entered_at


def test_a_book_goes_on_from_paper_and_gives_no_number_twice(
    office: Rooms, registry: Registry
) -> None:
    assert office.do(Draw(a_letter(office)))["text"] == "ตย 0201/1"
    for first, code in ((0, "number_used"), (1, "number_used"), (2, "number_next"),
                        (1_000_000, "out_of_range")):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            office.do(Begin(first))
        assert [(one.path, one.code) for one in refused.value.errors] == [("first", code)]
    assert list(registry._journal.lines()) == []
    assert office.do(Begin(501)) == {"stood": 1}
    assert office.do(Draw(a_letter(office)))["text"] == "ตย 0201/501"
    with pytest.raises(Invalid):
        office.do(Begin(500))
    assert office.do(Begin(600)) == {"stood": 501}
    assert office.do(Draw(a_letter(office)))["text"] == "ตย 0201/600"
    with office.read() as db:
        (book,) = queries.books(db, office.actor("noi"), 2026)
        assert (book.last, book.reserved, book.on_paper) == (600, 3, 499 + 98)
        assert list(in_books(db)) == []


def test_what_the_journal_has_of_starts_that_came_to_nothing_does_not_count() -> None:
    at, agency_id = datetime(2026, 6, 1, tzinfo=UTC), new_id()

    def start(after: int, first: int) -> Started:
        place = (agency_id, "letter", "ตย 0201", 2026)
        return Started(*place, after, first, new_id(), "noi", "x", at)

    one, other, later = start(0, 501), start(0, 601), start(620, 700)
    assert in_force([one, later], [501, 502, 620]) == [one, later]
    assert in_force([one, other], [601]) == [other]
    assert in_force([one, later], [1, 2, 620]) == [later]


def test_an_agency_sees_its_own_register_alone(office: Rooms, other: Rooms) -> None:
    letter = a_letter(office)
    office.do(Finish(UUID(office.do(Draw(letter))["id"]), letter))
    other.empower("noi", "registry")
    office.empower("noi", "registry")
    with other.read() as db:
        assert queries.register(db, other.actor("noi"), "send").items == []
        assert queries.register(db, office.actor("noi"), "send").total == 1
        (book,) = (
            one for one in queries.books(db, office.actor("noi"), 2026) if one.kind == "letter"
        )
        key = UUID(book.id)
        assert queries.numbers(db, other.actor("noi"), key).items == []
        with pytest.raises(NotFound):
            queries.book(db, other.actor("noi"), key)
        (number,) = queries.numbers(db, office.actor("noi"), key).items
        assert number.text == "ตย 0201/1"
        assert queries.numbers(db, office.actor("noi"), key, states=["void"]).items == []


def test_whoever_is_not_the_registry_sees_its_units_lines(office: Rooms) -> None:
    letter = a_letter(office)
    office.do(Finish(UUID(office.do(Draw(letter))["id"]), letter))
    with office.read() as db:
        assert queries.register(db, office.actor("noi"), "send").items == []
        assert len(queries.register(db, office.actor("ying"), "send", q="สาธิต").items) == 1
        assert (
            queries.register(db, office.actor("ying"), "send", day=date(2026, 11, 22)).items == []
        )
        assert len(queries.register(db, office.actor("ying"), "send", day=TODAY).items) == 1


# -- fifty at once --------------------------------------------------------------------------------


def test_fifty_signers_leave_no_gap_and_no_pair(
    office: Rooms, request: pytest.FixtureRequest
) -> None:
    """Each in a transaction of its own; every fifth one fails after it has drawn."""
    letters = [a_letter(office) for _ in range(50)]

    def one(place: int) -> str | None:
        return office.do(Draw(letters[place], final=place % 5 != 0))["text"]

    with ThreadPoolExecutor(50) as pool:
        texts = list(pool.map(one, range(50)))
    assert len(set(texts)) == 50
    books_are_whole(office)
    send = [row.no for row in rows(office, register_entry)]
    assert sorted(send) == list(range(1, 41))


def test_a_transaction_that_fails_gives_its_number_to_the_next(
    office: Rooms, registry: Registry
) -> None:
    @dataclass(frozen=True)
    class DrawAndFall:
        letter: Letter

    def fall(command: DrawAndFall, ctx: Context) -> Answer:
        registry.reserve(ctx, command.letter, TODAY)
        raise Conflict("something else went wrong")

    office.bus.handlers = {**office.bus.handlers, DrawAndFall: fall}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: _ignored(office, DrawAndFall(a_letter(office))), range(8)))
    assert office.do(Draw(a_letter(office)))["text"] == "ตย 0201/1"
    books_are_whole(office)


def _ignored(office: Rooms, command: Any) -> None:
    with pytest.raises(Conflict):
        office.do(command)


# -- the journal ----------------------------------------------------------------------------------


@pytest.fixture(params=["file", "memory"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> FileJournal | MemoryJournal:
    return (
        FileJournal(tmp_path / "a" / "numbers.log") if request.param == "file" else MemoryJournal()
    )


def test_a_journal_keeps_lines_in_order(journal: FileJournal | MemoryJournal) -> None:
    for number in range(3):
        journal.append({"number": f"ตย 0201/{number}"})
    assert [line["number"] for line in journal.lines()] == [f"ตย 0201/{n}" for n in range(3)]


def test_a_new_journal_is_empty(journal: FileJournal | MemoryJournal) -> None:
    assert list(journal.lines()) == []


def test_a_line_that_a_crash_cut_short_spoils_no_other(tmp_path: Path) -> None:
    file = tmp_path / "numbers.log"
    journal = FileJournal(file)
    journal.append({"n": 1})
    with file.open("ab") as out:
        out.write(b'\n{"n": 2, "num')
    journal.append({"n": 3})
    assert [line["n"] for line in journal.lines()] == [1, 3]


def test_many_processes_may_write(tmp_path: Path) -> None:
    file = tmp_path / "numbers.log"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: FileJournal(file).append({"n": n}), range(100)))
    assert sorted(line["n"] for line in FileJournal(file).lines()) == list(range(100))


def _reserved(office: Rooms, by: str = "noi", **more: Any) -> Any:
    with office.read() as db:
        return queries.reserved(db, office.actor(by), **more)


def test_reserved_numbers_are_listed_oldest_first_for_who_settles_them(office: Rooms) -> None:
    with pytest.raises(Forbidden):
        _reserved(office)
    office.empower("noi", "operate")
    held = [office.do(Draw(a_letter(office)))["text"] for _ in range(3)]
    office.do(Draw(a_letter(office), final=True))
    page = _reserved(office, page_size=2)
    assert (page.total, [row.text for row in page.items]) == (3, held[:2])
    assert page.next is not None
    rest = _reserved(office, page_size=2, page=2)
    assert ([row.text for row in rest.items], rest.next) == (held[2:], None)
    assert not any(row.in_use for row in page.items)


def test_reserved_numbers_of_another_agency_are_not_there(office: Rooms) -> None:
    held = office.do(Draw(a_letter(office)))
    other = Rooms.founded(office.bus, "other")
    other.empower("noi", "operate", "registry")
    assert _reserved(other).items == []
    for command in (SettleNumber(UUID(held["id"])), VoidNumber(UUID(held["id"]), "why")):
        with pytest.raises(NotFound):
            other.do(command, "noi")


def test_an_operator_settles_what_the_night_did_not(office: Rooms, clock: SteppedClock) -> None:
    held = UUID(office.do(Draw(a_letter(office)))["id"])
    with pytest.raises(Forbidden):
        office.do(SettleNumber(held), "noi")
    office.empower("noi", "operate")
    assert office.do(SettleNumber(held), "noi") == {"settled": False}
    clock.advance(timedelta(days=1))
    assert office.do(SettleNumber(held), "noi") == {"settled": True}
    assert _reserved(office).items == []


@pytest.mark.parametrize("cause", ["", "  ", "x" * 501])
def test_a_number_is_crossed_out_for_a_reason(office: Rooms, cause: str) -> None:
    held = UUID(office.do(Draw(a_letter(office)))["id"])
    office.empower("noi", "registry")
    with pytest.raises(Invalid):
        office.do(VoidNumber(held, cause), "noi")
