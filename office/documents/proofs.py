"""Proofs over signatures: each is whole, once for its field, and was its signer's to give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.queries.finding import Finding
from office.documents import rules
from office.documents.models import document_version, signature
from office.people.models import instrument

_of, _lent, _text = signature.c, instrument.c, document_version.c
_GIVEN = _of.state.in_([rules.FIRST, rules.DONE])
_NAMED = (_of.agency_id, _of.document_id, _of.field)
_TWICE = sa.select(*_NAMED).where(_GIVEN).group_by(*_NAMED).having(sa.func.count() > 1)
_HALF = sa.select(*_NAMED).where(
    _of.state == rules.DONE,
    sa.or_(_of.digest.is_(None), _of.blob_id.is_(None), _of.signed_at.is_(None)),
)
_OTHER_TEXT = sa.select(*_NAMED).where(
    _GIVEN,
    ~sa.exists().where(
        _text.agency_id == _of.agency_id,
        _text.id == _of.version_id,
        _text.document_id == _of.document_id,
        _text.sha256 == _of.version_sha256,
    ),
)
_NOT_LENT = sa.select(*_NAMED).where(
    _GIVEN,
    _of.instrument_id.is_not(None),
    ~sa.exists().where(
        _lent.agency_id == _of.agency_id,
        _lent.id == _of.instrument_id,
        _lent.starts_at <= _of.reserved_at,
        sa.or_(_lent.ends_at.is_(None), _lent.ends_at >= _of.reserved_at),
        sa.or_(_lent.revoked_at.is_(None), _lent.revoked_at >= _of.reserved_at),
    ),
)
_CHECKS: tuple[tuple[str, str, sa.Select[Any]], ...] = (
    ("I7", "a field bears more than one signature", _TWICE),
    ("I7", "a signature lacks its digest, its file or its time", _HALF),
    ("I7", "a signature is on a text that its document never had", _OTHER_TEXT),
    ("I13", "a signature names an instrument that did not hold when it was given", _NOT_LENT),
)


def broken(db: Connection) -> Iterator[Finding]:
    """Every signature that breaks a promise (I7, I13), by its document and field."""
    for invariant, message, statement in _CHECKS:
        for agency_id, *what in db.execute(statement).all():
            found = f"{message}: {' '.join(map(str, what))}"
            yield Finding(invariant, str(agency_id), None, found)
