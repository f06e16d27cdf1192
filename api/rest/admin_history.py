"""/admin-history: who changed what of people, posts, accounts, processes and time, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from marshmallow import fields

from api.rest.fields import Paging, Text
from api.rest.frame import Resource, read
from engine.queries.page import Window
from office.people import queries
from office.people.queries import OrgEvent
from office.people.rights import demand

resource = Resource(
    "admin-history",
    __name__,
    url_prefix="/api/v1/admin-history",
    description="What administrators and designers changed.",
)


@dataclass(frozen=True, slots=True)
class AdminHistoryPage:
    """`data` of an item is what was said; under "was" in it, what it had been."""

    items: Sequence[OrgEvent]
    total: int | None
    next: str | None
    page: int
    page_size: int


class AdminHistoryFilter(Paging):
    """`actor`: a sign-in name; `type`: a kind of event, such as role.granted; `subject_id`: of the
    person, unit, post, role, draft or agency that it happened to.
    """

    actor = Text(60, load_default=None)
    type = Text(60, load_default=None)
    subject_id = fields.UUID(load_default=None)


@resource.get("", query=AdminHistoryFilter, gives=AdminHistoryPage)
def listing(query: dict[str, Any]) -> Any:
    """List what was changed, the newest first (right: people or audit)."""
    if not g.actor.may("audit"):
        demand(g.actor, "people")
    window = Window(query["page"], query["page_size"], query["after"])
    return read(
        queries.history,
        g.actor.agency_id,
        window,
        actor=query["actor"],
        kind=query["type"],
        subject_id=query["subject_id"],
    )
