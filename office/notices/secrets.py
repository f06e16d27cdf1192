"""How secret it is what notices are about: a case, or a page of a letter, as it is by now."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.models.instance import process_instance
from office.documents.models import document
from office.documents.rules import OPEN_TO_RIGHTS

_AGENCY = sa.bindparam("agency", type_=sa.Uuid)
_IDS: sa.BindParameter[UUID] = sa.bindparam("ids", expanding=True)
_CASES = sa.select(process_instance.c.id, process_instance.c.secrecy).where(
    process_instance.c.agency_id == _AGENCY,
    process_instance.c.id.in_(_IDS),
    process_instance.c.secrecy > OPEN_TO_RIGHTS,
)
_LETTERS = sa.select(document.c.id, document.c.secrecy).where(
    document.c.agency_id == _AGENCY,
    document.c.id.in_(_IDS),
    document.c.secrecy > OPEN_TO_RIGHTS,
)
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def degrees_of(
    db: Connection, agency_id: UUID, about: Sequence[tuple[UUID | None, str | None]]
) -> list[int]:
    """The highest degree of each: the instance that a notice names, and the page it leads to."""
    cases = {instance for instance, _ in about if instance is not None}
    letters = [_letters_in(page) for _, page in about]
    secret: dict[UUID, int] = {}
    for statement, ids in ((_CASES, cases), (_LETTERS, {one for each in letters for one in each})):
        if ids:
            found = db.execute(statement, {"agency": agency_id, "ids": list(ids)})
            secret |= {row.id: row.secrecy for row in found}
    return [
        max([OPEN_TO_RIGHTS, *(secret[one] for one in (instance, *named) if one in secret)])
        for (instance, _), named in zip(about, letters, strict=True)
    ]


def _letters_in(page: str | None) -> list[UUID]:
    return [UUID(part) for part in (page or "").split("/") if _ID.fullmatch(part)]
