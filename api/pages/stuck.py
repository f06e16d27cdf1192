"""What is stuck: for operators, auditors, and who administers a process; tried again or skipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.pages.desk import actor, db, page_number, run
from api.pages.faces import meet
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.paging import window_of
from api.pages.site import site
from engine.commands.dead_jobs import SkipJob
from engine.commands.incidents import RetryIncident
from engine.errors import Conflict
from engine.ids import parse_id
from engine.models.granting import reach
from engine.queries import incidents
from engine.queries.incidents import IncidentRow
from engine.queries.visibility import processes_of


@site.get("/incidents")
def incident_list() -> ResponseReturnValue:
    return _page({}, {})


def _page(typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    """`typed` and `errors` are by the id of the field: each line has one of its own."""
    state = "resolved" if request.args.get("state") == "resolved" else "open"
    process = request.args.get("process", "").strip()[:255]
    page = incidents.listing(
        db(), actor(), state=state, process=process or None, page=page_number()
    )
    named = {"process": process} if process else {}
    meet(row.resolved_by for row in page.items)
    return render_template(
        "incidents.html",
        page=page,
        window=window_of(page),
        page_url=lambda number: _url(named | {"state": state, "page": str(number)}),
        tabs=[_url(named), _url(named | {"state": "resolved"})],
        process=process,
        state=state,
        mendable=_mendable(page.items),
        typed=typed,
        errors=errors,
    )


def _url(asked: Mapping[str, str]) -> str:
    return "/incidents" + (f"?{urlencode(asked)}" if asked else "")


def _mendable(rows: Sequence[IncidentRow]) -> frozenset[str]:
    """The ids of those that the actor may try again: an auditor sees more."""
    mine = reach(db(), actor(), "operate")
    if mine.processes is not None and not mine.processes:
        return frozenset()
    roots = {row.id: row.root_instance_id for row in rows}
    cases = {UUID(root) for root in roots.values() if root and mine.processes is not None}
    known = processes_of(db(), actor().agency_id, cases) if cases else {}
    return frozenset(
        one for one, root in roots.items() if mine.over(known.get(UUID(root)) if root else None)
    )


@site.post("/incidents/<incident_id>/retry")
def retry(incident_id: str) -> ResponseReturnValue:
    answer = run(RetryIncident(parse_id(incident_id, "incident")))
    if answer.get("instance_status") == "incident":
        flash(_("ลองใหม่แล้ว แต่ยังติดอยู่ ดูสาเหตุล่าสุด"), "warn")
    else:
        flash(_("ลองใหม่แล้ว เรื่องเดินต่อได้"), "ok")
    return redirect("/incidents", 303)


def _skip_again(incident_id: str, values: MultiDict[str, Any]) -> ResponseReturnValue:
    return _page({f"reason-{incident_id}": values.get("reason", "")}, {})


@site.post("/incidents/<incident_id>/skip")
@shows_again(_skip_again)
def skip(incident_id: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "").strip()
    if not reason:
        return _page({}, {f"reason-{incident_id}": _("ใส่เหตุผลที่ข้าม")}), 422
    found = incidents.one(db(), actor(), parse_id(incident_id, "incident"))
    if found.job_id is None:
        raise Conflict(
            "Expected an incident of machine work to go on without, but this is none.",
            code="job_not_awaited",
        )
    run(SkipJob(UUID(found.job_id), reason))
    flash(_("ข้ามงานนี้แล้ว เรื่องเดินต่อโดยไม่มีผลของงานนี้"), "ok")
    return redirect("/incidents", 303)
