"""What can be drafted, as the page that begins a new document offers it."""

from __future__ import annotations

from collections.abc import Mapping

from api.pages.i18n import LazyText
from api.pages.i18n import lazy_gettext as _

#: group of the regulation: its kinds, with when each is used
GROUPS: Mapping[LazyText, Mapping[str, LazyText]] = {
    _("หนังสือติดต่อ"): {
        "EXT": _("ถึงส่วนราชการอื่น หน่วยงาน หรือบุคคลภายนอก"),
        "INT": _("ติดต่อภายในกระทรวง กรม หรือจังหวัดเดียวกัน"),
        "STAMP": _("เรื่องที่ไม่สำคัญ เช่น ส่งสำเนา ตอบรับ เตือน ใช้ตราแทนการลงชื่อของหัวหน้า"),
        "NOTE": _("เสนอผู้บังคับบัญชา หรือสั่งการในหน้าที่"),
    },
    _("หนังสือสั่งการ"): {
        "ORDER": _("สั่งการให้ปฏิบัติ แต่งตั้งหรือมอบอำนาจ"),
        "REG": _("วางระเบียบไว้เป็นหลักปฏิบัติ"),
        "BYLAW": _("วางข้อบังคับตามอำนาจที่กฎหมายให้ไว้"),
    },
    _("หนังสือประชาสัมพันธ์"): {
        "ANN": _("แจ้งให้ทราบหรือแนะแนวทางปฏิบัติ"),
        "STMT": _("ทำความเข้าใจในกิจการของทางราชการ"),
        "NEWS": _("เผยแพร่ให้ทราบ"),
    },
    _("หนังสือเป็นหลักฐาน"): {
        "CERT": _("รับรองบุคคล นิติบุคคล หรือหน่วยงาน"),
        "MIN": _("ความคิดเห็นของผู้มาประชุม และมติ"),
    },
}
