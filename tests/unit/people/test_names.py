"""Names sort as a Thai dictionary does, and shorten to their first consonants."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.people import names

#: In the order of a Thai dictionary (พจนานุกรม): consonant first, then vowel, tone last.
IN_ORDER = [
    "กก", "กฎหมาย", "กรม", "กลาง", "กอง", "กา", "ก่า", "ก้า", "การ", "กิน", "เก", "เก่า", "แกง", "โกรธ",
    "ใกล้", "ไกล", "ขาด", "ข่าว", "คลัง", "เงิน", "จังหวัด", "แฟ้ม", "สมชาย", "สมมติ", "สมหญิง", "เสมอ",
    "Admin", "Zebra",
]  # fmt: skip


def test_dictionary_order() -> None:
    shuffled = IN_ORDER[:-2]
    random.Random(7).shuffle(shuffled)
    assert sorted(shuffled, key=names.sort_key) == IN_ORDER[:-2]


def test_latin_letters_ignore_case() -> None:
    assert names.sort_key("somchai") == names.sort_key("SOMCHAI")


@pytest.mark.parametrize(
    ("earlier", "later"), [("กาง", "ก่าง"), ("ก่าง", "กาจ"), ("เกม", "แก"), ("กน", "เกน")]
)
def test_a_tone_mark_counts_less_than_any_later_letter(earlier: str, later: str) -> None:
    assert names.sort_key(earlier) < names.sort_key(later)


@given(st.text(max_size=20), st.text(max_size=20))
def test_the_key_tells_different_names_apart_and_is_stable(one: str, two: str) -> None:
    assert names.sort_key(one) == names.sort_key(one)
    same = names.unicodedata.normalize("NFC", one).casefold()
    other = names.unicodedata.normalize("NFC", two).casefold()
    if sorted(same) != sorted(other):
        assert names.sort_key(one) != names.sort_key(two)


@pytest.mark.parametrize(
    ("title", "given_name", "family", "printed"),
    [
        ("นางสาว", "สมหญิง", "รักงานดี", "นางสาวสมหญิง รักงานดี"),
        ("Mr", "John", "Smith", "Mr John Smith"),
        ("", "สมชาย", "", "สมชาย"),
    ],
)
def test_printed_names(title: str, given_name: str, family: str, printed: str) -> None:
    assert names.full_name(title, given_name, family) == printed


def test_initials_pass_over_leading_vowels() -> None:
    assert names.initials("ทดสอบ", "ร่างดี") == "ทร"
    assert names.initials("เลขา", "โจ") == "ลจ"
    assert names.initials("เ", "") == "เ"


def test_the_avatar_has_one_of_five_colours() -> None:
    assert {names.colour(f"name{n}") for n in range(50)} == {1, 2, 3, 4, 5}
