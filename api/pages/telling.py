"""/operations/messages: an operator sends a message to a case, or tells facts, by hand; whoever
administers some processes does to those.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.pages import words
from api.pages.admin import said
from api.pages.admin.acts import wrong
from api.pages.desk import actor, db, run, whole_number
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.site import site
from engine import jsonio
from engine.commands.conditions import TellFacts
from engine.commands.messages import SendMessage
from engine.errors import Invalid, NotFound, Rejected
from engine.queries.heard import message_names
from office.people import queries as people

PAGE = "/operations/messages"
#: the longest that a message is kept here; other systems may say more
MOST_HOURS = 720
#: of what was sent and told by hand
MOST_TOLD = 20


@site.get(PAGE)
def messages_page() -> ResponseReturnValue:
    return _page({}, {})


def _page(
    typed: Mapping[str, Any],
    errors: Mapping[str, str],
    which: str = "",
    conditions: Sequence[Mapping[str, Any]] | None = None,
) -> str:
    """`which`: message or facts, the form that was sent; `conditions`: what came of the facts."""
    names, me, every = message_names(db(), actor()), actor(), actor().may("operate")
    found = people.events_of(db(), me.agency_id, me.agency_id, types=("message.sent", "facts.told"))
    events = said.told([one for one in found if every or one.actor == me.username][:MOST_TOLD])
    return render_template(
        "operations_messages.html",
        names=names,
        v=typed,
        errors=errors,
        which=which,
        conditions=conditions,
        events=events,
        most_hours=MOST_HOURS,
        every=every,
    )


def _message_again(values: MultiDict[str, Any]) -> ResponseReturnValue:
    return _page(values, {}, "message")


@site.post(PAGE)
@shows_again(_message_again)
def send_message() -> ResponseReturnValue:
    form = request.form
    try:
        name, key = form.get("name", "").strip(), form.get("correlation_key", "").strip()
        command = SendMessage(name, key, _variables(form), _kept(form.get("hours", "").strip()))
        answer = run(command)
    except Rejected as refused:
        return _refused(refused, "message")
    if "message_id" in answer:
        flash(_("ยังไม่มีเรื่องใดรอข้อความนี้ เก็บไว้ให้แล้ว"), "ok")
        return redirect(PAGE, 303)
    flash(_("ส่งข้อความถึงเรื่องนี้แล้ว"), "ok")
    return redirect(f"/instances/{answer['instances'][0]}", 303)


def _kept(typed: str) -> timedelta | None:
    if not typed:
        return None
    hours = whole_number(typed)
    if not 1 <= hours <= MOST_HOURS:
        raise wrong("hours", _("ใส่ 1 ถึง %(most)s ชั่วโมง", most=MOST_HOURS))
    return timedelta(hours=hours)


def _variables(form: Mapping[str, Any]) -> Mapping[str, Any]:
    """The JSON object that was typed; none typed is an empty one. Invalid says where it breaks."""
    text = form.get("variables", "").strip()
    if not text:
        return {}
    try:
        json.loads(text)
        found = jsonio.loads(text)
    except json.JSONDecodeError as broken:
        place = {"line": broken.lineno, "column": broken.colno}
        raise wrong(
            "variables", _("อ่านเป็น JSON ไม่ได้ที่บรรทัด %(line)s ตัวที่ %(column)s", **place)
        ) from None
    except (ValueError, RecursionError):
        raise wrong("variables", _("ตัวเลขหรือการซ้อนใน JSON นี้เกินที่ระบบรับได้")) from None
    if not isinstance(found, dict):
        raise wrong("variables", _('ใส่เป็นวัตถุ JSON เช่น {"amount": 500}'))
    return found


def _facts_again(values: MultiDict[str, Any]) -> ResponseReturnValue:
    return _page(values, {}, "facts")


@site.post(f"{PAGE}/facts")
@shows_again(_facts_again)
def tell_facts() -> ResponseReturnValue:
    try:
        facts = _variables(request.form)
        if not facts:
            raise wrong("variables", _("ต้องกรอกช่องนี้"))
        answer = run(TellFacts(facts))
    except Rejected as refused:
        return _refused(refused, "facts")
    return _page(request.form, {}, "facts", answer["conditions"])


def _refused(refused: Rejected, which: str) -> ResponseReturnValue:
    if isinstance(refused, Invalid):
        return _page(request.form, words.field_errors(refused), which), 422
    if isinstance(refused, NotFound) and refused.code == "nobody_waiting":
        text = (
            _("ไม่มีเรื่องใดรอข้อความนี้ด้วยคีย์นี้ และไม่มีกระบวนการที่เริ่มได้ ตรวจคีย์ หรือให้เก็บไว้")
            if actor().may("operate")
            else _("ไม่มีเรื่องของกระบวนการที่ท่านดูแลรอข้อความนี้ด้วยคีย์นี้ ตรวจชื่อและคีย์")
        )
        return _page(request.form, {"correlation_key": text}, which), 404
    raise refused
