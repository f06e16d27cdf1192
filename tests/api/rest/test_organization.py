"""/people, /org-units, /delegations, /calendars, /registers."""

from __future__ import annotations

from typing import Any
from uuid import uuid4


def test_people_are_listed_searched_and_read(world: Any) -> None:
    names = [p["username"] for p in world.get("/people?page_size=100").json["items"]]
    assert {"admin", "boss", "clerk"} <= set(names)
    assert "stranger" not in names
    assert [p["username"] for p in world.get("/people?q=bos").json["items"]] == ["boss"]
    boss = world.get("/people/boss").json
    assert [post["code"] for post in boss["posts"]] == ["head"]
    assert world.get("/people/stranger").status_code == 404


def test_me_tells_what_i_may(world: Any) -> None:
    me = world.get("/people/me", as_="boss").json
    assert "position:head" in me["principals"]
    assert me["scopes"] == ["deploy", "operate", "read", "sign", "write"]
    assert "everything" in world.get("/people/me", as_="admin").json["rights"]


def test_a_person_is_added_and_changed_by_whoever_may(world: Any) -> None:
    name = f"n{uuid4().hex[:8]}"
    body = {"username": name, "given_name": "ใหม่", "family_name": "มาดี", "email": f"{name}@x.go.th"}
    assert world.post("/people", body, as_="clerk").status_code == 403
    assert world.post("/people", body, as_="admin").status_code == 201
    assert world.post("/people", body, as_="admin").status_code in {409, 422}
    tag = {"If-Match": world.get(f"/people/{name}").headers["ETag"]}
    new = {"given_name": "เก่า"}
    changed = world.call("PUT", f"/people/{name}", as_="admin", json=new, headers=tag)
    assert changed.status_code == 200
    assert "เก่า" in world.get(f"/people/{name}").json["person"]["name"]
    for wrong in ({"username": name}, {**body, "email": "no"}, {**body, "language": "fr"},
                  {**body, "active": False}, {**body, "given_name": "\u0007"}):  # fmt: skip
        assert world.post("/people", wrong, as_="admin").status_code == 422, wrong
    theirs = world.call("PUT", "/people/stranger", as_="admin", json={"title": "x"}, headers=tag)
    assert theirs.status_code == 404


def test_units_have_their_posts(world: Any) -> None:
    assert "central" in [u["code"] for u in world.get("/org-units?page_size=100").json["items"]]
    assert "head" in [p["code"] for p in world.get("/org-units/central").json["positions"]]
    assert world.get("/org-units/nothing").status_code == 404
    assert world.get("/org-units?q=กลาง").json["total"] == 1
    assert world.get("/org-units?q=zzz").json["total"] == 0


def delegation(**change: Any) -> dict[str, Any]:
    return {
        "mode": "delegated", "username": "colleague", "position": "head",
        "order_ref": "คำสั่ง ที่ ๑/๒๕๖๙", "order_date": "2026-11-20", "first_day": "2026-11-23",
        "last_day": "2026-11-27", **change,
    }  # fmt: skip


def test_an_instrument_lets_someone_act_until_it_is_revoked(world: Any) -> None:
    assert world.post("/delegations", delegation(), as_="clerk").status_code == 403
    made = world.post("/delegations", delegation(), as_="admin")
    assert made.status_code == 201, made.text
    assert "position:head" in world.get("/people/me", as_="colleague").json["principals"]
    (listed,) = world.get("/delegations?username=colleague&in_force=true").json["items"]
    assert listed["id"] == made.json["id"]
    path = f"/delegations/{made.json['id']}/revoke"
    assert world.post(path, {"reason": "x"}, as_="stranger").status_code == 404
    assert world.post(path, {"reason": "กลับแล้ว"}, as_="admin").status_code == 200
    assert "position:head" not in world.get("/people/me", as_="colleague").json["principals"]


def test_instruments_that_cannot_be(world: Any) -> None:
    wrong = [
        {"mode": "stealing"}, {"order_date": "yesterday"}, {"first_day": "2026-02-30"},
        {"last_day": "2026-11-01"}, {"username": "nobody"}, {"position": "nothing"},
        {"order_ref": ""}, {"kinds": "EXT"}, {"username": "boss"},
    ]  # fmt: skip
    for change in wrong:
        answer = world.post("/delegations", delegation(**change), as_="admin")
        assert answer.status_code in {404, 409, 422}, change


def test_a_calendar_is_read_and_its_days_changed(world: Any) -> None:
    from engine.actor import system_actor
    from office.calendar.commands import AddCalendar

    code = f"c{uuid4().hex[:8]}"
    world.system.bus.execute(AddCalendar(code, "ปฏิทิน"), system_actor(world.home.id))
    path = f"/calendars/{code}"
    before = world.get(path)
    assert before.json["days"] == []
    day = f"{path}/days/2026-12-31"
    assert world.call("PUT", day, json={"name": "x"}).status_code == 403
    assert world.call("PUT", day, as_="stranger", json={"name": "x"}).status_code == 404
    assert world.call("PUT", day, as_="admin", json={"name": "วันสิ้นปี"}).status_code == 200
    after = world.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert [(d["day"], d["name"]) for d in after.json["days"]] == [("2026-12-31", "วันสิ้นปี")]
    half = {"name": "ครึ่งวัน", "spans": [["08:30", "12:00"]]}
    assert world.call("PUT", day, as_="admin", json=half).status_code == 200
    for spans in ([["12:00", "08:30"]], [["25:00", "26:00"]], [["08:30"]], "x"):
        wrong = world.call("PUT", day, as_="admin", json={"name": "x", "spans": spans})
        assert wrong.status_code == 422, spans
    assert world.call("DELETE", day, as_="admin").status_code == 200
    assert world.call("DELETE", day, as_="admin").status_code == 404
    assert world.call("DELETE", f"{path}/days/never", as_="admin").status_code == 404
    assert code in [c["code"] for c in world.get("/calendars").json["items"]]


def test_registers_are_read_by_page(world: Any) -> None:
    for which in ("send", "receive"):
        assert world.get(f"/registers/{which}", as_="admin").json["items"] == []
    assert world.get("/registers/secret", as_="admin").status_code == 404
    assert world.get("/registers/send?year=2026", as_="admin").status_code == 422
