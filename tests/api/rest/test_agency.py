"""/agency: read by everybody in it, changed by whoever keeps people or accounts."""

from __future__ import annotations

from typing import Any


def test_the_agency_says_what_it_is(world: Any) -> None:
    ours, theirs = world.get("/agency", as_="clerk").json, world.get("/agency", as_="stranger").json
    assert ours["code"] != theirs["code"]
    assert ours["timezone"] == "Asia/Bangkok"
    assert world.get("/agency").status_code == 200
    assert world.client.get("/api/v1/agency").status_code == 401


def test_a_change_says_what_was_read(world: Any) -> None:
    read = world.get("/agency", as_="admin")
    seen = {"If-Match": read.headers["ETag"]}
    body = {"name": "หน่วยงานใหม่", "timezone": "Asia/Tokyo"}
    assert world.call("PUT", "/agency", as_="admin", json=body).status_code == 428
    assert world.call("PUT", "/agency", as_="clerk", json=body, headers=seen).status_code == 403
    made = world.call("PUT", "/agency", as_="admin", json=body, headers=seen)
    assert made.status_code == 200
    assert made.json == {**read.json, **body}
    late = world.call("PUT", "/agency", as_="admin", json=body, headers=seen)
    assert late.status_code == 412
    now = {"If-Match": world.get("/agency", as_="admin").headers["ETag"]}
    for wrong in ({"timezone": "Mars/Olympus"}, {"name": ""}, {"code": "x"}, {"policy": {}}):
        assert world.call("PUT", "/agency", as_="admin", json=wrong, headers=now).status_code == 422
    back = {name: read.json[name] for name in body}
    assert world.call("PUT", "/agency", as_="admin", json=back, headers=now).json == read.json


def test_what_proves_signers_is_chosen(world: Any) -> None:
    path = "/agency/signing-methods"
    was = world.get("/agency", as_="admin").json["signing_methods"]["chosen"]
    body = {"methods": ["pin"]}
    assert world.call("PUT", path, as_="clerk", json=body).status_code == 403
    assert world.call("PUT", path, as_="admin", json={"methods": ["word"]}).status_code == 422
    told = {"chosen": ["pin"], "in_force": ["pin"]}
    assert world.call("PUT", path, as_="admin", json=body).json == told
    assert world.get("/agency", as_="clerk").json["signing_methods"] == told
    events = world.get("/admin-history?type=signing_methods.chosen", as_="admin").json["items"]
    assert events[0]["data"] == {"signing_methods": ["pin"], "was": {"signing_methods": was}}
    default = world.call("PUT", path, as_="admin", json={"methods": []}).json
    assert default == {"chosen": [], "in_force": ["totp", "passkey"]}
    world.call("PUT", path, as_="admin", json={"methods": was})
