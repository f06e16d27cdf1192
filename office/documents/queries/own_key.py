"""An official's own signing key, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from office.documents.models import signing_key
from office.documents.queries.key_facts import State, facts_of

_KEYS = (
    sa.select(signing_key)
    .where(
        signing_key.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        signing_key.c.username == sa.bindparam("username"),
    )
    .order_by(signing_key.c.enrolled_at.desc(), signing_key.c.id.desc())
    .limit(20)
)


@dataclass(frozen=True, slots=True)
class OwnKey:
    """`left` is how long the certificate still counts."""

    id: str
    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    enrolled_at: datetime
    state: State
    left: timedelta
    revoked_at: datetime | None
    revoked_reason: str | None
    #: the label of the hardware token that it lies on
    token: str | None
    #: the name of the remote service that keeps it
    service: str | None
    #: its owner's own device keeps it
    device: bool

    @property
    def in_use(self) -> bool:
        return self.state not in ("retired", "revoked")


def keys_of(db: Connection, actor: Actor, username: str, now: datetime) -> list[OwnKey]:
    """The newest first. For the actor's own, or with the right accounts."""
    if username != actor.username and not actor.may("accounts"):
        return []
    rows = db.execute(_KEYS, {"agency": actor.agency_id, "username": username})
    names = OwnKey.__dataclass_fields__
    return [OwnKey(**facts_of(row._mapping, names, now)) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name
