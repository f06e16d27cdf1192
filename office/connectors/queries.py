"""Connectors as they are kept; no query but `sealed_secret` reads a secret."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from office.connectors.models import connector
from office.connectors.rules import Connector

_AGENCY = sa.bindparam("agency", type_=sa.Uuid)
_SHOWN = [column for column in connector.c if column.name not in ("secret", "agency_id")]
_LIST = (
    sa.select(*_SHOWN, connector.c.secret.is_not(None).label("has_secret"))
    .where(connector.c.agency_id == _AGENCY)
    .order_by(connector.c.name)
)
_ONE = _LIST.where(connector.c.name == sa.bindparam("name"))
_SECRET = sa.select(connector.c.secret).where(
    connector.c.agency_id == _AGENCY, connector.c.id == sa.bindparam("this", type_=sa.Uuid)
)
_FIELDS = tuple(Connector.__dataclass_fields__)


def connectors(db: Connection, agency_id: UUID) -> Sequence[Connector]:
    return [_read(row) for row in db.execute(_LIST, {"agency": agency_id})]


def find(db: Connection, agency_id: UUID, name: str) -> Connector | None:
    row = db.execute(_ONE, {"agency": agency_id, "name": name}).one_or_none()
    return None if row is None else _read(row)


def one(db: Connection, agency_id: UUID, name: str) -> Connector:
    found = find(db, agency_id, name)
    if found is None:
        raise NotFound(f"Expected a connector of this agency, but {name!r:.80} is none.")
    return found


def sealed_secret(db: Connection, agency_id: UUID, connector_id: UUID) -> bytes | None:
    found = db.scalar(_SECRET, {"agency": agency_id, "this": connector_id})
    return None if found is None else bytes(found)


def _read(row: Any) -> Connector:
    return Connector(**{name: getattr(row, name) for name in _FIELDS})
