"""What forms of two versions say differently: field by field."""

from __future__ import annotations

from typing import Any

import pytest

from engine import jsonio
from office.modeling.differences import THERE
from office.modeling.form_differences import FieldChange, compare_forms

FILE = "leave.form.json"
KIND = {
    "type": "select", "id": "f2", "key": "kind", "label": "ประเภท",
    "values": [{"value": "sick", "label": "ลาป่วย"}, {"value": "own", "label": "ลากิจ"}],
}  # fmt: skip
DAYS = {"type": "number", "id": "f3", "key": "days", "label": "จำนวนวัน", "validate": {"max": 30}}
WHY = {"type": "textarea", "id": "f4", "key": "why", "label": "เหตุผล"}
FORM = [{"type": "text", "id": "f1", "text": "กรอกให้ครบ"}, KIND, DAYS, WHY]


def files(*components: dict[str, Any]) -> dict[str, bytes]:
    return {FILE: jsonio.dumps({"components": list(components)}).encode(), "leave.dmn": b"<a/>"}


def changed(*components: dict[str, Any]) -> list[FieldChange]:
    (found,) = compare_forms(files(*FORM), files(*components))
    assert (found.verb, found.file) == ("changed", FILE)
    return [*found.changes]


def test_the_same_fields_in_another_writing_have_no_differences():
    spaced = jsonio.dumps({"schemaVersion": 18, "components": FORM}).encode()
    assert compare_forms(files(*FORM), {FILE: spaced + b"\n"}) == []


def test_fields_come_and_go():
    more = {"type": "checkbox", "id": "f9", "key": "sure", "label": "ยืนยัน"}
    assert changed(*FORM, more) == [FieldChange("added", "ยืนยัน", "field", "", "check")]
    assert changed(*FORM[:3]) == [FieldChange("removed", "เหตุผล", "field", "lines", "")]


@pytest.mark.parametrize(
    ("at", "told", "what", "before", "after"),
    [
        (3, {"label": "สาเหตุ"}, "label", "เหตุผล", "สาเหตุ"),
        (3, {"type": "textfield"}, "kind", "lines", "line"),
        (3, {"validate": {"required": True}}, "required", "", THERE),
        (3, {"validate": {"maxLength": 80}}, "longest", "", "80"),
        (3, {"conditional": {"hide": "=days < 3"}}, "hide", "", "=days < 3"),
        (3, {"readonly": "=days > 9"}, "read_only", "", "=days > 9"),
        (3, {"key": "reason"}, "key", "why", "reason"),
        (3, {"defaultValue": "–"}, "default", "", "–"),
        (2, {"validate": {"max": 60}}, "most", "30", "60"),
        (2, {"validate": {"max": "=left"}}, "most", "30", "=left"),
        (1, {"values": [*KIND["values"][1:], {"value": "sick", "label": "ป่วย"}]}, "options",
         "sick = ลาป่วย", "sick = ป่วย"),
        (1, {"values": KIND["values"][::-1]}, "options", "sick = ลาป่วย, own = ลากิจ",
         "own = ลากิจ, sick = ลาป่วย"),
        (0, {"text": "กรอก"}, "text", "กรอกให้ครบ", "กรอก"),
    ],
)  # fmt: skip
def test_a_change_is_told_at_its_field(at: int, told: dict, what: str, before: str, after: str):
    now = [{**one, **told} if n == at else one for n, one in enumerate(FORM)]
    name = now[at].get("label") or now[at].get("text")
    assert changed(*now) == [FieldChange("changed", name, what, before, after)]


def test_a_field_that_stands_elsewhere_is_told_by_what_it_stands_behind():
    now = [WHY, *FORM[:3]]
    assert changed(*now) == [FieldChange("changed", "เหตุผล", "order", "จำนวนวัน", "")]


def test_a_field_that_came_before_others_moves_none_of_them():
    first = {"type": "textfield", "id": "f0", "key": "who", "label": "ผู้ลา"}
    assert [one.what for one in changed(first, *FORM)] == ["field"]


def test_a_group_around_a_field_is_told():
    group = {"type": "group", "id": "g", "label": "รายละเอียด", "components": [WHY]}
    assert changed(*FORM[:3], group) == [
        FieldChange("added", "รายละเอียด", "field", "", "group"),
        FieldChange("changed", "เหตุผล", "group", "", "รายละเอียด"),
    ]


def test_what_has_no_id_is_known_by_what_it_shows():
    note = {"type": "text", "text": "หมายเหตุ"}
    found = compare_forms(files(note, WHY), files(DAYS, note, WHY))
    assert [(one.field, one.what) for one in found[0].changes] == [("จำนวนวัน", "field")]


def test_a_form_that_is_new_or_gone_is_told_with_its_fields():
    (new,) = compare_forms({}, files(*FORM))
    (old,) = compare_forms(files(*FORM), {})
    assert (new.verb, old.verb) == ("added", "removed")
    assert [one.field for one in old.changes] == ["กรอกให้ครบ", "ประเภท", "จำนวนวัน", "เหตุผล"]


@pytest.mark.parametrize("broken", [b"{", b'{"components": [{"type": "table"}]}'])
def test_a_form_that_cannot_be_read_is_told_as_that(broken: bytes):
    (found,) = compare_forms(files(*FORM), {FILE: broken})
    assert [one.what for one in found.changes] == ["unreadable"]
    assert compare_forms({FILE: broken}, {FILE: broken}) == []
