"""From a document's content to what is printed: defaults filled in, and at the end number, date,
signer and preparers as they are decided. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from office.documents import rules
from office.documents.greetings import COMMON, greeting
from office.documents.thai import long_date, thai_digits

FORMS = {"EXT": "แบบที่ 1", "INT": "แบบที่ 2"}


@dataclass(frozen=True, slots=True)
class Sender:
    """What a letter says of those who send it, where its words do not."""

    agency: str
    unit: str
    address: str | None
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, and as what."""

    name: str
    position_lines: Sequence[str]
    mode: str | None = None
    instrument: str | None = None


def with_defaults(content: Mapping[str, Any], sender: Sender) -> dict[str, Any]:
    """The same content with every empty field filled that the rules or the organisation know."""
    due = greeting(content["to"]) or COMMON
    kind = content["kind"]
    known = {
        "kind_th": rules.KINDS[kind],
        "form": FORMS[kind],
        "owner_agency": sender.agency,
        "owner_unit": sender.unit,
        "address": sender.address,
        "salutation": due.salutation,
        "closing": due.closing if kind == "EXT" else None,
        "contact": {"tel": _digits(sender.phone), "email": sender.email},
        "position": content["position_lines"][0],
    }
    lists: dict[str, list[Any]] = {name: [] for name in ("refs", "attachments", "cc")}
    filled = {name: value for name, value in known.items() if not content.get(name)}
    return {**lists, "extra": {}, "signer": None, "acting_for": None, **content, **filled}


def final(
    content: Mapping[str, Any],
    *,
    number: str,
    dated: date,
    signer: Signer,
    preparers: Mapping[str, str],
    code: str | None = None,
) -> dict[str, Any]:
    """The letter as it is signed: everything decided. `code` verifies it."""
    return {
        **content,
        **_signed_by(signer),
        "number": thai_digits(number),
        "number_arabic": number,
        "date": long_date(dated),
        "date_iso": dated.isoformat(),
        "preparers": dict(preparers),
        "verification": {"code": code},
    }


def _signed_by(signer: Signer) -> dict[str, Any]:
    acting = None
    if signer.mode:
        principal = signer.position_lines[-1].removeprefix(signer.mode).strip()
        acting = {"mode": signer.mode, "principal": principal, "instrument": signer.instrument}
    return {
        "signer": signer.name,
        "position": signer.position_lines[0],
        "position_lines": list(signer.position_lines),
        "acting_for": acting,
    }


def _digits(text: str | None) -> str | None:
    return None if text is None else thai_digits(text)
