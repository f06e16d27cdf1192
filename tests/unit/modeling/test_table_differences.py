"""What decision tables of two versions say differently: rule by rule."""

from __future__ import annotations

from dataclasses import replace

from support.matrices import APPROVALS, DIRECTOR, HEAD

from office.chains.matrix import file_name, table
from office.chains.model import Cell, Matrix
from office.modeling.table_differences import TableChange, compare_tables

(WHOSE,) = APPROVALS.steps
assert isinstance(WHOSE, Matrix)
FILE = file_name(APPROVALS, WHOSE)


def files(step: Matrix) -> dict[str, bytes]:
    return {FILE: table(APPROVALS, step), "matrix.bpmn": b"no table"}


def changed(step: Matrix) -> list[TableChange]:
    (found,) = compare_tables(files(WHOSE), files(step))
    assert (found.verb, found.file, found.id, found.name) == (
        "changed", FILE, "whose", "อำนาจอนุมัติ"
    )  # fmt: skip
    return [*found.changes]


def test_the_same_table_has_no_differences():
    assert compare_tables(files(WHOSE), files(WHOSE)) == []


def test_a_changed_rule_is_told_as_it_was_and_is():
    rules = list(WHOSE.rules)
    rules[1] = replace(rules[1], cells=(Cell(high="150000"), *rules[1].cells[1:]))
    assert changed(replace(WHOSE, rules=tuple(rules))) == [
        TableChange(
            "rule", 2, f'วงเงิน (บาท) <= 100000 → "{HEAD}"', f'วงเงิน (บาท) <= 150000 → "{HEAD}"'
        )
    ]


def test_rules_that_came_and_went_are_told_by_their_number():
    gone = changed(replace(WHOSE, rules=WHOSE.rules[1:]))
    assert [(one.number, one.after) for one in gone] == [(1, "")]
    assert gone[0].before.endswith('→ "คอมพิวเตอร์ต้องผ่านผู้ดูแล" (ข้อ 9)')
    come = changed(replace(WHOSE, rules=(*WHOSE.rules, WHOSE.rules[2])))
    told = f'วงเงิน (บาท) (100000..500000] → "{DIRECTOR}"'
    assert come == [TableChange("rule", 7, "", told)]


def test_the_hit_policy_and_the_columns_are_told():
    narrow = tuple(replace(rule, cells=rule.cells[:2]) for rule in WHOSE.rules)
    found = changed(replace(WHOSE, hit="all", columns=WHOSE.columns[:2], rules=narrow))
    assert TableChange("policy", 0, "FIRST", "COLLECT") in found
    assert any(one.what == "inputs" for one in found)


def test_a_table_that_is_new_or_gone_is_told_whole():
    (new,) = compare_tables({}, files(WHOSE))
    (old,) = compare_tables(files(WHOSE), {})
    assert (new.verb, old.verb) == ("added", "removed")
    assert len([one for one in new.changes if one.what == "rule"]) == len(WHOSE.rules)
