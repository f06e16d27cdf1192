"""Certificates that run out: told in time, to operators, and only of keys in use."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from support.ministry import Ministry

from engine.errors import Forbidden
from office.correspondence import queries as registry
from office.documents.commands import RetireKey
from office.documents.models import signing_key
from office.documents.queries import expiring
from office.documents.queries.certificates import SOON


def _expiring(ministry: Ministry, **more: Any) -> Any:
    return ministry.query(expiring, ministry.now, **more)


def _ends(ministry: Ministry, username: str, at: datetime) -> Any:
    (key,) = ministry.rows(signing_key, signing_key.c.username == username)
    with ministry.bus.engine.begin() as db:
        db.execute(sa.update(signing_key).where(signing_key.c.id == key.id).values(not_after=at))
    return key


def test_those_that_run_out_soon_or_have_are_told_first_ones_first(
    either_ministry: Ministry,
) -> None:
    ministry = either_ministry
    assert _expiring(ministry).items == []
    key = _ends(ministry, "somying", ministry.now + SOON - timedelta(seconds=1))
    names = [row.username for row in ministry.rows(signing_key) if row.username != "somying"]
    _ends(ministry, names[0], ministry.now - timedelta(days=1))
    _ends(ministry, names[1], ministry.now + SOON)
    page = _expiring(ministry, page_size=1)
    assert (page.total, [row.username for row in page.items]) == (2, names[:1])
    (second,) = _expiring(ministry, page_size=1, page=2).items
    assert (second.id, second.serial) == (str(key.id), key.serial)
    ministry.do(RetireKey(key.id))
    assert [row.username for row in _expiring(ministry).items] == names[:1]


def test_they_are_for_operators_and_who_keeps_accounts(ministry: Ministry) -> None:
    with pytest.raises(Forbidden):
        ministry.query(expiring, ministry.now, by="faem")


def test_a_number_under_a_signature_that_waits_is_in_use(ministry: Ministry) -> None:
    letter = ministry.letter().on_the_signers_desk()
    ministry.stamps.away = True
    assert letter.at("sign").by("somying").sign()["status"] == "waiting_timestamp"
    (row,) = ministry.query(registry.reserved).items
    assert (row.document_id, row.in_use) == (letter.id, True)
    ministry.stamps.away = False
