"""Each kind of official document, as data: its fields, who may sign it, how it is numbered.

After ข้อ 11 to 27 of the regulation. `signing.render.templates` says how each looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from office.documents.thai import MONTHS, long_date, thai_digits

SIGNING = frozenset({"division", "deputy", "head"})
#: What binds or speaks for the whole agency is its head's to sign, or those who act for it.
HEADS = frozenset({"deputy", "head"})
ANYBODY = frozenset({"officer", "section", "group"}) | SIGNING


class Form(Enum):
    """How one of `extra`'s fields is filled in."""

    LINE = "line"
    DATE = "date"
    TIME = "time"
    LINES = "lines"
    PEOPLE = "people"


class Printed(Enum):
    """What stands on paper as the number."""

    #: the running number of the book
    RUNNING = "running"
    #: (ฉบับที่ ๒) พ.ศ. ๒๕๖๙, of the year in which it is signed
    EDITION = "edition"
    #: ครั้งที่ ๑/๒๕๖๙
    MEETING = "meeting"
    #: ฉบับที่ ๓, where it has one
    ISSUE = "issue"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Extra:
    """A field of `extra`. `part`: what a person's line tells after name and position."""

    name: str
    form: Form = Form.LINE
    required: bool = False
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """`series`: the word of its own book, counted by department and year; None: the unit's book of
    letters sent. `head`: which of refs, cc, address and closing the form shows.
    """

    name: str
    form: str | None = None
    recipient: bool = False
    greets: bool = False
    head: frozenset[str] = frozenset()
    series: str | None = None
    printed: Printed = Printed.RUNNING
    #: พ.ศ. stands in its date
    era: bool = False
    #: whose posts are offered; only `HEADS` refuses others, as agencies delegate the rest at will
    signers: frozenset[str] = SIGNING
    extras: Sequence[Extra] = ()
    #: the signature field of the template that the last step signs
    field: str = "sig_0001"
    #: steps of a route that sign before it, by id, each with its field
    before: Sequence[tuple[str, str]] = ()
    #: its first enclosed file, a PDF, is the document: what is drafted is the cover before it
    wraps: bool = False
    #: the first words, where the regulation has some
    begins: str = ""


_EDITION, _ISSUE = (Extra("edition"),), (Extra("issue"),)
_MINUTES = (
    Extra("meeting", required=True),
    Extra("meeting_date", Form.DATE, required=True),
    Extra("start", Form.TIME),
    Extra("venue"),
    Extra("recorder", required=True),
    Extra("present", Form.PEOPLE, required=True, part="role"),
    Extra("absent", Form.PEOPLE, part="reason"),
    Extra("attendees", Form.PEOPLE, part="role"),
)
_RECEIVED = (Extra("source", required=True), Extra("received", Form.DATE))
KINDS: Mapping[str, Kind] = {
    "EXT": Kind(
        "หนังสือภายนอก", "แบบที่ 1", recipient=True, greets=True,
        head=frozenset({"refs", "cc", "address", "closing"}),
    ),
    "INT": Kind("หนังสือภายใน", "แบบที่ 2", recipient=True, greets=True),
    "STAMP": Kind(
        "หนังสือประทับตรา", "แบบที่ 3", recipient=True, head=frozenset({"cc", "address"})
    ),
    "ORDER": Kind(
        "คำสั่ง", "แบบที่ 4", series="คำสั่ง", era=True, extras=(Extra("notify", Form.LINES),)
    ),
    "REG": Kind(
        "ระเบียบ", "แบบที่ 5", series="ระเบียบ", printed=Printed.EDITION, era=True,
        signers=HEADS, extras=_EDITION,
    ),
    "BYLAW": Kind(
        "ข้อบังคับ", "แบบที่ 6", series="ข้อบังคับ", printed=Printed.EDITION, era=True,
        signers=HEADS, extras=_EDITION,
    ),
    "ANN": Kind("ประกาศ", "แบบที่ 7", series="ประกาศ", era=True),
    "STMT": Kind(
        "แถลงการณ์", "แบบที่ 8", series="แถลงการณ์", printed=Printed.ISSUE, signers=HEADS,
        extras=_ISSUE,
    ),
    "NEWS": Kind(
        "ข่าว", "แบบที่ 9", series="ข่าว", printed=Printed.ISSUE, signers=HEADS, extras=_ISSUE
    ),
    "CERT": Kind(
        "หนังสือรับรอง", "แบบที่ 10", series="หนังสือรับรอง", era=True, head=frozenset({"address"}),
        begins="หนังสือฉบับนี้ให้ไว้เพื่อรับรองว่า ",
    ),
    "MIN": Kind(
        "รายงานการประชุม", "แบบที่ 11", series="รายงานการประชุม", printed=Printed.MEETING,
        signers=ANYBODY, extras=_MINUTES, field="sig_0002",
        before=(("record", "sig_0001"),),
    ),
    "OTHER": Kind(
        "หนังสืออื่น", series="หนังสืออื่น", era=True, signers=ANYBODY, wraps=True, extras=_RECEIVED,
        begins="ได้รับเอกสารตามไฟล์ต่อท้ายหน้านี้ไว้เป็นหลักฐาน",
    ),
    "NOTE": Kind(
        "บันทึก", recipient=True, greets=True, series="บันทึก", printed=Printed.NOTHING,
        signers=ANYBODY,
    ),
}  # fmt: skip
RECORDER = "ผู้จดรายงานการประชุม"
#: stands for the year in drafts of what is named by the year of its signing
YEAR_TO_COME = "...."


def number_on_paper(content: Mapping[str, Any], running: str, year: int | None) -> str | None:
    """What the document is called by; `year` (Christian era) is not known while drafting."""
    extra = content.get("extra") or {}
    match KINDS[content["kind"]].printed:
        case Printed.RUNNING:
            return thai_digits(running)
        case Printed.EDITION:
            named = thai_digits(str(year + 543)) if year else YEAR_TO_COME
            edition = thai_digits(extra.get("edition") or "")
            return f"(ฉบับที่ {edition}) พ.ศ. {named}" if edition else f"พ.ศ. {named}"
        case Printed.MEETING:
            return f"ครั้งที่ {thai_digits(extra.get('meeting') or '')}"
        case Printed.ISSUE:
            return thai_digits(extra.get("issue") or "") or None
        case Printed.NOTHING:
            return None


def date_on_paper(content: Mapping[str, Any], signed: date) -> str:
    """Of minutes the day of the meeting, else that of the signature."""
    kind = KINDS[content["kind"]]
    if kind.printed is Printed.MEETING:
        return long_date(date.fromisoformat(content["extra"]["meeting_date"]))
    if kind.era:
        return thai_digits(f"{signed.day} {MONTHS[signed.month - 1]} พ.ศ. {signed.year + 543}")
    return long_date(signed)
