"""/registers: the books of sent and received letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from marshmallow import fields, validate

from api.rest.fields import Day, Paging, Text
from api.rest.frame import Resource, read
from office.correspondence import queries, rules
from office.correspondence.queries import EntryRow

resource = Resource(
    "registers", __name__, url_prefix="/api/v1/registers", description="Sent and received letters."
)


@dataclass(frozen=True, slots=True)
class EntryPage:
    items: Sequence[EntryRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


class EntryFilter(Paging):
    """`year` is of the Buddhist era, as books are kept; `day` an office day in Bangkok."""

    unit = Text(60, load_default=None)
    year = fields.Integer(load_default=None, validate=validate.Range(min=2400, max=3000))
    day = Day(load_default=None)
    q = Text(200, shortest=0, load_default="")


@resource.get(f"/<any({rules.SEND}, {rules.RECEIVE}):which>", query=EntryFilter, gives=EntryPage)
def entries(query: dict[str, Any], which: str) -> Any:
    """Lines of a register, newest first: of your units, or of all for the registry."""
    return read(queries.register, g.actor, which, **query)
