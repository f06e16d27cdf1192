"""The machine's long work, followed by the person who asked for it."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import render_template
from flask.typing import ResponseReturnValue

from api.pages.desk import actor, db, page_number
from api.pages.paging import window_of
from api.pages.site import site
from engine.models.job import LEASED, WAITING
from engine.queries import jobs

#: Where whoever asked for long work is sent, to follow it.
OWN_JOBS = "/jobs"


@site.get(OWN_JOBS)
def own_jobs() -> ResponseReturnValue:
    page = jobs.own(db(), actor(), page=page_number())
    return render_template(
        "jobs.html",
        page=page,
        going=any(row.state in (WAITING, LEASED) for row in page.items),
        window=window_of(page),
        page_url=lambda number: f"{OWN_JOBS}?" + urlencode({"page": number}),
    )
