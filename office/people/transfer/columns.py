"""Which tables there are, and their columns: keys for machines, names for people."""

from __future__ import annotations

from collections.abc import Mapping

#: table -> column -> (Thai, English); the first column names the row, or `keys` do
TABLES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "units": {
        "code": ("รหัสหน่วย", "Unit code"),
        "name": ("ชื่อ", "Name"),
        "name_en": ("ชื่อภาษาอังกฤษ", "Name in English"),
        "kind": ("ชนิด", "Kind"),
        "parent": ("อยู่ใต้รหัส", "Below code"),
        "number_code": ("รหัสเลขที่หนังสือ", "Number prefix"),
        "phone": ("โทรศัพท์", "Telephone"),
        "email": ("อีเมล", "Mail"),
        "address": ("ที่ตั้ง", "Address"),
    },
    "positions": {
        "code": ("รหัสตำแหน่ง", "Position code"),
        "name": ("ชื่อ", "Name"),
        "name_en": ("ชื่อภาษาอังกฤษ", "Name in English"),
        "unit": ("รหัสหน่วย", "Unit code"),
        "level": ("ระดับ", "Level"),
        "superior": ("รหัสผู้บังคับบัญชา", "Superior code"),
    },
    "people": {
        "username": ("ชื่อผู้ใช้", "Sign-in name"),
        "title": ("คำนำหน้า", "Title"),
        "given_name": ("ชื่อตัว", "Given name"),
        "family_name": ("นามสกุล", "Family name"),
        "name_en": ("ชื่อภาษาอังกฤษ", "Name in English"),
        "email": ("อีเมล", "Mail"),
        "phone": ("โทรศัพท์", "Telephone"),
        "position": ("รหัสตำแหน่งหลัก", "Main position code"),
        "since": ("ดำรงตำแหน่งตั้งแต่", "In the position since"),
    },
    "posts": {
        "username": ("ชื่อผู้ใช้", "Sign-in name"),
        "position": ("รหัสตำแหน่งรอง", "Other position code"),
        "since": ("ตั้งแต่", "Since"),
        "until": ("ถึงวันสุดท้าย", "Until the last day"),
    },
    "seats": {
        "username": ("ชื่อผู้ใช้", "Sign-in name"),
        "committee": ("รหัสคณะกรรมการ", "Committee code"),
        "seat": ("ในฐานะ", "Seat"),
        "since": ("ตั้งแต่", "Since"),
        "until": ("ถึงวันสุดท้าย", "Until the last day"),
    },
    "grants": {
        "username": ("ชื่อผู้ใช้", "Sign-in name"),
        "role": ("รหัสบทบาท", "Role code"),
        "since": ("ตั้งแต่", "Since"),
        "until": ("ถึงวันสุดท้าย", "Until the last day"),
    },
    "clearances": {
        "username": ("ชื่อผู้ใช้", "Sign-in name"),
        "level": ("เข้าถึงได้ถึงชั้น", "Cleared up to"),
        "order_ref": ("คำสั่งที่", "By order"),
        "since": ("ตั้งแต่", "Since"),
        "until": ("ถึงวันสุดท้าย", "Until the last day"),
    },
}
#: columns that name a row together, where it is not the first alone
_KEYS: Mapping[str, tuple[str, ...]] = {
    "posts": ("username", "position"),
    "seats": ("username", "committee", "seat"),
    "grants": ("username", "role"),
    "clearances": ("username", "level"),
}
#: columns without which a new row cannot be made
NEEDED: Mapping[str, tuple[str, ...]] = {
    "units": ("code", "name", "kind"),
    "positions": ("code", "name", "unit", "level"),
    "people": ("username", "given_name"),
    "clearances": ("username", "level", "order_ref"),
    "seats": ("username", "committee", "seat"),
}


def keys(table: str) -> tuple[str, ...]:
    """The columns that name a row: no two rows have the same in all of them."""
    return _KEYS.get(table) or (next(iter(TABLES[table])),)


def named(table: str, cells: Mapping[str, str]) -> tuple[str, ...]:
    """What a row is named by."""
    return tuple(cells.get(column, "") for column in keys(table))
