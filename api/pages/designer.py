"""The process designer's pages: drafts, the diagram with its table and findings, publishing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from uuid import UUID

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api import bundling, checklist
from api.downloads import name_download
from api.pages import (
    designer_choices,
    designer_files,
    designer_tests,
    designer_words,
    diagram,
    migrating,
)
from api.pages.designer_changes import compared, drafted
from api.pages.desk import actor, close_db, db, now, run, system, whole_number
from api.pages.difference_words import verbs
from api.pages.faces import meet
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.pages.site import site, takes
from api.rest.uploads import posted_files, posted_set
from engine.errors import Conflict, DeploymentRefused, Invalid, Problem, Stale
from engine.ids import parse_id
from engine.queries import definitions, instances
from engine.runtime import Files, read_files, variable_names
from office.modeling import checking, queries, rules
from office.modeling.commands import (
    RIGHT,
    AddModelFiles,
    CreateModel,
    DiscardModel,
    ImportModel,
    OpenModel,
    PublishModel,
    RemoveModelFile,
)
from office.modeling.judging import Judged, RedTests
from office.modeling.queries import DraftRow
from office.people.rights import demand

UPLOAD = rules.LARGEST + (1 << 20)


@site.get("/designer")
def model_list() -> ResponseReturnValue:
    demand(actor(), RIGHT)
    return _list({}, {})


def _list(values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    rows = queries.drafts(db(), actor().agency_id)
    meet(row.updated_by for row in rows)
    return render_template(
        "designer_list.html",
        rows=rows,
        processes=definitions.latest(db(), actor().agency_id),
        errors=errors,
        v={"name": values.get("name", ""), "key": values.get("key", "")},
    )


@site.post("/designer")
def create_model() -> ResponseReturnValue:
    try:
        given = request.form
        english = language() == "en"
        made = run(CreateModel(given.get("name", ""), given.get("key", ""), english))
    except Invalid as wrong:
        return _list(request.form, _errors(wrong)), 422
    return redirect(f"/designer/{made['id']}", 303)


def _errors(wrong: Invalid) -> dict[str, str]:
    said = designer_words.refusals()
    return {one.path: said.get(one.code, one.message) for one in wrong.errors}


@site.post("/designer/import")
@takes(UPLOAD)
def import_model() -> ResponseReturnValue:
    demand(actor(), RIGHT)
    try:
        files = posted_set("files", rules.MOST_TOGETHER, rules.LARGEST_TOGETHER)
        made = run(ImportModel(files), part=_contents(files))
    except Invalid as wrong:
        return _list({}, {"files": next(iter(_errors(wrong).values()), wrong.message)}), 422
    flash(_("นำเข้าครบทั้งไฟล์แล้ว รายการด้านล่างบอกสิ่งที่ต้องทำก่อนใช้งานได้"), "ok")
    return redirect(f"/designer/{made['id']}/checklist", 303)


def _contents(files: Mapping[str, bytes]) -> str:
    """Files are no fields: what tells one upload from another."""
    return repr(sorted((name, sha256(content).hexdigest()) for name, content in files.items()))


@site.post("/designer/open")
def open_model() -> ResponseReturnValue:
    made = run(OpenModel(parse_id(request.form.get("definition_id", ""), "process")))
    return redirect(f"/designer/{made['id']}", 303)


# ---- one draft


def _draft(model_draft_id: str) -> DraftRow:
    demand(actor(), RIGHT)
    return queries.draft(db(), actor().agency_id, parse_id(model_draft_id, "draft"))


def _findings(row: DraftRow) -> Sequence[Problem]:
    return _judged(queries.files(db(), actor().agency_id, row))


def _judged(files: Files) -> Sequence[Problem]:
    return checking.findings(db(), actor().agency_id, system().services, files, now())


@site.get("/designer/<model_draft_id>")
def show_model(model_draft_id: str) -> ResponseReturnValue:
    return _page(_draft(model_draft_id))


def _page(row: DraftRow, errors: Mapping[str, str] | None = None) -> str:
    meet([row.updated_by])
    files, known = queries.files(db(), actor().agency_id, row), system().services
    drawn, reading = diagram.read(files[row.file_name]), read_files(files)
    findings = _judged(reading)
    names = variable_names(reading, actions=known.actions, forms=known.forms)
    beside = {name: content for name, content in files.items() if name != row.file_name}
    return render_template(
        "designer.html",
        row=row,
        steps=[one for one in drawn.elements.values() if one.kind in designer_words.SHOWN],
        drawn=drawn,
        kinds=designer_words.kinds(),
        findings=findings,
        files=[(name, designer_files.address(row.id, name)) for name in beside],
        config=designer_choices.config(row, beside, findings, names),
        errors=errors or {},
    )


def _drawn(row: DraftRow) -> diagram.Diagram:
    return diagram.read(queries.xml(db(), actor().agency_id, row.id).encode())


@site.get("/designer/<model_draft_id>/xml")
def model_xml(model_draft_id: str) -> ResponseReturnValue:
    row = _draft(model_draft_id)
    response = Response(
        queries.xml(db(), actor().agency_id, row.id), content_type="application/xml; charset=utf-8"
    )
    name_download(response, row.file_name)
    return response


@site.get("/designer/<model_draft_id>/zip")
def whole_model(model_draft_id: str) -> ResponseReturnValue:
    """The diagram and all that is deployed with it, as one ZIP."""
    row = _draft(model_draft_id)
    files = queries.files(db(), actor().agency_id, row)
    return bundling.sent(files, row.key or row.file_name)


@site.get("/designer/<model_draft_id>/checklist")
def model_checklist(model_draft_id: str) -> ResponseReturnValue:
    """What is needed to make it run, element by element."""
    row = _draft(model_draft_id)
    return render_template(
        "designer_checklist.html",
        row=row,
        kinds=designer_words.kinds(),
        found=checklist.of_draft(db(), actor().agency_id, system().services, row, now()),
    )


# ---- files beside the diagram


@site.post("/designer/<model_draft_id>/files")
@takes(UPLOAD)
def add_model_files(model_draft_id: str) -> ResponseReturnValue:
    row = _draft(model_draft_id)
    try:
        files = posted_files("files", rules.MOST_FILES)
        run(AddModelFiles(row.id, files, _revision()), part=_contents(files))
    except Stale:
        return _changed_since(row.id)
    except Invalid as wrong:
        message = next(iter(_errors(wrong).values()), wrong.message)
        return _page(row, {"files": message}), 422
    flash(_("เพิ่มไฟล์แล้ว"), "ok")
    return redirect(f"/designer/{row.id}#files", 303)


@site.post("/designer/<model_draft_id>/files/remove")
def remove_model_file(model_draft_id: str) -> ResponseReturnValue:
    row = _draft(model_draft_id)
    try:
        run(RemoveModelFile(row.id, request.form.get("name", ""), _revision()))
    except Stale:
        return _changed_since(row.id)
    flash(_("เอาไฟล์ออกแล้ว"), "ok")
    return redirect(f"/designer/{row.id}#files", 303)


def _revision() -> int:
    return whole_number(request.form.get("revision", ""))


def _changed_since(draft_id: UUID) -> ResponseReturnValue:
    flash(_("มีผู้บันทึกผังนี้ก่อนท่าน ตรวจดูแล้วทำอีกครั้ง"), "warn")
    return redirect(f"/designer/{draft_id}", 303)


# ---- publishing


@site.get("/designer/<model_draft_id>/publish")
def ask_to_publish(model_draft_id: str) -> ResponseReturnValue:
    row = _draft(model_draft_id)
    return _publish_page(row, _findings(row))


def _publish_page(
    row: DraftRow,
    findings: Sequence[Problem],
    errors: Mapping[str, str] | None = None,
    judged: Judged | None = None,
) -> str:
    """`judged`: what came of the tests, where a refusal says it already."""
    told = designer_tests.judged(row) if judged is None else judged
    latest = definitions.versions(db(), actor().agency_id, row.key)
    newest = latest[0] if latest else None
    active = instances.listing(db(), actor(), definition_key=row.key, status="active")
    return render_template(
        "designer_publish.html",
        row=row,
        drawn=_drawn(row),
        kinds=designer_words.kinds(),
        findings=findings,
        faults=sum(one.severity == "error" for one in findings),
        version=newest.version if newest else 0,
        compared=compared(newest, drafted(row)) if newest else None,
        verbs=verbs(),
        passed=newest is not None and newest.version != row.base_version,
        running=active.total if newest else 0,
        reports=[one for one in told.values() if not isinstance(one, Invalid)],
        unread=[designer_tests.refused(one) for one in told.values() if isinstance(one, Invalid)],
        in_words=designer_tests.in_words,
        errors=errors or {},
        v={"note": request.form.get("note", "")},
    )


@site.post("/designer/<model_draft_id>/publish")
def publish_model(model_draft_id: str) -> ResponseReturnValue:
    row, note = _draft(model_draft_id), request.form.get("note", "")
    after = whole_number(request.form.get("after", ""))
    try:
        made = run(PublishModel(row.id, _revision(), note, after))
    except RedTests as red:
        close_db()
        return _publish_page(row, _findings(row), judged=red.judged), 422
    except DeploymentRefused as refused:
        close_db()
        return _publish_page(row, refused.problems), 422
    except Invalid as wrong:
        return _publish_page(row, _findings(row), _errors(wrong)), 422
    except Stale:
        return _changed_since(row.id)
    except Conflict:
        flash(_("มีผู้เผยแพร่รุ่นใหม่กว่าเมื่อครู่นี้ ตรวจดูก่อน"), "warn")
        return redirect(f"/designer/{row.id}/publish", 303)
    flash(_("เผยแพร่รุ่น %(n)s แล้ว เริ่มเรื่องใหม่ได้เลย", n=made["version"]), "ok")
    return redirect(migrating.after_publishing(row.key, made["id"]), 303)


@site.post("/designer/<model_draft_id>/discard")
def discard_model(model_draft_id: str) -> ResponseReturnValue:
    row = _draft(model_draft_id)
    try:
        run(DiscardModel(row.id, _revision()))
    except Stale:
        return _changed_since(row.id)
    flash(_("ทิ้งร่างแล้ว รุ่นที่เผยแพร่ไว้ยังใช้อยู่"), "ok")
    return redirect("/designer", 303)
