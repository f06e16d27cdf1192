"""From a document's content to what is printed: defaults filled in, and at the end number, date,
signer and preparers as they are decided. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from office.documents.greetings import REGULATION, Manners, greeting
from office.documents.kinds import (
    KINDS,
    RECORDER,
    Kind,
    Printed,
    date_on_paper,
    number_on_paper,
)
from office.documents.letterheads import Heading, printed
from office.documents.thai import long_date, thai_digits


@dataclass(frozen=True, slots=True)
class Sender:
    """What a letter says of those who send it, where its words do not."""

    agency: str
    unit: str
    address: str | None
    phone: str | None
    email: str | None
    manners: Manners = REGULATION
    heading: Heading = field(default_factory=Heading)
    #: the unit's names from the top down to it
    path: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, and as what."""

    name: str
    position_lines: Sequence[str]
    mode: str | None = None
    instrument: str | None = None


def with_defaults(content: Mapping[str, Any], sender: Sender) -> dict[str, Any]:
    """The same content with every empty field filled that the rules or the organisation know."""
    kind = KINDS[content["kind"]]
    due = greeting(content.get("to") or "", sender.manners)
    due = due or sender.manners.forms["common"]
    known = {
        "kind_th": kind.name,
        "form": kind.form,
        "owner_agency": sender.agency,
        "owner_unit": sender.unit,
        "address": _digits(sender.address),
        "salutation": due.salutation if kind.greets else None,
        "closing": due.closing if "closing" in kind.head else None,
        "contact": {"tel": _digits(sender.phone), "email": sender.email},
        "position": content["position_lines"][0],
    }
    lists: dict[str, list[Any]] = {name: [] for name in ("refs", "attachments", "cc")}
    filled = {name: value for name, value in known.items() if not content.get(name)}
    words = {**lists, "extra": {}, "signer": None, "acting_for": None, **content, **filled}
    return {
        **words,
        **_of_kind(words, kind),
        "heading": printed(sender.heading, words, _said(sender)),
    }


def _said(sender: Sender) -> Mapping[str, Sequence[str | None]]:
    """What stands in a document whose drafter left the organisation's own words as they were."""
    path = sender.path
    return {
        "owner_agency": [sender.agency],
        "address": [sender.address, _digits(sender.address)],
        "owner_unit": [sender.unit, *(" ".join(path[n:]) for n in range(len(path)))],
    }


def _of_kind(words: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
    """What a draft shows where the drafter, not the registry, says number or date."""
    if kind.printed is Printed.MEETING:
        return {
            "number": number_on_paper(words, "", None),
            "date": long_date(date.fromisoformat(words["extra"]["meeting_date"])),
            "signer": words["extra"]["recorder"],
            "position_lines": [RECORDER],
            "extra": {**words["extra"], "checker": words["signer"]},
        }
    if kind.printed in (Printed.EDITION, Printed.ISSUE):
        return {"number": number_on_paper(words, "", None)}
    return {}


def final(
    content: Mapping[str, Any],
    *,
    number: str,
    dated: date,
    signer: Signer,
    preparers: Mapping[str, str],
    code: str | None = None,
) -> dict[str, Any]:
    """The document as it is signed: everything decided. `number` is the book's; what is printed
    goes by the kind. `code` verifies it.
    """
    return {
        **content,
        **_signed_by(content, signer),
        "number": number_on_paper(content, number, dated.year),
        "number_arabic": number,
        "date": date_on_paper(content, dated),
        "date_iso": dated.isoformat(),
        "preparers": dict(preparers),
        "verification": {"code": code},
    }


def _signed_by(content: Mapping[str, Any], signer: Signer) -> dict[str, Any]:
    if KINDS[content["kind"]].printed is Printed.MEETING:  # whoever checked the minutes signs them
        return {"extra": {**content["extra"], "checker": signer.name}}
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
