"""The guide for process designers: what a diagram can say, as the running system knows it.

Elements and examples come from `bpmn/saraban.xsd`, rules from the linter, actions from the system:
the guide cannot say anything that is not so.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import render_template
from flask.typing import ResponseReturnValue
from lxml import etree

import bpmn
from api.pages.desk import actor, db, system
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.pages.rule_words import RULES, incident_in_words
from api.pages.site import site
from engine.runtime.lint.documented import Documented, documented
from office.connectors import queries as connectors
from office.foreseen.words import WARNINGS

_XS = "{http://www.w3.org/2001/XMLSchema}"
_OURS = "urn:saraban:bpmn:1.0"

#: what each element is for, in Thai; the schema's own words say it in English
ELEMENTS: Mapping[str, str] = {
    "title": "ชื่อเรื่องที่แสดงในรายการ คำนวณใหม่ทุกขั้น",
    "start": "ใครเริ่มเรื่องได้และใช้แบบฟอร์มใด หรือให้ระบบเริ่มเท่านั้น",
    "assignment": "ใครรับงานได้ ระบุได้หลายราย เป็นตำแหน่ง บทบาท หน่วย บุคคล ผู้เริ่มเรื่อง ผู้บังคับบัญชา "
    "ผู้ทำขั้นอื่น ค่าในตัวแปร หรือนิพจน์",
    "exclude": "ใครห้ามทำ แม้จะอยู่ในกลุ่มที่รับงานได้ ใช้แบ่งแยกหน้าที่",
    "form": "แบบฟอร์มที่กรอกในขั้นนี้",
    "hide": "ตัวแปรที่ผู้ทำขั้นนี้ไม่เห็น ทั้งในงาน ในเรื่อง และในประวัติ",
    "outcomes": "ปุ่มที่ใช้จบงาน ค่าที่เลือกเก็บเป็นตัวแปร",
    "outcome": "ปุ่มหนึ่งปุ่ม มีรหัส ชื่อไทย ชื่ออังกฤษ และบอกว่าต้องให้เหตุผลหรือไม่",
    "return": "ขั้นก่อนหน้าที่ส่งคืนไปแก้ไขได้ เส้นของผังเป็นผู้บอกทาง",
    "due": "กำหนดแล้วเสร็จ นับเวลาทำการ เว้นแต่จะบอกเป็นอย่างอื่น",
    "priority": "ชั้นความเร็ว 1 ปกติ ถึง 4 ด่วนที่สุด",
    "act": "การกระทำที่ต้องมีเมื่อจบงาน เช่น ลงนาม ยืนยันตัวตนอีกครั้ง หรือรับทราบ",
    "skip": "ผ่านขั้นเอง เมื่อผู้ที่ทำได้มีคนเดียว และเพิ่งทำขั้นก่อนหน้าหรือตอบแบบเดียวกันไว้แล้วในเรื่องนี้ "
    "ถ้าเรื่องถูกส่งคืน หรือผู้อื่นแก้ค่าหรือหนังสือหลังจากนั้น จะถามอีกครั้ง",
    "reminder": "เตือนเมื่อเวลาผ่านไปเท่าใดของเวลาถึงกำหนด",
    "escalation": "ใครได้งานเพิ่มเมื่อเลยกำหนด",
    "action": "งานที่ระบบทำ ระบุชื่อและข้อมูลที่ส่งให้",
    "decision": "ตารางตัดสินใจที่ใช้ และตัวแปรที่เก็บผล",
    "result": "ตัวแปรที่เก็บผลของสูตร",
    "correlation": "กุญแจที่จับคู่ข้อความกับเรื่อง ไม่ระบุหมายถึงเลขเรื่อง",
    "input": "ค่าที่ส่งให้การทำงาน กระบวนการที่เรียก หรือไปกับข้อความ",
    "output": "ค่าที่กระบวนการที่ถูกเรียกหรืองานของระบบส่งกลับ ระบุแล้วเก็บเฉพาะที่ระบุ",
    "working": "นับระยะเวลาของตัวจับเวลาเป็นเวลาทำการ",
}  # fmt: skip


#: a service task that calls another system; a test deploys it
CALLING = """\
<bpmn:serviceTask id="ask" name="ถามอัตราแลกเปลี่ยน">
  <bpmn:extensionElements>
    <saraban:action name="http.call">
      <saraban:input name="connector" value="rates"/>
      <saraban:input name="method" value="GET"/>
      <saraban:input name="path" value="/rates/{code}"/>
      <saraban:input name="parameters" value="={code: currency}"/>
      <saraban:input name="query" value="={on: string(today())}"/>
      <saraban:output name="rate" value="=body.rate"/>
      <saraban:output name="total" value="=body.rate * amount"/>
    </saraban:action>
  </bpmn:extensionElements>
</bpmn:serviceTask>
<bpmn:boundaryEvent id="unknown_currency" attachedToRef="ask">
  <bpmn:errorEventDefinition errorRef="not_found"/>
</bpmn:boundaryEvent>
<bpmn:error id="not_found" errorCode="http.404"/>"""
#: a form's field that takes files, beside a field that asks for one; a test reads it
FILES = """\
{"type": "default", "components": [
  {"type": "number", "key": "amount", "label": "วงเงิน (บาท)"},
  {"type": "filepicker", "key": "quotation", "label": "ใบเสนอราคา",
   "accept": ".pdf,.xlsx", "multiple": true, "validate": {"required": true}},
  {"type": "textfield", "key": "reason", "label": "เหตุผลที่มีใบเสนอราคาไม่ถึง 3 ใบ",
   "conditional": {"hide": "=count(quotation) >= 3"}}
]}"""
#: the BPMN errors of a call that has no status, each named like the incident
ERRORS = ("http_timeout", "http_unreachable", "http_untrusted", "http_address", "http_too_large",
          "http_answer", "http_input", "http_not_allowed", "http_secret")  # fmt: skip


#: what only a trial of cards warns of
OF_CARDS = frozenset({"no_process", "not_cards", "circle", "too_deep", "too_long", "not_chosen"})


def _warnings() -> Sequence[tuple[str, Sequence[str]]]:
    """What a play warns of, by its kind, in its very words."""
    kinds: Mapping[str, Sequence[str]] = {
        _("ไม่มีผู้ทำ หรือข้ามไป"): ("nobody", "left_out", "passed", "handed", "may_not_start",
                            "nobody_may_start"),
        _("ผู้ที่ลาอยู่"): ("away", "waits_person", "waits_post"),
        _("คนเดียวกัน"): ("starter", "same", "once", "own_stuck", "own_passed", "own_handed"),
        _("หน้าที่ที่ต้องแยกคน"): ("conflict", "conflict_if"),
        _("ชั้นความลับ"): ("uncleared", "nobody_cleared", "starter_uncleared"),
        _("การยืนยันตัวตน"): ("unprovable",),
        _("วันและกำหนดเวลา"): ("past", "past_by_then", "due_past", "due_past_by_then"),
        _("ขั้นที่ไม่มีเรื่องใดไปถึง"): ("way_never", "unreached"),
        _("ค่าที่ยังไม่มีหรือบอกไม่ได้"): ("field_empty", "unclear_who", "unclear_way", "unclear_table"),
    }  # fmt: skip
    english = language() == "en"
    return [
        (kind, [WARNINGS[code][english].replace("%s", "…") for code in codes])
        for kind, codes in kinds.items()
    ]


def _in_words(code: str) -> str:
    return incident_in_words(code) or code.removeprefix("http_").replace("_", " ")


@dataclass(frozen=True, slots=True)
class Attribute:
    name: str
    required: bool
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class Element:
    """`text` ends with where the element may stand; `example` is XML."""

    name: str
    thai: str
    text: str
    example: str
    attributes: Sequence[Attribute]


@site.get("/help/designer")
def designer_guide() -> ResponseReturnValue:
    free = (one for one in system().services.actions.values() if one.drawn and not one.route)
    known = sorted(free, key=lambda action: action.name)
    return render_template(
        "designer_guide.html",
        elements=elements(),
        actions=known,
        calling=CALLING,
        asking_files=FILES,
        warnings=_warnings(),
        reports=[(code, _in_words(code)) for code in ERRORS],
        connectors=[one for one in connectors.connectors(db(), actor().agency_id) if one.active],
        rules=_rules(),
        in_thai=RULES if language() == "th" else {},
    )


@lru_cache(maxsize=1)
def elements() -> Sequence[Element]:
    """In the order of the schema."""
    schema = etree.parse(bpmn.path() / "saraban.xsd").getroot()
    return [_element(one) for one in schema.findall(f"{_XS}element")]


def _element(declared: etree._Element) -> Element:
    name = declared.get("name", "")
    text = " ".join(declared.findtext(f".//{_XS}documentation", "").split())
    return Element(
        name, ELEMENTS[name], text, _example(declared), [*map(_attribute, _attributes(declared))]
    )


def _attributes(declared: etree._Element) -> Sequence[etree._Element]:
    return declared.findall(f"{_XS}complexType/{_XS}attribute")


def _attribute(declared: etree._Element) -> Attribute:
    values = [value.get("value", "") for value in declared.iter(f"{_XS}enumeration")]
    return Attribute(declared.get("name", ""), declared.get("use") == "required", values)


def _example(declared: etree._Element) -> str:
    """As one writes it: the prefix is declared once, at the top of a diagram."""
    (shown,) = [one for one in declared.iter() if one.tag.startswith(f"{{{_OURS}}}")][:1]
    etree.indent(shown)
    text = etree.tostring(shown, encoding="unicode", with_tail=False)
    for declaration in (f' xmlns:saraban="{_OURS}"', f' xmlns:xs="{_XS[1:-1]}"'):
        text = text.replace(declaration, "")
    return textwrap.dedent(text)


@lru_cache(maxsize=1)
def _rules() -> Sequence[Documented]:
    return list(documented())
