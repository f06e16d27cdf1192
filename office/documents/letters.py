"""What the registry needs to know of a document."""

from __future__ import annotations

from sqlalchemy import Connection

from office.documents.access import Row
from office.documents.ports import Letter
from office.people import queries as people


def letter_of(db: Connection, row: Row) -> Letter:
    department = people.department_of(db, row.agency_id, row.owner_unit)
    return Letter(
        document_id=row.id,
        kind=row.kind,
        unit=row.owner_unit,
        circular=row.circular,
        subject=row.subject,
        sender=row.content.get("owner_agency") or department.name,
        recipient=row.content["to"],
        urgency=row.urgency,
        copies=tuple(row.content.get("cc") or ()),
    )
