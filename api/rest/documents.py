"""/documents: official letters and memos on their way from draft to signed PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, g, request
from marshmallow import INCLUDE, Schema, fields, validate

from api.downloads import name_download
from api.pages import style_words
from api.pages.i18n import in_both
from api.pages.letters import pdf_answer
from api.rest.answers import Verdict
from api.rest.fields import LONGEST_TEXT, Paging, Text
from api.rest.frame import Resource, Tagged, execute, expected_version, read, system
from api.rest.uploads import posted_bytes, posted_file
from api.verifying import verified
from engine.errors import Invalid
from engine.models.task_row import TaskRow
from office.documents import policy, queries, rules
from office.documents.commands import (
    AskWithdrawal,
    Attach,
    CreateDocument,
    Detach,
    LookAtDraft,
    NameHonoured,
    NameReplacement,
    RecallDocument,
    RevokeDocument,
    SaveDraft,
)
from office.documents.queries import (
    AttachmentRow,
    DocumentRow,
    DocumentView,
    FieldChange,
    PreparerRow,
    RenditionRow,
    SealRow,
    SignatureRow,
    VersionRow,
)
from office.documents.routes import ROUTE, RouteRow, routes
from office.documents.style import Finding, check
from office.documents.trust import trusted
from office.documents.wrapping import check_next, check_upload
from office.files import storage
from office.files.uploads import MOST, receive

resource = Resource(
    "documents", __name__, url_prefix="/api/v1/documents", description="Official documents."
)

#: A signed PDF with its enclosures.
LARGEST_PDF = 50 << 20
#: What a multipart body holds beside its file.
FRAME = 64 << 10
#: five hundred pages, each Thai letter as six bytes: what is too long is told where
WORDS = 16 << 20


@dataclass(frozen=True, slots=True)
class DocumentPage:
    items: Sequence[DocumentRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class CreatedDocument:
    """`number` is null until it is final; `next` are the drafter's open tasks."""

    id: str
    instance_id: str
    number: str | None
    kind: str
    subject: str
    state: str
    revision: int
    next: Sequence[TaskRow]


@dataclass(frozen=True, slots=True)
class Routes:
    items: Sequence[RouteRow]


@dataclass(frozen=True, slots=True)
class RevokedDocument:
    """A signed letter that does not count any more."""

    id: str
    revoked_at: datetime


@dataclass(frozen=True, slots=True)
class Document(DocumentRow):
    """One document with its words, its enclosed files and its signature."""

    content: Mapping[str, Any]
    attachments: Sequence[AttachmentRow]
    preparers: Sequence[PreparerRow]
    signature: SignatureRow | None
    signing_post: str
    seal: SealRow | None
    renditions: Sequence[RenditionRow]
    signed_sha256: str | None
    may_edit: bool
    public_code: str | None
    revoked_at: datetime | None
    revoked_reason: str | None
    replaced_by: str | None


@dataclass(frozen=True, slots=True)
class SavedDraft:
    id: str
    revision: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class AddedAttachment:
    id: str
    name: str
    revision: int


@dataclass(frozen=True, slots=True)
class RemovedAttachment:
    id: str
    revision: int


@dataclass(frozen=True, slots=True)
class ReplacedDocument:
    id: str
    replaced_by: str


@dataclass(frozen=True, slots=True)
class RecalledDocument:
    id: str
    state: str


@dataclass(frozen=True, slots=True)
class Versions:
    items: Sequence[VersionRow]


@dataclass(frozen=True, slots=True)
class Changes:
    """From version `old` to version `new`; `new` 0 is the present text, `old` 0 what the caller saw
    last. `level`: since somebody else did the step that is the caller's now. Each change names a
    field as in `paragraphs.2`, with its words in runs that stayed, came or went.
    """

    old: int
    new: int
    level: bool
    changes: Sequence[FieldChange]


@dataclass(frozen=True, slots=True)
class Look:
    id: str


@dataclass(frozen=True, slots=True)
class StyleFinding:
    """`path` names the field as in `paragraphs.2`; its `[start:end]`, now `found`, should read
    `mend`: null where only people can say. `message` is why, by language.
    """

    id: str
    rule: str
    path: str
    start: int
    end: int
    found: str
    mend: str | None
    message: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StyleFindings:
    items: Sequence[StyleFinding]


@dataclass(frozen=True, slots=True)
class Honoured:
    names: Sequence[str]


_TEXT = {"type": "string"}
_LINES = {"type": "array", "items": _TEXT}


class Content(Schema):
    """The shape of the sample documents. Id, number, date and preparers are decided later."""

    class Meta:
        unknown = INCLUDE  # office.documents.reading judges every field, and says where

    kind = fields.Raw(allow_none=True, metadata={"type": "string", "enum": list(rules.KINDS)})
    subject = fields.Raw(allow_none=True, metadata=_TEXT)
    to = fields.Raw(allow_none=True, metadata=_TEXT)
    paragraphs = fields.Raw(allow_none=True, metadata=_LINES)
    position_lines = fields.Raw(allow_none=True, metadata=_LINES)


class DocumentFilter(Paging):
    state = Text(40, load_default=None)
    kind = fields.String(load_default=None, validate=validate.OneOf(list(rules.KINDS)))
    drafter = Text(60, load_default=None)
    q = Text(200, shortest=0, load_default="")


@dataclass(frozen=True, slots=True)
class AskedWithdrawal:
    """`signers` are asked, by sign-in name, in the instance."""

    id: str
    instance_id: str
    signers: Sequence[str]


class LetterRevocation(Schema):
    reason = Text(LONGEST_TEXT, required=True)
    replaced_by = fields.UUID(load_default=None, allow_none=True)


class WithdrawalWish(Schema):
    reason = Text(2_000, required=True)
    replaced_by = fields.UUID(load_default=None, allow_none=True)


class Compared(Schema):
    """`old` left out: since the caller last looked. `new` 0: the present text."""

    old = fields.Integer(load_default=None, validate=validate.Range(1, 100_000))
    new = fields.Integer(load_default=0, validate=validate.Range(0, 100_000))


class Replacement(Schema):
    replaced_by = fields.UUID(required=True)


class HonouredNames(Schema):
    names = fields.List(Text(500), required=True, validate=validate.Length(max=100))


class RouteChoice(Schema):
    route = Text(60, load_default=ROUTE)


class Recall(Schema):
    reason = Text(LONGEST_TEXT, shortest=0, load_default="")


@resource.get("/routes", gives=Routes)
def letter_routes() -> Any:
    """The routes that a letter can take, the usual one first."""
    return Routes(read(routes, g.actor.agency_id))


@resource.post(
    "",
    takes=Content,
    query=RouteChoice,
    gives=CreatedDocument,
    status=201,
    max_body=WORDS,
)
def create(query: dict[str, Any], body: dict[str, Any]) -> Any:
    """Create a document and start its route."""
    return execute(CreateDocument(body, query["route"]))


@resource.get("", query=DocumentFilter, gives=DocumentPage)
def listing(query: dict[str, Any]) -> Any:
    """List the documents that you may read, newest first."""
    return read(queries.listing, g.actor, **query)


@resource.get("/greetings", gives=Honoured)
def greetings() -> Any:
    """Whom the agency greets with กราบเรียน beside those of the regulation."""
    return Honoured(read(policy.honoured_too, g.actor.agency_id))


@resource.put("/greetings", takes=HonouredNames, gives=Honoured, scope="operate")
def change_greetings(body: dict[str, Any]) -> Any:
    """Replace that list (right: registry)."""
    return Honoured(**execute(NameHonoured(body["names"])))


@resource.get("/<uuid:document_id>", gives=Document, tagged=True)
def one(document_id: UUID) -> Any:
    """Read one document."""
    view = read(queries.one, g.actor, document_id)
    return Tagged(_told(view), f"{view.document.revision}.{view.document.state}")


def _told(view: DocumentView) -> Document:
    row = {name: getattr(view.document, name) for name in DocumentRow.__dataclass_fields__}
    return Document(
        **row,
        content=view.content,
        attachments=view.attachments,
        preparers=view.preparers,
        signature=view.signature,
        signing_post=view.signing_post,
        seal=view.seal,
        renditions=view.renditions,
        signed_sha256=view.signed_sha256,
        may_edit=view.may_edit,
        public_code=view.public_code,
        revoked_at=view.revoked_at,
        revoked_reason=view.revoked_reason,
        replaced_by=view.replaced_by,
    )


@resource.put(
    "/<uuid:document_id>",
    takes=Content,
    gives=SavedDraft,
    guarded=True,
    max_body=WORDS,
)
def save(body: dict[str, Any], document_id: UUID) -> Any:
    """Replace a draft's words. If-Match carries the ETag of the words that were edited."""
    revision = expected_version().partition(".")[0]
    base = int(revision) if revision.isdecimal() and len(revision) < 10 else 0
    return execute(SaveDraft(document_id, body, base))


@resource.get("/<uuid:document_id>/pdf", gives=None, media="application/pdf")
def pdf(document_id: UUID) -> Any:
    """The signed PDF; before that, the draft as it would be printed."""
    return pdf_answer(read(queries.one, g.actor, document_id))


@resource.get("/<uuid:document_id>/versions", gives=Versions)
def versions(document_id: UUID) -> Any:
    """The versions that were frozen by each endorsement, oldest first."""
    return Versions(read(queries.versions, g.actor, document_id))


@resource.get("/<uuid:document_id>/changes", query=Compared, gives=Changes)
def changes(query: dict[str, Any], document_id: UUID) -> Any:
    """What changed since the caller last looked at a draft, saved it or passed it on, word by word;
    or between two versions. Asking is no look: `POST …/looks` says that it was one.
    """
    old, new = query["old"], query["new"]
    if old is not None:
        return _changed(read(queries.compare, g.actor, document_id, old, new))
    read(queries.one, g.actor, document_id)  # whoever may not read it has seen nothing of it
    found = read(queries.since_seen, g.actor, document_id)
    return _changed(found or queries.Comparison(0, 0, ()))


def _changed(found: queries.Comparison) -> Changes:
    return Changes(found.old, found.new, found.level, found.changes)


@resource.post("/<uuid:document_id>/looks", gives=Look)
def look(document_id: UUID) -> Any:
    """Say that the caller, who takes part in the route, has seen the draft as it is now: changes
    are told from here on once this sitting, an hour without another look, is over.
    """
    execute(LookAtDraft(document_id))
    return Look(str(document_id))


@resource.get("/<uuid:document_id>/style", gives=StyleFindings)
def style(document_id: UUID) -> Any:
    """What of the words is not official style: advice, in reading order."""
    content = read(queries.one, g.actor, document_id).content
    found = check(content, read(policy.manners, g.actor.agency_id))
    return StyleFindings([_advised(one) for one in found])


def _advised(one: Finding) -> StyleFinding:
    message = in_both(style_words.RULES[one.rule])
    return StyleFinding(
        one.id, one.rule, one.path, one.start, one.end, one.found, one.mend, message
    )


@resource.post("/<uuid:document_id>/recall", takes=Recall, gives=RecalledDocument)
def recall(body: dict[str, Any], document_id: UUID) -> Any:
    """Take a letter back while the next level has not opened it."""
    return execute(RecallDocument(document_id, **body))


@resource.post(
    "/<uuid:document_id>/attachments", gives=AddedAttachment, status=201,
    max_body=MOST + FRAME, body_media="multipart/form-data", texts=("name", "quantity"),
)  # fmt: skip
def attach(document_id: UUID) -> Any:
    """Enclose a file. It is checked before it is kept; a refused one leaves nothing behind."""
    view = read(queries.one, g.actor, document_id)
    name, content = posted_file("file")
    examined = check_upload(view.document.kind, content, first=not view.attachments)
    stored = receive(system().storage, g.actor.agency_id, content, name)
    printed, quantity = request.form.get("name", "")[:500], request.form.get("quantity", "")[:100]
    return execute(Attach(document_id, stored, printed, quantity, examined))


@resource.get(
    "/<uuid:document_id>/attachments/<uuid:attachment_id>",
    gives=None, media="application/octet-stream",
)  # fmt: skip
def attachment(document_id: UUID, attachment_id: UUID) -> Any:
    """An enclosed file's bytes, always as a download."""
    file = read(queries.attachment_file, g.actor, document_id, attachment_id)
    content = storage.read(system().storage, g.actor.agency_id, file.sha256)
    response = Response(content, content_type="application/octet-stream")
    name_download(response, file.file_name)
    return response


@resource.delete("/<uuid:document_id>/attachments/<uuid:attachment_id>", gives=RemovedAttachment)
def detach(document_id: UUID, attachment_id: UUID) -> Any:
    """Take an enclosed file out; of หนังสืออื่น, the next one must do in the first one's place."""
    view = read(queries.one, g.actor, document_id)
    examined = check_next(system().storage, g.actor.agency_id, view, attachment_id)
    return execute(Detach(document_id, attachment_id, examined))


@resource.post(
    "/<uuid:document_id>/withdrawal", takes=WithdrawalWish, gives=AskedWithdrawal, status=201
)
def ask_withdrawal(body: dict[str, Any], document_id: UUID) -> Any:
    """Ask everybody who signed a document to agree that it counts no more, and that `replaced_by`
    counts in its place.
    """
    return execute(AskWithdrawal(document_id, **body))


@resource.post("/<uuid:document_id>/replacement", takes=Replacement, gives=ReplacedDocument)
def name_replacement(body: dict[str, Any], document_id: UUID) -> Any:
    """Say afterwards which signed letter counts in the place of one that was withdrawn."""
    return execute(NameReplacement(document_id, **body))


@resource.post("/<uuid:document_id>/revoke", takes=LetterRevocation, gives=RevokedDocument)
def revoke(body: dict[str, Any], document_id: UUID) -> Any:
    """Say that a signed letter does not count any more, and which one counts in its place: for its
    one signer, and for who holds or acts for the post. Anybody else asks for its withdrawal.
    """
    return execute(RevokeDocument(document_id, **body))


@resource.post(
    "/verify", gives=Verdict, scope="read", asks=True, limited=True,
    max_body=LARGEST_PDF + FRAME, body_media="application/pdf",
)  # fmt: skip
def verify() -> Any:
    """The verdict on every signature of a PDF, posted as `file` or as the body itself; and whether
    it counts, where an agency of the house has issued it.
    """
    content = posted_bytes("file", "application/pdf")
    if b"%PDF-" not in content[:1024]:
        raise Invalid("Expected a PDF, but these bytes do not begin like one.", code="not_a_pdf")
    trust = read(trusted, g.actor.agency_id, system().services.extra["desk"].trust)
    return verified(system(), content, trust, g.now, LARGEST_PDF).as_json()
