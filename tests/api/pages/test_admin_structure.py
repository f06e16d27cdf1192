"""The administrators' pages of structure: units, posts, holders, roles, committees, history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from uuid import uuid4

import pytest
from support.browsing import Browser, Form, Page
from support.world import World

from engine.actor import system_actor
from engine.db import reading
from office.people import commands as people
from office.people import queries

Enter = Callable[[str], Browser]
PAGES = ("units", "units/central", "positions/deputy-1", "roles", "roles/ours", "committees",
         "history")  # fmt: skip


@pytest.fixture
def admin(enter: Enter) -> Browser:
    return enter("admin")


@pytest.fixture
def unit(admin: Browser) -> str:
    """A fresh group below the central division."""
    code = f"u{uuid4().hex[:8]}"
    form = adding(admin)
    page = form.send(code=code, name=f"กลุ่ม {code}", kind="group", parent="central")
    assert page.path == f"/admin/units/{code}", page.text
    return code


@pytest.fixture
def post(admin: Browser, unit: str) -> str:
    """A vacant post in it."""
    code = f"p{uuid4().hex[:8]}"
    form = admin.open(f"/admin/units/{unit}").form(f"/admin/units/{unit}/positions")
    page = form.send(code=code, name="ตำแหน่งทดลอง", level="officer", superior="central-director")
    assert page.path == f"/admin/positions/{code}", page.text
    return code


@pytest.fixture
def newcomer(office: World) -> str:
    """Somebody without a post."""
    name = f"n{uuid4().hex[:8]}"
    office.system.bus.execute(people.AddPerson(name, "ใหม่", "มาดี"), system_actor(office.home.id))
    return name


def adding(admin: Browser) -> Form:
    """The form that adds a unit: the search beside it has the same address."""
    forms = admin.open("/admin/units").forms()
    return next(form for form in forms if "kind" in form.names())


def ends(page: Page, part: str) -> Iterator[Form]:
    return (form for form in page.forms() if part in (form.element.get("action") or ""))


def test_an_official_is_refused_and_another_agency_sees_nothing(
    office: World, enter: Enter
) -> None:
    office.system.bus.execute(people.AddRole("ours", "ของเรา"), system_actor(office.home.id))
    official, stranger = enter("thotsop"), enter("tambon")
    assert official.open("/admin").status == 403
    assert "/admin" not in official.open("/").links("/admin")
    for page in PAGES:
        assert official.open(f"/admin/{page}").status == 403, page
        if "/" in page:
            assert stranger.open(f"/admin/{page}").status == 404, page
    assert "กองกลาง" not in stranger.open("/admin/units").text
    token = stranger.open("/account").form("/language").values()["csrf_token"][0]
    for path in ("units/central", "units/central/close", "units/central/positions",
                 "positions/deputy-1", "positions/deputy-1/close", "positions/deputy-1/holders",
                 "roles/ours", "roles/ours/grants"):  # fmt: skip
        sent = {"csrf_token": token, "name": "x", "username": "tambon", "first_day": "1/1/2569",
                "code": "x", "level": "officer", "rights": "audit"}  # fmt: skip
        assert stranger.post(f"/admin/{path}", sent).status in {403, 404}, path


def test_the_index_offers_what_one_may(enter: Enter, admin: Browser) -> None:
    links = admin.open("/admin").links("/")
    assert {"/admin/units", "/admin/roles", "/admin/committees", "/people"} <= set(links)
    auditor = enter("truatsop")
    assert "/admin/units" not in auditor.open("/admin").links("/admin")
    assert auditor.open("/admin/history").status == 200


def test_a_unit_is_added_renamed_moved_and_closed(admin: Browser, unit: str) -> None:
    page = admin.open(f"/admin/units/{unit}")
    page = page.form(f"/admin/units/{unit}").send(name="กลุ่มชื่อใหม่", parent="personnel")
    assert page.status == 200, page.text
    assert "กลุ่มชื่อใหม่" in page.text
    history = page.tree.get_element_by_id("history").text_content()
    assert f"กลุ่ม {unit}" in history
    assert "กลุ่มชื่อใหม่" in history
    assert "central" in history
    closed = next(ends(page, f"{unit}/close")).send()
    assert "ปิดอยู่" in closed.text
    opened = next(ends(closed, f"{unit}/open")).send()
    assert list(ends(opened, f"{unit}/close"))


def test_what_is_wrong_with_a_unit_is_said_beside_its_field(admin: Browser, unit: str) -> None:
    form = adding(admin)
    page = form.send(code="ไทย", name="ชื่อ", kind="group")
    assert page.status == 422
    assert page.error("code")
    assert form.send(code=unit, name="ชื่อ", kind="group").status == 409
    assert form.send(code=f"{unit}x", name=" ", kind="group").error("name")


def test_a_unit_with_something_in_it_says_what_to_do(admin: Browser, unit: str, post: str) -> None:
    page = admin.open(f"/admin/units/{unit}")
    assert not list(ends(page, f"{unit}/close"))
    assert f"/admin/positions/{post}" in page.links("/admin/positions/")
    token = page.form(f"/admin/units/{unit}").values()
    sent = {name: token[name][0] for name in ("csrf_token", "version")}
    refused = admin.post(f"/admin/units/{unit}/close", sent)
    assert refused.status == 409
    assert "ย้ายหรือปิดสิ่งเหล่านั้นก่อน" in refused.text


def test_two_who_edit_do_not_overwrite_each_other(admin: Browser, unit: str) -> None:
    mine = admin.open(f"/admin/units/{unit}").form(f"/admin/units/{unit}")
    admin.open(f"/admin/units/{unit}").form(f"/admin/units/{unit}").send(phone="1111")
    page = mine.send(phone="2222", name="ชื่อที่พิมพ์ไว้")
    assert page.status == 412
    assert "มีผู้แก้ก่อนท่าน" in page.text
    form = page.form(f"/admin/units/{unit}")
    assert form.values()["name"] == ["ชื่อที่พิมพ์ไว้"]
    assert form.send().status == 200


def test_a_post_is_taken_up_handed_over_and_ended(
    office: World, admin: Browser, post: str, newcomer: str
) -> None:
    path = f"/admin/positions/{post}/holders"
    page = admin.open(f"/admin/positions/{post}").form(path).send(
        username=newcomer, first_day="1/10/2568"
    )  # fmt: skip
    assert "ใหม่ มาดี" in page.text
    second = f"n{uuid4().hex[:8]}"
    office.system.bus.execute(people.AddPerson(second, "คนถัดไป"), system_actor(office.home.id))
    page = page.form(path).send(username=second, first_day="1 ต.ค. 2569")
    with reading(office.system.engine) as db:
        rows = queries.tenures_of_post(db, office.home.id, post, office.clock.now())
    assert [(row.username, row.state) for row in rows] == [
        (second, "running"), (newcomer, "ended"),
    ]  # fmt: skip
    assert rows[1].ends_at == rows[0].starts_at
    last = next(ends(page, "/end")).send(last_day="31/12/2569")
    assert "31 ธ.ค. 2569" in last.text
    assert not list(ends(last, f"{post}/close"))


def test_a_holder_is_somebody_and_a_day_is_a_day(admin: Browser, post: str, newcomer: str) -> None:
    form = admin.open(f"/admin/positions/{post}").form(f"/admin/positions/{post}/holders")
    assert form.send(username="nobody", first_day="1/1/2569").error("username")
    assert form.send(username=newcomer, first_day="31/2/2569").error("first_day")
    assert form.send(username="somying", first_day="1/1/2569").status == 409


def test_a_post_is_changed_and_closed_when_it_is_vacant(admin: Browser, post: str) -> None:
    page = admin.open(f"/admin/positions/{post}").form(f"/admin/positions/{post}").send(
        name="ชื่อตำแหน่งใหม่", level="group", superior=""
    )  # fmt: skip
    assert "ชื่อตำแหน่งใหม่" in page.text
    assert "central-director" in page.tree.get_element_by_id("history").text_content()
    assert list(ends(next(ends(page, f"{post}/close")).send(), f"{post}/open"))


def test_roles_are_made_given_and_taken_back(admin: Browser, newcomer: str) -> None:
    code = f"r{uuid4().hex[:8]}"
    form = admin.open("/admin/roles").form("/admin/roles")
    page = form.send(code=code, name="บทบาททดลอง", rights=["audit", "reassign"])
    assert page.form(f"/admin/roles/{code}").values()["rights"] == ["reassign", "audit"]
    page = page.form(f"/admin/roles/{code}").send(rights=["audit"])
    grant = page.form(f"/admin/roles/{code}/grants")
    page = grant.send(username=newcomer, first_day="1/1/2569")
    assert "ใหม่ มาดี" in page.text
    assert grant.send(username=newcomer, first_day="1/1/2569", last_day="1/1/2570").status == 409
    page = next(ends(page, "/end")).send()
    assert "สิ้นสุดแล้ว" in page.text
    assert "มอบหมายงานใหม่" in page.tree.get_element_by_id("history").text_content()


def test_nobody_gives_away_a_right_of_others(office: World, enter: Enter) -> None:
    """`ngop` keeps people here, and nothing else."""
    actor = system_actor(office.home.id)
    with reading(office.system.engine) as db:
        mine = queries.grants_of_person(db, office.home.id, "ngop", office.clock.now())
    if "personnel" not in {one.role_code for one in mine if one.state == "running"}:
        office.system.bus.execute(people.GrantRole("ngop", "personnel", date(2025, 1, 1)), actor)
    page = enter("ngop").open("/admin/roles/admin").form("/admin/roles/admin/grants").send(
        username="ngop", first_day="1/1/2569"
    )  # fmt: skip
    assert page.status == 403
    assert "ท่านให้ได้เฉพาะสิทธิที่ท่านมีเอง" in page.text


def test_a_committee_has_seats(admin: Browser, newcomer: str) -> None:
    code = f"k{uuid4().hex[:8]}"
    form = admin.open("/admin/committees").form("/admin/committees")
    page = form.send(code=code, name="คณะกรรมการทดลอง", parent="central")
    seat = page.form(f"/admin/committees/{code}/members")
    page = seat.send(username="somying", seat="chair", first_day="1/10/2569")
    assert "ประธานกรรมการ" in page.text
    assert seat.send(username=newcomer, seat="chair", first_day="1/11/2569").status == 409
    assert seat.send(username="somying", seat="member", first_day="1/11/2569").status == 409
    page = seat.send(username=newcomer, seat="member", first_day="1/11/2569")
    assert f"/admin/positions/{code}.member" in page.links("/admin/positions")
    page = next(ends(page, "/end")).send(last_day="30/11/2569")
    assert "30 พ.ย. 2569" in page.text
    renamed = page.form(f"/admin/committees/{code}").send(name="คณะกรรมการชื่อใหม่")
    assert "คณะกรรมการชื่อใหม่" in renamed.text
    assert admin.open(f"/admin/units/{code}").status == 404
    assert admin.open("/admin/committees/central").status == 404


def test_the_history_tells_who_when_before_and_after(admin: Browser, unit: str) -> None:
    admin.open(f"/admin/units/{unit}").form(f"/admin/units/{unit}").send(phone="0 2999 7777")
    page = admin.open("/admin/history", query={"actor": "admin"})
    assert "0 2999 7777" in page.text
    assert "นายดูแล ระบบดี" in page.text
    assert "0 2999 7777" not in admin.open("/admin/history", query={"actor": "faem"}).text
