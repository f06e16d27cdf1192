"""Where marked words stand after others were changed, and what accepting a proposal makes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.documents import notation
from office.documents.remarks import Mark, Place, locate, mark, rewritten

LETTER = ["ด้วยสำนักงานจะจัดประชุม", "จึงเรียนมาเพื่อทราบ", "เพื่อทราบ และเพื่อทราบ"]


def marked(quote: str, paragraph: int = 1, start: int = 0) -> Mark:
    found = mark(LETTER, paragraph, quote, start)
    assert found is not None
    return found


def test_words_are_found_behind_what_came_before_them() -> None:
    longer = ["แทรก", LETTER[0], "ดังนั้น จึงเรียนมาเพื่อทราบและพิจารณา"]
    assert locate(longer, marked("เพื่อทราบ")) == Place(2, 18, 27)


def test_words_that_are_gone_stand_nowhere() -> None:
    assert locate([LETTER[0], "จึงเรียนมาเพื่อพิจารณา"], marked("เพื่อทราบ")) is None


def test_of_equal_words_the_ones_are_meant_whose_neighbours_stayed() -> None:
    second = marked("เพื่อทราบ", 2, 1)
    assert (second.before, second.after) == ("เพื่อทราบ และ", "")
    assert locate(LETTER, second) == Place(2, 13, 22)
    assert locate(LETTER, marked("เพื่อทราบ", 2)) == Place(2, 0, 9)


def test_two_places_that_suit_equally_are_no_place() -> None:
    assert locate(["ก ทราบ", "ก ทราบ"], Mark("ทราบ", "ก ", "", 5)) == Place(1, 2, 6)  # nearer
    assert locate(["ก ทราบ", "ว่าง", "ก ทราบ"], Mark("ทราบ", "ก ", "", 1)) is None


@pytest.mark.parametrize(
    ("quote", "paragraph"), [("", 0), ("ไม่มี", 0), ("เพื่อทราบ", 0), ("เพื่อทราบ", 3), ("เพื่อทราบ", -1)]
)
def test_only_words_that_are_there_can_be_marked(quote: str, paragraph: int) -> None:
    assert mark(LETTER, paragraph, quote) is None


def proposed(replacement: str, quote: str = "เพื่อทราบ", **more: Any) -> dict[str, Any]:
    place = locate(LETTER, marked(quote))
    assert place is not None
    return rewritten({"paragraphs": LETTER, **more}, place, replacement)


def test_other_words_take_their_place() -> None:
    assert proposed("เพื่อพิจารณา")["paragraphs"][1] == "จึงเรียนมาเพื่อพิจารณา"


def test_bold_words_stay_bold() -> None:
    bold = {"runs": [{"text": "ก", "bold": False}, {"text": "ข", "bold": True}]}
    made = rewritten({"paragraphs": [bold]}, Place(0, 1, 2), "คง")
    assert made["paragraphs"][0]["runs"][1] == {"text": "คง", "bold": True, "underline": False}


def test_lines_make_paragraphs_and_tables_stay_behind_theirs() -> None:
    tables = [{"after_paragraph": n} for n in range(3)]
    made = proposed("หนึ่ง\nสอง\nสาม", "เรียน", extra={"tables": tables, "circular": True})
    assert made["paragraphs"][1:4] == ["จึงหนึ่ง", "สอง", "สามมาเพื่อทราบ"]
    assert [table["after_paragraph"] for table in made["extra"]["tables"]] == [0, 3, 4]
    assert made["extra"]["circular"]


def test_a_paragraph_of_which_nothing_is_left_goes() -> None:
    made = proposed("", "จึงเรียนมาเพื่อทราบ", extra={"tables": [{"after_paragraph": 2}]})
    assert made["paragraphs"] == [LETTER[0], LETTER[2]]
    assert made["extra"]["tables"] == [{"after_paragraph": 1}]


_WORDS = st.text("กข ค", min_size=1, max_size=8).filter(str.strip)


@given(st.lists(_WORDS, min_size=1, max_size=4), st.data())
def test_a_mark_finds_itself_or_says_that_it_cannot(texts: list[str], data: st.DataObject) -> None:
    n = data.draw(st.integers(0, len(texts) - 1))
    start = data.draw(st.integers(0, len(texts[n]) - 1))
    end = data.draw(st.integers(start + 1, len(texts[n])))
    found = mark(texts, n, texts[n][start:end], start)
    assert found is not None
    assert locate(texts, found) in {None, Place(n, start, end)}


@given(st.lists(_WORDS, min_size=1, max_size=4), st.text("กข \n", max_size=8))
def test_what_is_rewritten_can_be_printed(texts: list[str], replacement: str) -> None:
    made = rewritten({"paragraphs": texts}, Place(0, 0, 1), replacement)["paragraphs"]
    assert all(notation.plain(one).strip() for one in made)
    assert made[-len(texts) + 1 :] == texts[1:] or len(texts) == 1


def test_words_that_stand_everywhere_mark_nothing() -> None:
    """Comparing them all would take a body of one letter minutes."""
    everywhere = Mark("a", "", "", 0)
    assert all(locate(["a" * 400_000], everywhere) is None for _ in range(50))
