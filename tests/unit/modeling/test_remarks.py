"""Comments that a canvas does not know come back at their elements."""

from __future__ import annotations

import re

import pytest
from lxml import etree

import bpmn
from engine.errors import Invalid
from office.modeling.remarks import MOST, Moved, carried

BEFORE = """<?xml version="1.0" encoding="UTF-8"?>
<?look at="me"?>
<!-- ก่อนทั้งหมด -->
<definitions id="d">
  <!-- กระบวนการ -->
  <process id="p">
    <task id="a" name="x > y">
      <!-- ใน a -->
      <documentation>คำ<!-- กลาง -->อธิบาย</documentation>
    </task>
    <!-- b -->
    <!-- b อีกข้อ -->
    <task id="b" />
    <task id="c"><!-- c ว่าง --></task>
    <!-- ท้าย p -->
  </process>
</definitions>
<!-- หลังทั้งหมด -->"""
#: as a canvas writes it: in another order, without comments
AFTER = """<?xml version="1.0" encoding="UTF-8"?>
<definitions id="d">
  <process id="p">
    <task id="b" />
    <task id="c" /><task id="new" />
    <task id="a" name="x > y">
      <documentation>คำอธิบาย</documentation>
    </task>
  </process>
</definitions>
"""


def test_each_stands_at_its_element_again_and_nothing_else_is_touched() -> None:
    text, moved = carried(BEFORE, AFTER)
    assert list(moved) == []
    assert (
        text
        == """<?xml version="1.0" encoding="UTF-8"?>
<?look at="me"?>
<!-- ก่อนทั้งหมด -->
<definitions id="d">
  <!-- กระบวนการ -->
  <process id="p">
    <!-- b -->
    <!-- b อีกข้อ -->
    <task id="b" />
    <task id="c"><!-- c ว่าง --></task>
    <!-- ท้าย p --><task id="new" />
    <task id="a" name="x > y">
      <!-- ใน a -->
      <documentation><!-- กลาง -->คำอธิบาย</documentation>
    </task>
  </process>
</definitions>
<!-- หลังทั้งหมด -->
"""
    )
    assert carried(text, text) == (text, [])
    assert carried(BEFORE, text)[0] == text


def test_what_lost_its_element_stands_around_it_and_is_told() -> None:
    less = re.sub(r'    <task id="[ab]".*?(?:/>|</task>)\n', "", AFTER, flags=re.DOTALL)
    text, moved = carried(BEFORE, less)
    assert moved == [
        Moved("ใน a", "a", "p"), Moved("กลาง", "a", "p"), Moved("b", "b", "p"),
        Moved("b อีกข้อ", "b", "p"),
    ]  # fmt: skip
    held = etree.fromstring(text.encode()).find("process")
    assert [one.text.strip() for one in held if one.tag is etree.Comment] == [
        "ท้าย p", "ใน a", "กลาง", "b", "b อีกข้อ",
    ]  # fmt: skip


@pytest.mark.parametrize("file", sorted(bpmn.path().rglob("*.bpmn")), ids=lambda file: file.name)
def test_a_comment_before_each_element_of_each_process_comes_back(file) -> None:
    plain = file.read_text("utf-8")
    told = re.sub(r"\n(\s*)<(\w[\w:]*)", r"\n\1<!-- \2 --> <?look \2?>\n\1<\2", plain.rstrip())
    assert told != plain
    text, moved = carried(told, plain)
    assert (text.split(), list(moved)) == (told.split(), [])


def _remarked(many: int) -> str:
    return AFTER.replace('<task id="c" />', '<task id="c" />' + "\n<!-- อีก -->" * many)


def test_as_many_as_may_be_come_back_and_one_more_is_told_by_its_line() -> None:
    text, moved = carried(_remarked(MOST), AFTER)
    assert (text.count("<!-- อีก -->"), list(moved)) == (MOST, [])
    with pytest.raises(Invalid) as refused:
        carried(_remarked(MOST + 1), AFTER)
    assert [(one.path, one.code) for one in refused.value.errors] == [("xml", "too_many_comments")]
    assert "line 2,006 has one more" in refused.value.message
