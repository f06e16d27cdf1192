"""A letter's content from a posted form, and a form's values from content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from api.pages import letter_extra
from office.documents import notation
from office.documents.rules import SECRECY, URGENCY


class _Posted(Protocol):
    def getlist(self, key: str) -> list[str]: ...


class Posted:
    """A posted form of which every field is text, empty where it was left out."""

    def __init__(self, form: _Posted) -> None:
        self.getlist = form.getlist

    def get(self, key: str) -> str:
        return next(iter(self.getlist(key)), "")


def read(form: _Posted, base: Mapping[str, Any]) -> dict[str, Any]:
    """Content in the shape of the sample documents; what the form does not show stays as it was."""
    posted = Posted(form)
    kind = posted.get("kind") or base.get("kind", "")
    body = notation.read(posted.get("paragraphs"))
    return {
        **base,
        "kind": kind,
        **_lines(posted),
        "priority": _label(posted.get("priority"), URGENCY),
        "priority_code": None,
        "secrecy": _label(posted.get("secrecy"), SECRECY),
        "secrecy_code": None,
        "position_lines": _split(posted.get("position_lines")),
        "paragraphs": body.paragraphs,
        "refs": _full(posted.getlist("refs")),
        "cc": _full(posted.getlist("cc")),
        "attachments": _enclosures(posted),
        "contact": {"tel": posted.get("tel") or None, "email": posted.get("email") or None},
        "extra": _extra(posted, kind, base.get("extra") or {}, body.tables),
    }


_LINES = ("subject", "salutation", "to", "closing", "owner_agency", "owner_unit", "address")


def _lines(posted: Posted) -> dict[str, str | None]:
    return {name: posted.get(name).strip() or None for name in _LINES}


def _label(place: str, labels: Sequence[str]) -> str:
    """The label of a degree chosen as 1 to 4."""
    known = place.isdecimal() and 1 <= int(place) <= len(labels)
    return labels[int(place) - 1] if known else labels[0]


def _split(text: str) -> list[str]:
    return _full(text.splitlines())


def _full(texts: Iterable[str]) -> list[str]:
    return [text.strip() for text in texts if text.strip()]


def _enclosures(posted: Posted) -> list[dict[str, str | None]]:
    names, quantities = posted.getlist("enclosure"), posted.getlist("enclosure_qty")
    quantities += [""] * (len(names) - len(quantities))
    return [
        {"name": name.strip(), "qty": quantity.strip() or None}
        for name, quantity in zip(names, quantities, strict=False)
        if name.strip()
    ]


def _extra(
    posted: Posted, kind: str, base: Mapping[str, Any], tables: Sequence[notation.Table]
) -> dict[str, Any]:
    extra = {**base, "circular": posted.get("circular") == "1"}
    others = [table for table in _tables(base) if not notation.is_table(table)]
    if tables or _tables(base):
        extra["tables"] = [*tables, *others]
    extra |= letter_extra.read(posted, kind)
    if reply := posted.get("reply_to"):
        extra["reply_to"] = reply[:36]
    if chosen := posted.getlist("consult_units"):
        extra["consult_units"] = chosen
    return extra


def _tables(extra: Mapping[str, Any]) -> list[Any]:
    found = extra.get("tables")
    return found if isinstance(found, list) else []


def body_text(content: Mapping[str, Any]) -> str:
    """The body as the text area shows it."""
    tables = [one for one in _tables(content.get("extra") or {}) if notation.is_table(one)]
    return notation.write(content.get("paragraphs") or (), tables)


def values(content: Mapping[str, Any]) -> dict[str, Any]:
    """What the form's fields show; lists of rows end with an empty one to fill."""
    contact, extra = content.get("contact") or {}, content.get("extra") or {}
    return {
        **{name: content.get(name) or "" for name in _LINES},
        "priority": _place(content.get("priority"), URGENCY),
        "secrecy": _place(content.get("secrecy"), SECRECY),
        "position_lines": "\n".join(content.get("position_lines") or ()),
        "paragraphs": body_text(content),
        "refs": _rows((ref, "") for ref in content.get("refs") or ()),
        "cc": _rows((name, "") for name in content.get("cc") or ()),
        "enclosures": _rows(
            (line["name"], line.get("qty") or "") for line in content.get("attachments") or ()
        ),
        "tel": contact.get("tel") or "",
        "email": contact.get("email") or "",
        "circular": bool(extra.get("circular")),
        "reply_to": extra.get("reply_to") or "",
        "extra": letter_extra.values(extra, content.get("kind") or ""),
        "consult_units": extra.get("consult_units") or [],
    }


def _rows(filled: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [*filled, ("", "")]


def _place(label: Any, labels: Sequence[str]) -> int:
    return labels.index(label) + 1 if label in labels else 1
