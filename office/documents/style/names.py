"""Names of agencies and posts in full, and words that are often misspelt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from office.documents.style.finding import Mark

#: Shortened names that mean one thing alone: not those that mean several, such as กค. and จ.
SHORT: Mapping[str, str] = {
    "กทม.": "กรุงเทพมหานคร",
    "สนง.": "สำนักงาน",
    "ผอ.": "ผู้อำนวยการ",
    "ผวจ.": "ผู้ว่าราชการจังหวัด",
    "รมว.": "รัฐมนตรีว่าการกระทรวง",
    "รมช.": "รัฐมนตรีช่วยว่าการกระทรวง",
    "จนท.": "เจ้าหน้าที่",
    "ขรก.": "ข้าราชการ",
    "คกก.": "คณะกรรมการ",
    "ครม.": "คณะรัฐมนตรี",
    "ปชช.": "ประชาชน",
    "รพ.": "โรงพยาบาล",
    "รร.": "โรงเรียน",
    "ร.ร.": "โรงเรียน",
    "สตง.": "สำนักงานการตรวจเงินแผ่นดิน",
    "พ.ร.บ.": "พระราชบัญญัติ",
    "พรบ.": "พระราชบัญญัติ",
    "ลว.": "ลงวันที่",
}
#: with a space that the full word does not take
_POST_AFTER = re.compile(r"^ +(?=[ก-ฮเแโใไ])")
_JOINED = frozenset({"กทม.", "จนท.", "ขรก.", "ครม.", "ปชช.", "สตง.", "ลว."})
_ANY_SHORT = "|".join(re.escape(short) for short in sorted(SHORT, reverse=True))
_SHORT = re.compile(rf"(?<![ก-ฮะ-ฺเ-ๅ็-๎๐-๙.])(รอง *)?({_ANY_SHORT})")
SPELLING: Mapping[str, str] = {
    "อนุญาติ": "อนุญาต",
    "ปรากฎ": "ปรากฏ",
    "กฏหมาย": "กฎหมาย",
    "กฏกระทรวง": "กฎกระทรวง",
    "กฏเกณฑ์": "กฎเกณฑ์",
    "กฏระเบียบ": "กฎระเบียบ",
    "มาตราฐาน": "มาตรฐาน",
    "ผูกพันธ์": "ผูกพัน",
    "ลายเซ็นต์": "ลายเซ็น",
    "เว็ปไซต์": "เว็บไซต์",
    "เว็บไซด์": "เว็บไซต์",
    "อีเมล์": "อีเมล",
    "โอกาศ": "โอกาส",
    "สัมนา": "สัมมนา",
    "อิเลคทรอนิกส์": "อิเล็กทรอนิกส์",
    "อีเล็กทรอนิกส์": "อิเล็กทรอนิกส์",
    "คอมพิวเตอร์ร์": "คอมพิวเตอร์",
    "ประสิทธิ์ภาพ": "ประสิทธิภาพ",
    "ครุภัณท์": "ครุภัณฑ์",
    "งบประมาน": "งบประมาณ",
}
_SPELLING = re.compile("|".join(sorted(SPELLING, reverse=True)))


def shortened(text: str) -> Iterator[Mark]:
    for match in _SHORT.finditer(text):
        full, end = SHORT[match[2]], match.end()
        if match[2] not in _JOINED:
            after = _POST_AFTER.match(text[end:])
            end += after.end() if after else 0
        yield Mark("name", match.start(), end, ("รอง" if match[1] else "") + full)


def misspelt(text: str) -> Iterator[Mark]:
    for match in _SPELLING.finditer(text):
        yield Mark("spelling", *match.span(), SPELLING[match[0]])
