"""Lines are weighed together: none is torn, none is too long, nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.samples import samples

from signing.fonts import built_in
from signing.render.lines import Run, Seen, lines, tokens

WIDTH, INDENT = 453.5, 70.9
built_in()  # read once, before any test is timed
WORDS = st.sampled_from(["การ", "ปฏิบัติ", "ราชการ", "ที่", "น้ำ", " ", "๑๒", "e-Office", "(", ")", "ๆ"])


def run(text: str, *, bold: bool = False) -> Run:
    face = built_in().bold if bold else built_in().regular
    return Run(text, face, 16)


def broken(text: str, width: float = WIDTH, indent: float = INDENT) -> list[str]:
    return [line.text for line in lines(tokens([run(text)]), width, indent)]


@given(st.lists(WORDS, max_size=60).map("".join), st.floats(30, 500))
def test_every_letter_is_set_once_and_in_order(text: str, width: float) -> None:
    joined = "".join(broken(text, width, 0))
    assert joined.replace(" ", "") == text.replace(" ", "")


@given(st.lists(WORDS, min_size=1, max_size=60).map("".join))
def test_no_line_is_longer_than_its_column(text: str) -> None:
    for number, line in enumerate(lines(tokens([run(text)]), WIDTH, INDENT)):
        assert line.width <= WIDTH - (INDENT if number == 0 else 0) + 0.01


def test_lines_that_were_seen_are_the_same_and_not_set_again() -> None:
    seen, one, other = Seen(100), [run("การปฏิบัติราชการ " * 5)], [run("ที่ " * 9, bold=True)]
    made = seen.lines(one, WIDTH, INDENT, spread=True)
    assert made == lines(tokens(one), WIDTH, INDENT)
    assert seen.lines(list(one), WIDTH, INDENT, spread=True) is made
    assert seen.lines(one, WIDTH, 0, spread=True) is not made, "other measures, other lines"
    for _ in range(2):
        assert seen.lines(other, WIDTH, INDENT, spread=True) == lines(tokens(other), WIDTH, INDENT)
    assert seen.lines(one, WIDTH, INDENT, spread=True) is not made, "it holds a hundred letters"


def test_official_prose_fills_its_lines() -> None:
    """Of all lines but the last of each paragraph, most can be spread to the margin."""
    full, short = 0, []
    for document in samples():
        for text in document["paragraphs"]:
            for number, line in enumerate(lines(tokens([run(text)]), WIDTH, INDENT)):
                slack = WIDTH - (0 if number else INDENT) - line.width
                if slack <= line.stretch:
                    full += 1
                elif not line.last:
                    short.append((slack - line.stretch, line.text))
    assert full >= 40
    assert len(short) <= full / 7, short


def test_text_is_broken_the_same_across_bold_runs() -> None:
    """Where a line may end is asked of the whole paragraph, not of each run."""
    text = "สำนักงานปลัดกระทรวงตัวอย่าง"
    whole = [token.text for token in tokens([run(text)]) if token.breakable]
    parts = tokens([run(text[:9]), run(text[9:])])
    at, ends = 0, []
    for token in parts:
        at += len(token.text)
        if token.breakable:
            ends.append(at)
    cut = [text[one:other] for one, other in zip([0, *ends], ends, strict=False)]
    assert cut == whole


def test_an_address_longer_than_the_column_is_cut_between_letters() -> None:
    address = "https://verify.example.go.th/" + "0123456789" * 12
    found = broken(address, 200, 0)
    assert len(found) > 3
    assert "".join(found) == address


def test_short_lines_end_at_spaces_where_they_can() -> None:
    address = "๙๙ ถนนตัวอย่าง แขวงสาธิต เขตทดสอบ กรุงเทพมหานคร ๑๐๙๙๙"
    found = [line.text for line in lines(tokens([run(address)]), 170, spread=False)]
    assert found == ["๙๙ ถนนตัวอย่าง แขวงสาธิต", "เขตทดสอบ กรุงเทพมหานคร ๑๐๙๙๙"]


@pytest.mark.parametrize(
    ("width", "spread", "expected"),
    [
        (182, True, ["โปรดมอบหมายเจ้าหน้าที่ตรวจสอบ", "หลักฐานให้ถูกต้องครบถ้วน"]),
        (90, False, ["โปรดมอบหมาย", "เจ้าหน้าที่ตรวจสอบ", "หลักฐานให้ถูกต้อง", "ครบถ้วน"]),
    ],
)
def test_lines_end_between_words_rather_than_inside_compounds(
    width: float, spread: bool, expected: list[str]
) -> None:
    """Where the cost of dividing were nothing, หลัก|ฐาน and ครบ|ถ้วน would be divided here."""
    found = tokens([run("โปรดมอบหมายเจ้าหน้าที่ตรวจสอบหลักฐานให้ถูกต้องครบถ้วน")])
    assert [line.text for line in lines(found, width, spread=spread)] == expected


def test_nothing_gives_no_lines() -> None:
    assert lines(tokens([run("")]), WIDTH) == []
