"""Units to consult: looked up when a form asks for them, not carried along by every letter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from support.ministry import Letter, Ministry
from support.samples import sample

from engine.db import reading
from engine.errors import Invalid
from engine.models.instance import process_instance
from engine.ports import HouseLists
from office.documents.commands import CreateDocument
from office.documents.lists import UNITS, StoredHouseLists
from office.people import queries
from office.people.commands import AddUnit


def at_the_check(ministry: Ministry) -> Letter:
    return ministry.letter().submitted().passed("proofread")


def keeps(letter: Letter, variables: dict[str, Any]) -> None:
    """The case's variables, as an earlier version wrote them."""
    mine = process_instance.c.id == letter.instance_id
    with letter.ministry.bus.engine.begin() as db:
        db.execute(sa.update(process_instance).where(mine).values(variables=variables))


def test_a_unit_founded_after_the_letter_may_be_consulted(either_ministry: Ministry) -> None:
    letter = at_the_check(either_ministry)
    assert UNITS not in letter.instance.variables
    either_ministry.do(AddUnit("newest", "group", "กลุ่มใหม่", parent="central"), "admin")
    letter.at("check").complete("pass", consult_units=["unit:newest"])
    assert letter.instance.variables["consult_units"] == ["unit:newest"]
    assert UNITS not in letter.instance.variables


def test_a_unit_that_is_none_is_refused(ministry: Ministry) -> None:
    with pytest.raises(Invalid) as refused:
        at_the_check(ministry).at("check").complete("pass", consult_units=["unit:nowhere"])
    assert [error.path for error in refused.value.errors] == ["consult_units"]


def test_a_letter_of_an_earlier_version_keeps_the_list_it_began_with(ministry: Ministry) -> None:
    letter = at_the_check(ministry)
    own = [{"value": "unit:legal", "label": "กฎหมาย"}]
    keeps(letter, {**letter.instance.variables, UNITS: own})
    with pytest.raises(Invalid):
        letter.at("check").complete("pass", consult_units=["unit:finance"])
    letter.at("check").complete("pass", consult_units=["unit:legal"])
    assert letter.instance.variables[UNITS] == own


def test_only_units_with_people_of_their_own_are_offered(ministry: Ministry) -> None:
    lists: HouseLists = StoredHouseLists()
    with reading(ministry.bus.engine) as db:
        offered = [one["value"] for one in lists.read(db, ministry.agency_id, UNITS)]
        units = {f"unit:{unit.code}": unit for unit in queries.units(db, ministry.agency_id)}
    assert {units[one].kind for one in offered} == {"department", "division", "group"}
    assert {unit.kind for name, unit in units.items() if name not in offered} == {
        "committee", "ministry",
    }  # fmt: skip
    assert offered == [name for name in units if name in offered]


@contextmanager
def statements(ministry: Ministry) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_conn, _cursor, statement, _parameters, _context, _many):
        seen.append(statement)

    sa.event.listen(ministry.bus.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(ministry.bus.engine, "before_cursor_execute", note)


def test_a_new_letter_reads_the_tree_of_units_once(ministry: Ministry) -> None:
    with statements(ministry) as seen:
        words = sample("S01", extra={"consult_units": ["legal", "finance"]})
        ministry.do(CreateDocument(words), "thotsop")
    whole = [one for one in seen if "FROM unit" in one and "sort_key" in one and " IN " not in one]
    assert len(whole) == 1


def test_who_is_addressed_is_found_by_name_as_in_the_whole_house(ministry: Ministry) -> None:
    with reading(ministry.bus.engine) as db:
        units = queries.units(db, ministry.agency_id)
        posts = queries.positions(db, ministry.agency_id)
        names = [*(unit.name for unit in units), *(post.name for post in posts), "อธิบดีอื่น"]
        for few in (names[:1], names[-2:], names[3:9], []):
            assert queries.units_named(db, ministry.agency_id, few) == tuple(
                unit for unit in units if unit.name in few
            )
            assert queries.positions_named(db, ministry.agency_id, few) == tuple(
                post for post in posts if post.name in few
            )
