"""What an agency's policy decides about documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from office.documents.greetings import HONOURED, Manners, forms, rows
from office.documents.letterheads import EMBLEM, Letterhead, letterheads
from office.people import queries as people

#: the key of the proofs of a signer that suffice
SIGNING_METHODS = "signing_methods"
#: proof -> (Thai, English), the weakest last. Any one of those that are chosen suffices.
METHODS: Mapping[str, tuple[str, str]] = {
    "passkey": ("พาสคีย์ของผู้ลงนาม", "The signer's passkey"),
    "totp": ("รหัสจากแอปยืนยันตัวตน หรือพาสคีย์", "A code from an authenticator app, or a passkey"),
    "pin": ("PIN ของกุญแจลงนามอย่างเดียว", "The PIN of the signing key alone"),
}
#: what suffices where an agency has chosen nothing
BY_DEFAULT = ("totp",)
#: the key under which an agency's own list lies
HONOURED_TOO = "honoured"
#: and its own words of greeting and closing
GREETINGS = "greetings"
#: and the rows of its own table of them
GREETING_ROWS = "greeting_rows"


def methods(db: Connection, agency_id: UUID) -> list[str]:
    """Which proofs of a signer suffice; a second factor where the policy says nothing. A passkey
    does wherever a code from an app does: it proves no less.
    """
    chosen = chosen_methods(people.agency(db, agency_id).policy) or list(BY_DEFAULT)
    return chosen + ["passkey"] * ("totp" in chosen and "passkey" not in chosen)


def chosen_methods(policy: Mapping[str, Any]) -> list[str]:
    """What the agency itself has chosen; nothing: the default holds."""
    return list(policy.get(SIGNING_METHODS) or ())


def methods_by(db: Connection, agency_id: UUID, *, device: bool) -> list[str]:
    """Likewise for a key that its owner's device keeps: the device alone asks for its PIN, which
    proves nobody here. A second factor does, also where the policy asks for a PIN and no more.
    """
    chosen = methods(db, agency_id)
    if not device:
        return chosen
    return [one for one in chosen if one != "pin"] or ["totp", "passkey"]


def honoured_too(db: Connection, agency_id: UUID) -> list[str]:
    """Whom the agency greets with กราบเรียน of its own accord."""
    return list(people.agency(db, agency_id).policy.get(HONOURED_TOO) or ())


def manners(db: Connection, agency_id: UUID) -> Manners:
    """How the agency greets and closes."""
    policy = people.agency(db, agency_id).policy
    honoured = HONOURED | frozenset(policy.get(HONOURED_TOO) or ())
    own = rows(policy.get(GREETING_ROWS) or ())
    return Manners(honoured, forms(policy.get(GREETINGS) or {}), own)


def greeting_rows(db: Connection, agency_id: UUID) -> list[dict[str, str]]:
    """The agency's own table as it was written: rows of {who, salutation, closing, purpose}."""
    return list(people.agency(db, agency_id).policy.get(GREETING_ROWS) or ())


def letterheads_of(db: Connection, agency_id: UUID) -> dict[str, Letterhead]:
    """Who says something of their own on letters, by code of unit; "" is the whole agency."""
    return letterheads(people.agency(db, agency_id).policy)


def emblem_of(db: Connection, agency_id: UUID) -> str | None:
    """The hash of the emblem that is printed; None: the neutral placeholder."""
    sha256: str | None = (people.agency(db, agency_id).policy.get(EMBLEM) or {}).get("sha256")
    return sha256
