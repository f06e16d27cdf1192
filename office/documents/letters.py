"""A document as others need it: words ready to print, and what the registry must know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from office.documents.access import Row, find
from office.documents.kinds import KINDS, Printed
from office.documents.letterheads import heading
from office.documents.paper import Sender, with_defaults
from office.documents.policy import manners
from office.documents.ports import Letter, Series
from office.documents.thai import long_date
from office.documents.versions import enclosed
from office.people import queries as people


def sender_of(db: Connection, agency_id: UUID, owner_unit: str) -> Sender:
    """What the organisation knows of the unit that sends."""
    way = people.branch(db, agency_id, owner_unit)
    unit = way[-1]
    department = next(one for one in way if one.code == unit.department)
    policy = people.agency(db, agency_id).policy
    return Sender(
        agency=department.name,
        unit=unit.name,
        address=unit.address,
        phone=unit.phone,
        email=unit.email,
        manners=manners(db, agency_id),
        heading=heading(policy, [one.code for one in reversed(way)], department.code),
        path=unit.path,
    )


def printable(
    db: Connection, agency_id: UUID, document_id: UUID, content: Mapping[str, Any]
) -> dict[str, Any]:
    """A document's words with every gap filled that the rules or the organisation can fill."""
    owner = find(db, agency_id, document_id).owner_unit
    words = with_defaults(content, sender_of(db, agency_id, owner))
    return {**words, **_wrapping(db, agency_id, document_id, words)}


def _wrapping(
    db: Connection, agency_id: UUID, document_id: UUID, words: Mapping[str, Any]
) -> dict[str, Any]:
    """The file that the document wraps; no other line of its enclosures names it."""
    if not KINDS[words["kind"]].wraps:
        return {}
    files = enclosed(db, agency_id, document_id)
    if not files:
        return {}
    file = files[0]
    received = words["extra"].get("received")
    when = long_date(date.fromisoformat(received)) if received else None
    rest = [line for line in words["attachments"] if line["name"] != file["name"]]
    return {"wrapped": {**file, "received": when}, "attachments": rest}


def _told(content: Mapping[str, Any]) -> Sequence[str]:
    """Whom an order names, or whoever else is to be told of it."""
    told: Sequence[str] = (content.get("extra") or {}).get("notify") or ()
    return told


def _source(content: Mapping[str, Any]) -> str | None:
    """Whence a wrapped document came."""
    source: str | None = (content.get("extra") or {}).get("source")
    return source


def series_of(kind: str, department: str) -> Series | None:
    word = KINDS[kind].series
    return None if word is None else Series(kind, department, word, _alone(kind))


def _alone(kind: str) -> bool:
    """Whether the running number is printed, and so stands for itself."""
    return KINDS[kind].printed is Printed.RUNNING


def letter_of(db: Connection, row: Row) -> Letter:
    department = people.department_of(db, row.agency_id, row.owner_unit)
    return Letter(
        document_id=row.id,
        kind=row.kind,
        unit=row.owner_unit,
        circular=row.circular,
        subject=row.subject,
        sender=_source(row.content) or row.content.get("owner_agency") or department.name,
        recipient=row.content.get("to") or "",
        urgency=row.urgency,
        copies=(*(row.content.get("cc") or ()), *(_told(row.content))),
        series=series_of(row.kind, department.code),
        received=KINDS[row.kind].wraps,
        secrecy=row.secrecy,
    )
