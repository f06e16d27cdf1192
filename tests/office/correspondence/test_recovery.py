"""What the journal knows and a restored database lacks is lost, in the right book, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from support.rooms import Rooms

from engine.bus import Answer, Context
from engine.errors import Invalid
from engine.ids import new_id
from office.correspondence.entered import Entered
from office.correspondence.issued import Issued
from office.correspondence.models import letter_book, letter_number, register_entry
from office.correspondence.recovery import CAUSE, UNKNOWN, Account, Missed, account_for, unaccounted
from office.correspondence.registers_recovery import account_for_lines, unentered
from office.people.models import agency

DAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Recover:
    missed: Sequence[Missed] = field(compare=False)


@pytest.fixture
def office(rooms: Rooms) -> Rooms:
    def recover(command: Recover, ctx: Context) -> Answer:
        return asdict(account_for(ctx, command.missed))

    rooms.bus.handlers = {**rooms.bus.handlers, Recover: recover}
    return rooms


def issued(office: Rooms, text: str) -> Issued:
    number = (new_id(), text, DAY, None)
    return Issued.of(office.agency_id, number, new_id(), "0" * 64, office.now)


def recover(office: Rooms, *lines: Issued) -> Answer:
    return office.do(Recover([Missed(one) for one in lines]))


def missing(office: Rooms, *lines: Any) -> list[Issued]:
    with office.read() as db:
        return list(unaccounted(db, lines))


def book(office: Rooms) -> list[tuple[str, int, dict[int, str]]]:
    with office.read() as db:
        numbers = db.execute(sa.select(letter_number)).all()
        return [
            (row.kind, row.last,
             {one.value: one.state for one in numbers if one.book_id == row.id})
            for row in db.execute(sa.select(letter_book).order_by(letter_book.c.kind))
        ]  # fmt: skip


def test_a_line_says_where_its_number_belongs(office: Rooms) -> None:
    one = issued(office, "ตย 0201/ว 45")
    assert (one.code, one.year, one.value, one.circular) == ("ตย 0201", 2026, 45, True)
    assert Issued.read(one.line()) == one


def test_a_line_that_cannot_be_read_is_not_passed_over(office: Rooms) -> None:
    line = {**issued(office, "ตย 0201/1").line(), "value": "?"}
    with pytest.raises(Invalid, match=r"\$\.value"):
        missing(office, line)


@pytest.mark.parametrize(("apart", "kind"), [(True, "circular"), (False, "letter")])
def test_circulars_are_lost_from_the_book_that_counts_them(
    office: Rooms, apart: bool, kind: str
) -> None:
    with office.bus.engine.begin() as db:
        db.execute(sa.update(agency).values(policy={"circulars_apart": apart}))
    recover(office, issued(office, "ตย 0201/ว 2"))
    assert book(office) == [(kind, 2, {1: "lost", 2: "lost"})]


def test_a_number_is_missed_once_and_then_accounted_for(office: Rooms) -> None:
    first, second = issued(office, "ตย 0201/1"), issued(office, "ตย 0201/2")
    stranger = replace(first, agency=UUID(int=9), number_id=new_id())
    lines = [one.line() for one in (first, second, first, stranger)]
    found = missing(office, *lines)
    assert found == [first, second]
    assert recover(office, *found)["lost"] == ["ตย 0201/1", "ตย 0201/2"]
    assert missing(office, *lines) == []
    assert book(office) == [("letter", 2, {1: "lost", 2: "lost"})]


def test_a_number_that_another_letter_has_is_told_and_left(office: Rooms) -> None:
    recover(office, issued(office, "ตย 0201/1"))
    answer = recover(office, issued(office, "ตย 0201/1"), issued(office, "ตย 0201/2"))
    assert (answer["twice"], answer["lost"]) == (["ตย 0201/1"], ["ตย 0201/2"])


def test_the_book_stays_where_it_was_further(office: Rooms) -> None:
    recover(office, issued(office, "ตย 0201/3"))
    assert recover(office, issued(office, "ตย 0201/2"))["twice"] == ["ตย 0201/2"]
    assert book(office)[0][1] == 3


# -- registers ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RecoverLines:
    missed: Sequence[Entered] = field(compare=False)


def entered(office: Rooms, no: int, **changes: Any) -> Entered:
    one = Entered(office.agency_id, "receive", "office", 2026, no, new_id(), office.now)
    return replace(one, **changes)


@pytest.fixture
def registers(office: Rooms) -> Rooms:
    def recover(command: RecoverLines, ctx: Context) -> Answer:
        account = Account()
        account_for_lines(ctx, account, command.missed)
        return {"lines": account.lines}

    office.bus.handlers = {**office.bus.handlers, RecoverLines: recover}
    return office


def missing_lines(office: Rooms, *found: Any) -> tuple[Entered, ...]:
    with office.read() as db:
        return unentered(db, [one.line() for one in found])


def test_a_journal_of_both_kinds_is_read_as_each(registers: Rooms) -> None:
    number, line = issued(registers, "ตย 0201/1"), entered(registers, 1)
    assert Entered.read(line.line()) == line
    assert missing(registers, number.line(), line.line()) == [number]
    assert missing_lines(registers, number, line) == (line,)
    with pytest.raises(Invalid, match=r"\$\.no"):
        Entered.read({**line.line(), "no": "?"})


def test_lines_are_missed_once_and_the_hole_below_them_is_told(registers: Rooms) -> None:
    stranger = entered(registers, 9, agency=UUID(int=9))
    found = missing_lines(registers, entered(registers, 3), entered(registers, 3), stranger)
    assert [one.no for one in found] == [3, 3]
    assert registers.do(RecoverLines(found))["lines"] == 3
    assert missing_lines(registers, *found) == ()
    with registers.read() as db:
        rows = db.execute(sa.select(register_entry).order_by(register_entry.c.no)).all()
        last = db.execute(sa.select(letter_book.c.last)).scalar_one()
    assert [(row.no, row.remark) for row in rows] == [(1, UNKNOWN), (2, UNKNOWN), (3, CAUSE)]
    assert last == 3
    assert registers.do(RecoverLines(found))["lines"] == 0
