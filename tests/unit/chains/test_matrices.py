"""The approval matrix: written as a decision model, read back, judged, tried."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from support.matrices import ANY, APPROVALS, DIRECTOR, FIELDS, HEAD, KIT, approve

from engine import dmn
from engine.runtime import load_bundle
from forms.stored import StoredForms
from office.chains import editing, rules, words
from office.chains.compose import compose
from office.chains.errors import NotComposable
from office.chains.matrix import editing as table
from office.chains.matrix import file_name, remarks, written
from office.chains.matrix import words as matrix_words
from office.chains.matrix.telling import rule_told
from office.chains.model import Branch, Cell, Chain, Field, Matrix, Rule, Who
from office.chains.reading import read
from office.chains.stored import dump, load
from office.chains.trying import Trial
from office.modeling import tables
from office.modeling.cases import Answer, Case
from office.modeling.testing import Laboratory

START = {"amount": "5", "kind": '"งาน"', "day": '"2026-12-08"', "hurry": "false"}
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

(WHOSE,) = APPROVALS.steps
assert isinstance(WHOSE, Matrix)
FILES = compose(APPROVALS)
FILE = file_name(APPROVALS, WHOSE)


def changed(file: str, pattern: str, by: str) -> dict[str, bytes]:
    text, times = re.subn(pattern, by, FILES[file].decode(), count=1, flags=re.DOTALL)
    assert times == 1, pattern
    return FILES | {file: text.encode()}


def matrix_of(chain: Chain) -> Matrix:
    (found,) = chain.steps
    assert isinstance(found, Matrix)
    return found


# ---- written and read


def test_the_table_is_a_decision_that_says_what_the_rules_say():
    assert dmn.check({FILE: FILES[FILE]}) == []
    (drawn,) = tables.decisions(FILES[FILE])
    assert (drawn.id, drawn.name) == ("whose", "อำนาจอนุมัติ")
    found = drawn.table
    assert found is not None
    assert [(one.label, one.says, one.type) for one in found.inputs] == [
        ("วงเงิน (บาท)", "amount", "number"), ("ชนิด", "kind", "string"),
        ("วันที่ต้องใช้", "day", "date"), ("ด่วน", "hurry", "boolean"),
    ]  # fmt: skip
    assert (found.policy, found.rules[0].note) == ("FIRST", "ข้อ 9")
    assert [*found.rules[2].tests, *found.rules[2].results] == [
        "(100000..500000]", "-", "-", "-", f'"{DIRECTOR}"'
    ]  # fmt: skip


def test_what_was_composed_and_stored_opens_as_it_was():
    assert read(FILES, "matrix") == APPROVALS
    assert load(dump(APPROVALS)) == APPROVALS
    every = replace(APPROVALS, steps=(KIT,))
    assert read(compose(every), "matrix") == every


@pytest.mark.parametrize(
    ("pattern", "by", "number", "cells"),
    [
        (r"&lt;= 100000<", "&lt;=50000.50<", 1, Cell(high="50000.50")),
        (r"\(100000\.\.500000\]", "]100000 .. 250000]", 2, Cell("100000", "250000")),
        (r">&gt; 500000<", "><", 5, ANY),
    ],
)
def test_rules_may_be_changed_in_the_designer(pattern: str, by: str, number: int, cells: Cell):
    last = pattern.startswith(">")
    text = FILES[FILE].decode()
    at = text.rindex("&gt; 500000<") - 1 if last else re.search(pattern, text).start()
    files = FILES | {FILE: (text[:at] + re.sub(pattern, by, text[at:], count=1)).encode()}
    assert matrix_of(read(files, "matrix")).rules[number].cells[0] == cells


def test_a_rule_may_be_added_taken_away_and_moved_in_the_designer():
    (drawn,) = tables.decisions(FILES[FILE])
    assert drawn.table is not None
    before = list(drawn.table.rules)
    new = tables.Rule("", ["> 1", '"งาน"', "-", "true"], [f'"{HEAD}"'], "ใหม่")
    source = tables.with_rules(FILES[FILE], "whose", "UNIQUE", [new, before[2], before[1]])
    found = matrix_of(read(FILES | {FILE: source}, "matrix"))
    cells = (Cell("1"), Cell(values=("งาน",)), ANY, Cell(values=("true",)))
    assert found.rules == (Rule(cells, HEAD, "ใหม่"), WHOSE.rules[2], WHOSE.rules[1])
    assert found.hit == "unique"


@pytest.mark.parametrize(
    ("pattern", "by", "why", "detail"),
    [
        (r"&lt;= 100000<", "&gt;= 100000<", "rule", "2"),
        (r"&lt;= 100000<", "&lt;= ๑๐๐๐๐๐<", "rule", "2"),
        (r'<text>"คอมพิวเตอร์"<', "<text>upper case(?)<", "rule", "1"),
        (r"<text>null<", '<text>"a" + "b"<', "rule", "6"),
        (r'hitPolicy="FIRST"', 'hitPolicy="ANY"', "table", "ANY"),
        (r"<text>amount<", "<text>amount * 2<", "table", "amount * 2"),
        (r'typeRef="number"', 'typeRef="string"', "table", "amount"),
        (r'name="whose_way"', 'name="other"', "table", "other"),
        (r"<decision ", '<inputData id="i" name="amount"/><decision ', "table", "inputData"),
        (r'<decision id="whose"', '<decision id="else"', "table", "whose"),
    ],
)  # fmt: skip
def test_what_cards_cannot_say_is_named_with_its_rule(pattern: str, by: str, why: str, detail: str):
    with pytest.raises(NotComposable) as refused:
        read(changed(FILE, pattern, by), "matrix")
    assert (refused.value.element, refused.value.why, refused.value.detail) == (
        "whose", why, detail
    )  # fmt: skip
    assert why in words.WHY


@pytest.mark.parametrize(
    ("pattern", "by", "element", "why"),
    [
        (r"whose_way = \"หัวหน้า\"", "amount = 5", None, None),
        (r'<exclusiveGateway id="x_whose"(.*?)</exclusiveGateway>',
         r'<parallelGateway id="x_whose"\1</parallelGateway>', "whose", "matrix"),
        (r'ref="whose"', 'ref="none"', "whose", "table"),
        (r'resultVariable="whose_way"', 'resultVariable="x"', "whose", "differs"),
    ],
)  # fmt: skip
def test_the_diagram_around_the_table_keeps_to_its_pattern(
    pattern: str, by: str, element: str | None, why: str | None
):
    files = changed("matrix.bpmn", pattern, by)
    if element is None:  # it opens, and the composer names the way that no rule can name
        assert [one.code for one in rules.faults(read(files, "matrix"))] == ["matrix_ways"]
        return
    with pytest.raises(NotComposable) as refused:
        read(files, "matrix")
    assert (refused.value.element, refused.value.why) == (element, why)


def test_a_decision_that_no_card_uses_is_not_lost_in_silence():
    with pytest.raises(NotComposable) as refused:
        read(FILES | {"other.dmn": FILES[FILE]}, "matrix")
    assert (refused.value.element, refused.value.why) == ("other.dmn", "file")


def test_a_way_may_be_renamed_in_the_designer():
    found = matrix_of(read(changed("matrix.bpmn", f'name="{HEAD}"', 'name="ผู้ช่วย"'), "matrix"))
    assert found.branches[0].label == "ผู้ช่วย"
    assert found.rules == WHOSE.rules
    assert faults(found) == [("matrix_named", "ผู้ช่วย")]
    again = table.relabelled(found, [one.label for one in found.branches], "first")
    assert again.rules[1].way == "ผู้ช่วย"
    assert faults(again) == []


# ---- judged


def faults(step: Matrix, fields: tuple[Field, ...] = FIELDS) -> list[tuple[str, str]]:
    found = rules.faults(replace(APPROVALS, steps=(step,), fields=fields))
    assert all(one.code in words.FAULTS for one in found)
    return [(one.code, one.detail) for one in found]


def unique(*cells: Cell) -> Matrix:
    made = table.relabelled(KIT, [one.label for one in KIT.branches], "unique")
    return replace(made, rules=tuple(Rule((one, ANY), HEAD) for one in cells))


def called(*labels: str) -> Matrix:
    return table.relabelled(KIT, labels, "all")


def of_days(cell: Cell) -> Matrix:
    return replace(KIT, columns=("day",), rules=(Rule((cell,), HEAD),))


def test_a_sound_table_has_no_faults():
    assert faults(WHOSE) == []
    assert faults(of_days(Cell("2026-01-01"))) == []
    assert faults(unique(Cell(high="5"), Cell("5"))) == []


@pytest.mark.parametrize(
    ("step", "code", "detail"),
    [
        (replace(KIT, rules=()), "matrix_rules", ""),
        (replace(KIT, columns=()), "matrix_columns", ""),
        (replace(KIT, columns=("gone", "kind")), "field_unknown", "gone"),
        (unique(Cell("9", "5")), "matrix_cell", "1"),
        (unique(Cell(high="5"), Cell("ห้า")), "matrix_cell", "2"),
        (unique(Cell("๑๐๐")), "matrix_cell", "1"),
        (of_days(Cell("20260101")), "matrix_cell", "1"),
        (of_days(Cell(high="2026-W01-1")), "matrix_cell", "1"),
        (of_days(Cell("๒๐๒๖-01-01")), "matrix_cell", "1"),
        (of_days(Cell("2026-02-30")), "matrix_cell", "1"),
        (replace(KIT, rules=(Rule((ANY, Cell(values=("บ้าน",))), HEAD),)), "matrix_cell", "1"),
        (replace(KIT, rules=(Rule((ANY, ANY), "ใคร"),)), "matrix_way", "1"),
        (replace(KIT, rules=(Rule((ANY, ANY), ""),)), "matrix_last", "1"),
        (replace(KIT, branches=(Branch("ก", (), "true"), Branch("ข"))), "matrix_ways", ""),
        (called(HEAD, HEAD, "ค", "ง"), "matrix_ways", ""),
        (called(HEAD, " ", "ค", "ง"), "matrix_ways", ""),
        (called(HEAD, "ข", "ค", HEAD), "matrix_ways", ""),
        (called(HEAD, "ข", "ค", ""), "matrix_ways", ""),
        (unique(Cell(high="5"), Cell("4")), "matrix_overlap", "1 – 2: วงเงิน (บาท) > 4 ≤ 5"),
    ],
)  # fmt: skip
def test_what_keeps_a_table_from_running_is_told(step: Matrix, code: str, detail: str):
    assert (code, detail) in faults(step)


def test_a_field_that_may_be_empty_makes_no_column():
    loose = (replace(FIELDS[0], required=False), *FIELDS[1:])
    assert ("optional", "วงเงิน (บาท)") in faults(KIT, loose)


def test_no_field_has_the_name_of_the_answer():
    clash = (*FIELDS, Field("kit_way", "ทาง"))
    assert [code for code, _detail in faults(KIT, clash)] == ["field_key"]


def test_gaps_rules_never_used_and_ways_never_named_are_remarked():
    step = replace(
        WHOSE, rules=(Rule((Cell("5"), ANY, ANY, ANY), HEAD), Rule((Cell("9"), *[ANY] * 3), HEAD))
    )
    chain = replace(APPROVALS, steps=(step,))
    found = [(code, detail) for _where, code, detail in remarks(step, chain)]
    assert found == [
        ("matrix_gap", "วงเงิน (บาท) ≤ 5"), ("matrix_hidden", "2"),
        ("matrix_unused", DIRECTOR), ("matrix_unused", "คอมพิวเตอร์ต้องผ่านผู้ดูแล"),
    ]  # fmt: skip
    assert {code for code, _detail in found} == set(matrix_words.REMARKS)
    assert list(remarks(WHOSE, APPROVALS)) == []


# ---- tried


class Office:
    """Everybody is there, and nobody is anybody's superior."""

    def superior(self, username: str, level: int) -> None:
        return None

    def found(self, who: Who, starter: str) -> Sequence[str]:
        return []

    def starters(self, process: str) -> Sequence[str]:
        return ()

    def able(self, principals: Sequence[str]) -> frozenset[str]:
        return frozenset(one.partition(":")[2] for one in principals)

    def cleared(self, usernames: Sequence[str], secrecy: int) -> frozenset[str]:
        return frozenset(usernames)

    def provable(self, usernames: Sequence[str]) -> frozenset[str]:
        return frozenset(usernames)

    def away(self) -> Mapping[str, date]:
        return {}

    def acting(self, username: str) -> Sequence[str]:
        return ()


def met(chain: Chain, **values: Any) -> tuple[Any, ...]:
    given = {"amount": 5, "kind": "งาน", "day": None, "hurry": False, **values}
    first, *others = Trial(chain, "faem", given, NOW, Office()).way()
    return first.rules, first.taken, [one.step.id for one in others]


def test_a_trial_tells_the_rule_that_holds_and_who_gets_it():
    assert met(APPROVALS) == ((2,), HEAD, ["head"])
    assert met(APPROVALS, amount=250_000) == ((3,), DIRECTOR, ["director"])
    assert met(APPROVALS, amount=900_000) == ((6,), "ปลัด", ["top"])
    every = replace(APPROVALS, steps=(KIT,))
    both = ((1, 3), f"{HEAD}, คอมพิวเตอร์ต้องผ่านผู้ดูแล", ["head", "computers"])
    assert met(every, kind="คอมพิวเตอร์") == both
    assert met(every, amount=900_000) == ((), "ปลัด", ["top"])


def test_rules_are_told_in_signs():
    assert rule_told(WHOSE, WHOSE.rules[4], APPROVALS) == (
        "วงเงิน (บาท) > 500,000, วันที่ต้องใช้ ≥ 2027-01-01 ≤ 2027-03-01"
    )
    assert rule_told(WHOSE, WHOSE.rules[5], APPROVALS) == "วงเงิน (บาท) > 500,000"


# ---- edited


def test_a_new_card_looks_at_the_amounts_and_kinds_of_the_form():
    made = editing.new_step(APPROVALS, "matrix")
    assert isinstance(made, Matrix)
    assert made.columns == ("amount", "kind")
    assert faults(made) == [("matrix_rules", "")]


def test_ways_come_and_go_with_what_names_them():
    grown = table.add_way(KIT, HEAD, (approve("extra"),))
    assert [one.label for one in grown.branches[-2:]] == [f"{HEAD} 2", "ปลัด"]
    assert faults(grown) == []
    shrunk = table.remove_way(grown, 0)
    assert faults(shrunk) == [("matrix_way", "1")]
    assert table.remove_way(replace(KIT, branches=KIT.branches[-2:]), 0).branches == (
        KIT.branches[-2:]
    )  # fmt: skip


def test_rules_keep_what_they_ask_when_columns_change():
    wider = table.with_columns(KIT, ["hurry", "amount", "kind"])
    assert wider.rules[0].cells == (ANY, Cell(high="100000"), ANY)
    moved = table.move_rule(table.remove_rule(KIT, 0), 0, 1)
    assert moved.rules == (KIT.rules[2], KIT.rules[1])
    assert table.move_rule(KIT, 0, -1) == KIT


@pytest.mark.parametrize("text", ['ผอ. "ก"', "ปลัด \\ รอง", "<&>"])
def test_choices_and_ways_may_hold_any_sign(text: str):
    field = Field("kind", "ชนิด", "choice", options=(text, "อื่น"))
    assert written(Cell(values=(text,)), field)
    made = table.relabelled(KIT, [text, "ข", "ค", "ง"], "all")
    rule = Rule((ANY, Cell(values=(text,))), text)
    chain = replace(
        APPROVALS, steps=(replace(made, rules=(rule,)),), fields=(FIELDS[0], field, *FIELDS[2:])
    )
    assert rules.faults(chain) == []
    assert read(compose(chain), "matrix") == chain


def test_a_models_own_tests_run_on_it():
    report = Laboratory(load_bundle(FILES), "matrix", StoredForms(), NOW).run([
        Case("ตาราง", "whose", START, values={"result": f'"{HEAD}"'}),
        Case("ทาง", start=START, answers=(Answer("head", "approve"),)),
    ])  # fmt: skip
    assert [one.failures for one in report.outcomes] == [[], []]
    assert report.hits == {("whose", 2): 2}
