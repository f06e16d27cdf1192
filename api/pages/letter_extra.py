"""The fields that only some kinds have: read from a posted form, and shown in one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from api.pages.i18n import LazyText
from api.pages.i18n import lazy_gettext as _
from office.documents.kinds import KINDS, Extra, Form

LABELS: Mapping[str, LazyText] = {
    "source": _("ได้รับจาก"),
    "received": _("ได้รับเมื่อวันที่"),
    "notify": _("ผู้ที่ต้องแจ้ง"),
    "edition": _("ฉบับที่"),
    "issue": _("ฉบับที่"),
    "meeting": _("ครั้งที่"),
    "meeting_date": _("วันที่ประชุม"),
    "start": _("เริ่มประชุมเวลา"),
    "venue": _("สถานที่ประชุม"),
    "recorder": _("ผู้จดรายงานการประชุม"),
    "present": _("ผู้มาประชุม"),
    "absent": _("ผู้ไม่มาประชุม"),
    "attendees": _("ผู้เข้าร่วมประชุม"),
}
HINTS: Mapping[str, LazyText] = {
    "source": _("ส่วนราชการ หน่วยงาน หรือบุคคลที่ส่งเอกสารมา"),
    "notify": _("บรรทัดละหนึ่งตำแหน่งหรือหน่วยงาน จะได้รับสำเนาเมื่อลงนาม"),
    "edition": _("เว้นว่างถ้าเป็นฉบับแรก ปี พ.ศ. ใส่ให้เมื่อลงนาม"),
    "meeting": _("เช่น 1/2569"),
    "present": _("บรรทัดละหนึ่งคน คั่นด้วย | เช่น นางสาวสมหญิง รักงานดี | รองปลัดกระทรวง | ประธานกรรมการ"),
    "absent": _("บรรทัดละหนึ่งคน คั่นด้วย | ชื่อ | ตำแหน่ง | เหตุที่ไม่มา"),
    "attendees": _("บรรทัดละหนึ่งคน คั่นด้วย | ชื่อ | ตำแหน่ง"),
}


class _Fields(Protocol):
    def get(self, key: str) -> str: ...


def read(posted: _Fields, kind: str) -> dict[str, Any]:
    """The kind's own part of `extra`; a field that the form left out is not in it."""
    shape = KINDS.get(kind)
    extras = shape.extras if shape else ()
    return {one.name: _value(one, posted.get(f"extra.{one.name}")) for one in extras}


def _value(field: Extra, text: str) -> Any:
    if field.form is Form.LINES:
        return _lines(text)
    if field.form is Form.PEOPLE:
        return [_person(line, field.part or "role") for line in _lines(text)]
    return text.strip() or None


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _person(line: str, part: str) -> dict[str, str | None]:
    name, position, rest = (*(cell.strip() for cell in line.split("|", 2)), "", "")[:3]
    return {"name": name, "position": position or None, part: rest or None}


def values(extra: Mapping[str, Any], kind: str) -> dict[str, str]:
    """Text for each field of the form."""
    shape = KINDS.get(kind)
    return {one.name: _shown(one, extra.get(one.name)) for one in (shape.extras if shape else ())}


def _shown(field: Extra, value: Any) -> str:
    if field.form is Form.LINES:
        return "\n".join(value or ())
    if field.form is Form.PEOPLE:
        return "\n".join(_line(person, field.part or "role") for person in value or ())
    return value or ""


def _line(person: Mapping[str, Any], part: str) -> str:
    cells = [person.get(name) or "" for name in ("name", "position", part)]
    return " | ".join(cells).rstrip(" |")
