"""The agency's electronic seal: its key, which processes it was granted to, and how it is opened.

No person's presence opens it, so what does is kept, sealed under the installation's secret. Who may
seal is therefore not a person but a process: an administrator grants it to one.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from asn1crypto import x509
from sqlalchemy import Connection

from engine.models.deployment import process_definition
from engine.models.instance import process_instance
from office.accounts.sealed import Sealed
from office.accounts.secrets import seal, unseal
from office.documents.access import Row
from office.documents.keys import closed_key
from office.documents.models import seal_key
from office.documents.ports import Desk
from office.people import queries as people
from signing.errors import UnusableKey
from signing.keys import KeyProvider
from signing.organisation import of_organisation

#: the agency's choice: keys of the processes that may use its seal
GRANTED = "seal"
#: what the secret of a key is sealed for
PURPOSE = "agency seal"
SEALED = (Sealed(seal_key.c.secret, PURPOSE, seal_key.c.id),)

_IN_USE = (
    sa.select(seal_key)
    .where(
        seal_key.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        seal_key.c.retired_at.is_(None),
    )
    .order_by(seal_key.c.not_after.desc(), seal_key.c.id.desc())
    .limit(1)
)
_PROCESS = (
    sa.select(process_definition.c.key, process_instance.c.root_id)
    .join(process_instance, process_instance.c.definition_id == process_definition.c.id)
    .where(
        process_instance.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        process_instance.c.id == sa.bindparam("this", type_=sa.Uuid),
    )
)


def key_in_use(db: Connection, agency_id: UUID) -> Row | None:
    """The newest that was neither retired nor revoked, whether or not it has run out."""
    return db.execute(_IN_USE, {"agency": agency_id}).one_or_none()


def granted(db: Connection, agency_id: UUID) -> Sequence[str]:
    """Keys of the processes that may use the seal."""
    return people.agency(db, agency_id).policy.get(GRANTED) or ()


def process_of(
    db: Connection, agency_id: UUID, instance_id: UUID | None
) -> tuple[str, UUID] | None:
    """The key of an instance's process, and the id of its case."""
    row = db.execute(_PROCESS, {"agency": agency_id, "this": instance_id}).one_or_none()
    return (row.key, row.root_id) if row is not None else None


def will_be_sealed(db: Connection, agency_id: UUID, instance_id: UUID | None, at: datetime) -> bool:
    """Whether a document of this case has to leave a place: its process may use the seal now."""
    found, key = process_of(db, agency_id, instance_id), key_in_use(db, agency_id)
    in_force = key is not None and key.not_before <= at < key.not_after
    return in_force and found is not None and found[0] in granted(db, agency_id)


def new_secret() -> str:
    """For a key that is protected here: nobody types it."""
    return secrets.token_urlsafe(32)


def kept_secret(house: bytes, secret: str, key_id: UUID) -> bytes:
    return seal(house, PURPOSE, secret.encode(), key_id)


def opened(desk: Desk, row: Row) -> KeyProvider:
    """The key ready to seal. Raises what `signing.keys` and its kin raise, or InvalidTag where the
    installation's secret is another than it was kept under.
    """
    secret = unseal(desk.secret, PURPOSE, bytes(row.secret), row.id).decode()
    return closed_key(row, desk.tokens, desk.remote).unlock(secret)


def check_organisations(certificate: bytes) -> None:
    """A certificate (DER) that names a person makes signatures, no seals: UnusableKey (person)."""
    if not of_organisation(x509.Certificate.load(certificate)):
        raise UnusableKey(
            "person", "Expected an organisation's certificate, but this one names a person."
        )


def organisation_of(certificate: bytes) -> str:
    """Whose seal it is."""
    named = x509.Certificate.load(certificate).subject.native
    return str(named.get("organization_name") or named.get("common_name") or "")
