"""/admin: what an administrator keeps; and the history of what was kept."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.pages.admin.said import told
from api.pages.admin.sections import open_elsewhere, open_sections
from api.pages.desk import actor, db, page_number
from api.pages.faces import meet
from api.pages.paging import window_of
from api.pages.site import site
from api.pages.unadministered import unadministered
from engine.errors import Forbidden
from engine.ids import parse_id
from office.people import queries as people
from office.people.rights import demand

PAGE_SIZE = 50


@site.get("/admin")
def admin_index() -> ResponseReturnValue:
    sections = open_sections()
    if not sections:
        raise Forbidden("Expected a right over the agency's people or time, but there is none.")
    return render_template(
        "admin.html",
        sections=sections,
        elsewhere=open_elsewhere(),
        unadministered=unadministered(),
    )


@site.get("/admin/history")
def admin_history() -> ResponseReturnValue:
    if not actor().may("audit"):
        demand(actor(), "people")
    who = request.args.get("actor", "").strip()[:60]
    brought = request.args.get("import", "")
    page = people.events(
        db(),
        actor().agency_id,
        actor=who,
        import_id=parse_id(brought, "import") if brought else None,
        page=page_number(),
        page_size=PAGE_SIZE,
    )
    meet(event.actor for event in page.items)
    return render_template(
        "admin_history.html",
        events=told(page.items),
        total=page.total,
        window=window_of(page),
        page_url=lambda number: (
            "/admin/history?" + urlencode({"actor": who, "import": brought, "page": number})
        ),
        brought=brought,
        who=who,
        sections=open_sections(),
    )
