"""Whatever two people make of one draft, no word of either is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.bodies import bodies
from support.samples import sample

from office.documents.merging import Conflict, body_blocks, merge, merge_blocks

BLOCKS = st.lists(st.sampled_from("กขคงจฉ"), max_size=6)


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    body = draw(bodies())
    return {
        "subject": draw(st.sampled_from(["เรื่องหนึ่ง", "เรื่องสอง", "เรื่องสาม"])),
        "refs": draw(BLOCKS),
        "paragraphs": body.paragraphs,
        "extra": {"tables": body.tables, "circular": draw(st.booleans())},
    }


@given(BLOCKS, BLOCKS, BLOCKS)
@example(list("ขกข"), list("กข"), list("ขก"))
def test_whatever_either_wrote_is_there(base: list[str], mine: list[str], theirs: list[str]):
    found = merge_blocks(base, mine, theirs).blocks
    # Of a block that stands twice, each may have taken away another one.
    once = {block for block in base if base.count(block) == 1}
    assert set(found) >= (set(mine) | set(theirs)) - set(base)
    assert set(found) >= once & set(mine) & set(theirs)
    assert set(found) <= set(mine) | set(theirs)


@given(BLOCKS, BLOCKS)
def test_where_one_changed_nothing_the_other_is_right(base: list[str], new: list[str]):
    assert merge_blocks(base, new, base).blocks == new
    assert merge_blocks(base, base, new).blocks == new
    assert merge_blocks(base, new, new).blocks == new
    assert not any(merge_blocks(base, *two).both for two in ((new, base), (base, new), (new, new)))


@settings(deadline=None)
@given(contents(), contents())
def test_contents_of_one_side_come_back_whole(base: dict[str, Any], new: dict[str, Any]):
    assert merge(base, new, base) == merge(base, base, new) == merge(new, new, new)
    assert merge(base, new, base).content == new


@settings(deadline=None)
@given(contents(), contents(), contents())
def test_no_block_of_a_body_is_lost(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
):
    found = merge(base, mine, theirs)
    new = (set(body_blocks(mine)) | set(body_blocks(theirs))) - set(body_blocks(base))
    assert new <= set(body_blocks(found.content))
    if mine["subject"] != found.content["subject"]:
        assert found.content["subject"] == theirs["subject"]


def test_two_paragraphs_changed_by_two_people_are_both_changed():
    base = sample("S01")
    first, second, last = base["paragraphs"]
    mine = {**base, "paragraphs": [first, second + " ของฉัน", last]}
    theirs = {**base, "paragraphs": [first + " ของเขา", second, last], "to": "อธิบดี"}
    found = merge(base, mine, theirs)
    assert found.conflicts == []
    assert found.content["paragraphs"] == [first + " ของเขา", second + " ของฉัน", last]
    assert found.content["to"] == "อธิบดี"


@pytest.mark.parametrize("mine", ["ของฉัน", None])
def test_the_same_paragraph_changed_by_both_is_shown_both_ways(mine: str | None):
    base = {"paragraphs": ["ก", "ข"], "subject": "เรื่อง"}
    ours = {"paragraphs": ["ก", *([mine] if mine else [])], "subject": "เรื่องของฉัน"}
    theirs = {"paragraphs": ["ก", "ของเขา"], "subject": "เรื่องของเขา"}
    found = merge(base, ours, theirs)
    assert found.content["paragraphs"] == ["ก", "ของเขา", *([mine] if mine else [])]
    assert found.content["subject"] == "เรื่องของฉัน"
    assert list(found.conflicts) == [
        Conflict("subject", "เรื่องของฉัน", "เรื่องของเขา"),
        Conflict("paragraphs", mine or "", "ของเขา"),
    ]


TABLE = {"after_paragraph": 1, "columns": ["ก"], "rows": [["๑"]]}


def with_tables(*tables: Any) -> dict[str, Any]:
    return {"paragraphs": ["ก"], "extra": {"tables": [*tables]}}


def test_a_table_that_no_text_can_say_is_a_conflict_where_both_changed_it():
    base = with_tables(TABLE, {"strange": 1})
    found = merge(base, with_tables(TABLE, {"mine": 2}), with_tables(TABLE, {"theirs": 3}))
    assert found.content["extra"]["tables"][1:] == [{"mine": 2}]
    assert list(found.conflicts) == [Conflict("tables", '{"mine":2}', '{"theirs":3}')]
    removed = merge(base, with_tables(), with_tables(TABLE, {"theirs": 3}))
    assert list(removed.conflicts) == [Conflict("tables", "", '{"theirs":3}')]
    gone = merge(with_tables({"strange": 1}), LESS, with_tables({"theirs": 3}))
    assert list(gone.conflicts) == [Conflict("tables", "", '{"theirs":3}')]


def test_a_table_that_no_text_can_say_stays_when_another_table_changes():
    base, more = with_tables(TABLE, {"strange": 1}), {**TABLE, "rows": [["๒"]]}
    found = merge(base, with_tables(more, {"strange": 1}), with_tables(TABLE, {"theirs": 3}))
    assert found.content["extra"]["tables"][1:] == [{"theirs": 3}]
    assert found.content["extra"]["tables"][0]["rows"] == [["๒"]]
    assert not found.conflicts


BOTH = {"refs": ["ก"], "closing": "นับถือ", "extra": {"venue": "ห้อง ๑"}, "paragraphs": ["ก"]}
LESS = {"extra": {}, "paragraphs": ["ก"]}


def test_a_field_that_one_side_took_away_is_gone():
    assert merge(BOTH, LESS, BOTH).content == LESS
    assert merge(BOTH, BOTH, LESS).content == LESS
    assert merge(BOTH, LESS, BOTH).conflicts == []


def test_a_field_that_one_side_emptied_stands_empty():
    empty = {**LESS, "refs": [], "closing": None, "extra": {"venue": None}}
    assert merge(BOTH, empty, BOTH).content == merge(BOTH, BOTH, empty).content == empty
    assert merge(LESS, empty, LESS).content == merge(LESS, LESS, empty).content == empty


def test_a_field_that_one_took_away_and_the_other_changed_is_a_conflict():
    theirs = {**BOTH, "extra": {"venue": "ห้อง ๒"}}
    found = merge(BOTH, LESS, theirs)
    assert found.content == LESS
    assert found.conflicts == [Conflict("venue", "", "ห้อง ๒")]
