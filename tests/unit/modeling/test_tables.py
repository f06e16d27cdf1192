"""Rules written back into a decision model: what was not changed is not touched."""

from __future__ import annotations

import pytest
from lxml import etree

from engine import dmn
from engine.errors import Invalid
from office.modeling import blank, tables
from office.modeling.tables import Rule

NAME, SOURCE = blank.file("decision", "วงเงิน & ผู้อนุมัติ", "approver")


def test_a_new_model_is_sound_and_draws_itself() -> None:
    assert NAME == "approver.dmn"
    assert dmn.check({NAME: SOURCE}) == []
    assert b"DMNShape" in SOURCE
    (drawn,) = tables.decisions(SOURCE)
    assert (drawn.id, drawn.name) == ("approver", "วงเงิน & ผู้อนุมัติ")
    assert drawn.table is not None
    assert [one.says for one in drawn.table.inputs] == ["amount"]


def test_rules_are_changed_added_moved_and_taken_away() -> None:
    (old,) = tables.decisions(SOURCE)[0].table.rules
    first = Rule("", ["< 5000"], ['"หัวหน้า"'], "ข้อใหม่")
    kept = Rule(old.id, [">= 5000"], ['"ผู้อำนวยการ"'])
    made = tables.with_rules(SOURCE, "approver", "FIRST", [first, kept])
    (drawn,) = tables.decisions(made)
    assert drawn.table.policy == "FIRST"
    assert [(one.tests, one.results, one.note) for one in drawn.table.rules] == [
        (["< 5000"], ['"หัวหน้า"'], "ข้อใหม่"), ([">= 5000"], ['"ผู้อำนวยการ"'], ""),
    ]  # fmt: skip
    assert drawn.table.rules[1].id == old.id
    assert dmn.check({NAME: made}) == []
    less = tables.with_rules(made, "approver", "FIRST", drawn.table.rules[:1])
    assert len(tables.decisions(less)[0].table.rules) == 1


def test_what_is_not_changed_stays_byte_for_byte() -> None:
    (drawn,) = tables.decisions(SOURCE)
    same = tables.with_rules(SOURCE, "approver", "UNIQUE", drawn.table.rules)
    assert etree.tostring(etree.fromstring(same), method="c14n") == etree.tostring(
        etree.fromstring(SOURCE), method="c14n"
    )


@pytest.mark.parametrize(
    ("decision", "policy", "rule"),
    [
        ("other", "UNIQUE", Rule("", ["1"], ["1"])),
        ("approver", "BEST", Rule("", ["1"], ["1"])),
        ("approver", "UNIQUE", Rule("", ["1", "2"], ["1"])),
        ("approver", "UNIQUE", Rule("", ["1" * 4001], ["1"])),
    ],
)
def test_what_cannot_be_so_is_refused(decision: str, policy: str, rule: Rule) -> None:
    with pytest.raises(Invalid):
        tables.with_rules(SOURCE, decision, policy, [rule])


def test_a_file_that_cannot_be_read_has_no_decisions() -> None:
    assert tables.decisions(b"<a") == []
    with pytest.raises(Invalid):
        tables.with_rules(b"<a", "x", "UNIQUE", [])


@pytest.mark.parametrize(("kind", "name", "key"), [("a", "b", ""), ("form", " ", ""),
                                                    ("form", "ก", "A b")])  # fmt: skip
def test_a_new_file_has_a_name_and_a_code(kind: str, name: str, key: str) -> None:
    with pytest.raises(Invalid):
        blank.file(kind, name, key)


def test_a_new_form_is_sound() -> None:
    from forms.stored import StoredForms

    file, source = blank.file("form", "ใบลา", "")
    assert file.endswith(".form.json")
    assert StoredForms().check(file, source) == []
    assert list(StoredForms().keys(source)) == ["note"]


def test_rules_without_ids_are_not_doubled_and_keep_what_they_carry() -> None:
    root = etree.fromstring(SOURCE)
    (rule,) = root.iterfind(".//{*}rule")
    table = rule.getparent()
    copy = etree.fromstring(etree.tostring(rule))
    table.append(copy)
    for one, note in ((rule, "first"), (copy, "second")):
        del one.attrib["id"]
        entry = etree.SubElement(one, f"{{{etree.QName(one).namespace}}}annotationEntry")
        etree.SubElement(entry, f"{{{etree.QName(one).namespace}}}text").text = note
    source = etree.tostring(root)
    (drawn,) = tables.decisions(source)
    made = etree.fromstring(tables.with_rules(source, "approver", "UNIQUE", drawn.table.rules))
    assert len(made.findall(".//{*}rule")) == 2
    notes = [one.text for one in made.iterfind(".//{*}annotationEntry/{*}text")]
    assert notes == ["first", "second"]
