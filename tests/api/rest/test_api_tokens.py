"""/api-tokens: issued, listed without their secrets, revoked."""

from __future__ import annotations

from typing import Any

TOKENS = "/api-tokens"
NEW = {"name": "ระบบกลาง", "scopes": ["read", "operate"], "days": 5}


def asked(world: Any, token: str, scopes: list[str]) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    return world.call("POST", TOKENS, as_=None, json=NEW | {"scopes": scopes}, headers=headers)


def test_one_issues_for_oneself_and_the_administrator_for_others(sqlite_world: Any) -> None:
    world = sqlite_world
    key = {"Idempotency-Key": "issue-once"}
    made = world.call("POST", TOKENS, as_="clerk", json=NEW, headers=key)
    assert made.status_code == 201, made.json
    assert world.call("POST", TOKENS, as_="clerk", json=NEW, headers=key).status_code == 422
    token = made.json["token"]
    assert asked(world, token, ["read"]).status_code == 201
    assert asked(world, token, ["sign"]).status_code == 403
    listed = world.get(TOKENS, as_="clerk").json["items"]
    assert [one["scopes"] for one in listed if one["name"] == "ระบบกลาง"] == [
        ["read"], ["read", "operate"],
    ]  # fmt: skip
    assert token.rpartition("_")[2] not in str(listed)
    assert world.get(f"{TOKENS}?username=clerk", as_="admin").json["items"] == listed
    gone = world.call("DELETE", f"{TOKENS}/{listed[1]['id']}", as_="admin")
    assert gone.json == {"id": listed[1]["id"]}
    assert asked(world, token, ["read"]).status_code == 401


def test_nobody_gets_at_more_than_their_own(sqlite_world: Any) -> None:
    world = sqlite_world
    for_admin = NEW | {"username": "admin"}
    assert world.post(TOKENS, for_admin, as_="clerk").status_code == 403
    assert world.get(f"{TOKENS}?username=admin", as_="clerk").status_code == 403
    assert (
        world.post(TOKENS, NEW | {"username": "clerk", "name": "อื่น"}, as_="admin").status_code
        == 201
    )
    assert world.post(TOKENS, NEW | {"days": 400}, as_="clerk").status_code == 422
