"""Reads a document's content from outside: every field checked and named, nothing else let in.

The shape is that of the sample documents. What only the end of the route can say (number, date,
preparers) is dropped; what the organisation must know (the signing post) is checked by the caller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from engine import jsonio
from engine.errors import FieldError, Invalid
from office.documents import notation, rules
from office.documents.kinds import KINDS, Form, Kind

LINE, TEXT = 500, 20_000
MANY = 200
#: paragraphs, and a document with all its words as UTF-8: some hundred and thirty full pages
PARAGRAPHS, WHOLE = 3_000, 1_000_000
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

Check = Callable[["_Findings", str, Any], Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """Clean content with the degrees it claims."""

    content: Mapping[str, Any]
    urgency: int
    secrecy: int
    circular: bool


@dataclass(slots=True)
class _Findings:
    errors: list[FieldError] = field(default_factory=list)

    def add(self, path: str, message: str, code: str = "invalid") -> None:
        self.errors.append(FieldError(path, message, code))


def read_content(raw: Any) -> Reading:
    """Clean content, or Invalid with every field that is wrong."""
    if not isinstance(raw, Mapping):
        raise Invalid("Expected a document as a JSON object, but got something else.")
    found = _Findings()
    _refuse_kind(found, raw.get("kind"))
    _raise(found)  # another kind has other fields: what is wrong with these would mislead
    _refuse_strangers(found, raw)
    content = {
        name: check(found, name, raw.get(name))
        for name, check in _FIELDS.items()
        if name in raw or name in _REQUIRED
    }
    if kind := KINDS.get(content["kind"] or ""):
        _check_kind(found, kind, content)
    urgency = _degree(found, raw, "priority", rules.URGENCY)
    secrecy = _degree(found, raw, "secrecy", rules.SECRECY)
    _refuse_secrecy(found, secrecy, kind)
    _refuse_size(found, content)
    _raise(found)
    circular = bool(content.get("extra", {}).get("circular", False))
    return Reading(_with_degrees(content, urgency, secrecy), urgency, secrecy, circular)


def read_lines(path: str, raw: Any) -> list[str]:
    """Clean lines of text, none of them empty; or Invalid by place."""
    found = _Findings()
    lines: list[str] = _list_of(_REQUIRED_LINE)(found, path, raw)
    if found.errors:
        raise Invalid(f"Expected lines of text, but {found.errors[0].message}", found.errors)
    return lines


def _raise(found: _Findings) -> None:
    if not found.errors:
        return
    wrong, first = len(found.errors), found.errors[0]
    raise Invalid(
        f"Expected a document that can be routed, but found {wrong} wrong; the first:"
        f" {first.path}: {first.message}",
        found.errors,
    )


def _with_degrees(content: Mapping[str, Any], urgency: int, secrecy: int) -> dict[str, Any]:
    """Label and code always agree, whichever of the two was sent."""
    return {
        **content,
        "priority": rules.URGENCY[urgency - 1],
        "priority_code": f"{urgency:03}",
        "secrecy": rules.SECRECY[secrecy - 1],
        "secrecy_code": f"{secrecy:03}",
    }


def _refuse_strangers(found: _Findings, raw: Mapping[str, Any]) -> None:
    known = _FIELDS.keys() | rules.DECIDED_LATER | _DEGREES
    for name in raw:
        if name not in known:
            found.add(str(name)[:80], "Documents have no such field; leave it out.", "unknown")


def _refuse_kind(found: _Findings, kind: Any) -> None:
    if isinstance(kind, str) and kind.strip() and kind not in rules.KINDS:
        found.add("kind", f"Expected one of {', '.join(rules.KINDS)}.", "unknown_kind")


def _check_kind(found: _Findings, kind: Kind, content: dict[str, Any]) -> None:
    """What this kind needs beyond the fields of all."""
    if kind.recipient and not content.get("to"):
        found.add("to", "Fill this in.", "required")
    extra = content.get("extra") or {}
    for field_ in kind.extras:
        path, value = f"extra.{field_.name}", extra.get(field_.name)
        if field_.required and not value:
            found.add(path, "Fill this in.", "required")
        elif value:
            EXTRA_CHECKS[field_.form](found, path, value)


def _refuse_secrecy(found: _Findings, secrecy: int, kind: Kind | None) -> None:
    """Whether the agency takes ลับ and ลับมาก is asked where a letter is kept (`degrees`). Marks
    stand on pages that we print; on those of a wrapped file there would be none.
    """
    if secrecy == len(rules.SECRECY):
        found.add(
            "secrecy",
            "ลับที่สุด does not go through the e-saraban (ข้อ 29). Handle it on paper.",
            "top_secret",
        )
    elif secrecy > rules.OPEN_TO_RIGHTS and kind is not None and kind.wraps:
        found.add(
            "secrecy",
            "The pages of a file that is wrapped bear no marks of secrecy: enclose it with a"
            " letter, or handle it on paper.",
            "unmarked_pages",
        )


def _refuse_size(found: _Findings, content: Mapping[str, Any]) -> None:
    size = 0 if found.errors else len(jsonio.canonical(content))
    if size > WHOLE:
        found.add(
            "paragraphs",
            f"Expected at most {WHOLE:,} bytes of words, some hundred pages, but got {size:,};"
            " enclose the rest as a file.",
            "document_too_long",
        )


def _degree(found: _Findings, raw: Mapping[str, Any], name: str, labels: Sequence[str]) -> int:
    """1 to 4, from the label or the e-CMS code; both may be given if they agree."""
    codes = [f"{place:03}" for place in range(1, 5)]
    degrees: set[int] = set()
    for key, known in ((name, list(labels)), (f"{name}_code", codes)):
        value = raw.get(key)
        if value is None:
            continue
        if value in known:
            degrees.add(known.index(value) + 1)
        else:
            found.add(key, f"Expected one of {', '.join(known)}.")
    if len(degrees) > 1:
        found.add(name, f"The label and {name}_code disagree.")
    return degrees.pop() if degrees else 1


def _text(most: int, *, required: bool = False) -> Check:
    def check(found: _Findings, path: str, value: Any) -> str | None:
        if value is None or (isinstance(value, str) and not value.strip()):
            if required:
                found.add(path, "Fill this in.", "required")
            return None
        if not isinstance(value, str):
            found.add(path, "Expected text.")
            return None
        if len(value) > most:
            found.add(
                path, f"Expected at most {most} characters, but got {len(value)}.", "too_long"
            )
        if _UNPRINTABLE.search(value):
            found.add(path, "Has characters that cannot be printed; type it anew.")
            return None
        return value.strip()

    return check


def _list_of(
    inner: Check, *, required: bool = False, most: int = MANY, code: str = "too_long"
) -> Check:
    def check(found: _Findings, path: str, value: Any) -> list[Any]:
        if value is not None and not isinstance(value, list):
            found.add(path, "Expected a list.")
            return []
        if len(value or ()) > most:
            found.add(
                path, f"Expected at most {most:,} entries, but got {len(value or ()):,}.", code
            )
            return []
        if required and not value:
            found.add(path, "Fill this in.", "required")
        return [inner(found, f"{path}.{place}", entry) for place, entry in enumerate(value or ())]

    return check


def _object(fields: Mapping[str, Check]) -> Check:
    def check(found: _Findings, path: str, value: Any) -> dict[str, Any] | None:
        if value is None:
            return None
        if not isinstance(value, Mapping):
            found.add(path, "Expected an object.")
            return None
        for name in value:
            if name not in fields:
                found.add(
                    f"{path}.{name}"[:120], "There is no such field; leave it out.", "unknown"
                )
        return {
            name: inner(found, f"{path}.{name}", value.get(name)) for name, inner in fields.items()
        }

    return check


def _paragraph(found: _Findings, path: str, value: Any) -> notation.Paragraph | None:
    """Plain text, or {runs: [{text, bold, underline}]} of one line."""
    if not isinstance(value, Mapping):
        text: str | None = _text(TEXT, required=True)(found, path, value)
        return text
    if value.keys() != {"runs"} or not all(map(_is_run, _listed(value["runs"]))):
        found.add(path, "Expected text, or {runs: [{text, bold, underline}]}.")
        return None
    tidy = notation.tidy({"runs": list(value["runs"])})
    _text(TEXT, required=True)(found, path, notation.plain(tidy))
    return tidy


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [None]


def _is_run(run: Any) -> bool:
    return (
        isinstance(run, Mapping)
        and not run.keys() - {"text", "bold", "underline"}
        and isinstance(run.get("text"), str)
        and "\n" not in run["text"]
        and all(isinstance(run.get(mark, False), bool) for mark in ("bold", "underline"))
    )


def _extra(found: _Findings, path: str, value: Any) -> dict[str, Any]:
    """What kinds need beyond the common fields: any JSON, but printable and not endless."""
    if value is not None and not isinstance(value, Mapping):
        found.add(path, "Expected an object.")
        return {}
    try:
        text = jsonio.dumps(value or {})
    except (TypeError, ValueError):
        found.add(path, "Expected JSON values.")
        return {}
    if len(text) > TEXT or "\\u0000" in text:
        found.add(path, f"Expected at most {TEXT} printable characters.", "too_long")
    return dict(value or {})


_LINE = _text(LINE)
_REQUIRED_LINE = _text(LINE, required=True)
_PERSON = dict.fromkeys(("name", "position", "role", "reason", "substitute_for"), _LINE)


def _moment(pattern: str, read: Callable[[str], object]) -> Check:
    """A date or a time in ISO's form."""

    def check(found: _Findings, path: str, value: Any) -> None:
        try:
            read(value)
        except (TypeError, ValueError):
            found.add(path, f"Expected {pattern}.")

    return check


def _people(found: _Findings, path: str, value: Any) -> None:
    known = {"no": lambda *_: None, **_PERSON}
    people = _list_of(_object(known))(found, path, value)
    for place, person in enumerate(people):
        if person is not None and not person["name"]:
            found.add(f"{path}.{place}.name", "Fill this in.", "required")


EXTRA_CHECKS: Mapping[Form, Check] = {
    Form.LINE: _LINE,
    Form.DATE: _moment("a date as in 2026-11-23", date.fromisoformat),
    Form.TIME: _moment("a time as in 09:30", time.fromisoformat),
    Form.LINES: _list_of(_REQUIRED_LINE),
    Form.PEOPLE: _people,
}
_DEGREES = frozenset({"priority", "priority_code", "secrecy", "secrecy_code"})
_REQUIRED = frozenset({"kind", "subject", "paragraphs", "position_lines"})
_FIELDS: Mapping[str, Check] = {
    "kind": _text(10, required=True),
    "kind_th": _LINE,
    "form": _LINE,
    "owner_agency": _LINE,
    "owner_unit": _LINE,
    "address": _LINE,
    "subject": _REQUIRED_LINE,
    "salutation": _LINE,
    "to": _LINE,
    "refs": _list_of(_REQUIRED_LINE),
    "attachments": _list_of(_object({"name": _REQUIRED_LINE, "qty": _LINE})),
    "paragraphs": _list_of(_paragraph, required=True, most=PARAGRAPHS, code="document_too_long"),
    "closing": _LINE,
    "signer": _LINE,
    "position": _LINE,
    "acting_for": _object({"mode": _LINE, "principal": _LINE, "instrument": _LINE}),
    "position_lines": _list_of(_REQUIRED_LINE, required=True),
    "contact": _object({"tel": _LINE, "email": _LINE}),
    "cc": _list_of(_REQUIRED_LINE),
    "extra": _extra,
}
