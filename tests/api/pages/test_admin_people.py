"""One person's page: added, changed, given roles, signed out, let go with all open tasks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest
from support.browsing import Browser, Form, Page
from support.letter_story import draft
from support.world import World

from engine.actor import system_actor
from engine.db import reading
from office.accounts import credentials
from office.demo.secrets import PASSWORDS
from office.people import commands as people
from office.people import queries

Enter = Callable[[str], Browser]
SECRET = "ปลาทู ร่มชูชีพ กระดานดำ"


@pytest.fixture
def admin(enter: Enter) -> Browser:
    return enter("admin")


@pytest.fixture
def newcomer(office: World) -> tuple[str, str]:
    """Somebody in the drafters' post, who can sign in: (sign-in name, id)."""
    name, actor = f"n{uuid4().hex[:8]}", system_actor(office.home.id)
    bus = office.system.bus
    made = bus.execute(people.AddPerson(name, "ใหม่", "มาดี", email=f"{name}@x.go.th"), actor)
    with reading(office.system.engine) as db:
        post = queries.posts(db, office.home.id, ["thotsop"], office.clock.now())["thotsop"][0]
    seat = f"{name}-post"
    bus.execute(people.AddPosition(seat, post.name, post.unit_code, "officer"), actor)
    bus.execute(people.AssignPosition(name, seat, date(2025, 1, 1)), actor)
    credentials.create_account(bus, actor, UUID(made["id"]), SECRET)
    return name, str(made["id"])


@pytest.fixture
def machine(office: World) -> tuple[str, str]:
    """An account of another system, in no post: (sign-in name, id)."""
    name, actor = f"m{uuid4().hex[:8]}", system_actor(office.home.id)
    made = office.system.bus.execute(people.AddPerson(name, "ระบบ"), actor)
    credentials.create_account(office.system.bus, actor, UUID(made["id"]), SECRET)
    return name, str(made["id"])


def form_of(page: Page, action: str) -> Form:
    forms = [form for form in page.forms() if form.element.get("method") == "post"]
    return next(form for form in forms if form.element.get("action") == action)


def test_a_person_is_added_with_an_account_and_told_by_mail(admin: Browser) -> None:
    name = f"n{uuid4().hex[:8]}"
    form = form_of(admin.open("/people"), "/people")
    page = form.send(username=name, title="นาย", given_name="สมชาย", family_name="มาใหม่",
                     name_en="Mr Somchai Mamai", email=f"{name}@x.go.th")  # fmt: skip
    assert "นายสมชาย มาใหม่" in page.text
    assert page.path.startswith("/people/")
    history = page.tree.get_element_by_id("history").text_content()
    assert "เปิดบัญชีให้เข้าสู่ระบบ" in history
    assert "ขอลิงก์ตั้งรหัสผ่าน" in history
    assert form.send(username=name, given_name="ซ้ำ").status == 409
    wrong = form.send(username="ไทย", given_name="x", email="")
    assert wrong.status == 422
    assert wrong.error("username")


def test_a_person_is_changed_and_the_change_kept(admin: Browser, newcomer: tuple[str, str]) -> None:
    path = f"/people/{newcomer[1]}"
    mine, other = admin.open(path).form(path), admin.open(path).form(path)
    page = mine.send(family_name="นามสกุลใหม่", name_en="New Name")
    assert "ใหม่ นามสกุลใหม่" in page.text
    assert "มาดี" in page.tree.get_element_by_id("history").text_content()
    assert other.send(phone="1").status == 412
    assert page.form(path).send(email="not one").error("email")


def test_roles_and_sessions_are_on_the_page(
    admin: Browser, office: World, newcomer: tuple[str, str]
) -> None:
    name, person_id = newcomer
    there = Browser(office.client.application, "10.9.0.1")
    there.sign_in(name, SECRET)
    page = admin.open(f"/people/{person_id}")
    page = page.form(f"/people/{person_id}/roles").send(role="registrar")
    assert "นายทะเบียน" in page.text
    end = next(f for f in page.forms() if "/sessions/" in (f.element.get("action") or ""))
    assert "ออกจากระบบให้แล้ว" in end.send().text
    assert there.open("/").path == "/sign-in"


def test_who_leaves_hands_on_every_task_in_one_press(
    admin: Browser, office: World, newcomer: tuple[str, str]
) -> None:
    name, person_id = newcomer
    there = Browser(office.client.application, "10.9.0.2")
    there.sign_in(name, SECRET)
    subjects = [f"เรื่องของคนลา {uuid4().hex[:6]}" for _ in range(2)]
    for subject in subjects:
        draft(there, subject=subject)
    path = f"/people/{person_id}"
    page = admin.open(path)
    assert all(subject in page.text for subject in subjects)
    leaving = page.form(f"{path}/let-go")
    assert leaving.send(to="nobody", reason="ย้าย").error("to-go")
    assert leaving.send(to=name, reason="ย้าย").status == 422
    assert leaving.send(to="", reason="ย้าย").status == 409
    assert there.open("/").path == "/"
    page = leaving.send(to="thotsop", reason="คำสั่งย้าย ที่ 1/2569")
    assert "ส่งต่อแล้ว 2 งาน" in page.text, page.text
    assert there.open("/").path == "/sign-in"
    with reading(office.system.engine) as db:
        assert queries.posts(db, office.home.id, [name], office.clock.now()) == {name: ()}
        assert not queries.tasks_of(db, office.home.id, name)
        kept = {one.title for one in queries.duties_of_person(db, office.home.id, "thotsop", 100)}
    assert set(subjects) <= kept
    assert name in admin.open("/people", query={"gone": "1", "q": name}).text
    back = next(f for f in page.forms() if (f.element.get("action") or "").endswith("/return"))
    assert "กลับเข้าปฏิบัติงานแล้ว" in back.send().text


def test_all_tasks_of_somebody_away_are_handed_on(
    admin: Browser, office: World, newcomer: tuple[str, str]
) -> None:
    name, person_id = newcomer
    there = Browser(office.client.application, "10.9.0.3")
    there.sign_in(name, SECRET)
    draft(there, subject=f"เรื่องค้าง {uuid4().hex[:6]}")
    form = admin.open(f"/people/{person_id}").form(f"/people/{person_id}/hand-on")
    blank = form.send(to="", reason="")
    assert blank.status == 422
    assert blank.error("to-hand")
    assert blank.error("reason-hand")
    page = form.send(to="thotsop", reason="ลาป่วยยาว")
    assert "ส่งต่อแล้ว 1 งาน" in page.text
    assert there.open("/").path == "/"


def test_nobody_lets_themselves_go(admin: Browser, office: World) -> None:
    with reading(office.system.engine) as db:
        me = queries.person(db, office.home.id, "admin").id
    page = admin.open(f"/people/{me}").form(f"/people/{me}/let-go").send(reason="ลองดู")
    assert page.status == 409
    assert admin.open("/admin").status == 200


def test_others_do_not_see_the_page(
    enter: Enter, admin: Browser, newcomer: tuple[str, str]
) -> None:
    path = f"/people/{newcomer[1]}"
    official, stranger = enter("faem"), enter("tambon")
    assert official.open(path).status == 403
    assert stranger.open(path).status == 404
    for browser, statuses in ((official, {403}), (stranger, {404})):
        token = browser.open("/account").form("/language").values()["csrf_token"][0]
        for act in ("", "/roles", "/hand-on", "/let-go", "/return", "/account"):
            sent = {"csrf_token": token, "reason": "x", "to": "thotsop", "given_name": "x"}
            assert browser.post(path + act, sent).status in statuses, act
    assert "พ้นหน้าที่แล้ว" not in admin.open(path).text


def test_api_tokens_are_issued_shown_once_and_revoked(
    admin: Browser, office: World, machine: tuple[str, str]
) -> None:
    name, person_id = machine
    there = Browser(office.client.application, "10.9.0.2")
    there.sign_in(name, SECRET)
    page = admin.open(f"/people/{person_id}")
    path = f"/people/{person_id}/tokens"
    form, proof = page.form(path), {"current": PASSWORDS["admin"]}
    for days in ("9999", "999999999", "ครึ่ง"):
        wrong = form.send(name="ระบบกลาง", days=days, **proof)
        assert (wrong.status, wrong.error("days-token")) == (422, "ใส่จำนวนวัน 1 ถึง 366")
    wrong = form.send(name="ระบบกลาง", days="30", current="not hers")
    assert (wrong.status, bool(wrong.error("current-token"))) == (422, True)
    made = form.send(name="ระบบกลาง", days="30", **proof)
    again = form.send(name="ระบบกลาง", days="30", **proof)
    assert (again.status, again.tree.xpath('//*[@id="issued"]')) == (422, [])
    assert "ออกโทเค็นนี้ไปแล้ว" in again.text
    token = made.tree.get_element_by_id("issued").get("value")
    asked = {"Authorization": f"Bearer {token}"}
    assert office.client.get("/api/v1/tasks", headers=asked).status_code == 200
    page = admin.open(f"/people/{person_id}")
    assert "ระบบกลาง" in page.tree.get_element_by_id("tokens").text_content()
    assert token not in page.response.text
    assert "ออกโทเค็นของ API" in page.tree.get_element_by_id("history").text_content()
    assert "“ระบบกลาง”" in there.open("/notices").text
    end = next(f for f in page.forms() if "/tokens/" in (f.element.get("action") or ""))
    assert "ยกเลิกโทเค็นแล้ว" in end.send().text
    assert office.client.get("/api/v1/tasks", headers=asked).status_code == 401


def test_an_official_is_issued_no_token_by_another(
    admin: Browser, newcomer: tuple[str, str]
) -> None:
    path = f"/people/{newcomer[1]}"
    page = admin.open(path)
    assert "ผู้ดำรงตำแหน่งออกเอง" in page.text
    token = admin.open("/account").form("/language").values()["csrf_token"][0]
    told = {"csrf_token": token, "name": "x", "days": "30", "scopes": "read"}
    refused = admin.post(f"{path}/tokens", told | {"current": PASSWORDS["admin"]})
    assert refused.status == 403
    assert "ผู้นี้ดำรงตำแหน่ง" in refused.text


def test_an_official_issues_and_revokes_their_own(office: World, newcomer: tuple[str, str]) -> None:
    me = Browser(office.client.application, "10.9.0.3")
    me.sign_in(newcomer[0], SECRET)
    form = me.open("/account").form("/account/tokens")
    assert form.send(name="ของฉัน", current="x").error("current-token")
    made = form.send(name="ของฉัน", current=SECRET)
    token = made.tree.get_element_by_id("issued").get("value")
    asked = {"Authorization": f"Bearer {token}"}
    assert office.client.get("/api/v1/tasks", headers=asked).status_code == 200
    assert "ออกโทเค็นนี้ไปแล้ว" in form.send(name="ของฉัน", current=SECRET).text
    page = me.open("/account")
    assert token not in page.text
    end = next(f for f in page.forms() if "/account/tokens/" in (f.element.get("action") or ""))
    assert "ยกเลิกโทเค็นแล้ว" in end.send().text
    assert office.client.get("/api/v1/tasks", headers=asked).status_code == 401


def test_the_way_in_of_who_may_more_is_left_alone(admin: Browser, office: World) -> None:
    """By page and by REST alike: an administrator cannot come by the right to found agencies."""
    name, system = f"s{uuid4().hex[:8]}", system_actor(office.home.id)
    bus = office.system.bus
    made = bus.execute(people.AddPerson(name, "ตั้งหน่วยงาน", email=f"{name}@x.go.th"), system)
    bus.execute(people.AddRole(name, "ผู้ตั้งหน่วยงาน", ["agencies"]), system)
    path, call = f"/people/{made['id']}", f"/people/{name}"
    open_account = admin.open(path).form(f"{path}/account")
    credentials.create_account(bus, system, UUID(made["id"]), SECRET)
    before = admin.open(path)
    reset, change = before.form(f"{path}/mail-reset"), before.form(path)
    bus.execute(people.GrantRole(name, name, date(2025, 1, 1)), system)
    page = admin.open(path)
    acts = {form.element.get("action") for form in page.forms()}
    assert not acts & {f"{path}/mail-reset", f"{path}/account", f"{path}/tokens"}
    assert "เปิดทางเข้าสู่ระบบให้ผู้ที่มีสิทธิเดียวกันเป็นผู้ทำ" in page.text
    refusals = [open_account.send(), reset.send(), change.send(email="mine@x.go.th")]
    for act in ("unlock", "remove-factor", f"passkeys/{uuid4()}/remove"):
        refusals.append(admin.post(f"{path}/{act}", reset.values()))
    told = [(one.status, "มีสิทธิที่ท่านไม่มี" in one.text) for one in refusals]
    assert told == [(403, True)] * 6
    asked = [office.post(f"{call}/{act}", as_="admin")
             for act in ("account", "unlock", "remove-factor", "mail-reset")]  # fmt: skip
    asked.append(office.call("DELETE", f"{call}/passkeys/{uuid4()}", as_="admin"))
    asked.append(office.call("PUT", call, json={"email": "mine@x.go.th"}, as_="admin", headers={
        "If-Match": office.get(call, as_="admin").headers["ETag"]}))  # fmt: skip
    linked = {"provider_id": str(uuid4()), "subject": "mine"}
    asked.append(office.post(f"{call}/identities", linked, as_="admin"))
    assert [(one.status_code, one.json["code"]) for one in asked] == [(403, "more_rights")] * 7
    # the house is shared: where a role may found agencies, pages of rights tell of it
    bus.execute(people.ChangeRole(name, rights=["secrets"]), system)
