"""Content that cannot be printed is refused with its place and a way out."""

from __future__ import annotations

import pytest
from support.samples import sample

from signing.errors import Unrenderable
from signing.fonts import built_in
from signing.render import render
from signing.render.fields import Fields

PRINTABLE = built_in().printable


def refusal(**changes: object) -> Unrenderable:
    with pytest.raises(Unrenderable) as caught:
        render(sample("S01", **changes))
    return caught.value


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("เรียนเชิญ 😀", "an emoji or symbol"),
        ("שלום", "a right-to-left character"),
        ("ก\u202eข", "a control character"),
        ("ก\x00ข", "a control character"),
        ("中文", "a character that the typeface lacks"),
        ("เรื่อง\nใหม่", "a line end"),
    ],
)
def test_unprintable_characters_are_named_and_placed(text: str, what: str) -> None:
    error = refusal(subject=text)
    assert error.path == "subject"
    assert what in error.message
    assert f"position {next(i for i, c in enumerate(text) if c not in PRINTABLE) + 1}" in str(error)


def test_the_place_is_the_item_in_its_list() -> None:
    assert refusal(paragraphs=["ดี", "ไม่ดี 😀"]).path == "paragraphs.1"
    assert refusal(refs=["ก\x07"]).path == "refs.0"
    assert refusal(attachments=[{"name": "ก", "qty": "๑ 😀"}]).path == "attachments.0.qty"
    assert refusal(contact={"tel": "๐ ๒\u202e"}).path == "contact.tel"
    assert refusal(preparers={"draft": "😀"}).path == "preparers.draft"


@pytest.mark.parametrize("path", ["number", "date", "subject", "to", "signer", "position_lines"])
def test_missing_fields_are_named(path: str) -> None:
    for nothing in (None, "", []):
        assert refusal(**{path: nothing}).path == path


def test_wrong_types_are_named() -> None:
    assert refusal(subject=12).path == "subject"
    assert refusal(paragraphs="not a list").path == "paragraphs"
    assert refusal(paragraphs=[{"runs": "x"}]).path == "paragraphs.0.runs"
    assert refusal(paragraphs=[True]).path == "paragraphs.0"
    assert refusal(attachments=["not an object"]).path == "attachments.0"
    assert refusal(attachments=[{"qty": "จำนวน ๑ ชุด"}]).path == "attachments.0.name"
    assert refusal(kind="NOVEL").path == "kind"


def test_long_fields_are_refused() -> None:
    assert refusal(paragraphs=["ก" * 20_001]).path == "paragraphs.0"


def test_editors_marks_mean_nothing_on_paper() -> None:
    fields = Fields({"a": "\ufeffการ\u200bงาน\t\u00adดี "}, PRINTABLE)
    assert fields.text("a") == "การงาน ดี"


def test_a_template_with_a_missing_field_is_left_out() -> None:
    fields = Fields({"contact": {"tel": "๐"}}, PRINTABLE)
    assert fields.filled("โทร. {contact.tel}") == "โทร. ๐"
    assert fields.filled("โทรสาร {contact.fax}") == ""
    assert fields.filled("โทร. {contact.tel.more}") == ""


def test_a_blank_counts_as_filled() -> None:
    fields = Fields({"number": "ก/๑"}, PRINTABLE, {"number": "ก/"})
    assert fields.filled("ที่ {number}") == "ที่ ก/"
    fields.require("number")
