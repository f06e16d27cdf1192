"""/trust-anchors: authorities that the agency trusts beside those of the installation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema

from api.rest.fields import LONGEST_TEXT, Text
from api.rest.frame import Resource, execute, read
from api.rest.uploads import posted_bytes
from office.documents import queries
from office.documents.commands import AddTrust, RemoveTrust
from office.documents.commands.trust import MOST_BYTES
from office.documents.queries import AnchorRow

#: What a multipart body holds beside its file.
FRAME = 64 << 10
MEDIA = "application/pem-certificate-chain"

resource = Resource(
    "trust-anchors", __name__, url_prefix="/api/v1/trust-anchors",
    description="Authorities whose certificates are trusted.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    items: Sequence[AnchorRow]


@dataclass(frozen=True, slots=True)
class AddedTrust:
    """Ids of those that were not trusted before."""

    added: Sequence[str]


@dataclass(frozen=True, slots=True)
class RemovedTrust:
    id: str


class TrustRemoval(Schema):
    reason = Text(LONGEST_TEXT, required=True)


@resource.get("", gives=TrustAnchors)
def listing() -> Any:
    """List the authorities that your agency has added."""
    return TrustAnchors(read(queries.anchors_of, g.actor))


@resource.post("", gives=AddedTrust, status=201, max_body=MOST_BYTES + FRAME, body_media=MEDIA)
def add() -> Any:
    """Trust the authorities in a file (PEM or DER), posted as `file` or as the body itself."""
    return execute(AddTrust(posted_bytes("file", MEDIA)))


@resource.post("/<uuid:anchor_id>/remove", takes=TrustRemoval, gives=RemovedTrust)
def remove(body: dict[str, Any], anchor_id: UUID) -> Any:
    """Trust an authority no more."""
    return execute(RemoveTrust(anchor_id, **body))
