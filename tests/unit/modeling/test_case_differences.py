"""What tests of two versions ask differently: test by test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from office.modeling import cases
from office.modeling.case_differences import CaseChange, compare_cases
from office.modeling.cases import Answer, Case

SMALL = Case(
    "วงเงินน้อย", start={"amount": "7000"}, answers=[Answer("head", "agree"), Answer("pay")],
    path=["head", "pay"], end="done", values={"paid": "true"},
)  # fmt: skip


def files(*tests: Case) -> Mapping[str, bytes]:
    return {"car.tests.json": cases.write(tests), "car.bpmn": b"<a/>"}


def changed(now: Case) -> list[CaseChange]:
    (found,) = compare_cases(files(SMALL), files(now))
    assert (found.verb, found.name) == ("changed", "วงเงินน้อย")
    return [*found.changes]


def test_the_same_tests_have_no_differences():
    spaced = {"car.tests.json": cases.write([SMALL]) + b"\n"}
    assert compare_cases(files(SMALL), spaced) == []


@pytest.mark.parametrize(
    ("told", "change"),
    [
        ({"decision": "who"}, CaseChange("decision", "", "", "who")),
        ({"start": {"amount": "9000"}}, CaseChange("start", "amount", "7000", "9000")),
        ({"answers": [Answer("head", "refuse"), Answer("pay")]},
         CaseChange("answer", "1", "head agree", "head refuse")),
        ({"answers": [Answer("head", "agree")]}, CaseChange("answer", "2", "pay", "")),
        ({"answers": [Answer("head", "agree", {"a": "1"}), Answer("pay")]},
         CaseChange("answer", "1", "head agree", "head agree; a = 1")),
        ({"path": ["head"]}, CaseChange("path", "", "head pay", "head")),
        ({"end": "refused"}, CaseChange("end", "", "done", "refused")),
        ({"values": {}}, CaseChange("value", "paid", "true", "")),
    ],
)  # fmt: skip
def test_a_change_is_told_at_its_test(told: dict, change: CaseChange):
    assert changed(replace(SMALL, **told)) == [change]


def test_tests_come_and_go():
    other = replace(SMALL, name="วงเงินมาก", start={"amount": "900000"})
    (new,) = compare_cases(files(SMALL), files(SMALL, other))
    (old,) = compare_cases(files(SMALL, other), files(SMALL))
    assert [(one.verb, one.name) for one in (new, old)] == [
        ("added", "วงเงินมาก"), ("removed", "วงเงินมาก")
    ]  # fmt: skip
    assert CaseChange("start", "amount", "", "900000") in new.changes
    assert compare_cases({}, files(SMALL))[0].verb == "added"


def test_of_two_with_one_name_the_order_tells_them_apart():
    again = replace(SMALL, end="refused")
    (found,) = compare_cases(files(SMALL, SMALL), files(again, SMALL))
    assert found.changes == [CaseChange("end", "", "done", "refused")]


def test_tests_that_cannot_be_read_are_told_as_that():
    (found,) = compare_cases(files(SMALL), {"car.tests.json": b"{"})
    assert ([one.what for one in found.changes], found.name) == (["unreadable"], "")
