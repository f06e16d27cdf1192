"""Notices in the page: what happened to one's tasks, newest first."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from api.pages.desk import actor, db, run
from api.pages.faces import face, meet
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.pages.site import for_readers, site
from engine.ids import parse_id
from office.notices import queries as notices
from office.notices.commands import MarkRead
from office.notices.queries import NoticeRow
from office.notices.rules import KINDS

SHOWN = 100
ICONS = {
    "task": ("inbox", "accent"),
    "returned": ("undo-2", "warn"),
    "acknowledge": ("info", "accent"),
    "reminder": ("bell", "warn"),
    "escalation": ("octagon-alert", "danger"),
    "assigned": ("user-round-plus", "accent"),
    "withdrawn": ("user-round", "warn"),
    "changed": ("git-compare", "accent"),
    "incident": ("octagon-alert", "danger"),
    "remark": ("message-square-plus", "accent"),
    "security": ("shield-check", "warn"),
    "withdrawal": ("shield-x", "warn"),
    "seal": ("key-round", "danger"),
    "certificate": ("key-round", "warn"),
}


@site.get("/notices")
def notice_list() -> ResponseReturnValue:
    me = actor()
    if me.person_id is None:
        raise NotFound
    found = notices.recent(db(), me.agency_id, me.person_id, clearance=me.clearance, limit=SHOWN)
    meet(row.actor for row in found)
    return render_template(
        "notices.html",
        notices=[_line(row) for row in found],
        unread=any(row.read_at is None for row in found),
    )


def _line(row: NoticeRow) -> dict[str, Any]:
    icon, tone = ICONS[row.kind]
    by = _("โดย%(name)s", name=face(row.actor).name) if row.actor else ""
    return {
        "href": f"/notices/{row.id}",
        "title": row.title or row.task_name,
        "text": f"{KINDS[row.kind][1 if language() == 'en' else 0]}: {row.task_name} {by}",
        "reason": row.reason,
        "icon": icon,
        "tone": tone,
        "at": row.created_at,
        "read": row.read_at is not None,
    }


@site.get("/notices/<notice_id>")
def open_notice(notice_id: str) -> ResponseReturnValue:
    """To the task, or the page, that the notice is about."""
    me, wanted = actor(), parse_id(notice_id, "notice")
    if me.person_id is None:
        raise NotFound
    found = notices.recent(db(), me.agency_id, me.person_id, clearance=me.clearance, limit=1000)
    row = next((one for one in found if one.id == wanted), None)
    if row is None:
        raise NotFound
    run(MarkRead(wanted))
    return redirect(row.page or f"/tasks/{row.task_id}", 303)


@site.post("/notices/read")
@for_readers
def read_notices() -> ResponseReturnValue:
    run(MarkRead())
    return redirect("/notices", 303)
