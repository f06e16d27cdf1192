"""Why a file is no emblem, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from api.pages.i18n import LazyText
from api.pages.i18n import lazy_gettext as _

#: by `UnusableEmblem.reason`
EMBLEM_REFUSALS: Mapping[str, LazyText] = {
    "empty": _("เลือกไฟล์ตราก่อน"),
    "too_large": _("ไฟล์ใหญ่เกินไป SVG ไม่เกิน 1 MB ไฟล์อื่นไม่เกิน 5 MB และ 25 ล้านจุด"),
    "too_much": _("ไฟล์นี้ซับซ้อนเกินไป ลดจำนวนรูปทรงหรือบันทึกเป็น PNG"),
    "script": _("ไฟล์ SVG มีสคริปต์ บันทึกใหม่เป็น Plain SVG"),
    "reference": _("ไฟล์ SVG อ้างถึงสิ่งที่อยู่นอกรูป บันทึกใหม่เป็น Plain SVG"),
    "element": _("ไฟล์ SVG มีส่วนที่ไม่ใช่รูปทรง แปลงตัวอักษรและรูปเป็นเส้น แล้วบันทึกเป็น Plain SVG"),
    "transform": _("ไฟล์ SVG มีกลุ่มที่เลื่อนหรือหมุน แยกกลุ่มก่อนบันทึก"),
    "paint": _("ไฟล์ SVG มีรูปทรงสีขาว โปร่งใส หรือซ่อนอยู่ ซึ่งพิมพ์ตามนั้นไม่ได้ ลบออกหรือบันทึกเป็น PNG"),
    "stroke": _("ไฟล์ SVG มีเส้นที่ลากไว้ แปลงเส้นเป็นรูปทรงก่อนบันทึก หรือบันทึกเป็น PNG"),
    "rule": _("ไฟล์ SVG มีรูปทรงที่เจาะช่องแบบ evenodd รวมรูปทรงใหม่ก่อนบันทึก หรือบันทึกเป็น PNG"),
    "colours": _("ไฟล์ SVG มีหลายสี ซึ่งจะกลายเป็นสีดำทั้งหมด ใช้สีเดียวหรือบันทึกเป็น PNG"),
    "doctype": _("ไฟล์ SVG มี DOCTYPE ลบบรรทัดนั้นออก"),
    "not_xml": _("ไฟล์ SVG อ่านไม่ได้ บันทึกใหม่"),
    "nothing": _("ไฟล์นี้ไม่มีรูปทรงให้พิมพ์"),
    "pages": _("ไฟล์ PDF ต้องมีหน้าเดียว"),
    "encrypted": _("ไฟล์ PDF มีรหัสผ่าน บันทึกใหม่โดยไม่ใส่รหัส"),
    "active": _("ไฟล์ PDF มีสคริปต์ ไฟล์แนบ หรือแบบฟอร์ม พิมพ์เป็น PDF ใหม่"),
    "unreadable": _("อ่านไฟล์นี้เป็น SVG, PDF, PNG หรือ JPEG ไม่ได้"),
}
