"""Names of steps on which lines go wrong: no spaces, other letters, marks, and one endless word."""

from __future__ import annotations

import re

NAMES = (
    "ตรวจสอบความถูกต้องครบถ้วนของเอกสารประกอบการขออนุมัติจัดซื้อจัดจ้าง",
    "เสนอผู้อำนวยการกองกลางสำนักงานปลัดกระทรวงพิจารณาให้ความเห็นชอบ",
    "แจ้งหน่วยงานต่าง ๆ ที่เกี่ยวข้องทราบและถือปฏิบัติต่อไปทุก ๆ 30 วัน",
    "ส่งข้อมูลเข้า e-Office ผ่าน API ของ Saraban version 2.5.1 ภายใน 15 วันทำการ",
    "กรุงเทพฯ และปริมณฑล ฯลฯ ตามระเบียบ พ.ศ. 2569 ข้อ 12 (ก) วรรคสอง",
    "น้ำท่วมซ้ำซากที่ตำบลบึงน้ำรักษ์ ผู้ว่าราชการจังหวัดสั่งการด่วนที่สุด",
    "ทดสอบก" + "เกี่แก้โกะกาไก๊" * 9,
    "Reviewofthesupercalifragilisticexpialidociousprocurementspecification",
)
#: what a line never begins with
NEVER_FIRST = re.compile(r"[\u0e30-\u0e3a\u0e45\u0e47-\u0e4eๆฯ)\]}”’,.;:!?%]")
#: what a line never ends with
NEVER_LAST = re.compile(r"[เแโใไ([{“‘]$")


def ends(name: str, lines: list[str]) -> list[int]:
    """Where in the name each line but the first begins; a last line may end with …"""
    found, at = [], 0
    for line in lines:
        at = _past_spaces(name, at)
        found.append(at)
        for letter in line.removesuffix("…").replace(" ", ""):
            at = _past_spaces(name, at)
            assert name[at] == letter, (name, lines)
            at += 1
    return found[1:]


def _past_spaces(name: str, at: int) -> int:
    while name[at : at + 1] == " ":
        at += 1
    return at
