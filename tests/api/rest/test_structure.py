"""/org-units, /positions, /roles, /committees: changed by whoever keeps people, with If-Match."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from engine.db import reading
from engine.jobs import run_job
from office.people.models import table_import


def sent(content: bytes, name: str = "x.csv") -> dict[str, Any]:
    return {"data": {"file": (BytesIO(content), name)}, "content_type": "multipart/form-data"}


def fresh(letter: str) -> str:
    return f"{letter}{uuid4().hex[:8]}"


@pytest.fixture
def unit(world: Any) -> str:
    body = {"code": fresh("u"), "kind": "group", "name": "กลุ่มทดลอง", "parent": "central"}
    assert world.post("/org-units", body, as_="admin").status_code == 201
    return str(body["code"])


@pytest.fixture
def post(world: Any, unit: str) -> str:
    body = {"code": fresh("p"), "name": "ตำแหน่งทดลอง", "unit": unit, "level": "officer",
            "superior": "head"}  # fmt: skip
    assert world.post("/positions", body, as_="admin").status_code == 201
    return str(body["code"])


def change(world: Any, path: str, body: dict[str, Any], **more: Any) -> Any:
    """PUT with the ETag that stands now."""
    tag = world.get(path, as_=more.get("as_", "admin")).headers.get("ETag", '"none"')
    headers = {"If-Match": tag}
    return world.call("PUT", path, json=body, headers=headers, **{"as_": "admin", **more})


def test_who_may_not_keep_people_changes_nothing(world: Any, unit: str, post: str) -> None:
    for path, body in (
        ("/org-units", {"code": fresh("u"), "kind": "group", "name": "x"}),
        ("/positions", {"code": fresh("p"), "name": "x", "unit": unit, "level": "officer"}),
        (f"/positions/{post}/holders", {"username": "clerk", "first_day": "2026-01-01"}),
        ("/roles", {"code": fresh("r"), "name": "x"}),
        ("/roles/clerks/grants", {"username": "boss", "first_day": "2026-01-01"}),
        ("/committees", {"code": fresh("k"), "name": "x"}),
    ):
        assert world.post(path, body, as_="clerk").status_code == 403, path
    for path in (f"/org-units/{unit}", f"/positions/{post}"):
        assert change(world, path, {"name": "x"}, as_="clerk").status_code == 403
        assert world.get(path, as_="stranger").status_code == 404
        headers = {"If-Match": '"x"'}
        answer = world.call("PUT", path, as_="stranger", json={"name": "x"}, headers=headers)
        assert answer.status_code == 404
    assert world.get("/roles", as_="clerk").status_code == 403
    assert world.get("/roles/clerks", as_="clerk").status_code == 403


def test_a_change_says_which_version_it_is_about(world: Any, unit: str) -> None:
    path = f"/org-units/{unit}"
    seen = world.get(path, as_="admin").headers["ETag"]
    assert world.call("PUT", path, as_="admin", json={"name": "x"}).status_code == 428
    assert change(world, path, {"name": "ชื่อใหม่", "phone": "1111"}).status_code == 200
    stale = world.call("PUT", path, as_="admin", json={"name": "y"}, headers={"If-Match": seen})
    assert (stale.status_code, stale.json["code"]) == (412, "stale")
    found = world.get(path).json["unit"]
    assert (found["name"], found["phone"]) == ("ชื่อใหม่", "1111")
    same = world.get(path, headers={"If-None-Match": world.get(path).headers["ETag"]})
    assert same.status_code == 304


def test_a_new_post_changes_the_tag_but_not_the_version(world: Any, unit: str) -> None:
    path = f"/org-units/{unit}"
    before = world.get(path).headers["ETag"]
    body = {"code": fresh("p"), "name": "อีกตำแหน่ง", "unit": unit, "level": "officer"}
    assert world.post("/positions", body, as_="admin").status_code == 201
    assert world.get(path, headers={"If-None-Match": before}).status_code == 200
    answer = world.call("PUT", path, as_="admin", json={"phone": "2"}, headers={"If-Match": before})
    assert answer.status_code == 200


def test_what_is_in_use_is_not_closed(world: Any, unit: str, post: str) -> None:
    refused = change(world, f"/org-units/{unit}", {"active": False})
    assert (refused.status_code, refused.json["reason"]) == (409, "not_empty")
    holder = {"username": "colleague", "first_day": "2026-01-01", "is_primary": False}
    made = world.post(f"/positions/{post}/holders", holder, as_="admin")
    assert made.status_code == 201
    refused = change(world, f"/positions/{post}", {"active": False})
    assert (refused.status_code, refused.json["reason"]) == (409, "held")
    end = f"/positions/holders/{made.json['id']}/end"
    assert world.post(end, {"last_day": "2026-10-31"}, as_="stranger").status_code == 404
    assert world.post(end, {"last_day": "2026-10-31"}, as_="admin").status_code == 200
    assert change(world, f"/positions/{post}", {"active": False}).status_code == 200
    assert change(world, f"/org-units/{unit}", {"active": False}).status_code == 200
    inside = {"code": fresh("p"), "name": "x", "unit": unit, "level": "officer"}
    refused = world.post("/positions", inside, as_="admin")
    assert (refused.status_code, refused.json["reason"]) == (409, "inactive")
    assert change(world, f"/positions/{post}", {"active": True}).json["reason"] == "inactive"


def test_a_post_is_handed_over(world: Any, post: str) -> None:
    path = f"/positions/{post}/holders"
    body = {"username": "outsider", "first_day": "2026-01-01", "is_primary": False}
    assert world.post(path, body, as_="admin").status_code == 201
    following = {"username": "colleague", "first_day": "2026-11-01", "is_primary": False}
    assert world.post(path, following, as_="admin").json["reason"] == "held"
    assert world.post(path, {**following, "hand_over": True}, as_="admin").status_code == 201
    found = world.get(f"/positions/{post}").json["holders"]
    assert [(one["username"], one["state"]) for one in found] == [
        ("colleague", "running"), ("outsider", "ended"),
    ]  # fmt: skip
    backwards = {**following, "username": "outsider", "first_day": "2026-10-01", "hand_over": True}
    assert world.post(path, backwards, as_="admin").status_code == 409


def test_posts_are_listed_by_unit_and_word(world: Any, unit: str, post: str) -> None:
    (only,) = world.get(f"/positions?unit={unit}").json["items"]
    assert only["code"] == post
    assert world.get(f"/positions?q={post}").json["total"] == 1
    assert world.get("/positions?q=zzz").json["total"] == 0


def test_roles_are_given_and_taken_back(world: Any) -> None:
    code = fresh("r")
    body = {"code": code, "name": "ทดลอง", "rights": ["audit"]}
    assert world.post("/roles", body, as_="admin").status_code == 201
    assert change(world, f"/roles/{code}", {"rights": ["audit", "reassign"]}).status_code == 200
    grant = {"username": "outsider", "first_day": "2026-01-01"}
    made = world.post(f"/roles/{code}/grants", grant, as_="admin")
    assert made.status_code == 201
    assert "reassign" in world.get("/people/me", as_="outsider").json["rights"]
    found = world.get(f"/roles/{code}", as_="admin").json
    assert [one["username"] for one in found["grants"]] == ["outsider"]
    end = f"/roles/grants/{made.json['id']}/end"
    assert world.post(end, as_="stranger").status_code == 404
    assert world.post(end, as_="admin").status_code == 200
    assert "reassign" not in world.get("/people/me", as_="outsider").json["rights"]
    assert code in [
        one["code"] for one in world.get("/roles?page_size=100", as_="admin").json["items"]
    ]


def test_a_committee_has_members(world: Any) -> None:
    code = fresh("k")
    body = {"code": code, "name": "คณะทดลอง", "parent": "central"}
    assert world.post("/committees", body, as_="admin").status_code == 201
    member = {"username": "outsider", "seat": "chair", "first_day": "2026-11-01"}
    made = world.post(f"/committees/{code}/members", member, as_="admin")
    assert made.json["position"] == f"{code}.chair"
    assert f"position:{code}.chair" in world.get("/people/me", as_="outsider").json["principals"]
    again = {**member, "username": "colleague"}
    path = f"/committees/{code}/members"
    assert world.post(path, again, as_="admin").json["reason"] == "chaired"
    twice = {**member, "seat": "member"}
    assert world.post(path, twice, as_="admin").json["reason"] == "seated"
    assert world.post("/committees/central/members", again, as_="admin").status_code == 404
    assert change(world, f"/committees/{code}", {"name": "ชื่อใหม่"}).status_code == 200
    assert world.get(f"/committees/{code}").json["committee"]["name"] == "ชื่อใหม่"
    assert world.get("/committees/central").status_code == 404
    listed = [one["code"] for one in world.get("/committees?page_size=100").json["items"]]
    assert code in listed
    assert "central" not in listed


def test_a_person_is_changed_as_read(world: Any) -> None:
    name = fresh("n")
    body = {"username": name, "given_name": "ใหม่"}
    assert world.post("/people", body, as_="admin").status_code == 201
    tag = world.get(f"/people/{name}").headers["ETag"]
    assert change(world, f"/people/{name}", {"given_name": "เก่า"}).status_code == 200
    stale = world.call(
        "PUT", f"/people/{name}", as_="admin", json={"title": "x"}, headers={"If-Match": tag}
    )
    assert stale.status_code == 412


def test_a_person_is_let_go_and_their_tasks_go_on(world: Any) -> None:
    from engine.actor import system_actor
    from office.people import commands as people

    name = fresh("n")
    body = {"username": name, "given_name": "ใหม่"}
    assert world.post("/people", body, as_="admin").status_code == 201
    person = world.get(f"/people/{name}").json["person"]["id"]
    world.home.persons[name] = person
    granted = people.GrantRole(name, "clerks", world.clock.now().date())
    world.system.bus.execute(granted, system_actor(world.home.id))
    task = world.task()
    assert (
        world.post(f"/tasks/{task}/reassign", {"to": name, "reason": "x"}, as_="admin").status_code
        == 200
    )
    handing = {"to": "colleague", "reason": "ลาป่วย"}
    assert world.post(f"/people/{name}/hand-on", handing, as_="outsider").status_code in {403, 404}
    assert world.post(f"/people/{name}/hand-on", handing, as_="stranger").status_code == 404
    moved = world.post(f"/people/{name}/hand-on", handing, as_="admin")
    assert moved.json == {"moved": 1, "left": 0}
    assert world.get(f"/tasks/{task}", as_="admin").json["assignee"] == "colleague"
    second = world.task()
    world.post(f"/tasks/{second}/reassign", {"to": name, "reason": "x"}, as_="admin")
    leaving = f"/people/{name}/let-go"
    assert world.post(leaving, {"reason": "ย้าย"}, as_="clerk").status_code == 403
    refused = world.post(leaving, {"reason": "ย้าย"}, as_="admin")
    assert (refused.status_code, refused.json["reason"]) == (409, "tasks_open")
    assert world.get(f"/people/{name}").json["person"]["active"] is True
    assert world.post(leaving, {"reason": "ย้าย", "to": "colleague"}, as_="admin").json["moved"] == 1
    assert world.get(f"/people/{name}").json["person"]["active"] is False
    again = world.post(leaving, {"reason": "ย้าย", "to": "colleague"}, as_="admin")
    assert again.json["reason"] == "ended"


def test_accounts_are_kept_by_api(world: Any) -> None:
    name = fresh("n")
    body = {"username": name, "given_name": "ใหม่", "email": f"{name}@x.go.th"}
    assert world.post("/people", body, as_="admin").status_code == 201
    for act, status in (("account", 201), ("unlock", 200), ("mail-reset", 200),
                        ("end-sessions", 200), ("remove-factor", 404)):  # fmt: skip
        path = f"/people/{name}/{act}"
        assert world.post(path, as_="clerk").status_code == 403, act
        assert world.post(path, as_="stranger").status_code == 404, act
        assert world.post(path, as_="admin").status_code == status, act
    assert world.post(f"/people/{name}/account", as_="admin").status_code == 409


def test_a_leave_is_ones_own_or_kept_by_who_keeps_people(world: Any) -> None:
    name = fresh("n")
    assert (
        world.post("/people", {"username": name, "given_name": "ใหม่"}, as_="admin").status_code
        == 201
    )
    code = fresh("p")
    body = {"code": code, "name": "x", "unit": "central", "level": "officer"}
    assert world.post("/positions", body, as_="admin").status_code == 201
    holder = {"username": name, "first_day": "2026-01-01"}
    assert world.post(f"/positions/{code}/holders", holder, as_="admin").status_code == 201
    leave = {"username": name, "kind": "sick", "first_day": "2026-11-23", "last_day": "2026-11-24"}
    assert world.post("/leaves", leave, as_="clerk").status_code == 403
    acting = {**leave, "substitute": "outsider", "order_ref": "คำสั่ง ที่ ๙/๒๕๖๙"}
    assert world.post("/leaves", {**acting, "order_ref": ""}, as_="admin").status_code == 422
    elses = world.post("/leaves", {**acting, "posts": ["head"]}, as_="admin")
    assert (elses.status_code, elses.json["errors"][0]["field"]) == (422, "posts.0")
    made = world.post("/leaves", {**acting, "posts": [code]}, as_="admin")
    assert made.json["posts"] == [code]
    assert f"position:{code}" in world.get("/people/me", as_="outsider").json["principals"]
    ids = [one["id"] for one in world.get("/leaves?page_size=100", as_="admin").json["items"]]
    assert made.json["id"] in ids
    mine = world.get("/leaves?page_size=100", as_="clerk").json["items"]
    assert {one["username"] for one in mine} <= {"clerk"}
    path = f"/leaves/{made.json['id']}/cancel"
    assert world.post(path, as_="clerk").status_code == 404
    assert world.post(path, as_="stranger").status_code == 404
    assert world.post(path, as_="admin").status_code == 200
    assert f"position:{code}" not in world.get("/people/me", as_="outsider").json["principals"]
    assert world.post(path, as_="admin").json["reason"] == "over"


def test_calendars_and_numbering_are_kept_by_api(world: Any) -> None:
    code = fresh("c")
    new = {"code": code, "name": "ปฏิทิน"}
    assert world.post("/calendars", new, as_="clerk").status_code == 403
    assert world.post("/calendars", {**new, "code": "ไทย"}, as_="admin").status_code == 422
    assert world.post("/calendars", new, as_="admin").status_code == 201
    path = f"/calendars/{code}"
    week = [[["08:30", "12:00"]]] * 5 + [[], []]
    seen = world.get(path, as_="admin").headers["ETag"]
    assert change(world, path, {"week": week}).status_code == 200
    assert world.get(path).json["week"] == week
    stale = world.call("PUT", path, as_="admin", json={"name": "x"}, headers={"If-Match": seen})
    assert stale.status_code == 412
    holidays = world.post(f"{path}/holidays", {"year": 2026}, as_="admin")
    assert holidays.json["imported"] > 10
    assert world.get(f"{path}?year=2026").json["days"]
    assert world.get("/registers/numbering", as_="clerk").status_code == 403
    body = {"circulars_apart": False}
    assert world.call("PUT", "/registers/numbering", as_="clerk", json=body).status_code == 403
    assert world.call("PUT", "/registers/numbering", as_="admin", json=body).status_code == 200
    assert world.get("/registers/numbering", as_="admin").json["circulars_apart"] is False
    body = {"circulars_apart": True}
    assert world.call("PUT", "/registers/numbering", as_="admin", json=body).status_code == 200


def test_a_book_that_was_on_paper_is_started_by_api(world: Any) -> None:
    code = fresh("u")
    new = {"code": code, "name": "x", "kind": "group", "parent": "central"}
    assert world.post("/org-units", new, as_="admin").status_code == 201
    body = {"kind": "receive", "code": code, "first": 345, "note": "ทะเบียนกระดาษ"}
    assert world.post("/registers/books", body, as_="clerk").status_code == 403
    made = world.post("/registers/books", body, as_="admin")
    assert (made.status_code, made.json["stood"], made.json["first"]) == (200, 0, 345)
    again = world.post("/registers/books", {**body, "first": 100}, as_="admin")
    assert (again.status_code, again.json["errors"][0]["field"]) == (422, "first")
    for changed, field in (({"kind": "x"}, "kind"), ({"code": "nowhere"}, "code")):
        wrong = world.post("/registers/books", {**body, **changed}, as_="admin")
        assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, field)
    secret = world.post("/registers/books", {**body, "kind": "secret_in"}, as_="admin")
    assert secret.status_code == 403  # not cleared
    listed = world.get("/registers/numbering", as_="admin").json["books"]
    (book,) = (one for one in listed if one["code"] == code)
    assert (book["last"], book["on_paper"]) == (344, 344)
    path = f"/registers/books/{book['id']}"
    assert [one["first"] for one in world.get(path, as_="admin").json["starts"]] == [345]
    assert world.get(f"{path}/numbers?state=void", as_="admin").json["items"] == []
    for who, status in (("clerk", 403), ("stranger", 404)):
        assert world.get(path, as_=who).status_code == status
        assert world.get(f"{path}/numbers", as_=who).status_code == status


def test_tables_go_out_and_come_in_by_api(world: Any) -> None:
    for kind in ("csv", "xlsx"):
        assert world.get(f"/transfers/units.{kind}", as_="clerk").status_code == 403
        out = world.get(f"/transfers/units.{kind}", as_="admin")
        same = world.call("POST", "/transfers/units", as_="admin", **sent(out.data, f"x.{kind}"))
        assert same.status_code == 200, same.text
        assert (same.json["added"], same.json["changed"]) == (0, 0)
    code = fresh("u")
    new = f"code,name,kind,parent\n{code},กลุ่มใหม่,group,central\n".encode()
    assert world.call("POST", "/transfers/units", as_="clerk", **sent(new)).status_code == 403
    dry = world.call("POST", "/transfers/units?dry_run=true", as_="admin", **sent(new))
    assert dry.json["lines"][0]["verb"] == "add"
    assert world.get(f"/org-units/{code}").status_code == 404
    assert world.call("POST", "/transfers/units", as_="admin", **sent(new)).json["added"] == 1
    assert world.get(f"/org-units/{code}").status_code == 200
    wrong = world.call(
        "POST", "/transfers/units", as_="admin", **sent(b"code,parent\ncentral,no\n")
    )
    assert wrong.status_code == 422
    assert [one["field"] for one in wrong.json["errors"]] == ["2.parent"]
    late = f"/transfers/units?plan={'0' * 64}"
    other = new.replace("กลุ่มใหม่".encode(), b"other")
    refused = world.call("POST", late, as_="admin", **sent(other))
    assert (refused.status_code, refused.json["reason"]) == (409, "changed_since")
    plan = world.call("POST", "/transfers/units?dry_run=true", as_="admin", **sent(other)).json[
        "plan"
    ]
    done = world.call("POST", f"/transfers/units?plan={plan}", as_="admin", **sent(other))
    assert done.json["changed"] == 1
    roles = world.get("/transfers/grants.csv", as_="admin").data
    same = world.call("POST", "/transfers/grants", as_="admin", **sent(roles)).json
    assert (same["added"], same["changed"]) == (0, 0)
    assert same["left"] > 2
    wrong = b"username,position\nadmin,no-such-post\n"
    wrong = world.call("POST", "/transfers/posts", as_="admin", **sent(wrong))
    assert [one["field"] for one in wrong.json["errors"]] == ["2.position"]


def test_a_large_table_comes_in_by_a_job(world: Any) -> None:
    prefix = fresh("l")
    rows = "".join(f"{prefix}{n},x,group,central\n" for n in range(2_001))
    large = f"code,name,kind,parent\n{rows}".encode()
    assert world.call("POST", "/transfers/units", as_="clerk", **sent(large)).status_code == 403
    begun = world.call("POST", "/transfers/units", as_="admin", **sent(large))
    assert (begun.status_code, begun.json["state"]) == (202, "checking")
    place = f"/transfers/imports/{begun.json['id']}"

    def work() -> dict[str, Any]:
        with reading(world.system.engine) as db:
            found = sa.select(table_import.c.job_id).where(
                table_import.c.id == UUID(begun.json["id"])
            )
            run_job(world.system.bus, db.execute(found).scalar_one())
        return dict(world.get(place, as_="admin").json)

    found = work()
    assert (found["state"], found["added"], len(found["lines"])) == ("ready", 2_001, 500)
    assert world.get(place, as_="clerk").status_code == 403
    late = world.call("POST", f"{place}/apply", as_="admin", json={"plan": "0" * 64})
    assert (late.status_code, late.json["reason"]) == (409, "changed_since")
    going = world.call("POST", f"{place}/apply", as_="admin", json={"plan": found["plan"]})
    assert (going.status_code, going.json["state"]) == (202, "applying")
    assert world.call("DELETE", place, as_="admin").json["reason"] == "at_work"
    assert (work()["state"], work()["added"]) == ("applied", 2_001)
    assert world.get(f"/org-units/{prefix}2000").status_code == 200
    other = world.call("POST", "/transfers/units", as_="admin", **sent(large))
    gone = world.call("DELETE", f"/transfers/imports/{other.json['id']}", as_="admin")
    assert gone.json["state"] == "dropped"


def test_a_post_or_unit_that_tasks_wait_for_is_not_closed(world: Any, unit: str, post: str) -> None:
    task = world.task()
    to_post = {"to": f"position:{post}", "reason": "x"}
    assert world.post(f"/tasks/{task}/reassign", to_post, as_="admin").status_code == 200
    refused = change(world, f"/positions/{post}", {"active": False})
    assert (refused.status_code, refused.json["reason"]) == (409, "tasks_open")
    to_unit = {"to": f"unit:{unit}", "reason": "x"}
    assert world.post(f"/tasks/{task}/reassign", to_unit, as_="admin").status_code == 200
    assert change(world, f"/positions/{post}", {"active": False}).status_code == 200
    refused = change(world, f"/org-units/{unit}", {"active": False})
    assert (refused.status_code, refused.json["reason"]) == (409, "tasks_open")
    to_person = {"to": "clerk", "reason": "x"}
    assert world.post(f"/tasks/{task}/reassign", to_person, as_="admin").status_code == 200
    assert change(world, f"/org-units/{unit}", {"active": False}).status_code == 200


def test_nobody_lets_go_of_somebody_with_further_rights(world: Any) -> None:
    code, name = fresh("r"), fresh("n")
    body = {"code": code, "name": "งานบุคคล", "rights": ["people"]}
    assert world.post("/roles", body, as_="admin").status_code == 201
    person = {"username": name, "given_name": "x"}
    assert world.post("/people", person, as_="admin").status_code == 201
    grant = {"username": "outsider", "first_day": "2026-01-01"}
    made = world.post(f"/roles/{code}/grants", grant, as_="admin")
    leaving = {"reason": "ย้าย"}
    try:
        refused = world.post("/people/admin/let-go", leaving, as_="outsider")
        assert refused.status_code == 403
        refused = change(world, "/people/admin", {"active": False}, as_="outsider")
        assert refused.status_code == 403
        own = world.post("/people/outsider/let-go", leaving, as_="outsider")
        assert own.json["reason"] == "own_self"
        assert world.post(f"/people/{name}/let-go", leaving, as_="outsider").status_code == 200
    finally:
        world.post(f"/roles/grants/{made.json['id']}/end", as_="admin")
    assert world.get("/people/admin").json["person"]["active"] is True
