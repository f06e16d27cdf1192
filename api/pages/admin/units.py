"""Units: the tree, one unit with what is in it, adding, changing, moving, closing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.pages.admin import said
from api.pages.admin.acts import answer, today
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db, now
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.site import site
from engine.errors import NotFound
from office.people import queries as people
from office.people import rules
from office.people.commands import AddUnit, ChangeUnit
from office.people.queries import UnitRow
from office.people.rights import demand

Values = Mapping[str, Any]
#: units that a search shows; the rest is found by more letters
MOST_FOUND = 100
KINDS = {key: names for key, names in rules.UNIT_KINDS.items() if key != "committee"}
CONTACT = ("number_code", "phone", "email", "address")


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit of the tree with those below it, as far as they are shown."""

    unit: UnitRow
    below: Sequence[Branch]
    #: how many are below it, shown or not
    count: int


def tree(rows: Sequence[UnitRow], shown: str | None) -> list[Branch]:
    """The top, its units, and the branch with the unit `shown`: a house may have thousands."""
    by_id = {row.id: row for row in rows}
    below: dict[Any, list[UnitRow]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    unfolded: set[Any] = {row.id for row in below.get(None, ())}
    here = next((row for row in rows if row.code == shown), None)
    while here is not None:
        unfolded.add(here.id)
        here = by_id.get(here.parent_id) if here.parent_id else None

    def branch(row: UnitRow) -> Branch:
        inner = below.get(row.id, [])
        shown_below = [branch(one) for one in inner] if row.id in unfolded else []
        return Branch(row, shown_below, len(inner))

    return [branch(row) for row in below.get(None, ())]


def outside(rows: Sequence[UnitRow], row: UnitRow) -> list[UnitRow]:
    """Units that may stand above this one: neither itself nor what is below it."""
    inside = {row.id}
    for one in rows:  # each comes after the one above it
        if one.parent_id in inside:
            inside.add(one.id)
    return [one for one in rows if one.id not in inside]


def _standing() -> list[UnitRow]:
    """All units but committees, which have a page of their own."""
    return [row for row in people.units(db(), actor().agency_id) if row.kind != "committee"]


@site.get("/admin/units")
def unit_list() -> ResponseReturnValue:
    return _list(MultiDict(), {}, "")


def _list(values: Values, errors: Mapping[str, str], refused: str) -> str:
    demand(actor(), "people")
    rows = _standing()
    q = request.args.get("q", "").strip()[:100]
    wanted = q.casefold()
    hits = [row for row in rows if wanted in f"{row.name}\n{row.name_en}\n{row.code}".casefold()]
    return render_template(
        "admin_units.html",
        sections=open_sections(),
        tree_items=tree(rows, None),
        found=hits[:MOST_FOUND] if q else None,
        q=q,
        rows=rows,
        kinds=said.options(KINDS),
        v=values,
        errors=errors,
        refused=refused,
    )


def _list_again(values: Values) -> ResponseReturnValue:
    return _list(values, {}, "")


@site.post("/admin/units")
@shows_again(_list_again)
def add_unit() -> ResponseReturnValue:
    form = request.form
    code = form.get("code", "").strip()
    return answer(
        lambda: AddUnit(
            code,
            form.get("kind", ""),
            form.get("name", ""),
            name_en=form.get("name_en", "").strip(),
            parent=form.get("parent") or None,
        ),
        lambda errors, refused: _list(form, errors, refused),
        _("เพิ่มหน่วยแล้ว"),
        f"/admin/units/{code}",
    )


@site.get("/admin/units/<code>")
def unit_page(code: str) -> ResponseReturnValue:
    return show_unit(code, None, {}, "")


def show_unit(
    code: str, values: Values | None, errors: Mapping[str, str], refused: str, which: str = "unit"
) -> str:
    """`which` form was sent: its values are shown again; the others show what is stored."""
    demand(actor(), "people")
    agency = actor().agency_id
    row = people.unit(db(), agency, code)
    if row.kind == "committee":
        raise NotFound("Expected a unit that is no committee; those have a page of their own.")
    rows, posts = _standing(), people.positions(db(), agency, code)
    stored = {name: getattr(row, name) for name in ("name", "name_en", "kind")}
    stored |= {name: row.own[name] or "" for name in CONTACT}
    parent = next((one for one in rows if one.id == row.parent_id), None)
    stored["parent"] = parent.code if parent else ""
    sent = values if values is not None else {}
    return render_template(
        "admin_unit.html",
        sections=open_sections(),
        row=row,
        parent=parent,
        tree_items=tree(rows, code),
        rows=[one for one in outside(rows, row) if one.active],
        posts=posts,
        holders=_holders(code),
        below=[one for one in rows if one.parent_id == row.id],
        duties=people.duties_of(db(), agency, f"unit:{code}"),
        kinds=said.options(KINDS),
        levels=said.options(rules.LEVELS),
        superiors=superiors(row),
        version=people.version(db(), agency, "unit", code),
        v=sent if which == "unit" and values is not None else stored,
        p=sent if which == "position" else {},
        which=which,
        errors=errors,
        summary=_by_id(errors) if which == "position" else errors,
        refused=refused,
        events=said.told(people.events_of(db(), agency, row.id)),
        level=lambda key: said.chosen(rules.LEVELS, key),
        kind=said.chosen(rules.UNIT_KINDS, row.kind),
        today=today(),
    )


def _by_id(errors: Mapping[str, str]) -> dict[str, str]:
    """The second form of the page has fields of the same names: their ids begin with p-."""
    twice = {"name", "name_en", "level", "superior"}
    return {f"p-{name}" if name in twice else name: text for name, text in errors.items()}


def _holders(code: str) -> dict[str, list[people.Tenure]]:
    found: dict[str, list[people.Tenure]] = {}
    for one in people.tenures_of_unit(db(), actor().agency_id, code, now()):
        if one.state == "running":
            found.setdefault(one.position_code, []).append(one)
    return found


def superiors(row: UnitRow) -> list[people.PositionRow]:
    """Posts that may stand above one of this unit: those of the unit and of the units above it."""
    rows = {one.id: one for one in people.units(db(), actor().agency_id)}
    found: list[people.PositionRow] = []
    here: UnitRow | None = row
    while here is not None:
        found += [
            post for post in people.positions(db(), actor().agency_id, here.code) if post.active
        ]
        here = rows.get(here.parent_id) if here.parent_id else None
    return found


def _unit_again(code: str, values: Values) -> ResponseReturnValue:
    return show_unit(code, values, {}, "")


@site.post("/admin/units/<code>")
@shows_again(_unit_again)
def change_unit(code: str) -> ResponseReturnValue:
    form = request.form
    names = ("kind", "name", "name_en", "parent", *CONTACT)
    given: dict[str, Any] = {name: form[name].strip() for name in names if name in form}
    return answer(
        lambda: ChangeUnit(code, expected=form.get("version"), **given),
        lambda errors, refused: show_unit(code, form, errors, refused),
        _("บันทึกหน่วยแล้ว"),
        f"/admin/units/{code}",
    )


@site.post("/admin/units/<code>/close")
def close_unit(code: str) -> ResponseReturnValue:
    return _switch(code, active=False, done=_("ปิดหน่วยแล้ว ประวัติและหนังสือเดิมยังอยู่"))


@site.post("/admin/units/<code>/open")
def open_unit(code: str) -> ResponseReturnValue:
    return _switch(code, active=True, done=_("เปิดใช้หน่วยแล้ว"))


def _switch(code: str, *, active: bool, done: str) -> ResponseReturnValue:
    return answer(
        lambda: ChangeUnit(code, active=active, expected=request.form.get("version")),
        lambda errors, refused: show_unit(code, None, errors, refused, "close"),
        done,
        f"/admin/units/{code}",
    )
