"""Archived cases of one process: all for who sees its cases, else one's own."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.pages.desk import actor, db, page_number
from api.pages.paging import window_of
from api.pages.site import site
from engine.ids import parse_id
from engine.queries import archive, definitions


@site.get("/definitions/<definition_id>/archive")
def archived_cases(definition_id: str) -> ResponseReturnValue:
    row = definitions.one(db(), actor().agency_id, parse_id(definition_id, "process"))
    q = request.args.get("q", "").strip()[:200]
    page = archive.listing(
        db(), actor(), definition_key=row.key, q=q or None, page=page_number()
    )  # fmt: skip
    here = f"/definitions/{row.id}/archive"
    return render_template(
        "definition_archive.html",
        definition=row,
        page=page,
        window=window_of(page),
        here=here,
        page_url=lambda number: f"{here}?" + urlencode({"q": q, "page": number}),
        q=q,
    )
