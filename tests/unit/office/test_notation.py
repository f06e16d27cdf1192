"""The body as one text: whatever a letter may hold comes back as it went."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.bodies import bodies
from support.samples import samples

from office.documents import notation
from office.documents.notation import line_of, plain, read, write


def run(text: str, *, bold: bool = False, underline: bool = False) -> dict[str, Any]:
    return {"text": text, "bold": bold, "underline": underline}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ด้วยสำนักงาน", "ด้วยสำนักงาน"),
        ("ภายใน **๕ วัน** นี้",
         {"runs": [run("ภายใน "), run("๕ วัน", bold=True), run(" นี้")]}),
        ("__ขีด__", {"runs": [run("ขีด", underline=True)]}),
        ("**ก__ข__**", {"runs": [run("ก", bold=True), run("ข", bold=True, underline=True)]}),
        ("ไม่ปิด **ตัวหนา", "ไม่ปิด **ตัวหนา"),
        (r"\**ดาว\**", "**ดาว**"),
        ("ลงชื่อ ______ (๓ * ๔)", "ลงชื่อ ______ (๓ * ๔)"),
        (r"ที่ C:\แฟ้ม", r"ที่ C:\แฟ้ม"),
        (r"\| ไม่ใช่ตาราง", "| ไม่ใช่ตาราง"),
    ],
)  # fmt: skip
def test_a_line_is_a_paragraph(line: str, expected: Any) -> None:
    assert read(line).paragraphs == [expected]


def test_air_is_dropped_and_a_kept_line_stays() -> None:
    assert read("ก\r\n\r\n  ข  \nค\\\nง").paragraphs == ["ก", "ข", "ค\nง"]
    assert line_of("ค\nง") == "ค\\\nง"


def test_lines_with_bars_are_a_table_after_the_paragraph_above() -> None:
    body = read("ก\nข\n|# งบ\n| ที่ | บาท |\n|: left | right |\n| ๑ | ๕ |\n| ๒ |\n|= รวม | ๕ |\nค")
    assert body.paragraphs == ["ก", "ข", "ค"]
    assert body.tables == [
        {"after_paragraph": 1, "caption": "งบ", "columns": ["ที่", "บาท"],
         "align": ["left", "right"], "rows": [["๑", "๕"], ["๒", ""]], "footer": ["รวม", "๕"]},
    ]  # fmt: skip


def test_what_is_typed_first_as_a_table_stands_after_the_first_paragraph() -> None:
    assert read("| ก |\n\nข").tables[0]["after_paragraph"] == 0


@given(bodies())
def test_a_body_comes_back_as_it_went(body: notation.Body) -> None:
    assert read(write(body.paragraphs, body.tables)) == body


@given(st.text(alphabet="กข *_|\\#:=\n", max_size=60))
def test_any_text_says_a_body_that_is_stable(text: str) -> None:
    body = read(text)
    assert all(plain(one).strip() for one in body.paragraphs)
    assert all(map(notation.is_table, body.tables))
    if body.paragraphs:
        assert read(write(body.paragraphs, body.tables)) == body


def test_the_samples_read_as_they_are() -> None:
    for document in samples():
        tables = document.get("extra", {}).get("tables", [])
        body = read(write(document["paragraphs"], tables))
        assert body.paragraphs == document["paragraphs"]
        assert len(body.tables) == len(tables)
        assert [{**one, "footer": None} for one in body.tables] == [
            {**one, "footer": None} for one in tables
        ]


@pytest.mark.parametrize(
    "strange",
    [None, {}, {"caption": "ตาราง"}, {"after_paragraph": True, "columns": ["ก"], "rows": []},
     {"after_paragraph": 0, "columns": ["ก"], "rows": [["ก", "ข"]]},
     {"after_paragraph": 0, "columns": ["ก\nข"], "rows": []},
     {"after_paragraph": 0, "columns": ["ก"], "rows": [], "colour": "red"}],
)  # fmt: skip
def test_other_json_is_no_table(strange: Any) -> None:
    assert not notation.is_table(strange)


def test_words_are_exchanged_under_their_marks() -> None:
    marked = {"runs": [run("ภายใน "), run("5 วัน", bold=True), run(" นี้")]}
    assert notation.spliced(marked, 6, 7, "๕") == {
        "runs": [run("ภายใน "), run("๕ วัน", bold=True), run(" นี้")]
    }
    assert notation.spliced("ภายใน 5 วัน", 6, 7, "๕") == "ภายใน ๕ วัน"
    assert notation.spliced({"runs": [run("ก", bold=True)]}, 0, 1, "") == ""
