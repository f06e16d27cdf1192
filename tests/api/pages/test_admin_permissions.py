"""Who may what, and why: the page tells what the commands do."""

from __future__ import annotations

from collections.abc import Callable

from support.browsing import Browser
from support.world import World

Enter = Callable[[str], Browser]


def test_the_page_says_who_may_and_why(enter: Enter) -> None:
    admin = enter("admin")
    page = admin.open("/admin/permissions", query={"username": "wikhro"})
    assert "ทำไม่ได้" in page.text
    assert "ไม่มีบทบาทที่ให้สิทธินี้" in page.text
    page = admin.open("/admin/permissions", query={"username": "admin"})
    assert "เพราะมีบทบาท ผู้ดูแลระบบ" in page.text
    assert "ทำไม่ได้" not in page.text
    page = admin.open("/admin/permissions", query={"username": "truatsop"})
    assert "ให้อ่านอย่างเดียว" in page.text
    assert "ไม่มีชื่อผู้ใช้นี้" in admin.open("/admin/permissions", query={"username": "x"}).text
    keys = [
        o.get("value") for o in page.tree.xpath("//select[@id='about']/option") if o.get("value")
    ]
    assert keys
    page = admin.open("/admin/permissions", query={"about": keys[0], "username": "wikhro"})
    assert "เห็นทุกเรื่องของกระบวนการ" in page.text


def test_who_may_look_is_asked_too(enter: Enter) -> None:
    assert enter("truatsop").open("/admin/permissions").status == 200
    assert enter("wikhro").open("/admin/permissions").status == 403
    theirs = enter("tambon").open("/admin/permissions", query={"username": "somying"})
    assert "ไม่มีชื่อผู้ใช้นี้" in theirs.text


def test_a_process_is_granted_on_the_page(enter: Enter, office: World) -> None:
    key = office.get("/process-definitions", as_="wikhro").json["items"][0]["key"]
    to, about = f"/admin/permissions/{key}/grants", {"about": key, "username": "wikhro"}
    admin = enter("admin")
    page = admin.open("/admin/permissions", query=about).form(to)
    assert page.send(matter="see").status == 422
    assert page.send(matter="see", grantee="admin").status == 403
    unknown = page.send(matter="see", grantee="nobody.here")
    assert "ไม่มีชื่อผู้ใช้นี้" in unknown.error("grantee")
    page.send(matter="see", grantee="wikhro")
    page = admin.open("/admin/permissions", query=about)
    assert "เพราะให้สิทธิกระบวนการนี้แก่ คน" in page.text
    assert "ให้สิทธิเฉพาะกระบวนการ" in admin.open("/admin/history").text
    (end,) = page.tree.xpath(f"//form[starts-with(@action, '{to}/')]/@action")
    reader = enter("truatsop").open("/admin/permissions", query=about)
    assert not reader.tree.xpath(f"//form[starts-with(@action, '{to}')]")
    page = enter("admin").open("/admin/permissions", query=about).form(end).send()
    assert "ยังไม่ได้ให้สิทธิเฉพาะกระบวนการนี้แก่ผู้ใด" in page.text


def test_one_asks_the_api_about_oneself(office: World) -> None:
    keys = [one["key"] for one in office.get("/process-definitions", as_="wikhro").json["items"]]
    path = f"/permissions?process={keys[0]}"
    mine = office.get(path, as_="wikhro").json
    assert mine["username"] == "wikhro"
    assert {one["matter"]: one["may"] for one in mine["items"]}["publish"] is False
    assert office.get(f"{path}&username=somying", as_="wikhro").status_code == 403
    assert office.get(f"{path}&username=somying", as_="admin").status_code == 200
    assert office.get(f"{path}&username=somying", as_=office.stranger).status_code in {403, 404}
    assert office.get("/permissions?process=nothing", as_="admin").status_code == 404


def test_processes_that_nobody_administers_are_told_to_who_can_grant_it(enter: Enter) -> None:
    """The ministry has operators; its neighbour has nobody but who may everything."""
    told = "กระบวนการที่ไม่มีผู้ดูแล"
    admin, keeper = enter("admin"), enter("tambon")
    for path in ("/admin", "/definitions"):
        assert told not in admin.open(path).text
        assert told in keeper.open(path).text
        assert told not in enter("muban").open(path).text
    (link, *_rest) = keeper.open("/admin").tree.xpath("//a[contains(@href, 'administer')]/@href")
    page = keeper.open(link)
    key = link.partition("about=")[2].partition("&")[0]
    form = page.form(f"/admin/permissions/{key}/grants")
    assert form.values()["matter"] == ["administer"]
    form.send(grantee="muban")
    assert link not in keeper.open("/admin").tree.xpath("//a/@href")
