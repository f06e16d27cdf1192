"""Differences between two versions in the reader's language: of the diagram, its decision tables,
its forms and its tests, all in one shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.pages import designer_words
from api.pages.i18n import gettext as _
from office.modeling import cases
from office.modeling.case_differences import CaseChange, CaseDifference, compare_cases
from office.modeling.differences import THERE, Change, Difference, Verb, compare
from office.modeling.form_differences import (
    UNREADABLE,
    WHOLE,
    FieldChange,
    FormDifference,
    compare_forms,
)
from office.modeling.table_differences import TableChange, TableDifference, compare_tables

#: facts whose values are ids of elements
_REFS = frozenset({"sourceRef", "targetRef", "default", "attachedToRef"})
#: facts of a field that hold or do not
_TRUTHS = frozenset({"required", "read_only", "not_past"})


@dataclass(frozen=True, slots=True)
class Fact:
    """`what`: its own name; `at`: which rule, field, variable or answer, where there are many."""

    what: str
    at: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Said:
    """`fact` as the comparison has it; the rest in words, empty where it says nothing."""

    fact: Fact
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """`kind`: a BPMN name, or decision, form, test; `id`: of the element or decision; `file`: of
    what does not stand on the diagram; `title` and `called`: what people call it, and its kind.
    """

    verb: Verb
    kind: str
    id: str
    title: str
    called: str
    changes: Sequence[Said]
    file: str = ""


@dataclass(frozen=True, slots=True)
class Tale:
    """All that is told; `moved`: how many elements are only drawn elsewhere."""

    differences: Sequence[Told]
    moved: int


@dataclass(frozen=True, slots=True)
class Version:
    """A diagram and what is deployed with it, by file name."""

    xml: bytes
    files: Mapping[str, bytes]


def tell(before: Version, after: Version) -> Tale:
    """The diagram first, then what stands beside it."""
    found = compare(before.xml, after.xml, _unnamed)
    tables = compare_tables(before.files, after.files)
    forms = compare_forms(before.files, after.files)
    tests = compare_cases(before.files, after.files)
    file = cases.file_of(after.files) or cases.file_of(before.files) or ""
    told = [
        *(_element(one, found.names) for one in found.differences),
        *map(_table, tables),
        *map(_form, forms),
        *(_test(one, found.names, file) for one in tests),
    ]
    return Tale(told, found.moved)


def verbs() -> Mapping[Verb, str]:
    return {"added": _("เพิ่ม"), "changed": _("เปลี่ยน"), "removed": _("เอาออก")}


# ---- the diagram


def _element(found: Difference, names: Mapping[str, str]) -> Told:
    called = _kind(found.kind)
    changes = [_fact(one, names) for one in found.changes]
    title = found.name or names.get(found.id) or called
    return Told(found.verb, found.kind, found.id, title, called, changes)


def _unnamed(kind: str, side: str, name: str) -> str:
    if side == "behind":
        return _("%(kind)s หลัง “%(name)s”", kind=_kind(kind), name=name)
    return _("%(kind)s ก่อน “%(name)s”", kind=_kind(kind), name=name)


def _kind(kind: str) -> str:
    return designer_words.kinds().get(kind, kind)


def _fact(change: Change, names: Mapping[str, str]) -> Said:
    label = designer_words.facts().get(change.what, change.what)
    return Said(Fact(change.what, "", change.before, change.after), label, *(
        _kind(text) if change.what == "kind" else
        (names.get(text) or text) if change.what in _REFS else text
        for text in (change.before, change.after)
    ))  # fmt: skip


# ---- decision tables


def _table(found: TableDifference) -> Told:
    changes = [_ruled(one) for one in found.changes]
    called = _("ตารางตัดสินใจ")
    return Told(found.verb, "decision", found.id, found.name or called, called, changes, found.file)


def _ruled(change: TableChange) -> Said:
    said = {
        "policy": _("เมื่อตรงหลายข้อ"), "inputs": _("ตารางดูช่องใด"), "outputs": _("ผลที่ตอบ"),
        "text": _("นิพจน์ FEEL"),
    }  # fmt: skip
    label = said.get(change.what) or _("กฎข้อ %(n)s", n=change.number)
    at = str(change.number or "")
    fact = Fact(change.what, at, change.before, change.after)
    return Said(fact, label, change.before, change.after)


# ---- forms


def _form(found: FormDifference) -> Told:
    changes = [_field(one) for one in found.changes]
    return Told(found.verb, "form", "", found.file, _("แบบฟอร์ม"), changes, found.file)


def _field(change: FieldChange) -> Said:
    fact = Fact(change.what, change.field, change.before, change.after)
    if change.what == UNREADABLE:
        return Said(fact, _("อ่านไฟล์ไม่ได้ จึงบอกไม่ได้ว่าต่างกันที่ช่องใด"), "", "")
    before, after = (_value(change.what, one) for one in (change.before, change.after))
    return Said(fact, _labelled(change), before, after)


def _labelled(change: FieldChange) -> str:
    if change.what != WHOLE:
        return _("“%(field)s” %(fact)s", field=change.field, fact=field_facts()[change.what])
    if change.verb == "added":
        return _("เพิ่มช่อง “%(field)s”", field=change.field)
    return _("เอาช่อง “%(field)s” ออก", field=change.field)


def _value(what: str, text: str) -> str:
    if what in ("kind", WHOLE):
        return field_kinds().get(text, text)
    if what == "order":
        return _("ต่อจาก “%(field)s”", field=text) if text else _("ต้นแบบฟอร์ม")
    if what in _TRUTHS and text in ("", THERE):
        return _("ใช่") if text else _("ไม่ใช่")
    if what == "looks_like":
        return {"email": _("อีเมล"), "phone": _("โทรศัพท์")}.get(text, text)
    return text


def field_kinds() -> Mapping[str, str]:
    """What a field shows, by the kind that `forms.definition` gives it."""
    return {
        "line": _("ข้อความบรรทัดเดียว"),
        "lines": _("ข้อความหลายบรรทัด"),
        "number": _("ตัวเลข"),
        "date": _("วันที่"),
        "check": _("ช่องเลือก"),
        "radio": _("เลือกข้อเดียว"),
        "select": _("เลือกจากรายการ"),
        "checks": _("เลือกได้หลายข้อ"),
        "tags": _("เลือกหลายป้าย"),
        "person": _("บุคคล"),
        "people": _("บุคคลหลายคน"),
        "unit": _("หน่วยงาน"),
        "attachment": _("ไฟล์แนบ (ข้อความ)"),
        "files": _("ไฟล์แนบ"),
        "citizen": _("เลขประจำตัวประชาชน"),
        "note": _("ข้อความอธิบาย"),
        "group": _("กลุ่มช่อง"),
        "rule": _("เส้นคั่น"),
    }


def field_facts() -> Mapping[str, str]:
    """What a field says, by the name that `office.modeling.form_differences` gives it."""
    return {
        "kind": _("ชนิด"),
        "key": _("ชื่อตัวแปร"),
        "label": _("ชื่อช่อง"),
        "text": _("ข้อความ"),
        "description": _("คำอธิบายช่อง"),
        "group": _("อยู่ในกลุ่ม"),
        "order": _("ลำดับ"),
        "required": _("ต้องกรอก"),
        "read_only": _("อ่านอย่างเดียว"),
        "hide": _("ซ่อนเมื่อ"),
        "default": _("ค่าเริ่ม"),
        "least": _("ค่าน้อยที่สุด"),
        "most": _("ค่ามากที่สุด"),
        "shortest": _("ยาวอย่างน้อย"),
        "longest": _("ยาวไม่เกิน"),
        "pattern": _("รูปแบบที่ต้องตรง"),
        "looks_like": _("ต้องเป็น"),
        "decimals": _("ทศนิยม"),
        "not_past": _("ไม่รับวันที่ผ่านมาแล้ว"),
        "options": _("ตัวเลือก"),
        "options_from": _("ตัวแปรที่มีตัวเลือก"),
        "columns": _("จำนวนคอลัมน์"),
        "prefix": _("คำนำหน้า"),
        "suffix": _("คำต่อท้าย"),
        "properties": _("คุณสมบัติเพิ่มเติม"),
    }


# ---- tests


def _test(found: CaseDifference, names: Mapping[str, str], file: str) -> Told:
    changes = [_asked(one, names) for one in found.changes]
    called = _("ชุดทดสอบ")
    return Told(found.verb, "test", "", found.name or called, called, changes, file)


def _asked(change: CaseChange, names: Mapping[str, str]) -> Said:
    at = {"at": change.at}
    label = {
        "decision": _("ทดสอบอะไร"),
        "starter": _("ผู้เริ่มเรื่อง"),
        "start": _("ค่าเริ่ม %(at)s", **at),
        "answer": _("คำตอบที่ %(at)s", **at),
        "path": _("ต้องผ่านตามลำดับ"),
        "end": _("จบหรือรอที่"),
        "value": _("%(at)s ต้องได้", **at),
        "unreadable": _("อ่านไฟล์ไม่ได้ จึงบอกไม่ได้ว่าต่างกันที่ข้อใด"),
    }[change.what]
    before, after = (_met(change.what, one, names) for one in (change.before, change.after))
    return Said(Fact(change.what, change.at, change.before, change.after), label, before, after)


def _met(what: str, text: str, names: Mapping[str, str]) -> str:
    if what not in ("path", "end"):
        return text
    return " → ".join(names.get(one) or one for one in text.split())
