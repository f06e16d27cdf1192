"""Letters: the list, one with what was said about it, its pages, files and versions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.downloads import name_download
from api.pages import words
from api.pages.copies import copies_of, slips_of
from api.pages.desk import actor, db, page_number, run, system, whole_number
from api.pages.diagram import Diagram, diagram_of
from api.pages.faces import face, meet
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.letters import attachment_view, letter_view, look_at, page_image, pdf_answer, shown
from api.pages.paging import window_of
from api.pages.references import references
from api.pages.site import site
from api.pages.view import short_date, when
from engine.errors import Invalid, NotFound
from engine.ids import parse_id
from engine.queries import definitions
from office.documents import queries as documents
from office.documents.commands import (
    AskWithdrawal,
    NameReplacement,
    RecallDocument,
    RevokeDocument,
)
from office.documents.queries import AttachmentRow, DocumentView
from office.documents.replying import ANSWERED, may_begin
from office.documents.routes import ROUTE
from office.files import storage
from signing.errors import Unreadable
from signing.strangers import upload_page_count, upload_png

#: so many pages of an enclosed file are shown, so wide (pixels)
MOST_PAGES, PAGE_WIDTH = 50, 1000
NOT_MODIFIED = 304


@site.get("/documents")
def document_list() -> ResponseReturnValue:
    page = documents.listing(db(), actor(), drafter=actor().username, page=page_number())
    rows = [
        {
            "href": f"/documents/{row.id}",
            "subject": row.subject,
            "kind": row.kind,
            "number": row.number,
            "urgency": row.urgency,
            "updated_at": row.updated_at,
            "state": words.DOCUMENT_STATE[row.state][0],
            "tone": words.DOCUMENT_STATE[row.state][1],
        }
        for row in page.items
    ]
    return render_template(
        "documents.html",
        rows=rows,
        total=page.total,
        window=window_of(page),
        page_url=lambda number: f"/documents?page={number}",
    )


@site.get("/documents/<document_id>/attachments/<attachment_id>")
def get_file(document_id: str, attachment_id: str) -> ResponseReturnValue:
    """Always as a download: no upload is ever shown as a page of ours."""
    ids = parse_id(document_id, "document"), parse_id(attachment_id, "attachment")
    file = documents.attachment_file(db(), actor(), *ids)
    data = storage.read(system().storage, actor().agency_id, file.sha256)
    response = Response(data, mimetype=file.media_type)
    name_download(response, file.file_name)
    return response


@site.get("/documents/<document_id>/attachments/<attachment_id>/view")
def view_file(document_id: str, attachment_id: str) -> ResponseReturnValue:
    """Its pages as pictures: the file itself is never shown in our origin."""
    view = one_letter(document_id)
    file = _shown_file(document_id, attachment_id)
    data = storage.read(system().storage, actor().agency_id, file.sha256)
    try:
        count = upload_page_count(data)
    except Unreadable:
        count = 0
    return render_template(
        "attachment.html",
        document=letter_view(view),
        attachment=attachment_view(document_id, file),
        count=count,
        numbers=range(1, min(count, MOST_PAGES) + 1),
    )


@site.get("/documents/<document_id>/attachments/<attachment_id>/pages/<int:number>.png")
def file_page(document_id: str, attachment_id: str, number: int) -> ResponseReturnValue:
    file = _shown_file(document_id, attachment_id)
    response = Response(mimetype="image/png")
    response.set_etag(f"{file.sha256[:32]}-{number}")
    response.headers["Cache-Control"] = "private, max-age=3600"
    if response.make_conditional(request).status_code == NOT_MODIFIED:
        return response
    data = storage.read(system().storage, actor().agency_id, file.sha256)
    try:
        response.set_data(upload_png(data, number - 1, PAGE_WIDTH))
    except (IndexError, Unreadable):
        raise NotFound("Expected a page that can be shown, but the file has none there.") from None
    return response


def _shown_file(document_id: str, attachment_id: str) -> AttachmentRow:
    ids = parse_id(document_id, "document"), parse_id(attachment_id, "attachment")
    file = documents.attachment_file(db(), actor(), *ids)
    if not shown(file):
        raise NotFound("Expected a PDF or a picture, but this file can only be downloaded.")
    return file


@site.get("/documents/<document_id>")
def show_document(document_id: str) -> ResponseReturnValue:
    return _document_page(document_id, {}, MultiDict())


def _document_page(document_id: str, errors: dict[str, str], values: MultiDict[str, Any]) -> str:
    view = one_letter(document_id)
    look_at(view)
    ids = UUID(view.document.id)
    said = documents.endorsements(db(), actor(), ids)
    versions = documents.versions(db(), actor(), ids)
    made = documents.copies(db(), actor(), ids)
    meet([one.frozen_by for one in versions])
    state, tone = words.DOCUMENT_STATE[view.document.state]
    return render_template(
        "document.html",
        document=letter_view(view),
        state=state,
        tone=tone,
        said=said,
        diagram=_route(),
        versions=versions,
        readers=_readers(ids),
        facts=_facts(view),
        may_answer=_may_answer(view),
        may_copy=_may_begin(view),
        reply_to=_reply_to(view),
        references=references(view.content),
        copies=copies_of(view, made),
        slips=slips_of(view.document.id, made),
        may_make_slip=bool(said) and not actor().reads_only,
        view=view,
        verified_at=_verified_at(view),
        errors=errors,
        v={name: values.get(name, "") for name in _TYPED},
    )


#: what its forms hold
_TYPED = ("reason", "replaced_by", "withdrawal_reason", "withdrawal_replaced_by")


def _may_answer(view: DocumentView) -> bool:
    """A letter with a number can be referred to; who only reads writes no answer."""
    numbered = view.document.kind in ANSWERED and view.document.number is not None
    return numbered and _may_begin(view)


def _may_begin(view: DocumentView) -> bool:
    """Whether a new document may take its words from here, and by this reader."""
    return may_begin(view.document.secrecy) and not actor().reads_only


def _reply_to(view: DocumentView) -> str | None:
    """The letter that this one answers."""
    try:
        return str(parse_id((view.content.get("extra") or {}).get("reply_to") or "", "document"))
    except NotFound:
        return None


def _route() -> Diagram | None:
    """The letters' diagram as it is now: it has the words for steps and outcomes."""
    found = definitions.versions(db(), actor().agency_id, ROUTE)
    return diagram_of(found[0].id) if found else None


def _facts(view: DocumentView) -> list[tuple[str, str]]:
    row, signature = view.document, view.signature
    facts = [
        (_("เลขที่"), row.number or _("ออกเมื่อลงนาม")),
        (_("ลงวันที่"), short_date(row.dated)),
        (_("ถึง"), view.content.get("to") or "–"),
        (_("ชั้นความเร็ว"), str(words.URGENCY[row.urgency])),
        (_("ชั้นความลับ"), str(words.SECRECY[row.secrecy])),
        (_("ผู้ร่าง"), face(row.drafter).name),
    ]
    if signature is not None:
        facts += [
            (_("ผู้ลงนาม"), f"{signature.name} {' '.join(signature.position_lines)}"),
            (_("ลงนามเมื่อ"), when(signature.signed_at)),
            (_("ระดับ"), f"PAdES {signature.level}"),
        ]
    if view.seal:
        facts.append((_("ตราของหน่วยงาน"), f"{view.seal.organisation} {when(view.seal.sealed_at)}"))
    archived = next((one for one in view.renditions if one.level == "B-LTA"), None)
    if archived:
        facts.append((_("ประทับเวลาเก็บถาวร"), when(archived.stamped_at)))
    return facts


def _verified_at(view: DocumentView) -> str | None:
    """The public page of a signed letter."""
    shown_there = view.document.state == "signed" and view.public_code
    return f"{system().settings.public_url}/v/{view.public_code}" if shown_there else None


def _readers(document_id: UUID) -> list[dict[str, Any]]:
    found = documents.readers(db(), actor(), document_id)
    known = system().services.directory.describe(
        db(), actor().agency_id, [reader.principal for reader in found]
    )
    return [
        {
            "name": known[reader.principal].name if reader.principal in known else reader.principal,
            "because": words.READER[reader.because],
            "since": reader.since,
        }
        for reader in found
    ]


@site.get("/documents/<document_id>/compare")
def compare_document(document_id: str) -> ResponseReturnValue:
    view = one_letter(document_id)
    old, new = (request.args.get(name, "0") for name in ("old", "new"))
    ids = UUID(view.document.id)
    if old == "seen":
        seen = documents.since_seen(db(), actor(), ids)
        found = seen or documents.Comparison(0, 0, ())
    else:
        found = documents.compare(db(), actor(), ids, whole_number(old), whole_number(new))
    return render_template(
        "compare.html", document=view.document, comparison=found, labels=words.FIELDS
    )


@site.get("/documents/<document_id>/pdf")
@site.get("/documents/<document_id>/preview.pdf", endpoint="preview_pdf")
def document_pdf(document_id: str) -> ResponseReturnValue:
    return pdf_answer(one_letter(document_id))


@site.get("/documents/<document_id>/pages/<int:number>.png")
def document_page(document_id: str, number: int) -> ResponseReturnValue:
    return page_image(one_letter(document_id), number)


def one_letter(document_id: str) -> DocumentView:
    return documents.one(db(), actor(), parse_id(document_id, "document"))


def _revoke_again(document_id: str, values: MultiDict[str, Any]) -> ResponseReturnValue:
    return _document_page(document_id, {}, values)


@site.post("/documents/<document_id>/revoke")
@shows_again(_revoke_again)
def revoke(document_id: str) -> ResponseReturnValue:
    try:
        reason = request.form.get("reason", "").strip()
        run(RevokeDocument(parse_id(document_id, "document"), reason, _numbered("replaced_by")))
    except Invalid as wrong:
        return _document_page(document_id, words.field_errors(wrong), request.form), 422
    flash(_("ยกเลิกหนังสือแล้ว หน้าตรวจสอบสาธารณะบอกว่ายกเลิก"), "ok")
    return redirect(f"/documents/{document_id}", 303)


@site.post("/documents/<document_id>/withdrawal")
@shows_again(_revoke_again)
def ask_withdrawal(document_id: str) -> ResponseReturnValue:
    reason = request.form.get("withdrawal_reason", "")
    try:
        other = _numbered("withdrawal_replaced_by")
        run(AskWithdrawal(parse_id(document_id, "document"), reason, other))
    except Invalid as wrong:
        said = {f"withdrawal_{name}": text for name, text in words.field_errors(wrong).items()}
        return _document_page(document_id, said, request.form), 422
    flash(_("ถามผู้ลงนามทุกคนแล้ว หนังสือยังมีผลใช้จนกว่าทุกคนจะยินยอม"), "ok")
    return redirect(f"/documents/{document_id}", 303)


@site.post("/documents/<document_id>/replacement")
@shows_again(_revoke_again)
def name_replacement(document_id: str) -> ResponseReturnValue:
    this = parse_id(document_id, "document")
    try:
        number = request.form.get("replaced_by", "").strip()
        run(NameReplacement(this, documents.numbered(db(), actor(), number)))
    except Invalid as wrong:
        return _document_page(document_id, words.field_errors(wrong), request.form), 422
    flash(_("บันทึกหนังสือที่ใช้แทนแล้ว ทะเบียนและหน้าตรวจสอบบอกตามนี้"), "ok")
    return redirect(f"/documents/{document_id}", 303)


def _numbered(field: str) -> UUID | None:
    """The signed letter whose number was typed into an optional field."""
    number = request.form.get(field, "").strip()
    return documents.numbered(db(), actor(), number) if number else None


@site.post("/documents/<document_id>/recall")
def recall(document_id: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "").strip()
    run(RecallDocument(parse_id(document_id, "document"), reason))
    flash(_("ดึงกลับแล้ว แก้ไขแล้วเสนอใหม่ได้"), "ok")
    return redirect(f"/documents/{document_id}/edit", 303)
