"""Tables of documents: the living draft, what was frozen of it, who said and signed what."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from engine.db import Json, UtcDateTime, metadata
from engine.models.columns import index_where


def _key() -> list[sa.Column[uuid.UUID]]:
    return [
        sa.Column("agency_id", sa.Uuid, sa.ForeignKey("agency.id"), primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
    ]


def _of_document() -> list[sa.schema.SchemaItem]:
    return [
        *_key(),
        sa.Column("document_id", sa.Uuid, nullable=False),
        _to("document", "document_id"),
    ]


def _to(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["agency_id", column], [f"{table}.agency_id", f"{table}.id"])


document = sa.Table(
    "document",
    metadata,
    *_key(),
    # one of rules.KINDS
    sa.Column("kind", sa.String(10), nullable=False),
    # code of the unit whose book numbers it
    sa.Column("owner_unit", sa.String(60), nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    # shape of the sample documents, without what only the end of the route can say
    sa.Column("content", Json, nullable=False),
    # grows with every saved change
    sa.Column("revision", sa.Integer, nullable=False, default=1),
    # one of rules.STATES
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("instance_id", sa.Uuid),
    # in words, final only: "ตย ๐๒๐๑/๑๒๓"; the date printed beside it
    sa.Column("number", sa.String(120)),
    sa.Column("dated", sa.Date),
    # 1 ปกติ … 4 ด่วนที่สุด
    sa.Column("urgency", sa.SmallInteger, nullable=False, default=1),
    sa.Column("secrecy", sa.SmallInteger, nullable=False, default=1),
    sa.Column("circular", sa.Boolean, nullable=False, default=False),
    # code of the post in whose name it is signed
    sa.Column("signing_post", sa.String(60), nullable=False),
    sa.Column("drafter", sa.String(60), nullable=False),
    # set when the route skips levels: who asked for it and why
    sa.Column("bypass_reason", sa.Text),
    # the signed PDF
    sa.Column("blob_id", sa.Uuid),
    # by which anybody verifies it; printed on it, so it is there before it is signed
    sa.Column("public_code", sa.String(20)),
    # when, by whom and why it was said not to count any more; the letter in its place
    sa.Column("revoked_at", UtcDateTime),
    sa.Column("revoked_by", sa.String(60)),
    sa.Column("revoked_reason", sa.Text),
    sa.Column("replaced_by", sa.Uuid),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Column("filed_at", UtcDateTime),
    _to("blob", "blob_id"),
    sa.Index(None, "agency_id", "instance_id"),
    sa.Index(None, "agency_id", "state", "updated_at"),
    sa.Index(None, "public_code", unique=True),
)

#: What a level saw and endorsed. Never changed, save that its rendered pages are added once.
document_version = sa.Table(
    "document_version",
    metadata,
    *_of_document(),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("content", Json, nullable=False),
    # name, quantity and hash of each attachment, in order
    sa.Column("attachments", Json, nullable=False),
    # over canonical content and attachments
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("frozen_by", sa.String(60), nullable=False),
    sa.Column("frozen_at", UtcDateTime, nullable=False),
    sa.Column("blob_id", sa.Uuid),
    _to("blob", "blob_id"),
    sa.UniqueConstraint("agency_id", "document_id", "ordinal"),
)

attachment = sa.Table(
    "attachment",
    metadata,
    *_of_document(),
    sa.Column("ordinal", sa.Integer, nullable=False),
    # as printed under สิ่งที่ส่งมาด้วย, and "จำนวน ๑ ฉบับ"
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("quantity", sa.Text, nullable=False, default=""),
    sa.Column("blob_id", sa.Uuid, nullable=False),
    sa.Column("added_by", sa.String(60), nullable=False),
    sa.Column("added_at", UtcDateTime, nullable=False),
    sa.Column("removed_at", UtcDateTime),
    _to("blob", "blob_id"),
    sa.Index(None, "agency_id", "document_id", "ordinal"),
)

#: เกษียน: what a level said about which version. Rows are only ever added; `lapsed_at` marks
#: those that a return made void.
endorsement = sa.Table(
    "endorsement",
    metadata,
    *_of_document(),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("version_id", sa.Uuid, nullable=False),
    sa.Column("version_sha256", sa.String(64), nullable=False),
    sa.Column("task_id", sa.Uuid, nullable=False),
    # the level: element of the diagram and its name then
    sa.Column("element_id", sa.String(120), nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("username", sa.String(60), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    # the lines under the name as they were then; null: of before they were kept
    sa.Column("position_lines", Json),
    # the position acted for, and by which instrument
    sa.Column("on_behalf_of", sa.String(120)),
    sa.Column("instrument_id", sa.Uuid),
    sa.Column("outcome", sa.String(60)),
    # as the diagram names it; null: it has no name for it, or of before names were kept
    sa.Column("outcome_name", sa.Text),
    sa.Column("text", sa.Text, nullable=False, default=""),
    # passed by itself: the same person had acted on the level before
    sa.Column("skipped", sa.Boolean, nullable=False, default=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("lapsed_at", UtcDateTime),
    _to("document_version", "version_id"),
    sa.UniqueConstraint("agency_id", "task_id"),
    sa.UniqueConstraint("agency_id", "document_id", "ordinal"),
)

#: ผู้ร่าง ผู้พิมพ์ ผู้ตรวจ: the names at the lower right edge of the copy.
preparer = sa.Table(
    "preparer",
    metadata,
    *_of_document(),
    # draft, type or check
    sa.Column("part", sa.String(10), nullable=False),
    sa.Column("username", sa.String(60), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("agency_id", "document_id", "part"),
)

#: ข้อสังเกต: words of a draft that a reader marked, what they say of them, and what they would
#: write instead. Its words never change; it is settled, and may be opened again.
remark = sa.Table(
    "remark",
    metadata,
    *_of_document(),
    # the draft's when it was made
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("username", sa.String(60), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    # remarks.Mark: the words, what stood around them, the paragraph; empty: of the whole letter
    sa.Column("quote", sa.Text, nullable=False, default=""),
    sa.Column("before", sa.Text, nullable=False, default=""),
    sa.Column("after", sa.Text, nullable=False, default=""),
    sa.Column("paragraph", sa.Integer),
    sa.Column("text", sa.Text, nullable=False, default=""),
    # null: a remark that proposes nothing; empty: to leave the words out
    sa.Column("replacement", sa.Text),
    # one of rules.REMARK_STATES
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("settled_by", sa.String(60)),
    sa.Column("settled_at", UtcDateTime),
    sa.Index(None, "agency_id", "document_id", "at"),
)

remark_reply = sa.Table(
    "remark_reply",
    metadata,
    *_key(),
    sa.Column("remark_id", sa.Uuid, nullable=False),
    sa.Column("username", sa.String(60), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    _to("remark", "remark_id"),
    sa.Index(None, "agency_id", "remark_id", "at"),
)

#: What somebody in the route saw of a draft: kept while words may change, and no longer.
document_look = sa.Table(
    "document_look",
    metadata,
    sa.Column("agency_id", sa.Uuid, sa.ForeignKey("agency.id"), primary_key=True),
    sa.Column("document_id", sa.Uuid, primary_key=True),
    sa.Column("username", sa.String(60), primary_key=True),
    # when, and which words, they saw last
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("shown", Json, nullable=False),
    # what they had seen before this sitting, or saved themselves; null: they sit at it first
    sa.Column("before_at", UtcDateTime),
    sa.Column("before", Json),
    _to("document", "document_id"),
)

#: แม่แบบ: words of a document that new ones begin with. Rows are only ever put away.
letter_template = sa.Table(
    "letter_template",
    metadata,
    *_key(),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("kind", sa.String(10), nullable=False),
    # code of the unit to which it is offered; null: to the whole agency
    sa.Column("unit", sa.String(60)),
    # as replying.words_of takes them
    sa.Column("content", Json, nullable=False),
    sa.Column("kept_by", sa.String(60), nullable=False),
    sa.Column("kept_at", UtcDateTime, nullable=False),
    sa.Column("away_at", UtcDateTime),
    sa.Index(None, "agency_id", "name"),
)

#: Who may read a document, and by what: "person:somchai", "unit:central" …
document_reader = sa.Table(
    "document_reader",
    metadata,
    sa.Column("agency_id", sa.Uuid, primary_key=True),
    sa.Column("document_id", sa.Uuid, primary_key=True),
    sa.Column("principal", sa.String(120), primary_key=True),
    # drafter, task, receiver
    sa.Column("because", sa.String(20), nullable=False),
    sa.Column("since", UtcDateTime, nullable=False),
    _to("document", "document_id"),
    sa.Index(None, "agency_id", "principal"),
)

#: One attempt to sign, from its reservation to its end.
signature = sa.Table(
    "signature",
    metadata,
    *_of_document(),
    sa.Column("task_id", sa.Uuid, nullable=False),
    # one of rules.SIGNATURE_STATES
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("field", sa.String(40), nullable=False),
    sa.Column("username", sa.String(60), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("position_lines", Json, nullable=False),
    sa.Column("mode", sa.String(40)),
    sa.Column("instrument_id", sa.Uuid),
    sa.Column("instrument_ref", sa.Text),
    # pin, totp or passkey: what proved the signer
    sa.Column("method", sa.String(20), nullable=False),
    sa.Column("outcome", sa.String(60), nullable=False),
    sa.Column("variables", Json, nullable=False),
    sa.Column("comment", sa.Text),
    sa.Column("key_id", sa.Uuid),
    # the number and date that were printed and signed over
    sa.Column("number_id", sa.Uuid),
    sa.Column("number", sa.String(120)),
    sa.Column("dated", sa.Date),
    # the text that was on the desk when the number was reserved
    sa.Column("version_id", sa.Uuid, nullable=False),
    sa.Column("version_sha256", sa.String(64), nullable=False),
    # what the signature covers, and the signed file; until the key has signed, the digest is of all
    # that its signer was shown (`office.documents.seen`)
    sa.Column("digest", sa.String(128)),
    sa.Column("level", sa.String(10)),
    sa.Column("signed_at", UtcDateTime),
    sa.Column("stamped_at", UtcDateTime),
    sa.Column("blob_id", sa.Uuid),
    sa.Column("cause", sa.Text),
    sa.Column("reserved_at", UtcDateTime, nullable=False),
    sa.Column("settled_at", UtcDateTime),
    _to("blob", "blob_id"),
    sa.Index(None, "agency_id", "document_id", "reserved_at"),
    sa.Index(None, "agency_id", "task_id"),
    # whoever verifies a file names no agency
    sa.Index(None, "digest"),
)

#: The signed file as it grew: each has the one before at its beginning, byte for byte. The first
#: is the signature's own and no row here; the newest is the document's.
rendition = sa.Table(
    "rendition",
    metadata,
    *_of_document(),
    # grows by one with each: the agency's seal, the first archive timestamp, its renewals
    sa.Column("ordinal", sa.Integer, nullable=False),
    # of the whole document: B-LTA once it is archived
    sa.Column("level", sa.String(10), nullable=False),
    # the time that its last timestamp gives; of the seal where there is none
    sa.Column("stamped_at", UtcDateTime, nullable=False),
    sa.Column("blob_id", sa.Uuid, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    _to("blob", "blob_id"),
    sa.UniqueConstraint("agency_id", "document_id", "ordinal"),
)

#: certified before what was signed was kept, none of those made since: queries say it word for
#: word, or no planner proves that the index of these rows applies
NOT_KNOWN = "kind = 'certified' AND digest IS NULL"

#: สำเนา: a file made of the signed one, which it names by its hash and is not. Rows are only added,
#: and digests that earlier ones lack (`office/documents/upkeep`).
document_copy = sa.Table(
    "document_copy",
    metadata,
    *_of_document(),
    # one of rules.COPIES
    sa.Column("kind", sa.String(10), nullable=False),
    # 1 … n of its kind
    sa.Column("ordinal", sa.Integer, nullable=False),
    # of the signed file that it was made of; null: a slip of a letter that is not signed yet
    sa.Column("of_sha256", sa.String(64)),
    # what it says, as printed: whose stamp and number, or who certified it in which post
    sa.Column("told", Json, nullable=False),
    # what its certifier's signature covers; null: nobody signed it, or before that was kept; empty:
    # its file does not tell
    sa.Column("digest", sa.String(128)),
    # a stamped one: the line of the register of letters received
    sa.Column("entry_id", sa.Uuid),
    sa.Column("blob_id", sa.Uuid, nullable=False),
    sa.Column("made_by", sa.String(60), nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    _to("blob", "blob_id"),
    sa.UniqueConstraint("agency_id", "document_id", "kind", "ordinal"),
    # a line of a register has one
    sa.UniqueConstraint("agency_id", "entry_id"),
    sa.Index(None, "digest"),
    index_where("ix_document_copy_not_known", NOT_KNOWN, "agency_id", "id"),
)

#: A certified copy as it grew, as `rendition` has it of the signed file: the copy's own file is the
#: first and no row here.
copy_rendition = sa.Table(
    "copy_rendition",
    metadata,
    *_key(),
    sa.Column("copy_id", sa.Uuid, nullable=False),
    # grows by one with each: the first archive timestamp, its renewals
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("level", sa.String(10), nullable=False),
    # the time that its last timestamp gives
    sa.Column("stamped_at", UtcDateTime, nullable=False),
    sa.Column("blob_id", sa.Uuid, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    _to("document_copy", "copy_id"),
    _to("blob", "blob_id"),
    sa.UniqueConstraint("agency_id", "copy_id", "ordinal"),
)

#: A certified copy that is drawn and waits: for its certifier's device, or for its timestamp.
certification = sa.Table(
    "certification",
    metadata,
    *_of_document(),
    # one of rules.CERTIFICATION_STATES
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("username", sa.String(60), nullable=False),
    # code of the post in which they certify it, and the key that was to sign
    sa.Column("post", sa.String(60), nullable=False),
    sa.Column("key_id", sa.Uuid, nullable=False),
    # as of document_copy; the ordinal is kept for it while it waits
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("of_sha256", sa.String(64), nullable=False),
    sa.Column("told", Json, nullable=False),
    # what is prepared, or sealed
    sa.Column("blob_id", sa.Uuid),
    sa.Column("begun_at", UtcDateTime, nullable=False),
    sa.Column("settled_at", UtcDateTime),
    sa.Column("cause", sa.Text),
    # what it became
    sa.Column("copy_id", sa.Uuid),
    _to("blob", "blob_id"),
    sa.Index(None, "agency_id", "document_id"),
)

signing_key = sa.Table(
    "signing_key",
    metadata,
    *_key(),
    sa.Column("username", sa.String(60), nullable=False),
    # PKCS#8 encrypted under the official's own PIN: the server cannot open it alone; or where the
    # key lies that is not here: {label, id} on a hardware token, {device} with its owner,
    # {service, credential, pin, otp, online} with a remote service, which asks for these
    sa.Column("encrypted_key", sa.LargeBinary),
    sa.Column("token", Json),
    # DER; the chain from the issuer up to the root
    sa.Column("certificate", sa.LargeBinary, nullable=False),
    sa.Column("chain", Json, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("issuer", sa.Text, nullable=False),
    sa.Column("serial", sa.String(64), nullable=False),
    sa.Column("not_before", UtcDateTime, nullable=False),
    sa.Column("not_after", UtcDateTime, nullable=False),
    # wrong PINs in a row, and until when the key opens for nobody
    sa.Column("failed_count", sa.Integer, nullable=False, default=0),
    sa.Column("locked_until", UtcDateTime),
    sa.Column("enrolled_by", sa.String(60), nullable=False),
    sa.Column("enrolled_at", UtcDateTime, nullable=False),
    sa.Column("retired_at", UtcDateTime),
    # said not to count any more, and why: the authority is told by a job
    sa.Column("revoked_at", UtcDateTime),
    sa.Column("revoked_reason", sa.Text),
    sa.Index(None, "agency_id", "username"),
)

#: The keys of the agency's electronic seal, of which one is in use; and where their secrets are.
seal_key = sa.Table(
    "seal_key",
    metadata,
    *_key(),
    # as of signing_key: PKCS#8 under a secret that the house keeps; or {label, id} on a hardware
    # token, {service, credential, pin, otp} with a remote service
    sa.Column("encrypted_key", sa.LargeBinary),
    sa.Column("token", Json),
    # what opens it, sealed under the installation's secret: a job needs it, and nobody sits by
    sa.Column("secret", sa.LargeBinary, nullable=False),
    # DER; the chain from the issuer up to the root
    sa.Column("certificate", sa.LargeBinary, nullable=False),
    sa.Column("chain", Json, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("issuer", sa.Text, nullable=False),
    sa.Column("serial", sa.String(64), nullable=False),
    # whose seal it is, as the certificate names it
    sa.Column("organisation", sa.Text, nullable=False),
    sa.Column("not_before", UtcDateTime, nullable=False),
    sa.Column("not_after", UtcDateTime, nullable=False),
    sa.Column("enrolled_by", sa.String(60), nullable=False),
    sa.Column("enrolled_at", UtcDateTime, nullable=False),
    sa.Column("retired_at", UtcDateTime),
    sa.Column("revoked_at", UtcDateTime),
    sa.Column("revoked_reason", sa.Text),
    # since when its token or service refuses the PIN: it is not asked again
    sa.Column("faulty_at", UtcDateTime),
)

#: That the agency has sealed a signed document, and with what: once each.
document_seal = sa.Table(
    "document_seal",
    metadata,
    *_of_document(),
    sa.Column("key_id", sa.Uuid, nullable=False),
    sa.Column("organisation", sa.Text, nullable=False),
    # the process that was granted it
    sa.Column("process", sa.Text, nullable=False),
    sa.Column("field", sa.String(40), nullable=False),
    # the rendition that has it
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("level", sa.String(10), nullable=False),
    sa.Column("sealed_at", UtcDateTime, nullable=False),
    sa.Column("stamped_at", UtcDateTime),
    sa.UniqueConstraint("agency_id", "document_id"),
)

#: Authorities that an agency trusts beside those of the installation; rows are only ever ended.
trust_anchor = sa.Table(
    "trust_anchor",
    metadata,
    *_key(),
    # DER, and its SHA-256
    sa.Column("certificate", sa.LargeBinary, nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("not_after", UtcDateTime, nullable=False),
    sa.Column("added_by", sa.String(60), nullable=False),
    sa.Column("added_at", UtcDateTime, nullable=False),
    sa.Column("removed_at", UtcDateTime),
)
