"""What is wrong with a key that somebody brings, in words, and the field that it is told at."""

from __future__ import annotations

from api.pages.i18n import lazy_gettext
from signing.errors import (
    RemoteRefused,
    RemoteUnavailable,
    TokenLocked,
    TokenUnavailable,
    UnusableKey,
    WeakPin,
    WrongPin,
)

#: what is wrong with a key file: the field that it is told at, and the words
FAULTS = {
    "too_large": ("file", lazy_gettext("ไฟล์ใหญ่เกิน 100 KB ไม่ใช่ไฟล์กุญแจ")),
    "too_costly": ("file", lazy_gettext("ไฟล์นี้ตั้งรอบการถอดรหัสไว้สูงเกินไป ขอไฟล์ใหม่จากผู้ออกใบรับรอง")),
    "unreadable": ("file", lazy_gettext("ไฟล์นี้ไม่ใช่ PKCS#12 (.p12 หรือ .pfx) หรือเสียหาย")),
    "wrong_password": ("password", lazy_gettext("รหัสผ่านของไฟล์ไม่ถูกต้อง")),
    "no_key": ("file", lazy_gettext("ในไฟล์มีใบรับรองแต่ไม่มีกุญแจส่วนตัว ส่งออกใหม่พร้อมกุญแจ")),
    "no_certificate": ("file", lazy_gettext("ในไฟล์มีกุญแจแต่ไม่มีใบรับรอง")),
    "kind": ("file", lazy_gettext("กุญแจชนิดนี้ใช้ลงนามไม่ได้ ใช้ RSA หรือ EC")),
    "mismatch": ("file", lazy_gettext("กุญแจกับใบรับรองในไฟล์ไม่ใช่คู่กัน")),
    "weak_key": ("file", lazy_gettext("กุญแจอ่อนเกินไป ใช้ RSA 2048 บิตขึ้นไป หรือ P-256 ขึ้นไป")),
    "not_yet_valid": ("file", lazy_gettext("ใบรับรองยังไม่เริ่มมีผล นำเข้าเมื่อถึงวันเริ่ม")),
    "expired": ("file", lazy_gettext("ใบรับรองหมดอายุแล้ว ขอใบใหม่จากผู้ออกใบรับรอง")),
    "usage": ("file", lazy_gettext("ใบรับรองนี้ไม่ได้ออกให้ใช้ลงนาม")),
    "untrusted": ("file", lazy_gettext("ผู้ออกใบรับรองนี้ไม่อยู่ในรายชื่อที่เชื่อถือ ให้ผู้ดูแลเพิ่มก่อน")),
}

#: the same of a key on a hardware token, where the words differ
TOKEN_FAULTS = {
    "no_key": lazy_gettext("ในอุปกรณ์ไม่มีกุญแจที่มีใบรับรองและใช้ลงนามได้"),
    "unreadable": lazy_gettext("ใบรับรองในอุปกรณ์เสียหาย"),
    "mismatch": lazy_gettext("กุญแจกับใบรับรองในอุปกรณ์ไม่ใช่คู่กัน"),
}
#: the same of a certificate that is registered alone
DEVICE_FAULTS = {
    "too_large": lazy_gettext("ไฟล์ใหญ่เกิน 100 KB ไม่ใช่ไฟล์ใบรับรอง"),
    "unreadable": lazy_gettext("ไฟล์นี้ไม่ใช่ใบรับรอง (PEM หรือ DER) หรือเสียหาย"),
}
#: the same of a credential at a remote service
REMOTE_FAULTS = {
    "no_key": lazy_gettext("บริการไม่มีกุญแจของผู้ใช้นี้"),
    "no_certificate": lazy_gettext("บริการไม่ได้ส่งใบรับรองของกุญแจมา"),
    "kind": lazy_gettext("กุญแจที่บริการนี้ใช้ลงนามจากที่นี่ไม่ได้ ต้องเป็นกุญแจที่เปิดด้วย PIN หรือรหัสครั้งเดียว"),
}
REMOTE_TROUBLE = {
    RemoteUnavailable: lazy_gettext("ติดต่อบริการลงนามไม่ได้ในขณะนี้ ลองใหม่หรือแจ้งผู้ดูแลระบบ"),
    RemoteRefused: lazy_gettext("บริการลงนามปฏิเสธคำขอ ตรวจรหัสผู้ใช้หรือแจ้งผู้ดูแลระบบ"),
}
TOKEN_TROUBLE = {
    WrongPin: lazy_gettext("PIN ของอุปกรณ์ไม่ถูกต้อง"),
    TokenLocked: lazy_gettext("อุปกรณ์ล็อกตัวเองเพราะใส่ PIN ผิดหลายครั้ง ให้ผู้ดูแลอุปกรณ์ปลดล็อก"),
    TokenUnavailable: lazy_gettext("ไม่พบอุปกรณ์ของท่านหรืออุปกรณ์ไม่ตอบ แจ้งผู้ดูแลระบบ"),
}
WEAK_PIN = lazy_gettext("PIN ต้องมีอย่างน้อย 6 ตัว และไม่ซ้ำกันทั้งหมด")
SERVICE_PROOF = lazy_gettext("PIN หรือรหัสครั้งเดียวของบริการลงนามไม่ถูกต้อง")
#: what `placed` has words for
Trouble = UnusableKey | WeakPin | WrongPin | TokenLocked | TokenUnavailable | RemoteUnavailable


def placed(refused: Trouble, way: str) -> tuple[str, str]:
    """The field and the words; `way` is the form: enrol, import, token, remote, device."""
    if isinstance(refused, UnusableKey):
        return _unusable(refused, way)
    if isinstance(refused, WeakPin):
        return "pin", str(WEAK_PIN)
    if isinstance(refused, RemoteUnavailable):
        return "user", str(REMOTE_TROUBLE[type(refused)])
    return "pin", str(TOKEN_TROUBLE[type(refused)])


def _unusable(refused: UnusableKey, way: str) -> tuple[str, str]:
    field, text = FAULTS[refused.fault]
    own = {"token": TOKEN_FAULTS, "device": DEVICE_FAULTS, "remote": REMOTE_FAULTS}.get(way, {})
    return {"token": "pin", "remote": "user"}.get(way, field), str(own.get(refused.fault, text))
