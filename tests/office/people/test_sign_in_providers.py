"""Providers of sign-in on both databases: who may link whom, and what ends which session."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from support.rooms import Rooms

from engine.actor import system_actor
from engine.clock import SteppedClock
from engine.db import metadata
from engine.errors import Conflict, Forbidden, Invalid, NotFound, Rejected, Stale
from engine.ids import new_id
from office.accounts import commands as accounts
from office.accounts import credentials, queries, upkeep
from office.accounts.models import sign_in_provider
from office.accounts.secrets import new_token, sha256
from office.accounts.sign_in import NOBODY
from office.people.models import agency

ISSUER = "https://idp.example"


def provider(rooms: Rooms, **given: Any) -> UUID:
    values = {"name": "บัญชีกระทรวง", "issuer": ISSUER, "client_id": "saraban", **given}
    made = rooms.bus.execute(accounts.AddProvider(**values), system_actor(rooms.agency_id))
    return UUID(made["id"])


@pytest.fixture
def keeper(rooms: Rooms) -> Any:
    """The chief keeps accounts, and nothing else; the clerk has an account."""
    system = system_actor(rooms.agency_id)
    rooms.empower("ying", "accounts")
    credentials.create_account(rooms.bus, system, rooms.person_id("noi"), "three odd words")
    return rooms.actor("ying")


def link(rooms: Rooms, provider_id: UUID, subject: str = "u-1") -> UUID:
    command = accounts.LinkIdentity(provider_id, rooms.person_id("noi"), subject)
    return UUID(rooms.bus.execute(command, system_actor(rooms.agency_id))["id"])


def opened(rooms: Rooms, provider_id: UUID, subject: str, sid: str) -> str:
    token = new_token()
    provided = accounts.Provided(provider_id, ISSUER, subject, sid, b"sealed")
    command = accounts.OpenSession(
        rooms.person_id("noi"), sha256(token), ("oidc",), False, "", "", provided=provided
    )
    rooms.bus.execute(command, system_actor(rooms.agency_id))
    return token


def live(rooms: Rooms, token: str) -> Any:
    with rooms.read() as db:
        return queries.session_by_token(db, token, rooms.bus.services.clock.now(), timedelta(1))


def test_a_provider_is_kept_and_changed_by_whoever_keeps_accounts(
    rooms: Rooms, keeper: Any
) -> None:
    with pytest.raises(Forbidden):
        rooms.bus.execute(accounts.AddProvider("x", ISSUER, "c"), rooms.actor("noi"))
    with pytest.raises(Invalid):
        provider(rooms, client_id=" ")
    made = provider(rooms, sealed_secret=b"1")
    with rooms.read() as db:
        row = queries.provider(db, rooms.agency_id, made)
    change = accounts.ChangeProvider(made, name="ใหม่", sealed_secret=b"2", expected=row.version)
    rooms.bus.execute(change, keeper)
    with rooms.read() as db:
        now = queries.provider(db, rooms.agency_id, made)
    assert (now.name, now.issuer, now.sealed_secret) == ("ใหม่", ISSUER, b"2")
    with pytest.raises(Stale):
        rooms.bus.execute(accounts.ChangeProvider(made, name="x", expected=row.version), keeper)


def test_another_agency_has_nothing_of_it(rooms: Rooms, other: Rooms) -> None:
    made = provider(rooms)
    with other.read() as db, pytest.raises(NotFound):
        queries.provider(db, other.agency_id, made)
    command = accounts.LinkIdentity(made, other.person_id("noi"), "u-1")
    with pytest.raises(NotFound):
        other.bus.execute(command, system_actor(other.agency_id))
    rooms.bus.execute(
        accounts.LinkIdentity(made, rooms.person_id("noi"), "u-1"), system_actor(rooms.agency_id)
    )
    with other.read() as db:
        assert queries.linked(db, other.agency_id, ISSUER, "u-1") is None


def test_a_subject_is_one_person(rooms: Rooms, keeper: Any) -> None:
    made = provider(rooms)
    first = accounts.LinkIdentity(made, rooms.person_id("noi"), "u-1")
    assert rooms.bus.execute(first, keeper) == rooms.bus.execute(first, keeper)
    with pytest.raises(Conflict) as refused:
        rooms.bus.execute(
            accounts.LinkIdentity(made, rooms.person_id("ying"), "u-1"),
            system_actor(rooms.agency_id),
        )
    assert refused.value.code == "linked"
    command = accounts.LinkIdentity(made, rooms.person_id("ying"), "u-2")
    with pytest.raises(Forbidden):
        rooms.bus.execute(command, rooms.actor("noi"))


def test_nobody_gets_at_rights_above_their_own(rooms: Rooms, keeper: Any) -> None:
    """Whoever names the subject may be the subject."""
    rooms.empower("noi", "everything")
    command = accounts.LinkIdentity(provider(rooms), rooms.person_id("noi"), "mine")
    with pytest.raises(Forbidden):
        rooms.bus.execute(command, keeper)


def test_what_a_provider_opened_it_ends(rooms: Rooms, keeper: Any) -> None:
    made, system = provider(rooms), system_actor(rooms.agency_id)
    link = rooms.bus.execute(accounts.LinkIdentity(made, rooms.person_id("noi"), "u-1"), keeper)
    one, two = opened(rooms, made, "u-1", "s-1"), opened(rooms, made, "u-1", "s-2")
    rooms.bus.execute(accounts.EndProvided(made, ISSUER, "somebody", "s-1"), system)
    assert live(rooms, one)
    rooms.bus.execute(accounts.EndProvided(made, ISSUER, "u-1", "s-1"), system)
    assert not live(rooms, one)
    assert live(rooms, two)
    by_password = new_token()
    rooms.bus.execute(
        accounts.OpenSession(
            rooms.person_id("noi"), sha256(by_password), ("pwd",), False, "", ""
        ), system,
    )  # fmt: skip
    rooms.bus.execute(accounts.UnlinkIdentity(UUID(link["id"])), keeper)
    assert not live(rooms, two)
    assert live(rooms, by_password)
    rooms.bus.execute(accounts.LinkIdentity(made, rooms.person_id("noi"), "u-1"), keeper)
    rooms.bus.execute(accounts.EndProvided(made, ISSUER, "u-1"), system)
    assert not live(rooms, by_password)


def test_a_provider_that_is_turned_off_ends_what_it_opened(rooms: Rooms, keeper: Any) -> None:
    made = provider(rooms)
    link(rooms, made)
    token = opened(rooms, made, "u-1", "s-1")
    half = live(rooms, token)
    promoted = new_token()
    rooms.bus.execute(
        accounts.PromoteSession(half.session_id, sha256(promoted), ("oidc", "otp"), "", ""),
        rooms.actor("noi"),
    )
    assert live(rooms, promoted)  # the second factor's session is the provider's still
    rooms.bus.execute(accounts.ChangeProvider(made, active=False), keeper)
    assert not live(rooms, promoted)


def test_what_was_just_ended_opens_nothing(rooms: Rooms, keeper: Any) -> None:
    """Between the answer of a provider and the session, somebody may have ended either."""
    made = provider(rooms)
    linked = link(rooms, made)
    rooms.bus.execute(accounts.UnlinkIdentity(linked), keeper)
    with pytest.raises(Conflict) as refused:
        opened(rooms, made, "u-1", "s-1")
    assert refused.value.code == "link_ended"
    link(rooms, made)
    assert live(rooms, opened(rooms, made, "u-1", "s-2"))
    rooms.bus.execute(accounts.ChangeProvider(made, active=False), keeper)
    with pytest.raises(Conflict):
        opened(rooms, made, "u-1", "s-3")


def test_a_page_that_agencies_share_offers_the_provider_of_none(rooms: Rooms, other: Rooms) -> None:
    made = provider(rooms)
    with rooms.read() as db:
        assert queries.offered(db) == ()
        assert [one.id for one in queries.offered(db, rooms.code)] == [made]
        assert queries.offered(db, other.code) == ()


def test_where_there_is_one_agency_the_page_is_its_own(clock: SteppedClock) -> None:
    engine, now = sa.create_engine("sqlite://"), clock.now()
    with engine.begin() as db:
        metadata.create_all(db, [agency, sign_in_provider])
        for alone in (True, False):
            ours = {"id": new_id(), "name": "x", "policy": {}, "created_at": now}
            db.execute(sa.insert(agency), ours | {"code": f"a{alone}"})
            row = {"agency_id": ours["id"], "id": new_id(), "added_at": now}
            row |= {"name": "x", "issuer": ISSUER, "client_id": "c"}
            db.execute(sa.insert(sign_in_provider), row)
            assert [one.id for one in queries.offered(db)] == ([row["id"]] if alone else [])
    engine.dispose()


def test_a_proof_counts_once_and_is_forgotten_in_time(rooms: Rooms, clock: SteppedClock) -> None:
    name = sha256(new_token())
    command = accounts.SpendProof(name, clock.now() + timedelta(minutes=5))
    rooms.bus.execute(command, NOBODY)
    with pytest.raises(Rejected) as refused:
        rooms.bus.execute(command, NOBODY)
    assert refused.value.code == "spent"
    clock.advance(timedelta(hours=3))
    upkeep.sweep(rooms.bus)
    rooms.bus.execute(command, NOBODY)
