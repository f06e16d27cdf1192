"""A letter as pages show it: its rendered sheets, the same words as text, its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from flask import Response, request

from api.downloads import name_download
from api.pages.desk import actor, db, now, run, system
from api.pages.i18n import gettext as _
from api.pages.kept_bytes import KeptBytes
from api.pages.view import file_size, when
from engine import jsonio
from engine.errors import FieldError, Invalid, NotFound
from office.documents import notation, rules
from office.documents import queries as documents
from office.documents.commands import LookAtDraft
from office.documents.enclosing import fitting
from office.documents.kinds import KINDS
from office.documents.letters import printable
from office.documents.ports import Desk
from office.documents.queries import AttachmentRow, DocumentView
from office.files import storage
from signing import preview
from signing.errors import Unrenderable
from signing.render import Rendered, Window

#: pixels across a page on screen; twice that on paper would be 200 dpi
WIDTH = 1240
#: rendered letters and their sheets that a process keeps: a person pages back and forth. A file
#: that a document wraps may have 25 MB, and is read anew.
_LETTERS = KeptBytes(32 << 20, 2 << 20)
_SHEETS = KeptBytes(32 << 20, 2 << 20)
#: stands in the brackets of a draft
UNKNOWN_SIGNER = "..............................."


@dataclass(frozen=True, slots=True)
class AttachmentView:
    id: str
    name: str
    href: str
    note: str
    kind: str
    sha256: str
    #: where its pages are shown as pictures; None: it can only be downloaded
    view: str | None


@dataclass(frozen=True, slots=True)
class LetterView:
    """What `_letter_view.html` draws."""

    id: str
    kind: str
    subject: str
    to: str
    revision: int
    pages: int
    images: Sequence[str]
    pdf: str
    head: Sequence[tuple[str, str]]
    paragraphs: Sequence[str]
    attachments: Sequence[AttachmentView]
    editable: bool
    number: str | None
    urgency: int
    instance_id: str | None
    #: open remarks; None: not shown to who only received it
    remarks: int | None
    #: whether more may be added
    open_to_remarks: bool
    #: the actor may propose other words in the editor, and change none
    may_propose: bool


def letter_view(view: DocumentView, sheets: str | None = None) -> LetterView:
    """`sheets` is the address of other pictures of the same pages."""
    row, content = view.document, view.content
    mark = fingerprint(view)
    pages, in_words = page_count(view), row.state in rules.EDITABLE
    sheets = sheets or f"/documents/{row.id}/pages"
    return LetterView(
        id=row.id,
        kind=row.kind,
        subject=row.subject,
        to=content.get("to") or "",
        revision=row.revision,
        pages=pages,
        images=[f"{sheets}/{n}.png?v={mark[:12]}" for n in range(1, pages + 1)],
        pdf=f"/documents/{row.id}/pdf",
        head=_head(view),
        paragraphs=[notation.plain(text) for text in content.get("paragraphs") or ()],
        attachments=attachment_views(view),
        editable=view.may_edit,
        number=row.number,
        urgency=row.urgency,
        instance_id=row.instance_id,
        remarks=documents.open_remarks(db(), actor(), UUID(row.id)),
        open_to_remarks=in_words,
        may_propose=in_words and documents.may_propose(db(), actor(), UUID(row.id)),
    )


def _head(view: DocumentView) -> list[tuple[str, str]]:
    """The lines above the text, those that are there."""
    content = view.content
    enclosed = ", ".join(line["name"] for line in content.get("attachments") or ())
    lines = (
        (_("ที่"), view.document.number),
        (_greeted(content), content.get("to")),
        (_("อ้างถึง"), ", ".join(content.get("refs") or ())),
        (_("สิ่งที่ส่งมาด้วย"), enclosed),
        (_("ผู้ลงนาม"), " ".join(content.get("position_lines") or ())),
    )
    return [(term, value) for term, value in lines if value]


def _greeted(content: Mapping[str, Any]) -> str:
    if content["kind"] == "STAMP":
        return _("ถึง")
    return content.get("salutation") or _("เรียน")


def attachment_views(view: DocumentView) -> list[AttachmentView]:
    """The enclosed files, those told apart that do not travel inside the letter, and why."""
    files, document = view.attachments, view.document
    if KINDS[document.kind].wraps:
        apart = _("ไม่ฝังใน PDF ที่ลงนาม เพราะไม่เพิ่มสิ่งใดในไฟล์ที่ได้รับมา ต้องส่งเป็นไฟล์ต่างหาก")
        remarks = ["" if n == 0 else apart for n in range(len(files))]
    else:
        inside = fitting([file.size for file in files], system().settings.most_enclosed)
        left_out = _("ไม่ฝังใน PDF ที่ลงนาม ระบุด้วย SHA-256")
        remarks = ["" if fits else left_out for fits in inside]
    return [
        attachment_view(document.id, file, remark)
        for file, remark in zip(files, remarks, strict=True)
    ]


def attachment_view(document_id: str, file: AttachmentRow, remark: str = "") -> AttachmentView:
    said = (file.quantity, file.file_name, file_size(file.size), when(file.added_at), remark)
    note = " · ".join(part for part in said if part)
    return AttachmentView(
        id=file.id,
        name=file.name,
        href=f"/documents/{document_id}/attachments/{file.id}",
        note=note,
        kind=_icon(file.media_type),
        sha256=file.sha256,
        view=f"/documents/{document_id}/attachments/{file.id}/view" if shown(file) else None,
    )


def shown(file: AttachmentRow) -> bool:
    """Whether its pages can be drawn: PDFs and pictures."""
    return file.media_type == "application/pdf" or file.media_type.startswith("image/")


def _icon(media_type: str) -> str:
    if media_type.startswith("image/"):
        return "img"
    if "sheet" in media_type or "csv" in media_type:
        return "xls"
    return "pdf" if media_type == "application/pdf" else "doc"


def fingerprint(view: DocumentView) -> str:
    """Names the rendered bytes: the signed file's hash, or a hash of the words and of what the
    organisation fills in.
    """
    if view.signed_sha256:
        return view.signed_sha256
    words_now = jsonio.canonical([_filled(view), view.document.number])
    return sha256(words_now).hexdigest()


def pdf_of(view: DocumentView) -> bytes:
    """The signed file where there is one, else the draft rendered as it would be printed."""
    agency_id = actor().agency_id
    if view.signed_sha256:
        return storage.read(system().storage, agency_id, view.signed_sha256)
    return _LETTERS.get((agency_id, fingerprint(view)), lambda: _printed(agency_id, _filled(view)))


def page_count(view: DocumentView) -> int:
    """How many sheets there are to show; none while the words cannot be printed."""
    try:
        return preview.page_count(pdf_of(view))
    except Invalid:
        return 0


def unsaved(view: DocumentView, content: Mapping[str, Any], window: Window) -> Rendered:
    """These pages of the draft as other words would print it: nothing is kept of them. What they
    wrap does not change with them, and is left out.
    """
    words = _filled(replace(view, content=content))
    if words.get("wrapped"):
        words["wrapped"] = {**words["wrapped"], "sha256": None}
    desk = cast(Desk, system().services.extra["desk"])
    with _told_by_field():
        return cast(Rendered, desk.papers.pages_in(actor().agency_id, words, window))


def _printed(agency_id: UUID, content: Mapping[str, Any]) -> bytes:
    desk = cast(Desk, system().services.extra["desk"])
    with _told_by_field():
        return desk.papers.render(agency_id, content, draft=True)


@contextmanager
def _told_by_field() -> Iterator[None]:
    try:
        yield
    except Unrenderable as wrong:
        error = FieldError(wrong.path, str(wrong), "unprintable")
        raise Invalid(f"Expected words that can be printed, but {wrong}", [error]) from None


def _filled(view: DocumentView) -> dict[str, Any]:
    """The words with what the organisation knows; who will sign may not be known yet."""
    known = {**view.content, "signer": view.content.get("signer") or UNKNOWN_SIGNER}
    return printable(db(), actor().agency_id, UUID(view.document.id), known)


def look_at(view: DocumentView) -> None:
    """Keep that a draft's page is opened; not for who only reads, as they pass nothing on."""
    document = UUID(view.document.id)
    if not actor().reads_only and documents.to_be_looked_at(db(), actor(), document, now()):
        run(LookAtDraft(document))


def since_seen(view: DocumentView) -> dict[str, Any]:
    """What `_since.html` draws: the changes since the reader, or their step, saw the letter."""
    look_at(view)
    found = documents.since_seen(db(), actor(), UUID(view.document.id))
    href = f"/documents/{view.document.id}/compare?old={found.old or 'seen'}" if found else ""
    return {"since": found, "since_href": href}


def as_signed_by(view: DocumentView, name: str, lines: Sequence[str]) -> DocumentView:
    """The same letter with the name and the lines that will stand under the signature."""
    signer = {"signer": name, "position": lines[0], "position_lines": list(lines)}
    return replace(view, content={**view.content, **signer})


def page_image(view: DocumentView, number: int) -> Response:
    """One sheet as PNG, kept by the browser as long as the words stay the same. Of a draft it asks
    each time: an emblem may change while the draft does not.
    """
    response = Response(mimetype="image/png")
    mark = fingerprint(view)
    response.set_etag(f"{mark[:32]}-{number}")
    signed = view.signed_sha256 is not None
    response.headers["Cache-Control"] = "private, max-age=3600" if signed else "private, no-cache"
    if response.make_conditional(request).status_code != 304:
        key = (actor().agency_id, mark, number)
        response.set_data(_SHEETS.get(key, lambda: _sheet(pdf_of(view), number)))
    return response


def _sheet(pdf: bytes, number: int) -> bytes:
    try:
        return preview.page_png(pdf, number - 1, WIDTH)
    except IndexError:
        raise NotFound(f"Expected a page of the letter, but it has no page {number}.") from None


def pdf_answer(view: DocumentView) -> Response:
    response = Response(pdf_of(view), mimetype="application/pdf")
    name = (view.document.number or view.document.subject)[:80]
    name_download(response, _file_name(name))
    return response


def _file_name(name: str) -> str:
    return "".join("-" if c in '/\\:*?"<>|' else c for c in name) + ".pdf"
