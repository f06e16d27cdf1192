"""The page and the call of the agency's choice to take secret letters."""

from __future__ import annotations

from collections.abc import Callable

from support.browsing import Browser
from support.letter_story import draft
from support.world import World

Enter = Callable[[str], Browser]
PAGE = "/admin/secret-letters"


def test_it_is_chosen_on_its_page(office: World, enter: Enter) -> None:
    admin = enter("admin")
    page = admin.open("/admin/agency").follow(PAGE)
    for told in ("ทขล. 1", "ลับที่สุด", "ทุก 6 เดือน", "สิ่งที่เก็บยังไม่ได้เข้ารหัส", "ไม่รับ"):
        assert told in page.text
    refused = page.form(PAGE).send(order_ref="")
    assert refused.status == 422
    assert refused.error("knows_unencrypted") == "ยืนยันว่าทราบว่าระบบยังไม่เข้ารหัสสิ่งที่เก็บ"
    assert refused.error("order_ref")
    page = refused.form(PAGE).send(order_ref="คำสั่งที่ 9/2569", knows_unencrypted="1")
    assert page.path == PAGE
    assert "เปิดรับอยู่" in page.text
    assert "คำสั่งที่ 9/2569" in page.text
    assert draft(enter("thotsop"), "แผนพิเศษ", secrecy="2").path.endswith("/edit")
    page = page.form(PAGE).send()
    assert "ปิดรับหนังสือชั้นความลับฉบับใหม่แล้ว" in page.text
    assert draft(enter("thotsop"), "แผนพิเศษ", secrecy="2").status == 422


def test_an_auditor_looks_and_others_do_not(enter: Enter) -> None:
    auditor = enter("truatsop").open(PAGE)
    assert auditor.status == 200
    assert not [one for one in auditor.forms() if one.element.get("action") == PAGE]
    assert enter("thotsop").open(PAGE).status == 403


def test_it_is_chosen_by_rest(office: World) -> None:
    off = {"taken": False, "encrypted_at_rest": False}
    assert office.get("/secret-letters", as_="admin").json == off
    wanted = {"taken": True}
    answer = office.call("PUT", "/secret-letters", json=wanted, as_="admin")
    assert answer.status_code == 422
    assert {one["field"] if "field" in one else one["path"] for one in answer.json["errors"]} == {
        "order_ref", "knows_unencrypted",
    }  # fmt: skip
    wanted |= {"order_ref": "คำสั่งที่ 9/2569", "knows_unencrypted": True}
    assert office.call("PUT", "/secret-letters", json=wanted, as_="truatsop").status_code == 403
    answer = office.call("PUT", "/secret-letters", json=wanted, as_="admin")
    assert (answer.status_code, answer.json["taken"]) == (200, True)
    assert office.get("/secret-letters", as_="truatsop").json["taken"] is True
    assert office.get("/secret-letters", as_="thotsop").status_code == 403
    answer = office.call("PUT", "/secret-letters", json={"taken": False}, as_="admin")
    assert answer.json == off
    told = office.get("/admin-history?type=secret_letters.chosen", as_="admin").json["items"]
    assert told[0]["data"]["secret_letters"] is False
