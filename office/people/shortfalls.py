"""Why nobody acts for whom a diagram or a card names, and the way on: in Thai and in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """`why` has a place for the name (of what is unknown: the code); `mend` says what to do."""

    why: Pair
    mend: Pair


_CHOOSE = (
    "เลือกจากรายการ หรือเพิ่มรหัสนี้ก่อน",
    "Choose from the list, or add that code first",
)
_OTHERS = ("เลือกผู้อื่น", "Choose others")

#: by kind of principal and shortfall ("position_vacant"); `headless`: of the rule for heads,
#: `nobody`: of a right
SHORTFALLS: Mapping[str, Told] = {
    "position_unknown": Told(
        ("ไม่มีตำแหน่งรหัส “%s”", "There is no position with the code “%s”"), _CHOOSE
    ),
    "position_closed": Told(
        ("ตำแหน่ง “%s” ปิดแล้ว", "The position “%s” is closed"),
        ("เลือกตำแหน่งอื่น หรือเปิดตำแหน่งนี้อีก", "Choose another position, or open it again"),
    ),
    "position_vacant": Told(
        ("ตำแหน่ง “%s” ว่าง และไม่มีผู้รักษาการ", "Nobody holds “%s”, and nobody acts for it"),
        (
            "ตั้งผู้ดำรงตำแหน่ง หรือบันทึกคำสั่งรักษาการ",
            "Appoint somebody to it, or record an order to act for it",
        ),
    ),
    "position_away": Told(
        (
            "ผู้ทำการในตำแหน่ง “%s” ลาอยู่ และไม่มีผู้แทน",
            "Whoever acts as “%s” is on leave, and nobody stands in",
        ),
        ("บันทึกผู้แทนที่ “การลา”", "Record under “Leave” who stands in"),
    ),
    "role_unknown": Told(("ไม่มีบทบาทรหัส “%s”", "There is no role with the code “%s”"), _CHOOSE),
    "role_vacant": Told(
        ("ไม่มีผู้มีบทบาท “%s”", "Nobody holds the role “%s”"),
        ("ให้บทบาทนี้แก่ใครสักคน", "Give somebody the role"),
    ),
    "role_away": Told(
        ("ผู้มีบทบาท “%s” ลาอยู่ทุกคน", "Everybody with the role “%s” is on leave"),
        ("ให้บทบาทนี้แก่ผู้ที่อยู่ หรือเลือกผู้อื่น", "Give it to somebody who is there, or choose others"),
    ),
    "unit_unknown": Told(
        ("ไม่มีหน่วยงานหรือคณะรหัส “%s”", "There is no unit or committee with the code “%s”"),
        _CHOOSE,
    ),
    "unit_closed": Told(
        ("หน่วยงานหรือคณะ “%s” ปิดแล้ว", "The unit or committee “%s” is closed"),
        ("เลือกหน่วยอื่น หรือเปิดหน่วยนี้อีก", "Choose another, or open it again"),
    ),
    "unit_vacant": Told(
        ("ไม่มีผู้ดำรงตำแหน่งใน “%s”", "Nobody holds a position in “%s”"),
        ("ตั้งคนในหน่วยหรือคณะนี้", "Appoint somebody there"),
    ),
    "unit_away": Told(("ทุกคนใน “%s” ลาอยู่", "Everybody in “%s” is on leave"), _OTHERS),
    "unit_headless": Told(
        ("“%s” ไม่มีตำแหน่งหัวหน้า", "“%s” has no position that heads it"),
        ("เพิ่มตำแหน่งหัวหน้า หรือเลือกหน่วยอื่น", "Add such a position, or choose another unit"),
    ),
    "person_unknown": Told(
        ("ไม่มีผู้ใช้ชื่อ “%s” ในหน่วยงาน", "There is nobody with the sign-in name “%s”"), _CHOOSE
    ),
    "person_left": Told(
        ("“%s” พ้นจากหน่วยงานแล้ว", "“%s” has left the agency"),
        (
            "เลือกผู้อื่น หรือระบุตำแหน่งแทนตัวบุคคล",
            "Choose others, or name the position instead of the person",
        ),
    ),
    "person_away": Told(
        ("“%s” ลาอยู่", "“%s” is on leave"),
        (
            "เลือกผู้อื่นด้วย หรือระบุตำแหน่ง ซึ่งมีผู้แทนเมื่อลา",
            "Choose others as well, or name the position, for which others stand in",
        ),
    ),
    "right_nobody": Told(
        ("ไม่มีผู้ดูแลเรื่อง", "There are no operators"),
        (
            "ให้บทบาทที่ดูแลเรื่องแก่ใครสักคน หรือเลือกผู้อื่น",
            "Give somebody a role that operates cases, or choose others",
        ),
    ),
}


def place(principal: str, of: str, why: str) -> str:
    """Of the agency's set-up what it is mended at, as kind:name; empty where the name itself is
    wrong, which is mended where it stands.

    `of`: as in `queries.Standing`. `why`: a key of SHORTFALLS without its kind.
    """
    kind = principal.partition(":")[0]
    if why == "unknown":
        return ""
    if why == "away" and kind != "role":
        return "leaves:"
    if kind == "person":
        return f"person:{of}"
    if kind == "right":
        return "roles:"
    return f"committee:{of}" if of and kind != "role" else principal


def told(kind: str, shortfall: str, name: str) -> tuple[Pair, Pair]:
    """Why and what to do, of a principal that is called so, in Thai and in English."""
    found = SHORTFALLS[f"{kind}_{shortfall}"]
    why, why_en = (text % name if "%s" in text else text for text in found.why)
    return (why, why_en), found.mend
