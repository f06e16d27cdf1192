"""Leaves: everybody's for whoever keeps people, and one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.pages.admin import said
from api.pages.admin.acts import (
    FIRST_YEAR,
    LAST_YEAR,
    answer,
    day,
    optional_day,
    someone,
    today,
    wrong,
)
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db, now
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.site import site
from engine.ids import parse_id
from forms.thai import parse_date
from office.people import queries as people
from office.people import rules
from office.people.commands import CancelLeave, RecordLeave
from office.people.queries import LeaveRow, Post
from office.people.rights import demand

Values = Mapping[str, Any]
#: the substitute acts for posts that are chosen, instead of for all
SOME = "some"


@site.get("/admin/leaves")
def leave_list() -> ResponseReturnValue:
    return _all({"first_day": today(), "last_day": today()}, {}, "")


def _all(values: Values, errors: Mapping[str, str], refused: str) -> str:
    demand(actor(), "people")
    rows = people.leaves(db(), actor().agency_id, now())
    return _shown(rows, rows, "admin_leaves.html", values, errors, refused)


def _shown(
    rows: Sequence[LeaveRow],
    everybodys: Sequence[LeaveRow],
    template: str,
    values: Values,
    errors: Mapping[str, str],
    refused: str,
) -> str:
    agency = actor().agency_id
    held = _standing_posts([row.username for row in rows], now())
    orders = people.instruments(db(), agency, now())
    acting = {
        row.id: people.standing_in(
            orders, [post.code for post in held[row.username]], row.starts_at, row.ends_at
        )
        for row in rows
    }
    away = {
        (row.id, order.id): [
            one
            for one in people.absences(order, everybodys)
            if one.starts_at < row.ends_at and one.ends_at > row.starts_at
        ]
        for row in rows
        for order in acting[row.id]
    }
    uncovered = {
        row.id: [
            post.name
            for post in held[row.username]
            if post.code not in {one.position_code for one in acting[row.id]}
        ]
        for row in rows
        if acting[row.id]
    }
    return render_template(
        template,
        sections=open_sections(),
        rows=rows,
        acting=acting,
        away=away,
        lent={
            row.id: people.lent_to(orders, row.username, row.starts_at, row.ends_at) for row in rows
        },
        uncovered=uncovered,
        posts=_choices(values),
        chosen=_posts(values),
        kinds=said.options(rules.LEAVE_KINDS),
        kind=lambda key: said.chosen(rules.LEAVE_KINDS, key),
        mode=lambda key: said.chosen(rules.MODES, key),
        v=values,
        errors={_field(path): text for path, text in errors.items()},
        refused=refused,
    )


def _field(path: str) -> str:
    """The field that a mistake belongs to: posts are ticked in one."""
    return "posts" if path.startswith("posts.") else path


def _standing_posts(usernames: Sequence[str], at: datetime) -> Mapping[str, list[Post]]:
    """What each holds at the moment, seats on committees left out: those are nobody else's."""
    agency = actor().agency_id
    committees = {one.code for one in people.units(db(), agency) if one.kind == "committee"}
    held = people.posts(db(), agency, usernames, at)
    return {
        name: [post for post in found if post.unit_code not in committees]
        for name, found in held.items()
    }


def _choices(values: Values) -> list[Post]:
    """The posts that may be chosen, once it is typed who is away: as held on the first day."""
    username = str(values.get("username", "")).strip().lower()
    if not username or values.get("scope") != SOME:
        return []
    first = parse_date(str(values.get("first_day", "")))
    zone = ZoneInfo(people.agency(db(), actor().agency_id).timezone)
    known = first is not None and FIRST_YEAR <= first.year <= LAST_YEAR
    at = rules.midnight(first, zone) if first and known else now()
    return _standing_posts([username], max(at, now()))[username]


def _posts(values: Values) -> list[str]:
    return values.getlist("posts") if isinstance(values, MultiDict) else []


def _all_again(values: Values) -> ResponseReturnValue:
    return _all(values, {}, "")


@site.post("/admin/leaves")
@shows_again(_all_again)
def record_leave() -> ResponseReturnValue:
    demand(actor(), "people")
    form = request.form
    return answer(
        lambda: _leave(form, someone(form), _substitute(form)),
        lambda errors, refused: _all(form, errors, refused),
        _("บันทึกการลาแล้ว"),
        "/admin/leaves",
    )


def _leave(form: Values, username: str, substitute: str | None) -> RecordLeave:
    return RecordLeave(
        username=username,
        kind=str(form.get("kind", "")),
        first_day=day(form, "first_day"),
        last_day=day(form, "last_day"),
        from_noon=bool(form.get("from_noon")),
        to_noon=bool(form.get("to_noon")),
        reason=str(form.get("reason", "")).strip()[:500],
        substitute=substitute,
        order_ref=str(form.get("order_ref", "")) if substitute else "",
        order_date=optional_day(form, "order_date") if substitute else None,
        posts=_scope(form) if substitute else (),
    )


def _scope(form: Values) -> tuple[str, ...]:
    """The posts that are lent; none: all of the person's."""
    if form.get("scope") != SOME:
        return ()
    chosen = tuple(_posts(form))
    if not chosen:
        raise wrong("posts", _("เลือกตำแหน่งที่ให้ทำแทนอย่างน้อยหนึ่งตำแหน่ง"))
    return chosen


def _substitute(form: Values) -> str | None:
    if not str(form.get("substitute", "")).strip():
        return None
    if not str(form.get("order_ref", "")).strip():
        raise wrong("order_ref", _("ใส่เลขที่คำสั่งที่ให้รักษาราชการแทน"))
    return someone(form, "substitute")


@site.post("/admin/leaves/<leave_id>/cancel")
def cancel_leave(leave_id: str) -> ResponseReturnValue:
    demand(actor(), "people")
    return answer(
        lambda: CancelLeave(parse_id(leave_id, "leave")),
        lambda errors, refused: _all({}, errors, refused),
        _("ยกเลิกการลาแล้ว ตำแหน่งกลับเป็นของเจ้าของทันที"),
        "/admin/leaves",
    )


@site.get("/account/leave")
def own_leave() -> ResponseReturnValue:
    return _own({"first_day": today(), "last_day": today()}, {}, "")


def _own(values: Values, errors: Mapping[str, str], refused: str) -> str:
    rows = people.leaves_of(db(), actor().agency_id, actor().username)[::-1][:50]
    everybodys = people.leaves(db(), actor().agency_id, now())
    return _shown(rows, everybodys, "own_leave.html", values, errors, refused)


def _own_again(values: Values) -> ResponseReturnValue:
    return _own(values, {}, "")


@site.post("/account/leave")
@shows_again(_own_again)
def record_own_leave() -> ResponseReturnValue:
    form = request.form
    return answer(
        lambda: _leave(form, actor().username, None),
        lambda errors, refused: _own(form, errors, refused),
        _("บันทึกการลาแล้ว"),
        "/account/leave",
    )


@site.post("/account/leave/<leave_id>/cancel")
def cancel_own_leave(leave_id: str) -> ResponseReturnValue:
    return answer(
        lambda: CancelLeave(parse_id(leave_id, "leave")),
        lambda errors, refused: _own({}, errors, refused),
        _("ยกเลิกการลาแล้ว ตำแหน่งกลับเป็นของเจ้าของทันที"),
        "/account/leave",
    )
