"""What holds for every call of the OpenAPI document, whatever it does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from office.accounts import credentials

CHANGING = frozenset({"post", "put", "delete"})


def calls(world: Any, *, takes: str | None = None) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(method, path with ids of nothing, operation); `takes`: only those with such a body."""
    for template, operations in world.judge.document["paths"].items():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            media = operation.get("requestBody", {}).get("content", {})
            if takes is None or takes in media:
                yield method.upper(), _path(template), operation


def _path(template: str) -> str:
    words = {
        "which": "send", "username": "nobody", "code": "nothing", "day": "2026-12-31",
        "table": "units",
    }  # fmt: skip
    path = re.sub(r"\{(\w+)\}", lambda m: words.get(m[1], str(uuid4())), template)
    return path.removeprefix("/api/v1")


def _headers(operation: dict[str, Any]) -> dict[str, str]:
    guarded = any(p["name"] == "If-Match" for p in operation["parameters"])
    return {"If-Match": '"1"'} if guarded else {}


def test_nobody_is_let_in_without_proof(world: Any) -> None:
    for method, path, operation in calls(world):
        if not operation["security"]:
            continue  # for everyone: verdicts by the codes on letters
        answer = world.call(method, path, as_=None)
        assert answer.status_code == 401, (method, path)
        assert answer.json["code"] == "unauthenticated"


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer x", "Bearer srb_0_1", "Basic YTpi", "", "Bearer " + "x" * 5000]
)
def test_a_wrong_proof_is_no_proof(world: Any, header: str) -> None:
    answer = world.call("GET", "/tasks", as_=None, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_does_only_what_its_scopes_say(world: Any) -> None:
    agency = world.home
    for scope in ("read", "sign"):
        world.home.tokens["limited"] = _token(world, [scope])
        for method, path, operation in calls(world):
            if operation.get("x-scope", scope) != scope:
                answer = world.call(method, path, as_="limited")
                assert (answer.status_code, answer.json["code"]) == (403, "insufficient_scope")
    del agency.tokens["limited"]


def _token(world: Any, scopes: list[str]) -> str:
    from engine.actor import system_actor

    actor = system_actor(world.home.id)
    person = world.home.persons["admin"]
    return credentials.issue_token(world.system.bus, actor, "t", scopes, person_id=person)


def test_json_that_cannot_be_read_is_400(world: Any) -> None:
    broken = ["{", "[" * 5_000 + "]" * 5_000, '{"a": NaN}', '"\\ud800"', "\x00", "{}{}", "'a'"]
    for method, path, operation in calls(world, takes="application/json"):
        for body in broken:
            answer = world.call(
                method, path, as_="admin", data=body, content_type="application/json",
                headers=_headers(operation),
            )  # fmt: skip
            assert answer.status_code == 400, (method, path, body[:20])


def test_json_of_another_shape_is_422(world: Any) -> None:
    for method, path, operation in calls(world, takes="application/json"):
        for body in ("[]", '"text"', "7", "null", '{"no_such_property": 1}'):
            answer = world.call(
                method, path, as_="admin", data=body, content_type="application/json",
                headers=_headers(operation),
            )  # fmt: skip
            assert answer.status_code in {422, 404}, (method, path, body, answer.text)
            if "no_such" in body and not path.startswith("/documents/"):
                assert [e["field"] for e in answer.json["errors"]].count("no_such_property") == 1


def test_another_media_type_is_415(world: Any) -> None:
    for method, path, operation in calls(world):
        if "requestBody" in operation:
            answer = world.call(
                method, path, as_="admin", data="<a/>", content_type="text/xml",
                headers=_headers(operation),
            )  # fmt: skip
            assert answer.status_code in {415, 404}, (method, path)
            if "{" not in path and answer.status_code == 404:
                assert path.count("-") >= 4  # its id is looked at first


def test_too_long_a_body_is_413_before_it_is_read(world: Any) -> None:
    for method, path, _ in calls(world):
        if method.lower() in CHANGING:
            answer = world.call(
                method, path, as_="admin", content_type="application/json",
                environ_overrides={"CONTENT_LENGTH": str(200 << 20)},
            )  # fmt: skip
            assert answer.status_code == 413, (method, path)
            assert answer.json["code"] == "too_large"


def test_a_nul_is_refused_wherever_it_hides(world: Any) -> None:
    assert world.get("/tasks?q=%00").status_code == 400
    assert world.get("/people/a%00b", as_="admin").status_code == 400
    for body in ('{"text": "a\\u0000b"}', '{"text": "\\\\\\u0000"}', '{"a\\u0000": 1}'):
        answer = world.post(
            f"/tasks/{uuid4()}/comments", data=body, content_type="application/json"
        )
        assert answer.status_code == 400, body
    escaped = world.post(
        f"/tasks/{uuid4()}/comments", data='{"text": "\\\\u0000"}', content_type="application/json"
    )
    assert escaped.status_code == 404


def test_unknown_ids_are_404(world: Any) -> None:
    for method, path, operation in calls(world):
        if re.search(r"[0-9a-f]{8}-", path) and method == "GET":
            answer = world.call(method, path, as_="admin", headers=_headers(operation))
            assert answer.status_code == 404, (method, path)
            assert answer.json["code"] == "not_found"


def test_unknown_query_parameters_are_422(world: Any) -> None:
    for method, path, operation in calls(world):
        if any(parameter["in"] == "query" for parameter in operation["parameters"]):
            answer = world.call(method, f"{path}?no_such_filter=1", as_="admin")
            assert answer.status_code in {422, 404}, (method, path)


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=x", "page=999999999999999999999", "page_size=0", "page_size=101",
     "page_size=-1", "after=nonsense", "after=" + "x" * 3000, "page=1.5", "page_size=%E0%B9%91x"],
)  # fmt: skip
def test_every_list_refuses_windows_that_do_not_exist(world: Any, query: str) -> None:
    for method, path, operation in calls(world):
        if any(parameter["name"] == "page_size" for parameter in operation["parameters"]):
            if "history" in path and "page=" in query:
                continue
            answer = world.call(method, f"{path}?{query}", as_="admin")
            assert answer.status_code in {422, 404}, (method, path, query)


def test_an_idempotency_key_is_short_and_visible(world: Any) -> None:
    for key in ("", "x" * 201, "a b", "ก"):
        answer = world.post(
            "/process-instances", {"definition_key": "review"},
            headers={"Idempotency-Key": key.encode().decode("latin-1")},
        )  # fmt: skip
        assert answer.status_code == 422, key


def test_another_method_is_405_and_says_which_are_allowed(world: Any) -> None:
    answer = world.client.patch("/api/v1/tasks")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert answer.mimetype == "application/problem+json"


def test_an_unknown_path_is_a_problem_too(world: Any) -> None:
    answer = world.client.get("/api/v1/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.json["code"] == "not_found"


def test_every_answer_carries_the_same_guards(world: Any) -> None:
    for method, path, _ in calls(world):
        headers = world.call(method, path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Request-Id"]
