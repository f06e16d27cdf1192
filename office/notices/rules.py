"""What people are told about, and the words of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: kind -> (Thai, English): what stands before the task's name.
KINDS: Mapping[str, tuple[str, str]] = {
    "task": ("งานใหม่", "New task"),
    "returned": ("ส่งคืนแก้ไข", "Returned for changes"),
    "acknowledge": ("โปรดทราบ", "For your information"),
    "reminder": ("ใกล้ครบกำหนด", "Due soon"),
    "escalation": ("เลยกำหนด", "Overdue"),
    "assigned": ("มอบหมายให้ท่าน", "Assigned to you"),
    "withdrawn": ("ไม่ต้องพิจารณาแล้ว", "No longer asked"),
    "changed": ("งานเปลี่ยนตามกระบวนการรุ่นใหม่", "Changed by another version of the process"),
    "incident": (
        "มีเรื่องติดขัดในกระบวนการที่ท่านดูแล",
        "Something is stuck in a process that you look after",
    ),
    "remark": ("ข้อสังเกตในร่าง", "Remark on a draft"),
    "security": ("ความปลอดภัยของบัญชี", "Security of your account"),
    "withdrawal": ("ผลการขอถอนหนังสือ", "Withdrawal decided"),
    "seal": ("โปรดดูแลตราอิเล็กทรอนิกส์ของหน่วยงาน", "The agency's seal needs attention"),
    "certificate": ("ใบรับรองลงนามใกล้หมดอายุ", "Signing certificate ends soon"),
}

#: Why a task was made (engine.events.TaskCreated.because) -> the kind of notice.
BECAUSE: Mapping[str, str] = {
    "new": "task",
    "returned": "returned",
    "acknowledge": "acknowledge",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """How someone wants to be told about one kind."""

    in_page: bool = True
    by_mail: bool = True
