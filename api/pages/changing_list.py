"""Who takes part in a step that goes through a list: one comes in late, one withdraws."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from api.pages.desk import run
from api.pages.diagram import diagram_of
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.listed import Listed, known, listed, may_change, named, picked, sent
from api.pages.site import site
from api.pages.tasks import one_task, page, show_again
from api.pages.words import REJECTIONS, say, say_field
from engine.commands.tasks import ChangeList
from engine.errors import Conflict, Forbidden, Invalid, Rejected
from engine.models.task import LIVE
from engine.queries.tasks import TaskView


@site.post("/tasks/<task_id>/list")
@shows_again(show_again)
def change_list(task_id: str) -> ResponseReturnValue:
    view = one_task(task_id)
    found = listed(view, diagram_of(view.definition_id))
    if found is None:
        raise _without_list(view)
    added, withdrawn = request.form.get("list_add", "").strip(), request.form.getlist("withdraw")
    errors = _wrong(found, added, withdrawn)
    if errors:
        return page(view, request.form, errors), 422
    new = [picked(found, added)] if added else []
    gone = [json.loads(value) for value in withdrawn]
    reason = request.form.get("list_reason", "").strip()
    try:
        run(ChangeList(UUID(view.task.id), reason, new, gone))
    except Invalid as refused:
        return page(view, request.form, _told(refused, reason)), 422
    except Conflict as refused:
        return page(one_task(task_id), request.form, {"list_add": say(refused)}), 409
    flash(_("เปลี่ยนรายชื่อแล้ว ผู้ที่เพิ่มและผู้ที่ถอนได้รับแจ้ง"), "ok")
    return redirect(f"/tasks/{task_id}", 303)


def _told(refused: Invalid, reason: str) -> dict[str, str]:
    """At the reason where it is missing or too long, else at the names."""
    for error in refused.errors:
        if error.path == "reason":
            return {"list_reason": say_field(error) if reason else _("ใส่เหตุผล")}
    return {"list_add": say_field(refused.errors[0]) if refused.errors else say(refused)}


def _without_list(view: TaskView) -> Rejected:
    """Why there is nothing to change here."""
    if not may_change(view):
        return Forbidden("Expected the right to reassign or operate, but it is not held.")
    if view.task.state not in LIVE:
        return Conflict("Expected an open task, but it has ended.", code="task_not_open")
    return Conflict("Expected a task of somebody in a list, but it is in none.", code="no_list")


def _wrong(found: Listed, added: str, withdrawn: Sequence[str]) -> dict[str, str]:
    """What is told before anything is asked of the engine."""
    here = {member.value for member in found.members}
    if not added and not withdrawn:
        return {"list_add": _("เลือกผู้ที่จะเพิ่ม หรือผู้ที่จะถอน")}
    if not here.issuperset(withdrawn):
        return {"list_add": str(REJECTIONS["not_in_list"])}
    if added and (found.prefix is None or not known([named(found, added)])):
        return {"list_add": _("ไม่พบ “%(name)s” เลือกจากรายการ", name=added)}
    if added and sent(picked(found, added)) in here:
        return {"list_add": _("อยู่ในรายชื่อแล้ว")}
    return {}
