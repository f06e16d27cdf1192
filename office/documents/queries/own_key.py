"""An official's own signing key, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from office.documents.models import signing_key
from office.documents.queries.certificates import SOON

State = Literal["in_force", "ending", "expired", "not_yet", "resting", "revoked", "retired"]

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
    return [_own(row._mapping, now) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


def _own(row: sa.RowMapping, now: datetime) -> OwnKey:
    made = {"id", "state", "left", "token", "service", "device"}
    taken = {name: row[name] for name in OwnKey.__dataclass_fields__ if name not in made}
    lies = row["token"] or {}
    return OwnKey(
        id=str(row["id"]),
        state=_state(row, now),
        left=row["not_after"] - now,
        token=lies.get("label"),
        service=lies.get("service"),
        device=bool(lies.get("device")),
        **taken,
    )


def _state(row: sa.RowMapping, now: datetime) -> State:
    if row["revoked_at"] is not None:
        return "revoked"
    if row["retired_at"] is not None:
        return "retired"
    if now >= row["not_after"]:
        return "expired"
    if now < row["not_before"]:
        return "not_yet"
    if row["locked_until"] is not None and now < row["locked_until"]:
        return "resting"
    return "ending" if row["not_after"] - now < SOON else "in_force"
