"""The mail that a notice becomes, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from office.notices.rules import KINDS

_URGENCY: Mapping[int, tuple[str, str]] = {
    2: ("ด่วน", "Urgent"),
    3: ("ด่วนมาก", "Very urgent"),
    4: ("ด่วนที่สุด", "Most urgent"),
}
_MONTHS = (
    ("ม.ค.", "Jan"), ("ก.พ.", "Feb"), ("มี.ค.", "Mar"), ("เม.ย.", "Apr"), ("พ.ค.", "May"),
    ("มิ.ย.", "Jun"), ("ก.ค.", "Jul"), ("ส.ค.", "Aug"), ("ก.ย.", "Sep"), ("ต.ค.", "Oct"),
    ("พ.ย.", "Nov"), ("ธ.ค.", "Dec"),
)  # fmt: skip
_BUDDHIST_ERA = 543


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that a mail about a task says."""

    kind: str
    task_name: str
    title: str
    reason: str
    actor_name: str
    priority: int
    due_at: datetime | None
    url: str
    settings_url: str


def subject(told: Told, language: str) -> str:
    """Such as: [ด่วนมาก] งานใหม่: ตรวจ – ขอเชิญเป็นวิทยากร…"""
    place = _place(language)
    urgency = _URGENCY.get(told.priority)
    head = f"[{urgency[place]}] " if urgency else ""
    tail = f" – {told.title}" if told.title else ""
    name = f": {told.task_name}" if told.task_name else ""
    return f"{head}{KINDS[told.kind][place]}{name}{tail}"


def body(told: Told, language: str, zone: ZoneInfo) -> str:
    """Plain text: what, until when, why, where. Nothing of the document itself."""
    place = _place(language)
    due = when(told.due_at, language, zone) if told.due_at else ""
    facts = (
        (("เรื่อง", "Subject"), told.title),
        (("งาน", "Task"), told.task_name),
        (("ครบกำหนด", "Due"), due),
        (("จาก", "From"), told.actor_name),
        (("เหตุผล", "Reason"), told.reason),
    )
    lines = [f"{label[place]}: {text}" for label, text in facts if text]
    settings = ("เลือกวิธีรับการแจ้งเตือน", "Choose how to be told")[place]
    return "\n".join(
        [
            KINDS[told.kind][place],
            "",
            *lines,
            "",
            told.url,
            "",
            "--",
            f"{settings}: {told.settings_url}",
            "",
        ]
    )


def when(moment: datetime, language: str, zone: ZoneInfo) -> str:
    """Such as: 23 พ.ย. 2569 16:30 น., or 23 Nov 2026 16:30."""
    local = moment.astimezone(zone)
    place = _place(language)
    year = local.year + (_BUDDHIST_ERA if place == 0 else 0)
    suffix = " น." if place == 0 else ""
    return f"{local.day} {_MONTHS[local.month - 1][place]} {year} {local:%H:%M}{suffix}"


def _place(language: str) -> int:
    return 1 if language == "en" else 0
