"""One's own account: password, sessions, notices, shortcuts."""

from __future__ import annotations

from datetime import timedelta

from support.browsing import Browser

from office.demo.secrets import PASSWORDS

NEW = "ปลาทู ร่มชูชีพ กระดานดำ"


def test_a_password_is_changed_and_other_devices_are_signed_out(office, enter):
    here, there = enter("ruam"), enter("ruam")
    form = here.open("/account").form("/account/password")
    assert form.send(current="wrong", password=NEW, repeat=NEW).error("current")
    assert form.send(current=PASSWORDS["ruam"], password="short", repeat="short").error("password")
    assert form.send(current=PASSWORDS["ruam"], password=NEW, repeat="other").error("repeat")
    done = form.send(current=PASSWORDS["ruam"], password=NEW, repeat=NEW)
    assert "เปลี่ยนรหัสผ่านแล้ว" in done.text
    assert there.open("/").path == "/sign-in"
    assert here.open("/").path == "/"
    assert Browser(office.client.application, "10.4.0.1").sign_in("ruam", NEW).path == "/"


def test_sessions_are_listed_and_ended_one_by_one(enter):
    here = enter("wikhro")
    others = ends(here)  # of other tests
    there = enter("wikhro")
    assert here.open("/account").text.count("เครื่องนี้") == 1
    (new,) = ends(here).keys() - others.keys()
    ends(here)[new].send()
    assert there.open("/").path == "/sign-in"
    assert here.open("/account").status == 200


def ends(browser):
    """The forms that end another session of one's own, by where they lead."""
    forms = {form.element.get("action") or "": form for form in browser.open("/account").forms()}
    return {action: form for action, form in forms.items() if action.endswith("/end")}


def test_nobody_ends_anothers_session(enter):
    mine, other = enter("ngop"), enter("thaen")
    enter("ngop")
    actions = [form.element.get("action") or "" for form in mine.open("/account").forms()]
    target = next(action for action in actions if action.endswith("/end"))
    token = other.open("/account").form("/account/notices").values()["csrf_token"][0]
    assert other.post(target, {"csrf_token": token}).status in {403, 404}


def test_how_to_be_told_is_kept(enter):
    browser = enter("chatsue")
    form = browser.open("/account").form("/account/notices")
    assert form.values()["task"] == ["page", "mail"]
    form.send(task=["page"], reminder=[])
    kept = browser.open("/account").form("/account/notices").values()
    assert kept["task"] == ["page"]
    assert "reminder" not in kept


def test_an_administrator_lifts_a_lock(office, enter):
    browser = Browser(office.client.application, "10.4.9.9")
    for _ in range(10):
        form = browser.open("/sign-in").form("/sign-in")
        form.send(username="obrom", password="wrong every time")
        office.clock.advance(timedelta(seconds=61))
    admin = enter("admin")
    page = admin.open("/people", query={"q": "obrom"})
    assert "ล็อกถึง" in page.text
    unlock = next(f for f in page.forms() if (f.element.get("action") or "").endswith("/unlock"))
    done = unlock.send()
    assert "ปลดล็อกแล้ว" in done.text
    assert "ล็อกถึง" not in done.text
    assert Browser(office.client.application, "10.4.9.8").sign_in("obrom").path == "/"


def test_other_peoples_accounts_are_for_those_who_keep_them(enter):
    assert enter("faem").open("/people").status == 403


def test_single_key_shortcuts_can_be_switched_off(enter):
    browser = enter("nap")
    page = browser.open("/account").form("/account/keys").send(keys=None)
    assert page.tree.get("data-keys") == "off"
