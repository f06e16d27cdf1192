"""Drafting a letter: a new one, the editor with autosave, the files that go with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.pages import draft_merging, letter_extra, letter_form, letter_style, new_kinds, words
from api.pages.desk import actor, db, now, run, system, whole_number
from api.pages.documents import one_letter
from api.pages.faces import face, meet
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.letters import attachment_view, page_count, since_seen
from api.pages.route import is_mine
from api.pages.site import site, takes
from api.pages.view import clock
from engine.bus import Answer
from engine.errors import Conflict as Refused
from engine.errors import Invalid, Rejected, Stale
from engine.ids import parse_id
from engine.models.task_row import TaskRow
from engine.queries import tasks
from office.documents import errors
from office.documents.commands import (
    Attach,
    CreateDocument,
    Detach,
    SaveDraft,
)
from office.documents.kinds import KINDS, SIGNING
from office.documents.letters import printable
from office.documents.merging import Conflict
from office.documents.queries import DocumentView
from office.documents.replying import ANSWERED, answer, check_may_begin, words_of
from office.documents.thai import thai_digits
from office.files.uploads import receive
from office.people import queries as people
from office.people.rules import position_lines

DOCUMENT_TEXT = 2 << 20
UPLOAD = 26 << 20
#: so many of the directory's recipients are offered while one is typed
RECIPIENTS = 300


# ---- a new letter


@site.get("/documents/new")
def new_document() -> ResponseReturnValue:
    if asked := request.args.get("reply"):
        return _answer_form(asked)
    if like := request.args.get("like"):
        return _copy_form(like)
    kind = request.args.get("kind", "")
    if kind in KINDS:
        return _new_form(kind)
    return render_template("new_document.html", kinds=KINDS, groups=new_kinds.GROUPS)


def _answer_form(document_id: str) -> str:
    """The first words of an answer to a letter that was signed and that the actor may read."""
    view = one_letter(document_id)
    row = view.document
    check_may_begin(row.secrecy)
    if row.kind not in ANSWERED or row.number is None or row.dated is None:
        raise Refused("Expected a letter with a number, but this one has none to refer to.")
    asked = printable(db(), actor().agency_id, UUID(row.id), view.content)
    begun = answer(asked, document_id=row.id, number=row.number, dated=row.dated)
    return _begun_form({**_blank(begun["kind"]), **begun})


def _copy_form(document_id: str) -> str:
    """A new document with the words of another that the actor may read; not with its files."""
    view = one_letter(document_id)
    check_may_begin(view.document.secrecy)
    blank, taken = _blank(view.document.kind), words_of(view.content)
    return _begun_form({**blank, **taken, "extra": {**blank["extra"], **taken["extra"]}})


def show_new(values: MultiDict[str, Any]) -> ResponseReturnValue:
    kind = values.get("kind", "EXT")
    return _new_form(kind if kind in KINDS else "EXT", posted=values)


@site.post("/documents")
@shows_again(show_new)
def create_document() -> ResponseReturnValue:
    content = _with_signer(letter_form.read(request.form, {}))
    try:
        made = run(CreateDocument(content))
    except Invalid as wrong:
        errors = words.field_errors(wrong)
        return _new_form(content["kind"], request.form, errors), 422
    flash(_("สร้างร่างแล้ว แนบไฟล์และดูหน้าหนังสือได้เลย"), "ok")
    return redirect(f"/documents/{made['id']}/edit", 303)


def _new_form(
    kind: str,
    posted: MultiDict[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
) -> str:
    return _begun_form(_blank(kind) if posted is None else letter_form.read(posted, {}), errors)


def _begun_form(content: dict[str, Any], errors: Mapping[str, str] | None = None) -> str:
    shown = letter_form.values(content)
    return _letter_page(content["kind"], shown, errors or {}, action="/documents", document=None)


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


# ---- the editor


@site.get("/documents/<document_id>/edit")
def edit_document(document_id: str) -> ResponseReturnValue:
    view = one_letter(document_id)
    if not view.may_edit:
        return redirect(f"/documents/{document_id}", 303)
    return _edit_form(view, letter_form.values(view.content))


def show_edit(document_id: str, values: MultiDict[str, Any]) -> ResponseReturnValue:
    view = one_letter(document_id)
    typed = letter_form.read(values, view.content)
    base, began = values.get("base_revision"), values.get("base_content")
    return _edit_form(view, letter_form.values(typed), base=base, base_content=began)


@site.post("/documents/<document_id>/edit")
@shows_again(show_edit)
def save_document(document_id: str) -> ResponseReturnValue:
    view = one_letter(document_id)
    content = posted_content(view)
    content, mended = letter_style.mended(content, request.form.get("mend"))
    try:
        run(SaveDraft(parse_id(document_id, "document"), content, _base_revision()))
    except Invalid as wrong:
        wrong_fields = words.field_errors(wrong)
        began = request.form.get("base_content")
        shown = letter_form.values(content)
        return _edit_form(view, shown, wrong_fields, _base_revision(), base_content=began), 422
    except Stale:
        return _overtaken(document_id, content)
    if mended:
        flash(_("แก้ตามคำแนะนำและบันทึกแล้ว"), "ok")
        return redirect(f"{_accepted(document_id)}#style", 303)
    return _after_save(document_id, view)


def _overtaken(document_id: str, mine: dict[str, Any]) -> ResponseReturnValue:
    """Somebody saved first: both changes in one, or a page that shows where they collide."""
    view = one_letter(document_id)
    found = draft_merging.put_together(request.form.get("base_content", ""), mine, view.content)
    if found is not None and not found.conflicts:
        command = SaveDraft(UUID(view.document.id), found.content, view.document.revision)
        try:
            run(command, _merged_into(view))
        except Stale:
            return _overtaken(document_id, mine)
        flash(_("มีผู้แก้ร่างนี้ก่อนท่าน ระบบรวมของทั้งสองฝ่ายและบันทึกแล้ว"), "ok")
        return redirect(_accepted(document_id), 303)
    # Saving again from here is a decision made with both texts in view.
    content = mine if found is None else found.content
    both = () if found is None else found.conflicts
    return _edit_form(view, letter_form.values(content), conflict=True, conflicts=both), 412


def _accepted(document_id: str) -> str:
    """The editor's address after a save of other words than were sent: it names the form that
    arrived, for the page can not tell by its words (src/islands/kept-draft.ts).
    """
    return f"/documents/{document_id}/edit?" + urlencode(
        {"saved": request.form.get("command_id", "")[:36]}
    )


def _after_save(document_id: str, view: DocumentView) -> ResponseReturnValue:
    task = _my_task(view)
    if request.form.get("then") == "task" and task is not None:
        return redirect(f"/tasks/{task.id}", 303)
    flash(_("บันทึกร่างแล้ว"), "ok")
    return redirect(f"/documents/{document_id}/edit", 303)


@site.post("/documents/<document_id>/autosave")
def autosave_document(document_id: str) -> ResponseReturnValue:
    """The island's save: the same command, a small JSON answer. `base` is what it begins from now;
    where another's changes came in, `merged` are the fields to show and `sent` what was sent.
    """
    content = posted_content(one_letter(document_id))
    more: dict[str, Any] = {}
    try:
        try:
            saved = run(SaveDraft(parse_id(document_id, "document"), content, _base_revision()))
        except Stale:
            more["sent"] = draft_merging.beginning(content)
            content, saved = _merged_save(document_id, content)
            more["merged"] = draft_merging.typed_values(content)
    except Rejected as refused:
        status = 412 if isinstance(refused, Stale) else 422
        return jsonify({"code": refused.code}), status
    told = {"revision": saved["revision"], "time": clock(now())}
    return jsonify({**told, "base": draft_merging.beginning(content), **more})


def _merged_save(document_id: str, mine: dict[str, Any]) -> tuple[dict[str, Any], Answer]:
    """The same with both changes in it; still Stale where people must judge."""
    view = one_letter(document_id)
    found = draft_merging.put_together(request.form.get("base_content", ""), mine, view.content)
    if found is None or found.conflicts:
        raise errors.stale(_base_revision(), view.document.revision)
    if not draft_merging.only_typed_differs(mine, found.content):
        raise errors.stale(_base_revision(), view.document.revision)
    command = SaveDraft(UUID(view.document.id), found.content, view.document.revision)
    return found.content, run(command, _merged_into(view))


def _merged_into(view: DocumentView) -> str:
    """The same form sent again, its answer being lost, meets what it has saved: that is no
    other command under the same id.
    """
    return f"merged {view.document.revision}"


def posted_content(view: DocumentView) -> dict[str, Any]:
    """The words of the posted form, as saving would take them."""
    return _with_signer(letter_form.read(request.form, view.content))


def _base_revision() -> int:
    return whole_number(request.form.get("base_revision", ""))


def _edit_form(
    view: DocumentView,
    values: dict[str, Any],
    errors: Mapping[str, str] | None = None,
    base: int | str | None = None,
    *,
    conflict: bool = False,
    conflicts: Sequence[Conflict] = (),
    base_content: str | None = None,
    upload_problem: str | None = None,
) -> str:
    task = _my_task(view)
    return _letter_page(
        view.document.kind,
        {**values, "base_revision": base or view.document.revision},
        errors or {},
        action=f"/documents/{view.document.id}/edit",
        document=view.document,
        who=actor().username,
        unsaved=values != letter_form.values(view.content),
        **since_seen(view),
        pages=page_count(view),
        style=letter_style.advice(view.content),
        attachments=[attachment_view(view.document.id, file) for file in view.attachments],
        task=task,
        returned=task if task and task.because == "returned" else None,
        conflict=conflict,
        both=[(words.FIELDS.get(one.field, one.field), one.mine, one.theirs) for one in conflicts],
        base_content=base_content or draft_merging.beginning(view.content),
        upload_problem=upload_problem,
    )


def _letter_page(kind: str, values: dict[str, Any], errors: Mapping[str, str], **more: Any) -> str:
    return render_template(
        "letter.html",
        kind=kind,
        shape=KINDS[kind],
        extra_words=letter_extra.LABELS,
        extra_hints=defaultdict(str, letter_extra.HINTS),
        extra_errors=partial(_of_field, errors),
        v=values,
        errors=errors,
        urgency_options=list(words.URGENCY.items()),
        secrecy_options=list(words.SECRECY.items()),
        salutations=[("", _("ตามตำแหน่งผู้รับ")), *((s, s) for s in ("เรียน", "กราบเรียน", "นมัสการ"))],
        recipients=_recipients(kind),
        signers=_signers(kind, values.get("position_lines", "")),
        units=[unit for unit in people.units(db(), actor().agency_id) if unit.active],
        **more,
    )


def _of_field(errors: Mapping[str, str], path: str) -> str:
    """What is wrong with a field, or with a line of it."""
    found = (said for at, said in errors.items() if at == path or at.startswith(f"{path}."))
    return next(found, "")


def _with_signer(content: dict[str, Any]) -> dict[str, Any]:
    """The name that stands under the signature, as far as it is known while drafting."""
    known = _signing_posts(content["kind"])
    name = known.get("\n".join(content["position_lines"]))
    return {**content, "signer": name or content.get("signer")}


def _signing_posts(kind: str) -> dict[str, str | None]:
    """Lines under a signature to the name above them: holders of posts, and those who act."""
    agency_id = actor().agency_id
    posts = _posts_that_sign(kind)
    held = people.holders(db(), agency_id, [post.code for post in posts], now())
    orders = [order for order in people.instruments(db(), agency_id, now()) if order.in_force]
    own = people.posts(db(), agency_id, [order.username for order in orders], now())
    meet(name for names in held.values() for name in names)
    found = {p.name: face(held[p.code][0]).name if held[p.code] else None for p in posts}
    for order in orders:
        if own[order.username]:
            lines = position_lines(own[order.username][0].name, order.mode, order.position_name)
            found["\n".join(lines)] = order.name
    return found


def _recipients(kind: str) -> list[str]:
    """Whom the directory knows and letters address: heads by their posts, units by name."""
    if not KINDS[kind].recipient:
        return []
    agency_id = actor().agency_id
    if kind == "STAMP":
        named = [unit.name for unit in people.units(db(), agency_id) if unit.active]
    else:
        posts = people.positions(db(), agency_id)
        named = [post.name for post in posts if post.active and post.level in SIGNING]
    return list(dict.fromkeys(named))[:RECIPIENTS]


def _posts_that_sign(kind: str) -> list[people.PositionRow]:
    """Heads of divisions and above; where lower posts sign, those above the drafter, too."""
    allowed = KINDS[kind].signers if kind in KINDS else SIGNING
    everyone = [post for post in people.positions(db(), actor().agency_id) if post.active]
    heads = [post for post in everyone if post.level in allowed & SIGNING]
    own = people.posts(db(), actor().agency_id, [actor().username], now())[actor().username]
    above = people.chain(db(), actor().agency_id, own[0].code) if own else ()
    return [*(post for post in above if post.level in allowed - SIGNING), *heads]


def _signers(kind: str, present: str) -> list[tuple[str, str]]:
    """What can be chosen: the lines with the name of whoever signs so; the present choice too."""
    known = _signing_posts(kind)
    if present and present not in known:
        known = {present: None, **known}
    return [
        (lines, lines.replace("\n", " ") + (f" ({name})" if name else ""))
        for lines, name in known.items()
    ]


def _my_task(view: DocumentView) -> TaskRow | None:
    """The live task of this letter that the actor has or may take."""
    if view.document.instance_id is None:
        return None
    found = tasks.of_instance(db(), actor().agency_id, UUID(view.document.instance_id))
    return next((task for task in found if is_mine(task)), None)


# ---- files


@site.post("/documents/<document_id>/attachments")
@takes(UPLOAD)
def attach_file(document_id: str) -> ResponseReturnValue:
    upload = request.files.get("file")
    try:
        if upload is None or not upload.filename:
            raise Invalid("Expected a file, but there is none.", code="no_file")
        data = upload.stream.read(UPLOAD)
        stored = receive(system().storage, actor().agency_id, data, upload.filename)
        name, quantity = request.form.get("name", ""), request.form.get("quantity", "")
        made = run(Attach(parse_id(document_id, "document"), stored, name, quantity))
    except Rejected as refused:
        if isinstance(refused, Refused):
            raise
        view = one_letter(document_id)
        values = letter_form.values(view.content)
        return _edit_form(view, values, upload_problem=words.say(refused)), words.status(refused)
    flash(_("แนบ %(name)s แล้ว", name=made["name"]), "ok")
    return redirect(f"/documents/{document_id}/edit", 303)


@site.post("/documents/<document_id>/attachments/<attachment_id>/remove")
def remove_file(document_id: str, attachment_id: str) -> ResponseReturnValue:
    run(Detach(parse_id(document_id, "document"), parse_id(attachment_id, "attachment")))
    flash(_("เอาไฟล์แนบออกแล้ว"), "ok")
    return redirect(f"/documents/{document_id}/edit", 303)
