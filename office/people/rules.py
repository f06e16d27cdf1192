"""What holds for posts, periods and acting, as pure functions and tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: Thai and English names of the kinds of units, outermost first.
UNIT_KINDS: Mapping[str, tuple[str, str]] = {
    "ministry": ("กระทรวง", "Ministry"),
    "department": ("ส่วนราชการระดับกรม", "Department"),
    "division": ("กองหรือสำนัก", "Division"),
    "group": ("กลุ่ม", "Group"),
    "committee": ("คณะ", "Committee"),
}

#: What stands on letters before their running numbers (ภาคผนวก 1): consonants of the ministry,
#: department or province, then the owner's figures, with points or brackets for the parts below.
_PREFIX = re.compile(r"[ก-ฮ]{2,6}\.? [0-9]{1,7}(\.[0-9]{1,4}){0,4}(\([ก-ฮ0-9.]{1,10}\))?")
_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


def number_prefix(text: str) -> str | None:
    """As it is kept, "ตย 0201" for "ตย  ๐๒๐๑"; None where no letter could bear it."""
    kept = " ".join(text.translate(_ARABIC).split())
    return kept if _PREFIX.fullmatch(kept) else None


#: The rungs of an approval chain, lowest first.
LEVELS: Mapping[str, tuple[str, str]] = {
    "officer": ("เจ้าหน้าที่", "Officer"),
    "section": ("หัวหน้าฝ่าย", "Head of section"),
    "group": ("ผู้อำนวยการกลุ่ม", "Head of group"),
    "division": ("ผู้อำนวยการกอง", "Head of division"),
    "deputy": ("รองหัวหน้าส่วนราชการ", "Deputy head"),
    "head": ("หัวหน้าส่วนราชการ", "Head"),
}

#: By what someone acts for a post, strongest first: the full powers of an absent holder or of a
#: vacant post come before a delegation of some of them.
MODES: Mapping[str, tuple[str, str]] = {
    "acting": ("รักษาราชการแทน", "acting"),
    "vacant_post": ("รักษาการในตำแหน่ง", "acting in a vacant post"),
    "delegated": ("ปฏิบัติราชการแทน", "acting by delegation"),
}

#: Degrees of secrecy that people are cleared for, lowest first. The one above, ลับที่สุด, does not go
#: through the e-saraban (ข้อ 29).
CLEARANCES: Mapping[int, tuple[str, str]] = {
    2: ("ลับ", "Confidential"),
    3: ("ลับมาก", "Secret"),
}
TOP_SECRET = 4

LEAVE_KINDS: Mapping[str, tuple[str, str]] = {
    "vacation": ("ลาพักผ่อน", "Vacation"),
    "sick": ("ลาป่วย", "Sick leave"),
    "personal": ("ลากิจ", "Personal leave"),
    "duty": ("ไปราชการ", "Away on duty"),
    "other": ("ไม่อยู่ปฏิบัติราชการ", "Absent"),
}

#: why an order ended with the leave that it was for, as it is kept, and as it is said
BACK, NO_LEAVE = "กลับจากการลา", "ยกเลิกการลา"
ENDED_WITH_LEAVE: Mapping[str, tuple[str, str]] = {
    BACK: (BACK, "Back from leave"),
    NO_LEAVE: (NO_LEAVE, "The leave was cancelled"),
}

#: Seats of a committee, in the order in which they are listed. One person at a time has the chair.
SEATS: Mapping[str, tuple[str, str]] = {
    "chair": ("ประธานกรรมการ", "Chair"),
    "vice": ("รองประธานกรรมการ", "Vice chair"),
    "member": ("กรรมการ", "Member"),
    "secretary": ("กรรมการและเลขานุการ", "Member and secretary"),
    "assistant": ("กรรมการและผู้ช่วยเลขานุการ", "Member and assistant secretary"),
}

#: Codes stand in diagrams and principals: no colon, no white space, no capitals.
CODE = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
NOON = time(12, 0)


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open: it covers its start and not its end; no end means until further notice."""

    starts_at: datetime
    ends_at: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        return self.starts_at <= moment and (self.ends_at is None or moment < self.ends_at)

    def overlaps(self, other: Period) -> bool:
        return _before(self.starts_at, other.ends_at) and _before(other.starts_at, self.ends_at)


def _before(start: datetime, end: datetime | None) -> bool:
    return end is None or start < end


def period_of_days(first: date, last: date | None, zone: ZoneInfo) -> Period:
    """From the first day's midnight to the end of the last, which is included."""
    end = None if last is None else midnight(last + timedelta(days=1), zone)
    return Period(midnight(first, zone), end)


def period_of_leave(
    first: date, last: date, zone: ZoneInfo, *, from_noon: bool, to_noon: bool
) -> Period:
    """Whole days, but the first may begin and the last may end at noon."""
    whole = period_of_days(first, last, zone)
    start = _local(first, NOON, zone) if from_noon else whole.starts_at
    end = _local(last, NOON, zone) if to_noon else whole.ends_at
    return Period(start, end)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return _local(day, time(0), zone)


def _local(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def closes_a_circle(
    above: Mapping[object, object | None], child: object, parent: object | None
) -> bool:
    """Whether putting `parent` above `child` would make someone their own superior."""
    seen = {child}
    while parent is not None:
        if parent in seen:
            return True
        seen.add(parent)
        parent = above.get(parent)
    return False


def in_scope(
    kinds: Sequence[str], subjects: Sequence[str], kind: str | None, subject: str | None
) -> bool:
    """Whether a delegation covers a document. Empty lists cover all; None is not asked about."""
    kind_fits = not kinds or kind is None or kind in kinds
    subject_fits = not subjects or subject is None or any(word in subject for word in subjects)
    return kind_fits and subject_fits


def strength(mode: str) -> int:
    return list(MODES).index(mode)


def position_lines(own: str, mode: str | None, acted_for: str | None) -> list[str]:
    """The lines under a name: "รองปลัดกระทรวง", "ปฏิบัติราชการแทน ปลัดกระทรวง"."""
    return [own] if mode is None else [own, f"{MODES[mode][0]} {acted_for}"]


def read_position_lines(lines: Sequence[str]) -> tuple[str, str | None, str | None]:
    """The other way round: own post, mode and the post acted for."""
    texts = [" ".join(line.split()) for line in lines if line.strip()]
    for mode, (label, _english) in MODES.items():
        for line in texts[1:]:
            if line.startswith(label):
                return texts[0], mode, line.removeprefix(label).strip()
    return " ".join(texts), None, None


#: What of one process may be granted beside the rights of roles: key -> (Thai, English)
PROCESS_MATTERS: Mapping[str, tuple[str, str]] = {
    "start": ("เริ่มเรื่อง", "Start a case"),
    "see": ("เห็นทุกเรื่องของกระบวนการ", "See every case of the process"),
    "administer": ("ดูแลทุกเรื่องของกระบวนการ", "Administer every case of the process"),
}
