"""/api-tokens: issued by who is signed in, listed without their secrets, revoked."""

from __future__ import annotations

import re
from typing import Any

import pytest

from api.auth import cookies
from engine.actor import system_actor
from office.people.commands import AddPerson

TOKENS = "/api-tokens"
NEW = {"name": "ระบบกลาง", "scopes": ["read", "operate"], "days": 5}


class SignedIn:
    """Somebody at a browser, whose session and form token stand for them."""

    def __init__(self, world: Any, username: str) -> None:
        self.client = world.client.application.test_client()
        self.client.set_cookie(cookies.PLAIN_NAME, world.session(username))
        with self.client:
            self.client.get("/api/v1/people/me")
            from api.security import csrf_token

            self.proof = {"current": f"{username} opens his own door"}
            self.headers = {"X-CSRF-Token": csrf_token()}

    def issues(self, **body: Any) -> Any:
        key = {"Idempotency-Key": body.pop("key")} if "key" in body else {}
        sent, headers = NEW | self.proof | body, self.headers | key
        return self.client.post(f"/api/v1{TOKENS}", json=sent, headers=headers)


def test_one_issues_for_oneself_and_the_administrator_for_a_machine(sqlite_world: Any) -> None:
    world = sqlite_world
    clerk = SignedIn(world, "clerk")
    made = clerk.issues(key="issue-once")
    assert made.status_code == 201, made.json
    assert clerk.issues(key="issue-once").status_code == 422
    assert clerk.issues(days=400).status_code == 422
    assert clerk.issues(current="not his door").json["reason"] == "bad_code"
    listed = world.get(TOKENS, as_="clerk").json["items"]
    listed = [one for one in listed if one["name"] == "ระบบกลาง"]
    assert [one["scopes"] for one in listed] == [["read", "operate"]]
    assert made.json["token"].rpartition("_")[2] not in str(listed)
    assert listed[0] in world.get(f"{TOKENS}?username=clerk", as_="admin").json["items"]
    asked = {"Authorization": f"Bearer {made.json['token']}"}
    assert world.call("GET", "/people/me", as_=None, headers=asked).status_code == 200
    gone = world.call("DELETE", f"{TOKENS}/{listed[0]['id']}", as_="admin")
    assert gone.json == {"id": listed[0]["id"]}
    assert world.call("GET", "/people/me", as_=None, headers=asked).status_code == 401
    world.system.bus.execute(AddPerson("machine", "ระบบกลาง"), system_actor(world.home.id))
    assert SignedIn(world, "admin").issues(username="machine").status_code == 201


def test_nobody_gets_at_more_than_their_own(sqlite_world: Any) -> None:
    world = sqlite_world
    assert SignedIn(world, "clerk").issues(username="admin").status_code == 403
    assert world.get(f"{TOKENS}?username=admin", as_="clerk").status_code == 403
    official = SignedIn(world, "admin").issues(username="boss")
    assert (official.status_code, official.json["code"]) == (403, "token_of_official")


@pytest.mark.parametrize("username", ["clerk", "admin"])
def test_no_token_issues_another(sqlite_world: Any, username: str) -> None:
    refused = sqlite_world.post(TOKENS, NEW | {"current": "x"}, as_=username)
    assert (refused.status_code, refused.json["code"]) == (403, "token_by_token")


def test_an_administrator_sees_all_live_ones_and_revokes_one_or_all_of_a_person(
    sqlite_world: Any,
) -> None:
    world = sqlite_world
    clerk, admin = SignedIn(world, "colleague"), SignedIn(world, "admin")
    for name in ("หนึ่ง", "สอง", "สาม", "สาม"):
        assert clerk.issues(name=name).status_code == 201
    live = f"{TOKENS}/live?username=colleague"
    assert world.get(live, as_="clerk").status_code == 403
    rows = world.get(live, as_="admin").json["items"]
    assert [one["name"] for one in rows][:4] == ["สาม", "สาม", "สอง", "หนึ่ง"]
    assert {one["username"] for one in rows} == {"colleague"}
    everybody = world.get(f"{TOKENS}/live?page_size=100", as_="admin").json["items"]
    assert {one["username"] for one in everybody} > {"colleague", "admin"}
    assert world.stranger not in {one["username"] for one in everybody}

    cookies_of_admin = admin.client
    page = cookies_of_admin.get("/admin/tokens?username=colleague").text
    labels = re.findall(r'aria-label="(ยกเลิกโทเค็น: สาม[^"]*)"', page)
    assert len(labels) == len(set(labels)) == 2, "two of one name are told apart"
    own = re.findall(r'aria-label="(ยกเลิกโทเค็น: สาม[^"]*)"', clerk.client.get("/account").text)
    assert len(own) == len(set(own)) == 2
    assert rows[0]["id"] in page
    form = {"csrf_token": admin.headers["X-CSRF-Token"]}
    gone = cookies_of_admin.post(f"/admin/tokens/{rows[0]['id']}/revoke", data=form)
    assert gone.status_code == 303
    assert "ยกเลิกโทเค็นของ API “สาม” ของท่านแล้ว" in clerk.client.get("/notices").text
    assert cookies_of_admin.post("/admin/tokens/revoke-all", data=form).status_code == 422
    assert clerk.client.get("/admin/tokens").status_code == 403
    assert world.get(live, as_="admin").json["total"] == len(rows) - 1
    revoke = f"{TOKENS}/revocations"
    assert world.post(revoke, {"username": "colleague"}, as_="clerk").status_code == 403
    assert world.post(revoke, {"username": "nobody.here"}, as_="admin").status_code == 404
    done = world.post(revoke, {"username": "colleague"}, as_="admin").json
    assert done == {"username": "colleague", "revoked": len(rows) - 1}
    assert world.get(live, as_="admin").json["items"] == []
    assert re.search("ยกเลิกโทเค็นของ API “.*”, “.*” ของท่านแล้ว", clerk.client.get("/notices").text)
    told = world.get("/admin-history?type=token.revoked", as_="admin").json["items"]
    assert [one["data"]["name"] for one in told[:3]] != []
    assert {one["data"]["name"] for one in told} >= {"หนึ่ง", "สอง", "สาม"}
    world.home.tokens.pop("colleague", None)  # ended too: who comes next is issued another
