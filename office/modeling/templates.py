"""Templates of processes: what an agency has saved, as it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from office.modeling.models import model_template

_LIST = (
    sa.select(*(column for column in model_template.c if column.name != "agency_id"))
    .where(model_template.c.agency_id == sa.bindparam("agency", type_=sa.Uuid))
    .order_by(model_template.c.name, model_template.c.id)
)
_ONE = _LIST.where(model_template.c.id == sa.bindparam("this", type_=sa.Uuid))


@dataclass(frozen=True, slots=True)
class Template:
    """`files`: name -> text; `file_name` is that of the diagram. No `saved_by`: it is shipped."""

    id: str
    name: str
    description: str
    file_name: str
    files: Mapping[str, str]
    saved_by: str = ""
    saved_at: datetime | None = None


def templates(db: Connection, agency_id: UUID) -> Sequence[Template]:
    return [_read(row) for row in db.execute(_LIST, {"agency": agency_id})]


def template(db: Connection, agency_id: UUID, template_id: UUID) -> Template:
    row = db.execute(_ONE, {"agency": agency_id, "this": template_id}).one_or_none()
    if row is None:
        raise NotFound("Expected a template of this agency, but there is none with this id.")
    return _read(row)


def _read(row: sa.Row[tuple[object, ...]]) -> Template:
    return Template(**{**row._asdict(), "id": str(row.id)})
