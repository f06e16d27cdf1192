"""Words for findings of official style: what is wrong, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping

from api.pages.i18n import LazyText, gettext
from api.pages.i18n import lazy_gettext as _

RULES: Mapping[str, LazyText] = {
    "digits": _("หนังสือราชการใช้เลขไทย"),
    "date": _("เขียนวัน เดือน ปี เต็ม และใช้ปีพุทธศักราช"),
    "year": _("ใช้ปีพุทธศักราช"),
    "weekday": _("ชื่อวันไม่ตรงกับวันที่ ตรวจว่าสิ่งใดถูก"),
    "time": _("เวลาใช้จุดคั่น เช่น ๐๙.๓๐ น."),
    "number_space": _("เว้นวรรคระหว่างคำกับตัวเลข"),
    "sum": _("จำนวนเงินใส่จุลภาคคั่นหลักพัน"),
    "sum_words": _("จำนวนเงินที่เป็นตัวเลขกับตัวอักษรไม่ตรงกัน ตรวจว่าสิ่งใดถูก"),
    "repeat": _("เว้นวรรคหน้าและหลังไม้ยมก (ๆ)"),
    "etc": _("เว้นวรรคหน้าและหลังไปยาลใหญ่ (ฯลฯ)"),
    "cut": _("ไปยาลน้อย (ฯ) ติดคำหน้า และเว้นวรรคหลัง"),
    "wide": _("เว้นวรรคกว้างเกินไป หรือใช้แท็บ"),
    "letters": _("ใช้อักขระผิด เช่น เ สองตัวแทน แ ค้นหาคำนี้จะไม่พบ"),
    "name": _("เขียนชื่อหน่วยงาน ตำแหน่ง และคำย่อเป็นคำเต็ม"),
    "spelling": _("สะกดผิด"),
    "greeting_twice": _("ระบบพิมพ์คำขึ้นต้นให้แล้ว ไม่ต้องใส่หน้าชื่อผู้รับ"),
    "salutation": _("คำขึ้นต้นไม่ตรงกับผู้รับ ตามภาคผนวก ๒ ของระเบียบ"),
    "closing": _("คำลงท้ายไม่ตรงกับผู้รับ ตามภาคผนวก ๒ ของระเบียบ"),
    "closing_in_memo": _("บันทึกข้อความไม่มีคำลงท้าย"),
    "purpose": _("คำที่บอกความประสงค์ต้องเข้ากับคำขึ้นต้น"),
    "that": _("เว้นวรรคหน้า “นั้น” ที่จบเหตุของเรื่อง"),
    "no_reference": _("ข้อความกล่าวถึงเรื่องที่อ้างถึง แต่ช่องอ้างถึงยังว่าง"),
    "no_enclosure": _("ข้อความกล่าวถึงสิ่งที่ส่งมาด้วย แต่ช่องนั้นยังว่าง"),
}
_FIELDS: Mapping[str, LazyText] = {
    "subject": _("เรื่อง"),
    "to": _("ถึง"),
    "salutation": _("คำขึ้นต้น"),
    "closing": _("คำลงท้าย"),
    "address": _("ที่ตั้ง"),
    "refs": _("อ้างถึง"),
    "cc": _("สำเนาส่ง"),
    "attachments": _("สิ่งที่ส่งมาด้วย"),
    "contact": _("โทร."),
}


def rule(name: str) -> str:
    return str(RULES[name])


def place(path: str) -> str:
    """Where a finding stands, as the form names it."""
    name, _dot, rest = path.partition(".")
    if name == "paragraphs":
        return gettext("ย่อหน้าที่ %(number)s", number=int(rest) + 1)
    return str(_FIELDS[name])


def place_or_none(path: str) -> str | None:
    """The same of any field; None for one that the form has no name for."""
    try:
        return place(path)
    except (KeyError, ValueError):
        return None
