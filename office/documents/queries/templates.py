"""The patterns that somebody may begin a document from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import NotFound
from engine.models.columns import AnyRow
from office.documents import access, rules
from office.documents.models import letter_template

_SHOWN = tuple(column for column in letter_template.c if column.name != "content")
_TO_ME = (
    letter_template.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    letter_template.c.away_at.is_(None),
    sa.or_(
        letter_template.c.unit.is_(None),
        letter_template.c.unit.in_(sa.bindparam("units", expanding=True)),
    ),
)
#: without the words, which may be long
_OFFERED = sa.select(*_SHOWN).where(*_TO_ME).order_by(letter_template.c.name, letter_template.c.id)
_WORDS = sa.select(letter_template.c.content).where(
    *_TO_ME, letter_template.c.id == sa.bindparam("id", type_=sa.Uuid)
)


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """`unit` None: of the whole agency."""

    id: str
    name: str
    kind: str
    unit: str | None
    kept_by: str
    kept_at: datetime
    may_put_away: bool


def templates(db: Connection, actor: Actor) -> Sequence[TemplateRow]:
    """Those of the agency and of the actor's units, by name."""
    return [_row(found, actor) for found in db.execute(_OFFERED, _me(actor))]


def template_words(db: Connection, actor: Actor, template_id: UUID) -> Mapping[str, Any]:
    """The words of one of them, as `replying.words_of` takes them."""
    found: Mapping[str, Any] | None = db.scalar(_WORDS, {**_me(actor), "id": template_id})
    if found is None:
        raise NotFound("Expected a pattern that is offered to you, but there is none with this id.")
    return found


def _me(actor: Actor) -> dict[str, Any]:
    return {"agency": actor.agency_id, "units": sorted(access.units_of(actor))}


def _row(found: AnyRow, actor: Actor) -> TemplateRow:
    return TemplateRow(
        id=str(found.id),
        name=found.name,
        kind=found.kind,
        unit=found.unit,
        kept_by=found.kept_by,
        kept_at=found.kept_at,
        may_put_away=found.kept_by == actor.username or actor.may(rules.RIGHT_OVER_TEMPLATES),
    )
