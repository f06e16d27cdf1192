"""Our words for what the machine names by codes: rejections, states, events, kinds, levels.

Thai is written here; the English of the catalogue is in api/translations.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from engine.errors import Rejected

#: What a refusal means to the reader, and what to do. Codes come from engine and office.
REJECTIONS: Mapping[str, LazyString] = {
    "rejected": _("ทำรายการนี้ไม่ได้ในขณะนี้ เปิดหน้าใหม่เพื่อดูสถานะล่าสุด"),
    "not_found": _("ไม่พบสิ่งที่ท่านเปิด อาจถูกย้าย ถูกลบ หรือท่านไม่มีสิทธิ์เห็น"),
    "forbidden": _("ท่านไม่มีสิทธิ์ทำรายการนี้"),
    "not_candidate": _("งานนี้ไม่ได้มอบให้ท่าน"),
    "excluded": _("ท่านทำขั้นก่อนหน้านี้แล้ว ขั้นนี้ต้องให้ผู้อื่นทำ"),
    "task_not_open": _("งานนี้มีผู้ทำเสร็จหรือยกเลิกไปแล้ว ไม่มีอะไรเปลี่ยนจากการกดครั้งนี้"),
    "task_claimed_by_other": _("มีผู้อื่นรับงานนี้ไปแล้ว"),
    "return_not_allowed": _("เส้นทางนี้ส่งคืนไปขั้นนั้นไม่ได้"),
    "authorization_required": _("งานนี้ต้องลงนาม ใช้หน้าลงนามเพื่อดำเนินการ"),
    "no_authority": _("ท่านไม่มีอำนาจลงนามแทนตำแหน่งนี้ในขณะนี้ ตรวจสอบคำสั่งรักษาราชการแทน"),
    "stale": _("มีผู้แก้ไขก่อนท่าน สิ่งที่ท่านพิมพ์ยังอยู่ครบ"),
    "invalid": _("ข้อมูลบางช่องยังไม่ถูกต้อง"),
    "too_large": _("ไฟล์ใหญ่เกินที่กำหนด ยังไม่มีอะไรถูกบันทึก"),
    "too_many": _("ทำรายการถี่เกินไป รอสักครู่แล้วลองใหม่"),
    "unavailable": _("ระบบส่วนที่เกี่ยวข้องไม่ตอบในขณะนี้ ลองใหม่อีกครั้ง"),
    "secrecy_unavailable": _("ยังออกหนังสือชั้นความลับในระบบนี้ไม่ได้ ใช้ช่องทางของนายทะเบียนข้อมูลลับ"),
    "wrong_pin": _("รหัส PIN ไม่ถูกต้อง"),
    "wrong_code": _("รหัสไม่ถูกต้องหรือหมดอายุแล้ว"),
    "locked": _("ใส่รหัสผิดหลายครั้ง บัญชีถูกล็อกชั่วคราว"),
    "recall_too_late": _("ขั้นถัดไปเปิดอ่านแล้ว ดึงกลับไม่ได้ ขอให้ผู้ถือเรื่องส่งคืนแทน"),
}

INSTANCE_STATUS: Mapping[str, tuple[LazyString, str, str]] = {
    "active": (_("กำลังดำเนินการ"), "accent", "circle-dot"),
    "completed": (_("เสร็จแล้ว"), "ok", "check"),
    "cancelled": (_("ยกเลิกแล้ว"), "", "x"),
    "incident": (_("เหตุขัดข้อง"), "danger", "octagon-alert"),
}

ELEMENT_STATE: Mapping[str, tuple[LazyString, str, str]] = {
    "active": (_("กำลังทำ"), "accent", "circle-dot"),
    "completed": (_("เสร็จแล้ว"), "ok", "check"),
    "cancelled": (_("ยกเลิก"), "", "x"),
    "incident": (_("เหตุขัดข้อง"), "danger", "octagon-alert"),
    "future": (_("ยังไม่ถึง"), "line", ""),
}

TASK_STATE: Mapping[str, LazyString] = {
    "open": _("รอผู้รับ"),
    "claimed": _("มีผู้รับแล้ว"),
    "completed": _("เสร็จแล้ว"),
    "cancelled": _("ยกเลิก"),
}

KINDS: Mapping[str, LazyString] = {
    "EXT": _("หนังสือภายนอก"),
    "INT": _("บันทึกข้อความ"),
}

URGENCY: Mapping[int, LazyString] = {
    1: _("ปกติ"),
    2: _("ด่วน"),
    3: _("ด่วนมาก"),
    4: _("ด่วนที่สุด"),
}

#: the group headings of the inbox say what the level asks for
URGENCY_NOTE: Mapping[int, LazyString] = {4: _("ปฏิบัติทันทีที่ได้รับ")}

SECRECY: Mapping[int, LazyString] = {1: _("ปกติ"), 2: _("ลับ"), 3: _("ลับมาก"), 4: _("ลับที่สุด")}

VIEWS: Mapping[str, LazyString] = {
    "mine": _("งานของฉัน"),
    "claimable": _("รับได้"),
    "team": _("ของทีม"),
    "waiting": _("รอผู้อื่น"),
    "done": _("เสร็จแล้ว"),
}

SORTS: Mapping[str, LazyString] = {
    "urgency": _("ความเร่งด่วน"),
    "due": _("ครบกำหนด"),
    "new": _("มาใหม่"),
}

#: history event type: (icon, sentence); %(what)s is the step's name
EVENTS: Mapping[str, tuple[str, LazyString]] = {
    "instance.started": ("circle-play", _("เริ่มเรื่อง")),
    "instance.completed": ("check-check", _("เรื่องเสร็จสิ้น")),
    "instance.cancelled": ("x", _("ยกเลิกเรื่อง")),
    "task.created": ("user-round-plus", _("มอบงาน “%(what)s”")),
    "task.claimed": ("user-round-check", _("รับงาน “%(what)s”")),
    "task.unclaimed": ("undo-2", _("คืนงาน “%(what)s”")),
    "task.opened": ("eye", _("เปิดอ่าน “%(what)s”")),
    "task.completed": ("check", _("ทำ “%(what)s” เสร็จ")),
    "task.returned": ("undo-2", _("ส่งคืนแก้ไขจาก “%(what)s”")),
    "task.recalled": ("undo-dot", _("ดึงกลับ “%(what)s”")),
    "task.delegated": ("user-round-plus", _("มอบหมายต่อ “%(what)s”")),
    "task.reassigned": ("user-round-plus", _("มอบหมายใหม่ “%(what)s”")),
    "task.commented": ("messages-square", _("ให้ความเห็นใน “%(what)s”")),
    "task.cancelled": ("x", _("ยกเลิกงาน “%(what)s”")),
    "task.reminded": ("bell", _("เตือนงาน “%(what)s”")),
    "task.escalated": ("arrow-up", _("ยกระดับงาน “%(what)s”")),
    "job.completed": ("zap", _("ระบบทำ “%(what)s” เสร็จ")),
    "job.created": ("zap", _("ระบบเริ่ม “%(what)s”")),
    "timer.fired": ("timer", _("ครบเวลา “%(what)s”")),
    "message.received": ("mail", _("ได้รับข้อความ “%(what)s”")),
    "incident.raised": ("octagon-alert", _("เกิดเหตุขัดข้องที่ “%(what)s”")),
    "incident.resolved": ("wrench", _("แก้เหตุขัดข้องที่ “%(what)s”")),
}

#: outcomes that end a matter instead of passing it on, whatever the diagram calls them
ENDING = frozenset({"reject", "refuse", "not_approved", "disapprove", "close"})


def say(error: Rejected) -> str:
    """The refusal in the reader's language; a code without words of its own speaks generally."""
    found = REJECTIONS.get(error.code)
    return str(found) if found is not None else gettext("ทำรายการนี้ไม่ได้ในขณะนี้")
