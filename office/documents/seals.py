"""The agency's electronic seal: its key, which processes it was granted to, and how it is opened.

No person's presence opens it, so what does is kept, sealed under the installation's secret. Who may
seal is therefore not a person but a process: an administrator grants it to one, version by version,
or whoever deploys would have it too.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
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

#: the agency's choice: process -> ids of those of its definitions that may use the seal
GRANTED = "seal"
#: what the secret of a key is sealed for
PURPOSE = "agency seal"
SEALED = (Sealed(seal_key.c.secret, PURPOSE, seal_key.c.id),)

#: the one kind whose letters bear it
UNDER_SEAL = "STAMP"

_IN_USE = (
    sa.select(seal_key)
    .where(
        seal_key.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        seal_key.c.retired_at.is_(None),
    )
    .order_by(seal_key.c.enrolled_at.desc(), seal_key.c.id.desc())
    .limit(1)
)
_VERSION = (
    sa.select(process_definition.c.id, process_definition.c.key, process_definition.c.version)
    .join(process_instance, process_instance.c.definition_id == process_definition.c.id)
    .where(
        process_instance.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        process_instance.c.id == sa.bindparam("this", type_=sa.Uuid),
    )
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a document stands to the agency's seal at one moment. `process` and `version` are its
    case's; `key` is the one in force; `renewed`: only other versions of the process were granted.
    """

    kind: str
    process: str
    version: int
    granted: bool
    renewed: bool
    key: Row | None

    @property
    def seals(self) -> bool:
        return self.lacks is None

    @property
    def lacks(self) -> tuple[str, str, str] | None:
        """A code, what was expected, and what there is instead."""
        if self.kind != UNDER_SEAL:
            return "seal_kind", "a letter under seal (หนังสือประทับตรา)", "it is of another kind"
        if not self.granted:
            which = f"version {self.version} of {self.process}" if self.process else "this case"
            return (
                "seal_not_granted",
                "a version of a process that may use the seal",
                f"{which} may not; grant it at “The agency's seal”",
            )
        if self.key is None:
            return "seal_no_key", "a seal in force", "the agency has none; enrol or renew it"
        return None


def key_in_use(db: Connection, agency_id: UUID) -> Row | None:
    """The newest that was neither retired nor revoked, whether or not it has run out."""
    return db.execute(_IN_USE, {"agency": agency_id}).one_or_none()


def granted(db: Connection, agency_id: UUID) -> Mapping[str, Sequence[str]]:
    """Processes that may use the seal, with the ids of the definitions that may."""
    return granted_in(people.agency(db, agency_id).policy)


def granted_in(policy: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """A definition's id is given once: no key and version that is published again takes it over."""
    found: Mapping[str, Sequence[str]] = policy.get(GRANTED) or {}
    return found


def standing(db: Connection, letter: Row, at: datetime) -> Standing:
    """The one answer for whoever leaves room for the seal and for whoever puts it on. The case's
    own process decides, whichever of its processes asks: it pins what it calls.
    """
    agency_id = letter.agency_id
    found = db.execute(_VERSION, {"agency": agency_id, "this": letter.instance_id}).one_or_none()
    versions = granted(db, agency_id).get(found.key, ()) if found is not None else ()
    may = found is not None and str(found.id) in versions
    key = key_in_use(db, agency_id)
    return Standing(
        kind=letter.kind,
        process=found.key if found is not None else "",
        version=found.version if found is not None else 0,
        granted=may,
        renewed=bool(versions) and not may,
        key=key if key is not None and in_force(key, at) else None,
    )


def in_force(key: Row, at: datetime) -> bool:
    """Of one that is in use: its certificate counts, and its PIN was not refused."""
    return key.faulty_at is None and bool(key.not_before <= at < key.not_after)


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
