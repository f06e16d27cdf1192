"""The matters of an administrator: where each is, and which right opens it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.desk import actor
from api.pages.i18n import LazyText
from api.pages.i18n import lazy_gettext as _
from engine.actor import STEWARD


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    url: str
    icon: str
    title: LazyText
    text: LazyText
    #: any of these opens it
    rights: Sequence[str]


SECTIONS: Sequence[Section] = (
    Section(
        "agencies",
        "/admin/agencies",
        "building",
        _("หน่วยงานในระบบ"),
        _("หน่วยงานทั้งหมดของการติดตั้งนี้ ตั้งหน่วยงานใหม่ และเชิญผู้ดูแลคนแรก"),
        (STEWARD,),
    ),
    Section(
        "agency",
        "/admin/agency",
        "settings-2",
        _("ข้อมูลหน่วยงาน"),
        _("ชื่อ เขตเวลา และวิธียืนยันตัวตนเมื่อลงนามของหน่วยงานนี้"),
        ("people", "accounts"),
    ),
    Section(
        "units",
        "/admin/units",
        "building",
        _("หน่วยและตำแหน่ง"),
        _("ผังหน่วยงาน ตำแหน่งในแต่ละหน่วย ผู้ดำรงตำแหน่ง และการส่งมอบ"),
        ("people",),
    ),
    Section(
        "committees",
        "/admin/committees",
        "users-round",
        _("คณะกรรมการ"),
        _("คณะกรรมการ กรรมการ และวาระของแต่ละคน"),
        ("people",),
    ),
    Section(
        "roles",
        "/admin/roles",
        "key-round",
        _("บทบาทและสิทธิ"),
        _("บทบาทให้สิทธิใดบ้าง และใครได้รับ"),
        ("people",),
    ),
    Section(
        "people",
        "/people",
        "contact-round",
        _("คนและบัญชี"),
        _("ชื่อ ตำแหน่ง บทบาท การเข้าสู่ระบบ และการพ้นหน้าที่ของแต่ละคน"),
        ("people", "accounts"),
    ),
    Section(
        "clearances",
        "/admin/clearances",
        "lock",
        _("ชั้นความลับของคน"),
        _("ใครได้รับอนุญาตให้เข้าถึงหนังสือลับและลับมาก ตามคำสั่งใด"),
        ("people", "audit"),
    ),
    Section(
        "secret-letters",
        "/admin/secret-letters",
        "lock",
        _("หนังสือชั้นความลับ"),
        _("หน่วยงานรับหนังสือชั้นลับและลับมากเข้าระบบหรือไม่ และต้องทำสิ่งใดเอง"),
        ("people", "audit"),
    ),
    Section(
        "sign-in",
        "/admin/sign-in",
        "log-in",
        _("การเข้าสู่ระบบ"),
        _("ใครต้องยืนยันตัวตนขั้นที่สอง และผู้ให้บริการยืนยันตัวตน (OpenID Connect) ที่ใช้เข้าได้"),
        ("accounts",),
    ),
    Section(
        "tokens",
        "/admin/tokens",
        "key-round",
        _("โทเค็นของ API"),
        _("โทเค็นที่ยังใช้ได้ของคนและระบบอื่น ใช้ล่าสุดเมื่อไร และการยกเลิก"),
        ("accounts",),
    ),
    Section(
        "acting",
        "/admin/acting",
        "user-round-check",
        _("คำสั่งรักษาการ"),
        _("ใครทำแทนตำแหน่งใด ตามคำสั่งใด ช่วงใด และในเรื่องใด"),
        ("people",),
    ),
    Section(
        "leaves",
        "/admin/leaves",
        "calendar-x-2",
        _("การลา"),
        _("ใครไม่อยู่เมื่อไร และใครรักษาราชการแทน"),
        ("people",),
    ),
    Section(
        "calendars",
        "/admin/calendars",
        "calendar-days",
        _("ปฏิทินวันทำการ"),
        _("เวลาราชการ วันหยุด และครึ่งวัน ที่ใช้นับกำหนดของงาน"),
        ("calendar",),
    ),
    Section(
        "numbering",
        "/admin/numbering",
        "hash",
        _("เล่มและเลขที่"),
        _("รหัสเลขที่หนังสือของหน่วย เล่มของแต่ละปี เลขล่าสุด และเลขที่ไม่ได้อยู่บนหนังสือ"),
        ("registry",),
    ),
    Section(
        "letterhead",
        "/admin/letterhead",
        "file-text",
        _("หัวหนังสือและตรา"),
        _("ชื่อ ที่ตั้ง ข้อมูลติดต่อ และตราที่พิมพ์บนหนังสือ"),
        ("registry",),
    ),
    Section(
        "greetings",
        "/admin/greetings",
        "mail",
        _("คำขึ้นต้นและคำลงท้าย"),
        _("ผู้ที่หนังสือใช้ กราบเรียน และ ขอแสดงความนับถืออย่างยิ่ง"),
        ("registry",),
    ),
    Section(
        "transfer",
        "/admin/transfer",
        "sheet",
        _("นำเข้าและส่งออก"),
        _("หน่วย ตำแหน่ง คน กรรมการ บทบาท และชั้นความลับ เป็นไฟล์ CSV หรือ XLSX ดูก่อนได้ว่าอะไรจะเปลี่ยน"),
        ("people",),
    ),
    Section(
        "trust",
        "/admin/trust",
        "shield-check",
        _("ผู้ออกใบรับรองที่เชื่อถือ"),
        _("ลายมือชื่อของผู้ใดเชื่อถือได้ในหน่วยงานนี้"),
        ("accounts",),
    ),
    Section(
        "seal",
        "/admin/seal",
        "building",
        _("ตราอิเล็กทรอนิกส์ของหน่วยงาน"),
        _("กุญแจสำหรับประทับตราเอกสารในนามหน่วยงาน และกระบวนการที่ใช้ได้"),
        ("accounts",),
    ),
    Section(
        "connectors",
        "/admin/connectors",
        "link-2",
        _("ตัวเชื่อมต่อ"),
        _("ระบบอื่นที่กระบวนการของหน่วยงานเรียกได้ และเรียกได้แค่ไหน"),
        ("connectors",),
    ),
    Section(
        "archive",
        "/admin/archive",
        "archive",
        _("คลังเรื่องที่จบแล้ว"),
        _("เรื่องที่จบแล้วเก็บไว้นานเท่าใด และค้นเรื่องที่เก็บเข้าคลังไปแล้ว"),
        ("retention", "audit"),
    ),
    Section(
        "permissions",
        "/admin/permissions",
        "shield-check",
        _("ใครทำอะไรได้"),
        _("ใครเริ่ม เห็น และดูแลกระบวนการหรือหน้าใด และเพราะอะไร"),
        ("people", "audit"),
    ),
    Section(
        "history",
        "/admin/history",
        "clock",
        _("ประวัติการดูแล"),
        _("ใครเปลี่ยนอะไร เมื่อไร เดิมเป็นอะไร"),
        ("people", "audit"),
    ),
)

#: what somebody in charge keeps outside of the agency's own pages: on the index alone
ELSEWHERE: Sequence[Section] = (
    Section(
        "chains",
        "/chains",
        "list-checks",
        _("สายอนุมัติ"),
        _("ร่างสายอนุมัติเป็นการ์ด ลองก่อน แล้วเผยแพร่"),
        ("deploy",),
    ),
    Section(
        "definitions",
        "/definitions",
        "workflow",
        _("ผังกระบวนการ"),
        _("กระบวนการที่ใช้อยู่ทุกรุ่น เรื่องที่เดินอยู่ การย้ายรุ่น งานตามขั้น และการเลิกใช้"),
        ("operate", "deploy", "audit"),
    ),
    Section(
        "designer",
        "/designer",
        "file-pen-line",
        _("ร่างผังกระบวนการ"),
        _("ร่างที่กำลังออกแบบ ฟอร์ม ตารางตัดสินใจ บททดสอบ และการนำผังเข้า"),
        ("deploy",),
    ),
    Section(
        "process-templates",
        "/designer/templates",
        "waypoints",
        _("แม่แบบของกระบวนการ"),
        _("แม่แบบที่สายอนุมัติและผังใหม่เริ่มได้ ทั้งของระบบและที่หน่วยงานบันทึกไว้"),
        ("deploy",),
    ),
    Section(
        "letter-templates",
        "/documents/new#templates",
        "file-text",
        _("แม่แบบหนังสือ"),
        _("หนังสือที่เก็บเป็นแบบของหน่วยหรือทั้งหน่วยงาน และการเลิกใช้ เก็บแบบใหม่จากหน้าหนังสือฉบับนั้น"),
        ("registry",),
    ),
    Section(
        "incidents",
        "/incidents",
        "octagon-alert",
        _("เหตุขัดข้อง"),
        _("เรื่องที่เดินต่อไม่ได้ เพราะอะไร และการลองใหม่หรือข้าม"),
        ("operate", "audit"),
    ),
    Section(
        "operations",
        "/operations",
        "wrench",
        _("ดูแลระบบ"),
        _("งานของระบบที่ค้างหรือไม่สำเร็จ ตัวจับเวลาที่ช้า เลขที่จองไว้ และใบรับรองที่ใกล้หมดอายุ"),
        ("operate",),
    ),
    Section(
        "messages",
        "/operations/messages",
        "send",
        _("ส่งข้อความและบอกข้อเท็จจริง"),
        _("ส่งข้อความถึงเรื่องที่รออยู่ หรือบอกข้อเท็จจริงที่เริ่มเรื่องใหม่ แทนระบบอื่น"),
        ("operate",),
    ),
)


def open_sections() -> list[Section]:
    """Those that the actor may open."""
    return _open(SECTIONS)


def open_elsewhere() -> list[Section]:
    return _open(ELSEWHERE)


def _open(sections: Sequence[Section]) -> list[Section]:
    return [one for one in sections if any(actor().may(right) for right in one.rights)]
