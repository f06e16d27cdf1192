"""What was done to a chain or to a diagram's draft, for those who may draw it."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from api.pages.admin.said import told
from api.pages.desk import actor, db, page_number
from api.pages.faces import meet
from api.pages.paging import window_of
from api.pages.site import site
from engine.ids import parse_id
from office.chains import queries as chains
from office.chains.commands import RIGHT as COMPOSING
from office.modeling import queries as models
from office.modeling.commands import RIGHT as DRAWING
from office.people import queries as people
from office.people.rights import demand

PAGE_SIZE = 50


@site.get("/chains/<chain_id>/history")
def chain_history(chain_id: str) -> ResponseReturnValue:
    demand(actor(), COMPOSING)
    row = chains.draft(db(), actor().agency_id, parse_id(chain_id, "chain"))
    return _page("chains", row.id, row.name)


@site.get("/designer/<model_draft_id>/history")
def model_history(model_draft_id: str) -> ResponseReturnValue:
    demand(actor(), DRAWING)
    row = models.draft(db(), actor().agency_id, parse_id(model_draft_id, "draft"))
    return _page("designer", row.id, row.title)


def _page(room: str, draft_id: UUID, title: str) -> str:
    """`room`: where drafts of this kind are kept, as addresses call it."""
    page = people.events(
        db(), actor().agency_id, subject_id=draft_id, page=page_number(), page_size=PAGE_SIZE
    )
    meet(event.actor for event in page.items)
    return render_template(
        "draft_history.html",
        room=room,
        draft=f"/{room}/{draft_id}",
        title=title,
        events=told(page.items),
        total=page.total,
        window=window_of(page),
        page_url=lambda number: f"/{room}/{draft_id}/history?page={number}",
    )
