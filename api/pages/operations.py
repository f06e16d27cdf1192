"""For those who keep processes running: definitions, deployment, starting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.pages import designer_words, words
from api.pages.desk import actor, db, now, run, system
from api.pages.diagram import diagram_of, untouched
from api.pages.faces import meet
from api.pages.fields import start_form
from api.pages.form_files import MOST_SENT, kept
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.site import site, takes
from api.pages.unadministered import unadministered
from engine.commands.deployments import Deploy
from engine.commands.instances import StartInstance
from engine.errors import DeploymentRefused, Forbidden, Invalid, Problem
from engine.ids import parse_id
from engine.models.granting import START, granted
from engine.queries import definitions
from engine.queries.definitions import DefinitionRow
from office.modeling.staffing import shortfalls

UPLOAD = 8 << 20


@site.get("/definitions")
def definition_list() -> ResponseReturnValue:
    return _definitions(())


def _definitions(problems: Sequence[Problem], warnings: Sequence[Problem] = ()) -> str:
    """`problems` kept files out; `warnings` are told of such as came in."""
    found = definitions.latest(db(), actor().agency_id)
    rows = [
        {
            **{name: getattr(row, name) for name in DefinitionRow.__dataclass_fields__},
            "startable": may_start(row),
        }
        for row in found
    ]
    return render_template(
        "definitions.html",
        rows=rows,
        withdrawn=definitions.withdrawn(db(), actor().agency_id),
        problems=problems,
        warnings=warnings,
        can_deploy=actor().may("deploy"),
        unadministered=unadministered(),
    )


def _granted_to_start() -> frozenset[str]:
    """Asked once in a request, however many processes are listed."""
    if "granted_to_start" not in g:
        g.granted_to_start = granted(db(), actor(), START)
    found: frozenset[str] = g.granted_to_start
    return found


def may_start(row: DefinitionRow) -> bool:
    """Whether the actor starts a case of it by hand."""
    allowed = row.start_role is None or f"role:{row.start_role}" in actor().principals
    allowed = allowed or actor().may("everything") or row.key in _granted_to_start()
    return row.startable and row.withdrawn_at is None and allowed and not actor().reads_only


@site.post("/definitions")
@takes(UPLOAD)
def deploy() -> ResponseReturnValue:
    if not actor().may("deploy"):
        raise Forbidden("Expected the right deploy, but it is not yours.")
    files = {f.filename: f.stream.read() for f in request.files.getlist("files") if f.filename}
    try:
        answer = run(Deploy(files), part=repr(sorted((n, hash(d)) for n, d in files.items())))
    except DeploymentRefused as refused:
        return _definitions(refused.problems), 422
    names = ", ".join(f"{d['key']} {d['version']}" for d in answer["definitions"])
    flash(_("เผยแพร่แล้ว: %(names)s", names=names), "ok")
    directory = system().services.directory
    found = [
        *(Problem(**one) for one in answer["warnings"]),
        *shortfalls(db(), actor().agency_id, directory, files, now()),
    ]
    # Told at once: there is no page on which they stand later.
    return _definitions((), found) if found else redirect("/definitions", 303)


@site.get("/definitions/<definition_id>")
def show_definition(definition_id: str) -> ResponseReturnValue:
    return definition_page(definition_id, MultiDict(), {})


def show_again(definition_id: str, values: MultiDict[str, Any]) -> ResponseReturnValue:
    return definition_page(definition_id, values, {})


def definition_page(
    definition_id: str,
    values: MultiDict[str, Any],
    errors: Mapping[str, str],
    refused: str = "",
) -> str:
    """The page of one version; `refused` says why a form of it was."""
    row = definitions.one(db(), actor().agency_id, parse_id(definition_id, "process"))
    form = start_form(row.id, row.start_form)
    return render_template(
        "definition.html",
        definition=row,
        diagram=untouched(row.id),
        steps=diagram_of(row.id).steps,
        kinds=designer_words.kinds(),
        can_start=may_start(row),
        form_widgets=form.widgets(values, errors, None),
        form_url=f"/definitions/{row.id}/form",
        takes_files=form.takes_files,
        errors=errors,
        refused=refused,
        v={name: values.get(name, "") for name in ("business_key", "reason", "delete_reason")},
        **_versions(row),
    )


def _versions(row: DefinitionRow) -> dict[str, Any]:
    """All versions of the process, which of them is started, and what was done to them."""
    rows = definitions.versions(db(), actor().agency_id, row.key)
    events = definitions.events(db(), actor().agency_id, row.key)
    newest = rows[0].version if rows else 0
    told = definitions.releases(db(), actor().agency_id, row.key, newest)
    meet([*(one.actor for one in events), *(one.actor for one in told)])
    return {
        "versions": rows,
        "releases": {one.version: one for one in told},
        "newest": next((one.id for one in rows if one.withdrawn_at is None), None),
        "events": [(event, words.DEFINITION_EVENTS[event.type]) for event in events],
        "can_deploy": actor().may("deploy") and not actor().reads_only,
    }


@site.post("/definitions/<definition_id>/form")
@takes(MOST_SENT)
def refresh_start_form(definition_id: str) -> ResponseReturnValue:
    return definition_page(definition_id, request.form, {})


@site.post("/definitions/<definition_id>/start")
@takes(MOST_SENT)
@shows_again(show_again)
def start(definition_id: str) -> ResponseReturnValue:
    row = definitions.one(db(), actor().agency_id, parse_id(definition_id, "process"))
    key = request.form.get("business_key", "").strip() or None
    try:
        variables = start_form(row.id, row.start_form).read(request.form, None)
        answer = run(StartInstance(row.key, row.version, key, variables))
    except Invalid as wrong:
        return definition_page(definition_id, kept(request.form), words.field_errors(wrong)), 422
    flash(_("เริ่มเรื่องแล้ว"), "ok")
    following = answer.get("next") or []
    address = f"/tasks/{following[0]['id']}" if following else f"/instances/{answer['id']}"
    return redirect(address, 303)
