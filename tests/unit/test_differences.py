"""Two versions of a diagram in words: what was added, removed, changed, and only moved."""

from __future__ import annotations

import pytest

import bpmn
from office.modeling.differences import THERE, Change, compare
from office.modeling.rules import template

BEFORE = template("car", "ขอใช้รถ")


def changed(*pairs: tuple[str, str]):
    after = BEFORE
    for old, new in pairs:
        assert old in after
        after = after.replace(old, new)
    return compare(BEFORE.encode(), after.encode())


def test_the_same_is_the_same():
    letter = (bpmn.path() / "drafting" / "official-letter.bpmn").read_bytes()
    found = compare(letter, letter)
    assert (found.differences, found.moved) == ([], 0)


@pytest.mark.parametrize(
    ("old", "new", "element", "change"),
    [
        ('name="ดำเนินการ"', 'name="ตรวจ"', "work", Change("name", "ดำเนินการ", "ตรวจ")),
        ('kind="starter"', 'kind="role" value="clerk"', "work",
         Change("saraban:assignment", "kind=starter", "kind=role value=clerk")),
        ('sourceRef="work"', 'sourceRef="begin"', "to_end", Change("sourceRef", "work", "begin")),
        ('targetRef="end" />', 'targetRef="end"><bpmn:conditionExpression>=a &gt; 1'
         "</bpmn:conditionExpression></bpmn:sequenceFlow>", "to_end",
         Change("conditionExpression", "", "=a > 1")),
        ('name="เสร็จ">', 'name="เสร็จ"><bpmn:terminateEventDefinition id="t"/>', "end",
         Change("terminateEventDefinition", "", THERE)),
    ],
)  # fmt: skip
def test_a_change_is_told_at_its_element(old: str, new: str, element: str, change: Change):
    found = changed((old, new))
    (one,) = found.differences
    assert (one.verb, one.id, one.changes) == ("changed", element, [change])


def test_another_kind_is_a_change():
    found = changed(("bpmn:userTask", "bpmn:manualTask"))
    (one,) = found.differences
    assert one.changes == [Change("kind", "userTask", "manualTask")]


def test_what_comes_and_goes():
    other = BEFORE.replace('id="work" name="ดำเนินการ"', 'id="look" name="ตรวจ"')
    found = compare(BEFORE.encode(), other.encode())
    told = [(one.verb, one.id, one.name) for one in found.differences]
    assert told == [("added", "look", "ตรวจ"), ("removed", "work", "ดำเนินการ")]
    assert Change("saraban:assignment", "", "kind=starter") in found.differences[0].changes


def test_what_was_only_moved_is_counted():
    found = changed(('x="260" y="80"', 'x="300" y="80"'), ('x="380" y="120"', 'x="420" y="120"'))
    assert (found.differences, found.moved) == ([], 2)


def test_a_way_without_a_name_is_known_by_its_ends():
    found = changed(('name="ดำเนินการ"', ""))
    assert found.names["to_end"] == "work → เสร็จ"


def test_what_has_no_name_is_known_by_what_stands_around_it():
    xml = BEFORE.replace('name="ดำเนินการ"', "")

    def names(xml: str):
        return compare(xml.encode(), xml.encode(), lambda *told: " ".join(told)).names

    assert names(xml)["work"] == "userTask behind เริ่ม"
    assert names(xml)["to_end"] == "userTask behind เริ่ม → เสร็จ"
    assert names(xml.replace('name="เริ่ม"', ""))["begin"] == "startEvent before เสร็จ"
