"""A large table on its way in: how far it is, what it would do, and the press that does it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.pages import words
from api.pages.admin import said
from api.pages.admin.acts import say
from api.pages.admin.sections import open_sections
from api.pages.admin.transfer import mistakes_of
from api.pages.desk import actor, db, run
from api.pages.faces import meet
from api.pages.site import site
from engine.errors import Conflict, FieldError
from engine.ids import parse_id
from office.people import queries as people
from office.people.commands import ApplyTable, DropTable
from office.people.queries import ImportRow
from office.people.rights import demand
from office.people.transfer import states
from office.people.transfer.columns import TABLES


def _found(import_id: str) -> ImportRow:
    demand(actor(), "people")
    return people.table_import_of(db(), actor().agency_id, parse_id(import_id, "import"))


@site.get("/admin/transfer/imports/<import_id>")
def show_import(import_id: str) -> ResponseReturnValue:
    return _page(import_id)


def _page(import_id: str, refused: str = "") -> str:
    found = _found(import_id)
    meet([found.asked_by])
    table = found.of_table
    return render_template(
        "admin_import.html",
        one=found,
        sections=open_sections(),
        table=str(said.TABLES[table]),
        names={key: said.chosen(TABLES[table], key) for key in TABLES[table]},
        lines=[_line(*line) for line in found.lines],
        mistakes=mistakes_of(table, [FieldError(**error) for error in found.mistakes]),
        state=str(said.IMPORT_STATES[found.state]),
        why=_why(found),
        refused=refused,
    )


def _line(number: int, code: str, verb: str, changes: Any) -> SimpleNamespace:
    return SimpleNamespace(number=number, code=code, verb=verb, changes=changes)


def _why(found: ImportRow) -> str:
    """Why it was refused as a whole, or is looked through again."""
    if not found.refused or found.refused == states.CHANGED:
        return ""
    known = said.REFUSALS.get(found.refused)
    return str(known or said.IMPORT_REFUSED)


@site.get("/admin/transfer/imports/<import_id>/progress")
def import_progress(import_id: str) -> ResponseReturnValue:
    """What a poll gets: how far it is; once it is done, a link that fetches the whole page."""
    return render_template("_import_progress.html", one=_found(import_id), polled=True)


@site.post("/admin/transfer/imports/<import_id>/apply")
def apply_large_import(import_id: str) -> ResponseReturnValue:
    this = parse_id(import_id, "import")
    return _act(import_id, ApplyTable(this, request.form.get("plan", "")))


@site.post("/admin/transfer/imports/<import_id>/drop")
def drop_large_import(import_id: str) -> ResponseReturnValue:
    return _act(import_id, DropTable(parse_id(import_id, "import")))


def _act(import_id: str, command: Any) -> ResponseReturnValue:
    try:
        run(command)
    except Conflict as refused:
        return _page(import_id, say(refused)), words.status(refused)
    return redirect(f"/admin/transfer/imports/{import_id}", 303)
