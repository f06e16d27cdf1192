"""Running cases kept in their version or taken to another: asked first, in bulk, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.pages import words
from api.pages.desk import actor, db, page_number, run
from api.pages.diagram import Diagram, diagram_of
from api.pages.faces import meet
from api.pages.i18n import gettext as _
from api.pages.paging import window_of
from api.pages.site import site
from engine.commands.migration import (
    CarryOutMigration,
    CheckMigration,
    Choice,
    ChooseInstances,
    UndoBatch,
)
from engine.commands.migration.batch import RIGHT
from engine.errors import Conflict, Invalid
from engine.ids import parse_id
from engine.models.granting import reach
from engine.models.migration import CHECKED, OUTCOMES, POSSIBLE, UNCHOSEN
from engine.queries import definitions, migrations
from engine.queries.definitions import DefinitionRow
from engine.queries.migrations import BatchRow, FateRow, Reason

#: fields of the form that map a step that went: this and the step's id
MAP = "map-"
#: of these a checked batch migrates those that are chosen
CAN = (POSSIBLE, UNCHOSEN)


@site.get("/definitions/<definition_id>/running")
def running_cases(definition_id: str) -> ResponseReturnValue:
    return _running(definition_id)


def _running(definition_id: str, refused: str = "") -> str:
    row = definitions.one(db(), actor().agency_id, parse_id(definition_id, "process"))
    batches = migrations.of_process(db(), actor(), row.key)
    found = migrations.running(db(), actor().agency_id, row.key)
    meet(batch.asked_by for batch in batches)
    return render_template(
        "running.html",
        definition=row,
        versions=found,
        elsewhere=sum(one.instances for one in found if one.definition_id != row.id),
        sources=[one for one in found if one.definition_id != row.id],
        batches=batches,
        states=words.BATCH_STATES,
        can_migrate=_may_migrate(row.key) and row.withdrawn_at is None,
        refused=refused,
    )


def _may_migrate(key: str) -> bool:
    """As the commands ask."""
    return reach(db(), actor(), RIGHT).over(key)


def after_publishing(key: str, definition_id: str) -> str:
    """Where to go on: to the cases that run in other versions where there are some."""
    found = migrations.running(db(), actor().agency_id, key)
    elsewhere = any(one.definition_id != definition_id for one in found)
    return f"/definitions/{definition_id}" + ("/running" if elsewhere else "")


@site.post("/definitions/<definition_id>/running")
def check_running(definition_id: str) -> ResponseReturnValue:
    """Ask what would become of each; nothing changes."""
    source = request.form.get("source", "")
    command = CheckMigration(
        parse_id(definition_id, "process"),
        parse_id(source, "process") if source else None,
        _mapping(),
    )
    try:
        made = run(command)
    except (Conflict, Invalid) as refused:
        return _running(definition_id, words.say(refused)), words.status(refused)
    return redirect(f"/migrations/{made['id']}", 303)


def _mapping() -> Mapping[str, str]:
    return {
        name.removeprefix(MAP): chosen
        for name, chosen in request.form.items()
        if name.startswith(MAP) and chosen
    }


# -- one batch ------------------------------------------------------------------------------------


@site.get("/migrations/<batch_id>")
def show_migration(batch_id: str) -> ResponseReturnValue:
    return _batch(batch_id)


def _batch(batch_id: str, refused: str = "") -> str:
    this = parse_id(batch_id, "migration")
    batch = migrations.one(db(), actor(), this)
    outcome = request.args.get("outcome", "")
    outcome = outcome if outcome in OUTCOMES else ""
    page = migrations.fates(db(), actor(), this, outcome=outcome or None, page=page_number())
    target = definitions.one(
        db(), actor().agency_id, parse_id(batch.target_definition_id, "process")
    )
    reasons = migrations.reasons(db(), actor(), this)
    meet([batch.asked_by, batch.carried_by, batch.undone_by])
    return render_template(
        "migration.html",
        batch=batch,
        definition=target,
        state=words.BATCH_STATES[batch.state],
        outcomes=words.FATES,
        reasons=[_reason(reason, batch, target) for reason in reasons],
        gone=_gone(reasons, batch, target),
        choices=_choices(target),
        fates=[_told(fate, target) for fate in page.items],
        page=page,
        window=window_of(page),
        page_url=lambda number: _url(batch_id, outcome=outcome, page=number),
        url=lambda one: _url(batch_id, outcome=one),
        outcome=outcome,
        can_migrate=(may := _may_migrate(batch.key)),
        choosing=may and batch.state == CHECKED and any(batch.counts.get(one) for one in CAN),
        can=CAN,
        asked=request.args,
        sees_titles=any(fate.title or fate.business_key for fate in page.items),
        map_prefix=MAP,
        refused=refused,
    )


def _url(batch_id: str, **asked: Any) -> str:
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"/migrations/{batch_id}" + (f"?{query}" if query else "")


@site.get("/migrations/<batch_id>/progress")
def migration_progress(batch_id: str) -> ResponseReturnValue:
    """What a poll gets: how far it is; once it is done, a link that fetches the whole page."""
    batch = migrations.one(db(), actor(), parse_id(batch_id, "migration"))
    return render_template("_migration_progress.html", batch=batch, polled=True)


@site.post("/migrations/<batch_id>/carry-out")
def carry_out_batch(batch_id: str) -> ResponseReturnValue:
    return _act(batch_id, CarryOutMigration(parse_id(batch_id, "migration"), _choice()))


@site.post("/migrations/<batch_id>/choose")
def choose_cases(batch_id: str) -> ResponseReturnValue:
    """What is ticked on this page is kept, or all or none of the batch; then the page asked for."""
    command = ChooseInstances(parse_id(batch_id, "migration"), _choice() or Choice())
    outcome = request.form.get("outcome", "")
    to = _url(batch_id, outcome=outcome, page=request.form.get("page", ""))
    return _act(batch_id, command, f"{to}#fates")


def _choice() -> Choice | None:
    """The cases that the form shows, and those of them that are ticked."""
    every = request.form.get("every")
    if every is not None:
        return Choice(None if every == "1" else ())
    shown = [parse_id(one, "case") for one in request.form.getlist("among")]
    ticked = {parse_id(one, "case") for one in request.form.getlist("case")}
    return Choice(tuple(one for one in shown if one in ticked), tuple(shown)) if shown else None


@site.post("/migrations/<batch_id>/undo")
def undo_batch(batch_id: str) -> ResponseReturnValue:
    return _act(batch_id, UndoBatch(parse_id(batch_id, "migration")))


def _act(batch_id: str, command: Any, to: str = "") -> ResponseReturnValue:
    try:
        run(command)
    except (Conflict, Invalid) as refused:
        return _batch(batch_id, words.say(refused)), words.status(refused)
    return redirect(to or f"/migrations/{batch_id}", 303)


# -- words ----------------------------------------------------------------------------------------


def _told(fate: FateRow, target: DefinitionRow) -> dict[str, Any]:
    """One case's fate in a sentence, and what changes for each of its steps."""
    gone = fate.from_version is None  # the version that it came from was deleted since
    before = Diagram({}) if gone else diagram_of(fate.from_definition_id)
    after = diagram_of(target.id)
    return {
        "id": fate.instance_id,
        "title": fate.title,
        "key": fate.business_key or fate.instance_id[-12:],
        "version": fate.from_version,
        "outcome": fate.outcome,
        "why": _why(fate.code, fate.element_id, before) if fate.code else "",
        "steps": [_step(token, before, after) for token in fate.tokens if _moves(token)],
    }


def _moves(token: Mapping[str, Any]) -> bool:
    return bool(token["outcome"] == "kept")


def _step(token: Mapping[str, Any], before: Diagram, after: Diagram) -> str:
    source, target = token["element_id"], token["target_element_id"]
    said = [str(words.RETOLD.get(change, change)) for change in token["changes"]]
    changed = _("เปลี่ยน%(what)s", what=" ".join(said)) if said else ""
    if source != target:
        moved = _("ย้ายจากขั้น “%(a)s” ไปขั้น “%(b)s”", a=before.name(source), b=after.name(target))
        return " ".join(part for part in (moved, changed) if part)
    return _("ขั้น “%(a)s” %(changed)s", a=before.name(source), changed=changed)


def _why(code: str | None, element_id: str | None, before: Diagram) -> str:
    found = words.MISFITS.get(code or "")
    text = str(found) if found is not None else _("ย้ายไม่ได้ในขณะนี้")
    if element_id is None:
        return text
    return _("ขั้น “%(step)s”: %(why)s", step=before.name(element_id), why=text)


def _reason(reason: Reason, batch: BatchRow, target: DefinitionRow) -> tuple[str, int]:
    return _why(reason.code, reason.element_id, _before(batch, target)), reason.instances


def _before(batch: BatchRow, target: DefinitionRow) -> Diagram:
    """The diagram that has the words for steps that went: of the source, or all older versions."""
    if batch.source_definition_id is not None:
        return diagram_of(batch.source_definition_id)
    older = definitions.versions(db(), actor().agency_id, target.key)
    elements: dict[str, Any] = {}
    for row in reversed([row for row in older if row.id != target.id][:9]):
        elements |= diagram_of(row.id).elements
    return Diagram(elements)


def _gone(
    reasons: Sequence[Reason], batch: BatchRow, target: DefinitionRow
) -> list[tuple[str, str, int]]:
    """Steps at which cases wait and that the target does not have: id, name, how many cases."""
    before = _before(batch, target)
    return [
        (reason.element_id, before.name(reason.element_id), reason.instances)
        for reason in reasons
        if reason.code == "element_removed" and reason.element_id
    ]


def _choices(target: DefinitionRow) -> list[tuple[str, str]]:
    return [(step.id, step.name or step.id) for step in diagram_of(target.id).steps]
