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
_GAP = "[ \t\u00a0]"
_POST_AFTER = re.compile(rf"{_GAP}+(?=[ก-ฮเแโใไ])")
_JOINED = frozenset({"กทม.", "จนท.", "ขรก.", "ครม.", "ปชช.", "สตง.", "ลว."})
_ANY_SHORT = "|".join(re.escape(short) for short in sorted(SHORT, reverse=True))
#: a word that the full name ends in may stand behind the short one, too
_AGAIN: Mapping[str, re.Pattern[str]] = {
    "รมว.": re.compile(f"{_GAP}*กระทรวง"),
    "รมช.": re.compile(f"{_GAP}*กระทรวง"),
    "ผวจ.": re.compile(f"{_GAP}*จังหวัด"),
}
#: The short names of ministers go before these as they are; รมว.คลัง means กระทรวงการคลัง.
_OF_MINISTRIES = frozenset({"รมว.", "รมช."})
_MINISTRY = re.compile(
    f"{_GAP}*(?:กระทรวง|กลาโหม|การคลัง|การต่างประเทศ|การท่องเที่ยวและกีฬา|การพัฒนาสังคมและความมั่นคงของมนุษย์"
    "|การอุดมศึกษา วิทยาศาสตร์ วิจัยและนวัตกรรม|เกษตรและสหกรณ์|คมนาคม|ดิจิทัลเพื่อเศรษฐกิจและสังคม"
    "|ทรัพยากรธรรมชาติและสิ่งแวดล้อม|พลังงาน|พาณิชย์|มหาดไทย|ยุติธรรม|แรงงาน|วัฒนธรรม|ศึกษาธิการ"
    "|สาธารณสุข|อุตสาหกรรม)"
)
#: as in รพ.สต. and ผอ.รพ.: the two are one name
_ANOTHER = re.compile(rf"{_GAP}*[ก-ฮ]{{1,4}}\.")
_SHORT = re.compile(rf"(?<![ก-ฮะ-ฺเ-ๅ็-๎๐-๙.])(รอง *)?({_ANY_SHORT})(?!ฯ(?!ลฯ))")
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
#: ปรากฏ before กระทรวง, หมาย and their like is no กฏ
_SPELLING = re.compile(rf"(?<!ปรา)(?:{'|'.join(sorted(SPELLING, reverse=True))})")


def shortened(text: str) -> Iterator[Mark]:
    """Short names; without a mend where only a person knows what the whole is."""
    for match in _SHORT.finditer(text):
        short, end = match[2], match.end()
        if not _certain(short, text, end):
            another = _ANOTHER.match(text, end)
            yield Mark("name", match.start(), another.end() if another else end, None)
            continue
        if again := _AGAIN[short].match(text, end) if short in _AGAIN else None:
            end = again.end()
        elif short not in _JOINED and (spaces := _POST_AFTER.match(text, end)):
            end = spaces.end()
        yield Mark("name", match.start(), end, ("รอง" if match[1] else "") + SHORT[short])


def _certain(short: str, text: str, end: int) -> bool:
    if another := _ANOTHER.match(text, end):
        return short in _JOINED and another[0][0] in " \t\u00a0"
    return short not in _OF_MINISTRIES or _MINISTRY.match(text, end) is not None


def misspelt(text: str) -> Iterator[Mark]:
    for match in _SPELLING.finditer(text):
        yield Mark("spelling", *match.span(), SPELLING[match[0]])
