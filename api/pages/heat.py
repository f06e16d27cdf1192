"""How the cases of a version flow, over its picture and as the same table: counts and times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api import picture
from api.pages import thdate
from api.pages.desk import actor, db, now, whole_number
from api.pages.diagram import diagram_of
from api.pages.i18n import language
from api.pages.site import site
from engine.ids import parse_id
from engine.queries import definitions, heat
from engine.queries.heat import ElementHeat

#: days that can be chosen, the usual one first
PERIODS = (30, 7, 90, 365)
#: the share of the fullest element from which an element is of a level, the lowest first
_LEVELS = (0.0, 0.25, 0.5, 0.85)


@dataclass(frozen=True, slots=True)
class Row:
    """`level` 1 to 4: how much waits here beside where most does; 0: nothing."""

    name: str
    heat: ElementHeat
    waiting: int
    level: int
    median: str
    p90: str


@site.get("/definitions/<definition_id>/heat")
def show_heat(definition_id: str) -> ResponseReturnValue:
    this = parse_id(definition_id, "process")
    row = definitions.one(db(), actor().agency_id, this)
    days = whole_number(request.args.get("days", ""))
    days = days if days in PERIODS else PERIODS[0]
    found = heat.heat(db(), actor(), this, now() - timedelta(days=days), now())
    rows = _rows(row.id, found)
    return render_template(
        "heat.html",
        definition=row,
        drawn=drawn(actor().agency_id, this),
        heats={one.heat.element_id: one for one in rows},
        rows=rows,
        days=days,
        periods=sorted(PERIODS),
    )


@lru_cache(maxsize=128)
def drawn(agency_id: UUID, definition_id: UUID) -> picture.Picture:
    """A deployed version never changes: read once for the life of the process."""
    return picture.read(definitions.xml(db(), agency_id, definition_id))


def _rows(definition_id: str, found: Sequence[ElementHeat]) -> list[Row]:
    """In the order of the diagram; elements of processes that are called stand last."""
    diagram = diagram_of(definition_id)
    order = {name: place for place, name in enumerate(diagram.elements)}
    most = max((one.tasks + one.waits for one in found), default=0)
    ordered = sorted(found, key=lambda one: order.get(one.element_id, len(order)))
    return [_row(diagram.name(one.element_id), one, most) for one in ordered]


def _row(name: str, one: ElementHeat, most: int) -> Row:
    waiting = one.tasks + one.waits
    share = waiting / most if most else 0.0
    level = sum(share > limit for limit in _LEVELS)
    return Row(name, one, waiting, level, _span(one.median), _span(one.p90))


def _span(length: timedelta | None) -> str:
    return "" if length is None else thdate.age(length, language())
