"""Typed values, and decisions that are asked with them."""

from __future__ import annotations

from datetime import date

import pytest
from support.dmn import decision, definitions, table
from support.feel import NOW

from office.modeling import trying
from office.modeling.deadline import Deadline


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [("5000", "number", 5000), ("ลาป่วย", "string", "ลาป่วย"), ('"ลาป่วย"', "", "ลาป่วย"),
     ("", "number", None), ("true", "", True), ("ลาป่วย กับ ลากิจ", "", "ลาป่วย กับ ลากิจ"),
     ('date("2026-01-31")', "date", date(2026, 1, 31)), ("[1, 2]", "", [1, 2])],
)  # fmt: skip
def test_a_typed_text_is_feel_or_itself(text: str, type_: str, value: object) -> None:
    assert trying.typed("x", text, type_, NOW) == value


def test_what_is_no_number_is_said_by_name() -> None:
    with pytest.raises(trying.Wrong) as wrong:
        trying.values({"amount": "5 บาท"}, {"amount": "number"}, NOW)
    assert wrong.value.name == "amount"


def test_a_decision_is_asked() -> None:
    files = {"t.dmn": definitions(decision("d", table(["a"], ["x"], [("< 5", '"น้อย"')]))), "b": b""}
    assert trying.decide(files, "d", {"a": 3}, now=NOW).value == "น้อย"
    none = trying.decide(files, "d", {"a": 7}, now=NOW)
    assert (none.value, none.error) == (None, "")
    assert none.notices
    assert trying.decide(files, "other", {}, now=NOW).error
    assert trying.decide({"t.dmn": b"<a"}, "d", {}, now=NOW).error


def test_typed_values_have_one_deadline_together() -> None:
    ticks = iter(range(100))
    texts = {f"v{n}": "1" for n in range(10)}
    with pytest.raises(trying.Wrong) as wrong:
        trying.values(texts, dict.fromkeys(texts, ""), NOW, Deadline(4, lambda: next(ticks)))
    assert (wrong.value.name, wrong.value.late) == ("v3", True)


def test_a_decision_has_what_time_is_left() -> None:
    much = table(["a"], ["x"], [("< 5", "count(for i in 1..2000 return i)")])
    files = {"t.dmn": definitions(decision("d", much))}
    assert trying.decide(files, "d", {"a": 3}, now=NOW).value == 2000
    assert trying.decide(files, "d", {"a": 3}, now=NOW, deadline=Deadline(0)).error
