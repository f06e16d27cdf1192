"""Beginning a letter: of a kind, as an answer, or with the words of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.pages import letter_form, new_kinds, words
from api.pages.desk import actor, db, now, run
from api.pages.documents import one_letter
from api.pages.draft_choices import with_signer
from api.pages.draft_page import accepted, editor_of, letter_page
from api.pages.drafts import DOCUMENT_TEXT
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.operations import may_start
from api.pages.references import begun_with, linked
from api.pages.site import site, takes_words
from engine.errors import Conflict, Invalid
from engine.ids import parse_id
from engine.queries import definitions
from office.documents import queries as documents
from office.documents.commands import CreateDocument
from office.documents.kinds import KINDS
from office.documents.letters import printable
from office.documents.replying import ANSWERED, answer, check_may_begin, words_of
from office.documents.routes import ROUTE, open_to, routes, usual
from office.documents.thai import thai_digits
from office.people import queries as people


@site.get("/documents/new")
def new_document() -> ResponseReturnValue:
    if asked := request.args.get("reply"):
        return _answer_form(asked)
    if like := request.args.get("like"):
        return _copy_form(like)
    if template := request.args.get("template"):
        return _template_form(template)
    kind = request.args.get("kind", "")
    if kind in KINDS:
        refer = request.args.get("refer")
        begun = begun_with(refer) if refer else {}
        return _begun_form({**_blank(kind), **begun})
    processes = [row for row in definitions.latest(db(), actor().agency_id) if may_start(row)]
    return render_template(
        "new_document.html",
        kinds=KINDS,
        groups=new_kinds.GROUPS,
        templates=documents.templates(db(), actor()),
        unit_names={unit.code: unit.name for unit in people.units(db(), actor().agency_id)},
        processes=processes,
    )


def _answer_form(document_id: str) -> str:
    """The first words of an answer to a letter that was signed and that the actor may read."""
    view = one_letter(document_id)
    row = view.document
    check_may_begin(row.secrecy)
    if row.kind not in ANSWERED or row.number is None or row.dated is None:
        raise Conflict("Expected a letter with a number, but this one has none to refer to.")
    asked = printable(db(), actor().agency_id, UUID(row.id), view.content)
    begun = answer(asked, document_id=row.id, number=row.number, dated=row.dated)
    return _begun_form({**_blank(begun["kind"]), **begun})


def _copy_form(document_id: str) -> str:
    """A new document with the words of another that the actor may read; not with its files."""
    view = one_letter(document_id)
    check_may_begin(view.document.secrecy)
    return _taken_form(words_of(view.content))


def _template_form(template_id: str) -> str:
    return _taken_form(documents.template_words(db(), actor(), parse_id(template_id, "template")))


def _taken_form(taken: Mapping[str, Any]) -> str:
    blank = _blank(taken["kind"])
    return _begun_form({**blank, **taken, "extra": {**blank["extra"], **taken["extra"]}})


def show_new(values: MultiDict[str, Any]) -> ResponseReturnValue:
    kind = values.get("kind", "EXT")
    return _new_form(kind if kind in KINDS else "EXT", values)


@site.post("/documents")
@takes_words(DOCUMENT_TEXT)
@shows_again(show_new)
def create_document() -> ResponseReturnValue:
    content = linked(with_signer(letter_form.read(request.form, {})), {})
    try:
        made = run(CreateDocument(content, request.form.get("route", ROUTE)))
    except Invalid as wrong:
        errors = words.field_errors(wrong)
        return _new_form(content["kind"], request.form, errors), 422
    flash(_("สร้างร่างแล้ว แนบไฟล์และดูหน้าหนังสือได้เลย"), "ok")
    return redirect(accepted(editor_of(made["id"])), 303)


def _new_form(
    kind: str, posted: MultiDict[str, Any], errors: Mapping[str, str] | None = None
) -> str:
    sent = posted.get("command_id", "")
    content = {**letter_form.read(posted, {}), "kind": kind}
    return _begun_form(content, errors, unsaved=True, sent=sent)


def _begun_form(
    content: dict[str, Any], errors: Mapping[str, str] | None = None, **more: Any
) -> str:
    shown = letter_form.values(content)
    kind = content["kind"]
    known = [one for one in routes(db(), actor().agency_id) if open_to(one, kind)]
    found = [(one.key, one.name) for one in known]
    first = usual(kind) if usual(kind) in {one.key for one in known} else ROUTE
    shown["route"] = request.form.get("route", first)
    return letter_page(
        content["kind"],
        shown,
        errors or {},
        action="/documents",
        document=None,
        routes=found if len(found) > 1 else [],
        **more,
    )


def _blank(kind: str) -> dict[str, Any]:
    """A new letter already knows whose it is."""
    agency_id = actor().agency_id
    held = people.posts(db(), agency_id, [actor().username], now())[actor().username]
    begun = {
        "kind": kind,
        "paragraphs": [KINDS[kind].begins] if KINDS[kind].begins else [],
        "extra": {"recorder": actor().name},
    }
    if not held:
        return begun
    unit = people.unit(db(), agency_id, held[0].unit_code)
    department = people.department_of(db(), agency_id, unit.code)
    return {
        **begun,
        "owner_agency": department.name,
        "owner_unit": " ".join(_below(unit.path, department.name)),
        "address": thai_digits(unit.address or ""),
        "contact": {"tel": thai_digits(unit.phone or ""), "email": unit.email},
    }


def _below(path: Sequence[str], department: str) -> Sequence[str]:
    """The unit's names from its department down: กองกลาง กลุ่มบริหารทั่วไป."""
    return path[path.index(department) + 1 :] or path[-1:]
