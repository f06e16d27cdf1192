"""/documents/<id>/copies: copies of the signed file that say that they are copies, and slips."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, g
from marshmallow import Schema, fields

from api.auth.passkeys import ask_certifier
from api.downloads import name_download
from api.idempotency import command_id
from api.rest.fields import Text
from api.rest.frame import Resource, read, system
from engine.bus import Answer
from engine.errors import NotFound
from engine.ids import new_id
from office.correspondence import stamping
from office.correspondence.queries import EntryRow, receipts, received_line
from office.documents import certifying_held, errors, queries
from office.documents.certifying import certifying
from office.documents.certifying_act import Wish, certify
from office.documents.proving import read_authorization, unauthorized
from office.documents.queries import CopyRow, WaitingCopy
from office.documents.slipping import make_slip
from office.files import storage

resource = Resource(
    "copies", __name__, url_prefix="/api/v1/documents/<uuid:document_id>",
    description="Copies of signed documents: with the receiving stamp, or certified; and slips.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Copies:
    """`waiting`: certified copies that are not there yet, and why."""

    items: Sequence[CopyRow]
    waiting: Sequence[WaitingCopy]


@dataclass(frozen=True, slots=True)
class Receipts:
    items: Sequence[EntryRow]


@dataclass(frozen=True, slots=True)
class MadeCopy:
    """`ordinal` is 0 where the copy was there already."""

    id: str
    document_id: str
    ordinal: int


@dataclass(frozen=True, slots=True)
class CopyOnItsWay:
    """A copy that is not there yet: `status` is waiting_timestamp (a job goes on) or
    waiting_device, which says in `device` what its certifier's device is to sign.
    """

    id: str
    document_id: str
    ordinal: int
    status: str
    device: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class CopyQuestion:
    """What of a copy waits for your device: sign `to_be_signed` (base64 of DER) by SHA-256, which
    is `digest`, with the registered key (`mechanism` ecdsa or rsa), before `expires_at`.
    """

    certification_id: UUID
    to_be_signed: str
    digest: str
    hash: str
    mechanism: str
    expires_at: datetime


class CopyAnswer(Schema):
    """`signature`: base64 of PKCS#1 v1.5 or ECDSA (DER), by SHA-256 over `to_be_signed`."""

    certification_id = fields.UUID(required=True)
    signature = Text(4096, required=True)


@dataclass(frozen=True, slots=True)
class CopyPasskey:
    """`seen` goes back with the answer."""

    options: Mapping[str, Any]
    seen: str


class StampWish(Schema):
    """`entry_id`: a line of a register of letters received, as `receipts` lists them."""

    entry_id = fields.UUID(required=True)


class CertifyQuestion(Schema):
    """`post`: the code of the post in which to certify; null: your first."""

    post = Text(60, load_default=None, allow_none=True)


class CertifyWish(CertifyQuestion):
    authorization = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True)


@resource.get("/copies", gives=Copies)
def listing(document_id: UUID) -> Any:
    """The copies that were made of a signed document, and its slips, oldest first."""
    waiting = read(queries.waiting_copies, g.actor, document_id)
    return Copies(read(queries.copies, g.actor, document_id), waiting)


@resource.get("/receipts", gives=Receipts)
def received(document_id: UUID) -> Any:
    """Where the document was received: the lines of registers that are yours to read."""
    read(queries.one, g.actor, document_id)
    return Receipts(read(receipts, g.actor, document_id))


@resource.post("/copies/stamped", takes=StampWish, gives=MadeCopy, status=201)
def stamp(body: dict[str, Any], document_id: UUID) -> Any:
    """Make the copy with the receiving stamp of a line's unit (แบบที่ 12), once for each line."""
    line = read(received_line, g.actor, body["entry_id"])
    if line.document_id != document_id:
        raise NotFound("Expected a line about this document, but it is about another.")
    bus, desk = system().bus, system().services.extra["desk"]
    asked = command_id(g.actor) or new_id()
    return stamping.stamp(bus, g.actor, desk, body["entry_id"], asked)


@resource.post("/copies/slip", gives=MadeCopy, status=201)
def slip(document_id: UUID) -> Any:
    """Make the slip (ใบเกษียน) of what has been said about the document so far, signed or not. Where
    nothing has changed since the last one, that one is the answer.
    """
    bus, desk = system().bus, system().services.extra["desk"]
    return make_slip(bus, g.actor, desk, document_id, command_id(g.actor) or new_id())


@resource.post(
    "/copies/certified",
    takes=CertifyWish,
    gives=MadeCopy,
    also={202: CopyOnItsWay},
    status=201,
    scope="sign",
)
def certified(body: dict[str, Any], document_id: UUID) -> Any:
    """Certify a copy: each page says สำเนาถูกต้อง in your name and post, and you sign it (right:
    certify). `authorization` as for completing a task that signs. 202 where it waits for your own
    device, or for its timestamp.
    """
    proof = read_authorization(body["authorization"])
    if proof is None:
        raise unauthorized("authorization", "Certifying needs it: {method, code}.")
    wish = Wish(document_id, proof, body["post"], proof.seen)
    bus, desk = system().bus, system().services.extra["desk"]
    return _with_status(certify(bus, g.actor, desk, wish, command_id(g.actor) or new_id()))


def _with_status(answer: Answer) -> Answer | tuple[Answer, int]:
    return (answer, 202) if "status" in answer else answer


@resource.get("/copies/certified/device-signature", gives=CopyQuestion)
def device_question(document_id: UUID) -> Any:
    """What your device is to sign, after a certification that answered waiting_device."""
    read(queries.one, g.actor, document_id)
    found = certifying_held.pending(system().bus, g.actor, document_id)
    if found is None:
        raise NotFound("Expected a copy that waits for your device, but none does here.")
    return CopyQuestion(
        found.signature_id,
        b64encode(found.to_be_signed).decode(),
        found.digest,
        "sha256",
        found.mechanism,
        found.expires_at,
    )


@resource.post(
    "/copies/certified/device-signature",
    takes=CopyAnswer,
    gives=MadeCopy,
    also={202: CopyOnItsWay},
    status=201,
    scope="sign",
)
def device_signature(body: dict[str, Any], document_id: UUID) -> Any:
    """Bring your device's signature: the copy is certified, or 202 while the timestamp is waited
    for. A wrong signature is 422, and the right one is still waited for.
    """
    try:
        given = b64decode(body["signature"], validate=True)
    except ValueError:
        raise errors.foreign_signature() from None
    asked = command_id(g.actor) or new_id()
    this = body["certification_id"]
    bus = system().bus
    return _with_status(certifying_held.answer(bus, g.actor, document_id, this, given, asked))


@resource.post(
    "/copies/certified/passkey-challenge", takes=CertifyQuestion, gives=CopyPasskey, scope="sign"
)
def passkey_challenge(body: dict[str, Any], document_id: UUID) -> Any:
    """Ask your passkey for the copy as it would be certified now: `navigator.credentials.get` takes
    `options`, and its answer goes into `authorization` {method: "passkey", credential, seen, pin}.
    """
    seen = read(certifying, g.actor, document_id, g.now, body["post"]).seen
    return CopyPasskey(ask_certifier(document_id, body["post"], seen), seen)


@resource.get("/copies/<uuid:copy_id>", gives=None, media="application/pdf")
def file(document_id: UUID, copy_id: UUID) -> Any:
    """The copy itself."""
    found = read(queries.copy_file, g.actor, document_id, copy_id)
    response = Response(
        storage.read(system().storage, g.actor.agency_id, found.sha256), mimetype="application/pdf"
    )
    name_download(response, found.file_name)
    return response
