"""The demo: whole, idempotent, and everybody of the samples in it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from support.rooms import make_bus

from engine.actor import Actor
from engine.bus import Bus
from engine.clock import SteppedClock
from engine.db import reading
from office.accounts import rules as account_rules
from office.demo import install
from office.demo.ministry import MINISTRY
from office.demo.neighbour import NEIGHBOUR
from office.demo.secrets import PASSWORDS, PINS, is_demo_secret
from office.people import queries, rules

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "domain" / "sample_documents.json"


@pytest.fixture
def planted(bus: Bus) -> Bus:
    """Planting is idempotent: only the first test of each database waits for it."""
    install.plant(bus)
    return bus


def test_planting_twice_changes_nothing(planted: Bus) -> None:
    first = install.plant(planted)
    with reading(planted.engine) as db:
        before = [len(queries.positions(db, one)) for one in first.values()]
        assert install.plant(planted) == first
        assert [len(queries.positions(db, one)) for one in first.values()] == before
        assert len([one for one in queries.agencies(db) if one.demo]) == 2


def _me(planted: Bus, username: str) -> Actor:
    with reading(planted.engine) as db:
        agency = queries.agency_by_code(db, "tuayang")
        assert agency is not None
        who = queries.person(db, agency.id, username)
        return queries.actor_for(db, agency.id, who.id, planted.services.clock.now())


def test_the_deputy_acts_for_the_absent_permanent_secretary(planted: Bus) -> None:
    me = _me(planted, "somying")
    authority = me.principals["position:permanent-secretary"]
    assert authority.on_behalf_of == "position:permanent-secretary"
    with reading(planted.engine) as db:
        capacity = queries.signing_capacity(
            db,
            me.agency_id,
            "somying",
            "permanent-secretary",
            planted.services.clock.now(),
            kind="EXT",
        )
    assert capacity.position_lines == [
        "รองปลัดกระทรวงตัวอย่าง",
        "รักษาราชการแทน ปลัดกระทรวงตัวอย่าง",
    ]
    assert capacity.instrument_id == authority.instrument_id


def test_someone_is_on_leave_whenever_the_demo_starts(planted: Bus, clock: SteppedClock) -> None:
    clock.set(clock.now().replace(year=clock.now().year + 3))
    assert "position:permanent-secretary" in _me(planted, "somying").principals  # by delegation
    install.plant(planted)
    me = _me(planted, "somying")
    with reading(planted.engine) as db:
        capacity = queries.signing_capacity(
            db, me.agency_id, "somying", "permanent-secretary", clock.now()
        )
    assert capacity.mode == "รักษาราชการแทน"


def test_the_chain_of_the_general_group_has_a_different_person_on_each_rung(planted: Bus) -> None:
    me = _me(planted, "thotsop")
    with reading(planted.engine) as db:
        chain = queries.chain(db, me.agency_id, "general-officer-1")
        now = planted.services.clock.now()
        who = queries.holders(db, me.agency_id, [post.code for post in chain], now)
    assert [post.level for post in chain] == ["section", "group", "division", "deputy", "head"]
    assert [who[post.code][0] for post in chain] == [
        "sommut", "tuayang", "phatsadu", "wichan", "somchai",
    ]  # fmt: skip


def test_admin_holds_every_right_and_the_neighbour_is_another_world(planted: Bus) -> None:
    assert _me(planted, "admin").may("anything at all")
    with reading(planted.engine) as db:
        neighbour = queries.agency_by_code(db, "phueanban")
        assert neighbour is not None
        assert queries.persons_named(db, neighbour.id, ["thotsop", "muban"]).keys() == {"muban"}


@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared sample documents are not here")
def test_every_unit_signer_and_preparer_of_the_samples_is_there(planted: Bus) -> None:
    documents = json.loads(SAMPLES.read_text(encoding="utf-8"))["documents"]
    now = planted.services.clock.now()
    me = _me(planted, "admin")
    names = {person.name: person.username for person in _everybody(planted, me)}
    with reading(planted.engine) as db:
        for one in documents:
            unit = queries.unit_named(db, me.agency_id, one["owner_unit"], one["owner_agency"])
            assert unit is not None, one["id"]
            assert set(one["preparers"].values()) <= names.keys()
            if not one["signer"]:
                continue
            found = queries.signing_post(db, me.agency_id, one["position_lines"])
            assert found is not None, one["id"]
            post, mode = found
            capacity = queries.signing_capacity(
                db, me.agency_id, names[one["signer"]], post.code, now, kind=one["kind"], mode=mode
            )
            assert capacity.position_lines == one["position_lines"], one["id"]
            if one["acting_for"]:
                assert capacity.instrument_ref == one["acting_for"]["instrument"]


def _everybody(planted: Bus, me: Actor) -> list[queries.PersonRow]:
    with reading(planted.engine) as db:
        return list(queries.people(db, me.agency_id, page_size=100).items)


def test_units_have_the_numbers_of_the_samples(planted: Bus) -> None:
    me = _me(planted, "admin")
    with reading(planted.engine) as db:
        numbers = {row.code: row.number_code for row in queries.units(db, me.agency_id)}
        general = queries.unit(db, me.agency_id, "general")
        assert queries.department_of(db, me.agency_id, "general").name == (
            "สำนักงานปลัดกระทรวงตัวอย่าง"
        )
    assert numbers["general"] == "ตย 0201"
    assert numbers["finance"] == numbers["stocktake"] == "ตย 0201.3"
    assert general.phone == "0 2999 0000"
    assert general.address is not None


def test_demo_secrets_are_known_distinct_and_well_made() -> None:
    people = install.people()
    assert len({one.username for one in people}) == len(people) == len(PASSWORDS)
    assert len(set(PINS.values())) == len(PINS)
    assert all(is_demo_secret(one.password) for one in people)
    assert all(pin.isdigit() and len(pin) == 6 and is_demo_secret(pin) for pin in PINS.values())
    assert not is_demo_secret("correct horse battery staple")
    assert {one.username for one in people if one.signer} == PINS.keys()
    assert not [one.username for one in people if account_rules.password_problems(one.password)]


@pytest.mark.parametrize("organization", [MINISTRY, NEIGHBOUR], ids=lambda one: one.code)
def test_the_plan_of_an_organization_holds_together(organization: object) -> None:
    posts = {post.code: post for post in organization.posts}  # type: ignore[attr-defined]
    ladder = list(rules.LEVELS)
    for post in posts.values():
        assert post.superior is None or post.superior in posts
        if post.superior:
            above = posts[post.superior]
            assert ladder.index(above.level) >= ladder.index(post.level), post.code
    held = [post for one in organization.officials for post in one.posts]  # type: ignore[attr-defined]
    assert len(held) == len(set(held))


def test_outside_demo_mode_nobody_signs_in_with_a_demo_password(planted: Bus) -> None:
    from engine.errors import Rejected
    from office.accounts.sign_in import Origin, sign_in

    with pytest.raises(Rejected) as refused:
        sign_in(planted, "thotsop", PASSWORDS["thotsop"], Origin("192.0.2.1"))
    assert refused.value.code == "demo_secret"


def test_in_demo_mode_everybody_signs_in(
    planted: Bus, clock: SteppedClock, postbox: object
) -> None:
    from office.accounts.settings import settings_of
    from office.accounts.sign_in import Origin, sign_in

    demo = make_bus(
        planted.engine, clock, postbox, settings_of(planted.services).hasher, demo_mode=True
    )  # type: ignore[arg-type]
    clock.advance(timedelta(days=2))  # away from guesses that other tests made on these accounts
    for number, one in enumerate(install.people()):
        opened = sign_in(demo, one.username, one.password, Origin(f"192.0.2.{number}"))
        assert opened.username == one.username
