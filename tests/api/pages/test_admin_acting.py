"""Acting instruments and leave: recorded on pages, in force by their dates, over by themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from support.browsing import Browser, Form, Page
from support.world import World

from api.pages.admin.acts import typed_day
from api.pages.view import LANGUAGE_COOKIE
from engine.actor import system_actor
from engine.db import reading
from office.accounts import credentials
from office.documents.thai import office_day
from office.people import commands as people
from office.people import queries

Enter = Callable[[str], Browser]
SECRET = "ปลาทู ร่มชูชีพ กระดานดำ"


@pytest.fixture
def admin(enter: Enter) -> Browser:
    return enter("admin")


@pytest.fixture
def pair(office: World) -> tuple[str, str]:
    """A holder of a fresh post, and who could act for it; the post's code is the holder's name."""
    actor, bus = system_actor(office.home.id), office.system.bus
    names = []
    for part in ("h", "s"):
        name = f"{part}{uuid4().hex[:8]}"
        made = bus.execute(people.AddPerson(name, part, "ทดลอง"), actor)
        bus.execute(people.AddPosition(name, f"ตำแหน่ง {name}", "central", "officer"), actor)
        bus.execute(people.AssignPosition(name, name, date(2025, 1, 1)), actor)
        credentials.create_account(bus, actor, _uuid(made["id"]), SECRET)
        names.append(name)
    return names[0], names[1]


def _uuid(text: str) -> UUID:

    return UUID(text)


def principals(office: World, username: str) -> set[str]:
    with reading(office.system.engine) as db:
        who = queries.person(db, office.home.id, username)
        actor = queries.actor_for(db, office.home.id, who.id, office.clock.now())
    return set(actor.principals)


def days(office: World, *offsets: int) -> list[str]:
    today = office_day(office.clock.now())
    return [typed_day(today + timedelta(days=offset)) for offset in offsets]


def button(page: Page, part: str) -> Form:
    return next(form for form in page.forms() if part in (form.element.get("action") or ""))


def test_an_instrument_is_recorded_and_revoked(
    admin: Browser, office: World, pair: tuple[str, str]
) -> None:
    holder, substitute = pair
    today, later = days(office, 0, 30)
    form = admin.open("/admin/acting").form("/admin/acting")
    asked = {"mode": "delegated", "username": substitute, "position": holder, "order_date": today,
             "order_ref": f"คำสั่ง {holder}", "first_day": today, "last_day": later}  # fmt: skip
    assert form.send(**{**asked, "position": "nothing"}).error("position")
    assert form.send(**{**asked, "order_ref": " "}).error("order_ref")
    assert form.send(**{**asked, "username": holder}).status == 409
    assert form.send(**{**asked, "mode": "acting"}, subjects="พัสดุ").status == 422
    page = form.send(**asked, kinds=["INT"], subjects="พัสดุ\n\nจัดซื้อ")
    assert f"คำสั่ง {holder}" in page.text
    assert "พัสดุ, จัดซื้อ" in page.text
    assert f"position:{holder}" in principals(office, substitute)
    told = admin.open("/admin/history").text
    assert "บันทึกข้อความ" in told
    assert "พัสดุ, จัดซื้อ" in told
    with reading(office.system.engine) as db:
        rows = queries.instruments(db, office.home.id, office.clock.now())
    mine = next(row for row in rows if row.position_code == holder)
    revoke = page.form(f"/admin/acting/{mine.id}/revoke")
    assert revoke.send(reason=" ").status == 422
    revoke.send(reason="กลับมาแล้ว")
    assert "กลับมาแล้ว" in admin.open("/admin/acting", query={"state": "revoked"}).text
    assert f"position:{holder}" not in principals(office, substitute)


def test_a_leave_with_a_substitute_is_over_by_itself(
    admin: Browser, office: World, pair: tuple[str, str]
) -> None:
    holder, substitute = pair
    today, tomorrow = days(office, 0, 1)
    form = admin.open("/admin/leaves").form("/admin/leaves")
    asked = {"username": holder, "kind": "vacation", "first_day": today, "last_day": tomorrow,
             "substitute": substitute}  # fmt: skip
    assert form.send(**asked).error("order_ref")
    page = form.send(**asked, order_ref=f"คำสั่ง {holder}")
    assert "รักษาราชการแทน" in page.text
    assert f"คำสั่ง {holder}" in page.text
    assert f"position:{holder}" in principals(office, substitute)
    assert form.send(**asked, order_ref="อีกคำสั่ง").status == 409
    mine = Browser(office.client.application, "10.9.1.1")
    mine.sign_in(holder, SECRET)
    page = mine.open("/account/leave")
    assert f"คำสั่ง {holder}" in page.text
    assert "กลับมาแล้ว" in page.text
    assert "ยกเลิกการลาแล้ว" in button(page, "/cancel").send().text
    assert f"position:{holder}" not in principals(office, substitute)
    order = f"//tr[contains(., 'คำสั่ง {holder}')]"
    for language, why in (("th", "กลับจากการลา"), ("en", "Back from leave")):
        admin.client.set_cookie(LANGUAGE_COOKIE, language)
        revoked = admin.open("/admin/acting", query={"state": "revoked"})
        assert why in revoked.tree.xpath(f"string({order})")
        assert why in admin.open("/admin/history").text
    admin.client.delete_cookie(LANGUAGE_COOKIE)


def test_one_records_ones_own_leave(office: World, pair: tuple[str, str]) -> None:
    mine, other = (
        Browser(office.client.application, "10.9.1.2"),
        Browser(office.client.application, "10.9.1.3"),
    )
    mine.sign_in(pair[0], SECRET)
    other.sign_in(pair[1], SECRET)
    first, last = days(office, 5, 6)
    form = mine.open("/account/leave").form("/account/leave")
    assert "substitute" not in form.names()
    assert form.send(kind="sick", first_day=last, last_day=first).error("last_day")
    assert form.send(kind="sick", first_day="พรุ่งนี้", last_day=last).error("first_day")
    page = form.send(kind="sick", first_day=first, last_day=last, from_noon="1")
    assert "12:00" in page.text
    cancel = button(page, "/cancel")
    sent = {name: value[0] for name, value in other.open("/account/leave").form(
        "/account/leave").values().items()}  # fmt: skip
    assert other.post(cancel.element.get("action"), sent).status == 404
    assert "ยกเลิกแล้ว" in cancel.send().text


def test_others_are_refused(enter: Enter, office: World, pair: tuple[str, str]) -> None:
    official, stranger = enter("faem"), enter("tambon")
    today = days(office, 0)[0]
    for path in ("acting", "leaves"):
        assert official.open(f"/admin/{path}").status == 403
        assert pair[0] not in stranger.open(f"/admin/{path}").text
    token = official.open("/account").form("/language").values()["csrf_token"][0]
    sent = {"csrf_token": token, "username": pair[0], "position": pair[0], "mode": "delegated",
            "order_ref": "x", "order_date": today, "first_day": today, "last_day": today,
            "kind": "sick"}  # fmt: skip
    assert official.post("/admin/acting", sent).status == 403
    assert official.post("/admin/leaves", sent).status == 403
    theirs = stranger.open("/admin/leaves").form("/admin/leaves")
    assert theirs.send(username=pair[0], kind="sick", first_day=today, last_day=today).error(
        "username"
    )


def test_some_posts_are_chosen_on_the_page(
    admin: Browser, office: World, pair: tuple[str, str]
) -> None:
    holder, substitute = pair
    actor, bus = system_actor(office.home.id), office.system.bus
    second = f"{holder}-2"
    bus.execute(people.AddPosition(second, f"ตำแหน่ง {second}", "central", "officer"), actor)
    bus.execute(people.AssignPosition(holder, second, date(2025, 1, 1), None, False), actor)
    today = days(office, 0)[0]
    form = admin.open("/admin/leaves").form("/admin/leaves")
    assert "posts" not in form.names()
    asked = {"username": holder, "kind": "sick", "first_day": today, "last_day": today,
             "substitute": substitute, "order_ref": f"คำสั่ง {holder}"}  # fmt: skip
    which = form.send(**asked, scope="some")
    assert which.status == 422
    assert which.error("posts")
    form = which.form("/admin/leaves")
    offered = form.element.xpath(".//input[@name='posts']/@value")
    assert offered == [holder, second]
    assert form.values()["substitute"] == [substitute]
    sent = {name: value[0] for name, value in form.values().items()}
    elses = admin.post("/admin/leaves", {**sent, "posts": "deputy-1"})
    assert elses.status == 422
    assert elses.error("posts")
    page = form.send(posts=second)
    assert page.status == 200
    assert f"position:{second}" in principals(office, substitute)
    assert f"position:{holder}" not in principals(office, substitute)
    row = next(
        row for row in page.tree.iter("tr") if f"คำสั่ง {holder}" in row.text_content()
    ).text_content()
    assert f"ยังไม่มีผู้ทำแทน: ตำแหน่ง {holder}" in " ".join(row.split())
    button_of = next(
        form
        for form in page.forms()
        if "/admin/leaves/" in (form.element.get("action") or "")
        and holder in form.element.getparent().getparent().text_content()
    )
    button_of.send()
    assert f"position:{second}" not in principals(office, substitute)


def test_who_stands_in_and_is_away_too_is_told(
    admin: Browser, office: World, pair: tuple[str, str]
) -> None:
    holder, substitute = pair
    first, middle, last, after = days(office, 3, 4, 5, 6)
    form = admin.open("/admin/leaves").form("/admin/leaves")
    form.send(username=holder, kind="sick", first_day=first, last_day=last,
              substitute=substitute, order_ref=f"คำสั่ง {holder}")  # fmt: skip
    assert "ลาด้วย" not in _row(admin, f"คำสั่ง {holder}")
    form.send(username=substitute, kind="personal", first_day=after, last_day=after)
    assert "ลาด้วย" not in _row(admin, f"คำสั่ง {holder}")
    form.send(username=substitute, kind="personal", first_day=middle, last_day=middle)
    assert "ผู้ทำแทนลาด้วย" in _row(admin, f"คำสั่ง {holder}")
    lent = f"ทำแทนตำแหน่งอื่นอยู่ในวันเหล่านี้ ตำแหน่ง {holder}"
    mine = Browser(office.client.application, "10.9.1.4")
    mine.sign_in(substitute, SECRET)
    rows = [
        " ".join(row.text_content().split()) for row in mine.open("/account/leave").tree.iter("tr")
    ]
    assert [lent in row for row in rows[1:]] == [False, True]


def _row(admin: Browser, told: str) -> str:
    rows = admin.open("/admin/leaves").tree.iter("tr")
    return next(row.text_content() for row in rows if told in row.text_content())
