"""Forms and decision models beside a diagram: begun here, each with an editor page of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, flash, redirect, request
from flask.typing import ResponseReturnValue

from api import mending
from api.downloads import name_download
from api.pages import designer_editor_words, designer_words
from api.pages.desk import actor, db, now, run, system, whole_number
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.pages.site import site
from api.security import csrf_token
from engine import feel
from engine.errors import Invalid, NotFound, Problem, Stale
from engine.ids import parse_id
from engine.runtime import variable_names
from office.modeling import checking, queries
from office.modeling.commands import RIGHT, BeginModelFile
from office.modeling.queries import DraftRow
from office.people.rights import demand


def draft(model_draft_id: str) -> DraftRow:
    demand(actor(), RIGHT)
    return queries.draft(db(), actor().agency_id, parse_id(model_draft_id, "draft"))


def beside(row: DraftRow, file: str, ending: str) -> tuple[bytes, Mapping[str, bytes]]:
    """(the file, all that stands beside the diagram); NotFound where it has none so named."""
    files = queries.beside(db(), actor().agency_id, row.id)
    if file not in files or not file.endswith(ending):
        raise NotFound(f"Expected a {ending} file of the draft, but it has none so named.")
    return files[file], files


def address(row_id: object, file: str) -> str:
    """Of the page that edits a file; of the diagram's where there is none."""
    return mending.editor(row_id, file) or f"/designer/{row_id}#files"


def findings(row: DraftRow, file: str) -> Sequence[Problem]:
    """What a deployment would say of one file."""
    files = queries.files(db(), actor().agency_id, row)
    found = checking.findings(db(), actor().agency_id, system().services, files, now())
    return [one for one in found if one.file == file]


def config(row: DraftRow, file: str, content: bytes) -> dict[str, Any]:
    """All that an editor's script needs to know, as the page's JSON."""
    room = next(room for ending, room in mending.ROOMS.items() if file.endswith(ending))
    files, known = queries.files(db(), actor().agency_id, row), system().services
    return {
        "id": str(row.id),
        "revision": row.revision,
        "csrf": csrf_token(),
        "language": language(),
        "file": file,
        "room": room,
        "content": content.decode("utf-8-sig", "replace"),
        "words": designer_editor_words.panel(),
        "editor": designer_editor_words.editor(room),
        "variables": variable_names(files, actions=known.actions, forms=known.forms),
        "functions": feel.builtin_calls(),
    }


def refused(wrong: Invalid) -> dict[str, str]:
    said = designer_words.refusals()
    return {one.path: said.get(one.code, one.message) for one in wrong.errors}


def overtaken(back: str) -> ResponseReturnValue:
    flash(_("มีผู้บันทึกร่างนี้ก่อนท่าน ตรวจดูแล้วทำอีกครั้ง"), "warn")
    return redirect(back, 303)


@site.get("/designer/<model_draft_id>/files/get")
def get_model_file(model_draft_id: str) -> ResponseReturnValue:
    """The file as it is kept, to be taken elsewhere."""
    row, name = draft(model_draft_id), request.args.get("name", "")
    response = Response(beside(row, name, "")[0], content_type="application/octet-stream")
    name_download(response, name)
    return response


@site.post("/designer/<model_draft_id>/files/new")
def begin_model_file(model_draft_id: str) -> ResponseReturnValue:
    row, form = draft(model_draft_id), request.form
    revision = whole_number(form.get("revision", ""))
    try:
        made = run(
            BeginModelFile(
                row.id,
                form.get("kind", ""),
                form.get("name", ""),
                form.get("key", ""),
                revision,
                english=language() == "en",
            )
        )
    except Stale:
        return overtaken(f"/designer/{row.id}#files")
    except Invalid as wrong:
        flash(next(iter(refused(wrong).values()), wrong.message), "danger")
        return redirect(f"/designer/{row.id}#files", 303)
    return redirect(address(row.id, str(made["file"])), 303)
