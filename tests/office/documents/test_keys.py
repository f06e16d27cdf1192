"""The life of a signing key: enrolled, warned about, revoked, ended when its owner leaves."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from support.ministry import Ministry

from engine.db import reading
from engine.errors import Conflict, Forbidden, Invalid, NotFound, Rejected
from engine.ids import new_id
from office.documents import queries, registering
from office.documents.commands import EnrolOwnKey, RetireKey, RevokeKey
from office.documents.commands.keys import WARNINGS
from office.documents.models import signing_key
from office.notices.commands import TellPerson
from office.notices.models import notice
from office.people import queries as people
from office.people.commands import LetGo
from signing import certificates
from signing.authority import revoked_in
from signing.device import DeviceKey
from signing.verify import verify


def key_of(ministry: Ministry, username: str) -> Any:
    (found,) = ministry.rows(
        signing_key, signing_key.c.username == username, signing_key.c.retired_at.is_(None)
    )
    return found


def shown(ministry: Ministry, username: str) -> list[Any]:
    return ministry.query(queries.keys_of, username, ministry.now, by=username)


def enrol(ministry: Ministry, username: str, pin: str = "864213") -> None:
    key = ministry.desk.issuer.enrol("ชื่อ", pin, ministry.now, organisation="กระทรวง")
    ministry.do(EnrolOwnKey(key), username)


def test_a_new_key_takes_the_place_of_the_old_one(either_ministry: Ministry) -> None:
    ministry = either_ministry
    old = key_of(ministry, "somying")
    enrol(ministry, "somying")
    assert key_of(ministry, "somying").id != old.id
    assert [key.state for key in shown(ministry, "somying")] == ["in_force", "retired"]
    letter = ministry.letter().on_the_signers_desk()
    with pytest.raises(Rejected, match="PIN"):
        letter.at("sign").by("somying").sign()
    assert letter.at("sign").by("somying").sign(pin="864213")["status"] == "signed"


def test_its_owner_is_warned_in_time_and_once_more(ministry: Ministry) -> None:
    ends = key_of(ministry, "somying").not_after

    def told() -> list[Any]:
        return list(ministry.rows(notice, notice.c.kind == "certificate"))

    ministry.clock.advance(ends - ministry.now - timedelta(days=WARNINGS[0], minutes=5))
    ministry.work_off()
    assert told() == []
    ministry.clock.advance(timedelta(minutes=10))
    ministry.work_off()
    owners = len({row.person_id for row in told()})
    assert owners == len(told()) > 1
    assert {row.page for row in told()} == {"/account/key"}
    assert shown(ministry, "somying")[0].state == "ending"
    (mine,) = [key for key in ministry.rows(signing_key) if key.username == "somying"]
    ministry.do(RetireKey(mine.id))
    ministry.clock.advance(timedelta(days=WARNINGS[0] - WARNINGS[1]))
    ministry.work_off()
    assert len(told()) == 2 * owners - 1  # a key that is not in use warns nobody


def test_nobody_tells_people_things_alone(ministry: Ministry) -> None:
    with pytest.raises(Forbidden):
        ministry.do(TellPerson("somying", "certificate", "x", "/"), "admin")


def test_a_revoked_key_signs_nothing_and_the_authority_knows(either_ministry: Ministry) -> None:
    ministry = either_ministry
    before = ministry.letter().on_the_signers_desk().signed()
    key = key_of(ministry, "somying")
    ministry.clock.advance(timedelta(hours=1))
    ministry.do(RevokeKey(key.id, "เครื่องหาย"), "somying")
    ministry.work_off()
    letter = ministry.letter().on_the_signers_desk()
    with pytest.raises(Conflict) as refused:
        letter.at("sign").by("somying").sign()
    assert refused.value.code == "key_revoked"
    folder = ministry.desk.issuer.folder  # type: ignore[union-attr, attr-defined]
    assert set(revoked_in(folder)) == {int(key.serial, 16)}
    (mine,) = shown(ministry, "somying")
    assert (mine.state, mine.revoked_reason) == ("revoked", "เครื่องหาย")
    from office.files.storage import read

    sha256 = ministry.query(queries.one, before.id).signed_sha256
    pdf = read(ministry.desk.storage, ministry.agency_id, sha256)
    lists = ministry.desk.statuses.known()
    assert verify(pdf, ministry.desk.trust, ministry.now, lists=lists).good


def test_who_may_revoke_and_how(ministry: Ministry) -> None:
    key = key_of(ministry, "somying")
    with pytest.raises(Forbidden):
        ministry.do(RevokeKey(key.id, "x"), "thotsop")
    with pytest.raises(Invalid):
        ministry.do(RevokeKey(key.id, "  "), "somying")
    with pytest.raises(NotFound):
        ministry.do(RevokeKey(new_id(), "x"), "admin")
    ministry.do(RevokeKey(key.id, "ย้าย"), "admin")
    first = ministry.rows(signing_key, signing_key.c.id == key.id)[0].revoked_at
    ministry.clock.advance(timedelta(days=1))
    ministry.do(RevokeKey(key.id, "อีกครั้ง"), "admin")
    assert ministry.rows(signing_key, signing_key.c.id == key.id)[0].revoked_at == first
    assert ministry.query(queries.keys_of, "somying", ministry.now, by="thotsop") == []


def test_whoever_leaves_signs_nothing_any_more(ministry: Ministry) -> None:
    key = key_of(ministry, "changwat")
    ministry.do(LetGo("changwat", "ย้ายไปหน่วยงานอื่น"), "admin")
    ministry.work_off()
    gone = ministry.rows(signing_key, signing_key.c.id == key.id)[0]
    assert gone.revoked_at == ministry.now
    assert gone.revoked_reason == "ย้ายไปหน่วยงานอื่น"
    assert int(key.serial, 16) in revoked_in(ministry.desk.issuer.folder)  # type: ignore[union-attr, attr-defined]


def told_of(ministry: Ministry, username: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Events of signing keys of a person: by whom, what, with what."""
    with reading(ministry.bus.engine) as db:
        owner = people.person(db, ministry.agency_id, username).id
        types = ("key.enrolled", "key.revoked")
        found = people.events_of(db, ministry.agency_id, owner, types=types)
    return [(event.actor, event.type, event.data) for event in reversed(found)]


def news(ministry: Ministry, username: str) -> list[tuple[str, str]]:
    """Notices of a person's account: what, and where to look."""
    owner = ministry.actor(username).person_id
    mine = ministry.rows(notice, notice.c.person_id == owner, notice.c.kind == "security")
    return sorted((row.task_name, row.page) for row in mine)


def test_a_key_that_is_brought_or_revoked_is_told_and_kept(ministry: Ministry) -> None:
    before = told_of(ministry, "somying")
    ((by, what, data),) = before
    assert (by, what, set(data)) == ("system", "key.enrolled", {"serial", "way"})
    assert news(ministry, "somying") == []  # setting up is no news
    enrol(ministry, "somying")
    key = ministry.desk.issuer.enrol("ชื่อ", "975311", ministry.now, organisation="กระทรวง")
    token = replace(ministry.actor("somying"), scopes=frozenset({"sign"}))
    made = ministry.bus.execute(EnrolOwnKey.brought(key), token)
    first, second = (ministry.rows(signing_key, signing_key.c.username == "somying"))[-2:]
    if str(second.id) != made["id"]:
        first, second = second, first
    ministry.do(RevokeKey(second.id, "เครื่องหาย"), "admin")
    assert told_of(ministry, "somying")[len(before) :] == [
        ("somying", "key.enrolled", {"serial": first.serial, "way": "made", "through": "session"}),
        (
            "somying",
            "key.enrolled",
            {"serial": second.serial, "way": "imported", "through": "token"},
        ),
        (
            "admin",
            "key.revoked",
            {"serial": second.serial, "through": "session", "reason": "เครื่องหาย"},
        ),
    ]
    told = news(ministry, "somying")
    assert {page for _, page in told} == {"/account/key"}
    assert [what.startswith("เพิกถอนกุญแจลงนามของท่านแล้ว") for what, _ in told].count(True) == 1
    enrolled = [what for what, _ in told if what.startswith("มีการนำกุญแจลงนามใหม่มาใช้ในนามของท่าน")]
    assert all(any(row.serial in what for what in enrolled) for row in (first, second))
    assert news(ministry, "admin") == []


def test_whoever_brings_another_key_under_the_same_id_is_told(ministry: Ministry) -> None:
    def key() -> EnrolOwnKey:
        made = ministry.desk.issuer.enrol("ชื่อ", "975311", ministry.now, organisation="กระทรวง")
        return EnrolOwnKey.brought(made)

    one, other, same = key(), key(), new_id()
    actor = ministry.actor("somying")
    first = ministry.bus.execute(one, actor, same)
    assert ministry.bus.execute(one, actor, same) == first
    with pytest.raises(Invalid) as refused:
        ministry.bus.execute(other, actor, same)
    assert refused.value.code == "idempotency_mismatch"


def test_a_certificate_of_somebody_else_is_not_taken(either_ministry: Ministry) -> None:
    ministry = either_ministry
    theirs = key_of(ministry, "somying")
    foreign = DeviceKey(theirs.certificate, tuple(map(b64decode, theirs.chain)))
    with pytest.raises(Conflict) as refused:
        ministry.do(EnrolOwnKey(foreign), "thotsop")
    assert refused.value.code == "key_held"
    thotsop = ministry.actor("thotsop")
    elsewhere = replace(thotsop, agency_id=new_id(), username="somying")
    for actor in (thotsop, elsewhere):
        with pytest.raises(Conflict):
            registering.refuse_held(ministry.bus, actor, theirs.certificate)
    registering.refuse_held(ministry.bus, ministry.actor("somying"), theirs.certificate)


def test_the_authority_revokes_for_whom_it_has_issued(ministry: Ministry) -> None:
    """Registering a certificate is no way of getting it revoked."""
    authority = ministry.desk.issuer.authority  # type: ignore[union-attr, attr-defined]
    theirs = authority.enrol("ผู้อื่น", "864213", ministry.now, work=1)
    stranger = certificates.root(certificates.name("ก", "ข"), ministry.now, 10)
    for key in (
        DeviceKey(theirs.certificate, theirs.chain),
        replace(theirs, certificate=stranger.der),
    ):
        made = ministry.do(EnrolOwnKey(key), "thotsop")
        ministry.do(RevokeKey(UUID(made["id"]), "เสีย"), "thotsop")
    ministry.work_off()
    assert revoked_in(ministry.desk.issuer.folder) == {}  # type: ignore[union-attr, attr-defined]
