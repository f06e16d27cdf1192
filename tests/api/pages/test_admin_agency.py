"""The agency's own page: names, time zone, what proves signers, and where the rest is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from support.browsing import Browser
from support.world import World

from engine.actor import system_actor
from engine.db import reading
from office.people import queries
from office.people.commands import AddRole, GrantRole

Enter = Callable[[str], Browser]
PAGE, METHODS = "/admin/agency", "/admin/agency/signing-methods"


@pytest.fixture
def admin(enter: Enter) -> Browser:
    return enter("admin")


def test_names_and_zone_are_changed_and_changed_back(admin: Browser, office: World) -> None:
    page = admin.open(PAGE)
    form = page.form(PAGE)
    was = form.values()
    assert "code" not in form.names()
    assert office.home.code in page.text
    done = form.send(name="กระทรวงใหม่", name_en="New Ministry", timezone="Asia/Tokyo")
    assert done.path == PAGE
    assert {name: done.form(PAGE).values()[name] for name in ("name", "name_en", "timezone")} == {
        "name": ["กระทรวงใหม่"], "name_en": ["New Ministry"], "timezone": ["Asia/Tokyo"],
    }  # fmt: skip
    history = done.tree.get_element_by_id("history").text_content()
    assert f"{was['name'][0]} → กระทรวงใหม่" in history
    assert "กระทรวงใหม่" in admin.open("/admin").text
    late = form.send(name="สาย")
    assert (late.status, late.form(PAGE).values()["name"]) == (412, ["สาย"])
    back = {name: was[name][0] for name in ("name", "name_en", "timezone")}
    assert done.form(PAGE).send(**back).form(PAGE).values()["name"] == was["name"]


def test_what_cannot_be_shows_the_page_with_what_was_typed(admin: Browser) -> None:
    form = admin.open(PAGE).form(PAGE)
    nameless = form.send(name="  ", name_en="Still typed")
    assert nameless.status == 422
    assert nameless.error("name")
    assert nameless.form(PAGE).values()["name_en"] == ["Still typed"]
    nowhere = form.send(timezone="Mars/Olympus")
    assert (nowhere.status, bool(nowhere.error("timezone"))) == (422, True)


def test_ways_are_chosen_and_the_default_brought_back(admin: Browser, office: World) -> None:
    def policy() -> object:
        with reading(office.system.engine) as db:
            return queries.agency(db, office.home.id).policy.get("signing_methods")

    form = admin.open(PAGE).form(METHODS)
    was = form.values()["methods"]
    page = form.send(methods=["passkey", "pin"])
    assert page.form(METHODS).values()["methods"] == ["passkey", "pin"]
    assert policy() == ["passkey", "pin"]
    none = page.form(METHODS).send(methods=[])
    assert none.status == 422
    assert none.error("methods")
    assert policy() == ["passkey", "pin"]
    page = page.form(METHODS).send(button=("reset", "1"))
    assert page.form(METHODS).values()["methods"] == ["totp"]
    assert "reset" not in page.form(METHODS).names()
    assert policy() == []
    assert "ค่าเริ่มต้น" in page.tree.get_element_by_id("history").text_content()
    assert page.form(METHODS).send(methods=was).status == 200


def test_each_right_changes_its_own_part(office: World, enter: Enter) -> None:
    for who, right, own, other in (
        ("khokhai", "people", PAGE, METHODS), ("sutcharit", "accounts", METHODS, PAGE),
    ):  # fmt: skip
        for command in (
            AddRole(f"only-{right}", right, [right]),
            GrantRole(who, f"only-{right}", date(2026, 1, 1)),
        ):
            office.system.bus.execute(command, system_actor(office.home.id))
        browser = enter(who)
        page = browser.open(PAGE)
        assert page.form(own).send().status == 200
        token = page.form(own).values()["csrf_token"][0]
        sent = {"csrf_token": token, "name": "x", "methods": "pin"}
        assert browser.post(other, sent).status == 403


def test_others_do_not_see_it(enter: Enter) -> None:
    official = enter("thotsop")
    assert official.open(PAGE).status == 403
    token = official.open("/account").form("/language").values()["csrf_token"][0]
    for path in (PAGE, METHODS):
        assert official.post(path, {"csrf_token": token, "name": "x"}).status == 403
    auditor = enter("truatsop")
    assert auditor.open(PAGE).status == 403


def test_other_choices_are_found_from_here(admin: Browser) -> None:
    page = admin.open(PAGE)
    linked = set(page.links("/admin/"))
    for path in (
        "numbering", "letterhead", "greetings", "calendars", "sign-in", "seal", "trust",
        "secret-letters",
    ):  # fmt: skip
        assert f"/admin/{path}" in linked
        assert admin.open(f"/admin/{path}").status == 200
