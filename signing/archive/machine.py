"""The letter for machines: the GovernmentDocument of e-CMS (TH e-GIF), carried inside the PDF.

Elements and their order are those of the letters that agencies exchange. What only sending decides
(dates of sending, the letter's own bytes, its signature over the wire) is left out: the PDF's
signature covers this file with everything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from signing.archive.enclosures import Enclosure
from signing.thai.writing import MONTHS

NAME = "GovernmentDocument.xml"
_RSM = "urn:th:gov:egif:data:standard:GovernmentDocument:1.0"
_RAM = "urn:th:gov:egif:data:standard:ReusableAggregateBusinessInformationEntity:1"
#: By the words that are printed, so that machines read what people read.
_CODES = {"ปกติ": "001", "ลับ": "002", "ลับมาก": "003", "ลับที่สุด": "004",
          "ด่วน": "002", "ด่วนมาก": "003", "ด่วนที่สุด": "004"}  # fmt: skip
_ORDINARY = "001"
#: Characters that no XML may hold, and marks of editors that mean nothing.
_NO_XML = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u200b\u2060\ufeff]"
)
_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_BUDDHIST_ERA = 543
_TITLES = re.compile(r"^(นาย|นางสาว|นาง|ว่าที่\s?\S+)\s*")
#: หนังสือ… ที่ <number> ลงวันที่ <day month year>
_REFERENCE = re.compile(r"^(?P<whose>.*?)\s*ที่\s+(?P<id>\S.*?)\s+ลงวันที่\s+(?P<date>\d.*)$")
_DATE = re.compile(rf"^(?P<day>\d{{1,2}})\s+(?P<month>{'|'.join(MONTHS)})\s+(?P<year>\d{{4}})$")


def government_document(document: Mapping[str, Any], enclosed: Sequence[Enclosure] = ()) -> bytes:
    """The XML of one letter; equal letters give equal bytes.

    The standard has one text for all that is enclosed; what is a file is told there by its name,
    type, size and hash. Its bytes lie beside, in the PDF: in here they would be there twice.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<rsm:GovernmentDocument xmlns:rsm="{_RSM}" xmlns:ram="{_RAM}">',
        '<ram:CorrespondenceLetter ID="Letter">',
        *_letter(document, enclosed),
        "</ram:CorrespondenceLetter>",
        "</rsm:GovernmentDocument>",
    ]
    return "\n".join([*lines, ""]).encode()


def _letter(document: Mapping[str, Any], enclosed: Sequence[Enclosure]) -> Iterator[str]:
    number = _text(document, "number_arabic") or _text(document, "number")
    yield from _one("ID", number.translate(_ARABIC))
    yield from _one("CorrespondenceDate", _text(document, "date_iso"))
    yield from _one("Subject", _text(document, "subject"))
    yield from _one("SecretCode", _CODES.get(_text(document, "secrecy"), _ORDINARY))
    yield from _one("SpeedCode", _CODES.get(_text(document, "priority"), _ORDINARY))
    post = " ".join(_texts(document, "position_lines")) or _text(document, "position")
    yield from _party("SenderParty", _text(document, "signer"), post)
    yield from _party("ReceiverParty", "", ", ".join(_texts(document, "to")))
    for reference in _texts(document, "refs"):
        yield from _inside("ReferenceCorrespondence", _reference(reference))
    yield from _one("Attachment", "\n".join(_enclosed(document, enclosed)))
    yield from _one("Description", "\n".join(_paragraphs(document)))


def _paragraphs(document: Mapping[str, Any]) -> list[str]:
    """The words of the body, those of runs joined."""
    found = document.get("paragraphs")
    items = found if isinstance(found, list | tuple) else [found]
    return _texts({"": [_joined(item) for item in items]}, "")


def _joined(item: object) -> object:
    runs = item.get("runs") if isinstance(item, Mapping) else None
    if not isinstance(runs, list | tuple):
        return item
    texts = (run.get("text") for run in runs if isinstance(run, Mapping))
    return "".join(text for text in texts if isinstance(text, str))


def _party(kind: str, name: str, post: str) -> Iterator[str]:
    plain = _TITLES.sub("", name)
    given, _, family = plain.partition(" ")
    title = name[: len(name) - len(plain)].strip()
    parts = [
        *_one("GivenName", f"{title}{given}"),
        *_one("FamilyName", family.strip()),
        *_one("JobTitle", post),
    ]
    yield from _inside(kind, parts)


def _reference(text: str) -> list[str]:
    """Number and date where the words name them; the words themselves always."""
    found = _REFERENCE.match(text.translate(_ARABIC))
    dated = _dated(found["date"].strip()) if found else None
    if found is None or dated is None:
        return [*_one("Subject", text)]
    return [
        *_one("ID", found["id"]),
        *_one("CorrespondenceDate", dated.isoformat()),
        *_one("Subject", text),
    ]


def _dated(words: str) -> date | None:
    found = _DATE.match(words)
    if found is None:
        return None
    year, month = int(found["year"]) - _BUDDHIST_ERA, MONTHS.index(found["month"]) + 1
    try:
        return date(year, month, int(found["day"]))
    except ValueError:
        return None


def _enclosed(document: Mapping[str, Any], files: Sequence[Enclosure]) -> Iterator[str]:
    """The printed lines, each with the files of its name; then files that no line names."""
    left = list(files)
    for one in document.get("attachments") or ():
        if isinstance(one, Mapping):
            name = _text(one, "name")
            told = [f"({file.told})" for file in left if file.title == name]
            left = [file for file in left if file.title != name]
            yield " ".join(part for part in (name, _text(one, "qty"), *told) if part)
    yield from (f"{file.title} ({file.told})" for file in left)


def _text(values: Mapping[str, Any], name: str) -> str:
    """What is printed is checked elsewhere; here a value of another kind says nothing."""
    value = values.get(name)
    return _NO_XML.sub("", value).strip() if isinstance(value, str) else ""


def _texts(values: Mapping[str, Any], name: str) -> list[str]:
    value = values.get(name)
    many = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return [text for item in many if (text := _text({"": item}, ""))]


def _inside(kind: str, parts: list[str]) -> Iterator[str]:
    if parts:
        yield f"<ram:{kind}>"
        yield from parts
        yield f"</ram:{kind}>"


def _one(name: str, text: str) -> Iterator[str]:
    if text:
        yield f"<ram:{name}>{escape(_NO_XML.sub('', text))}</ram:{name}>"
