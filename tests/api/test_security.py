"""Sessions, forged requests, headers: what a browser and its enemies meet."""

from __future__ import annotations

import io
import json
import logging
from datetime import timedelta
from inspect import iscoroutinefunction
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from api.auth import cookies
from api.pages.inbox import CACHED
from api.security import HEADERS, MAX_BODY
from engine.actor import system_actor
from office.accounts.commands import SetPassword
from office.accounts.settings import settings_of

START = {"definition_key": "review", "variables": {"subject": "x"}}
PATH = "/api/v1/process-instances"


@pytest.fixture
def browser(world: Any) -> Any:
    """A client of the same application with a session's cookie, and the session's form token."""
    client = world.client.application.test_client()
    client.set_cookie(cookies.PLAIN_NAME, world.session("clerk"))
    with client:
        client.get("/api/v1/people/me")
        from api.security import csrf_token

        client.token = csrf_token()
    return client


def test_a_session_may_read_without_and_change_with_its_token(browser: Any) -> None:
    assert browser.get("/api/v1/people/me").json["username"] == "clerk"
    assert browser.post(PATH, json=START).json["code"] == "csrf"
    assert browser.post(PATH, json=START, headers={"X-CSRF-Token": "0" * 64}).status_code == 403
    good = browser.post(PATH, json=START, headers={"X-CSRF-Token": browser.token})
    assert good.status_code == 201


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
    ],
)
def test_another_sites_request_is_refused_even_with_the_token(
    browser: Any, headers: dict[str, str]
) -> None:
    answer = browser.post(PATH, json=START, headers={"X-CSRF-Token": browser.token, **headers})
    assert (answer.status_code, answer.json["code"]) == (403, "csrf")


def test_our_own_pages_origin_passes(browser: Any) -> None:
    headers = {
        "X-CSRF-Token": browser.token,
        "Origin": "http://localhost",
        "Sec-Fetch-Site": "same-origin",
    }
    assert browser.post(PATH, json=START, headers=headers).status_code == 201


def test_the_token_of_another_session_does_not_count(world: Any, browser: Any) -> None:
    other = world.client.application.test_client()
    other.set_cookie(cookies.PLAIN_NAME, world.session("clerk"))
    answer = other.post(PATH, json=START, headers={"X-CSRF-Token": browser.token})
    assert answer.status_code == 403


def test_a_session_ends_when_idle(world: Any, browser: Any) -> None:
    begin = world.clock.now()
    try:
        world.clock.advance(timedelta(minutes=59))
        assert browser.get("/api/v1/people/me").status_code == 200
        world.clock.advance(timedelta(minutes=59))
        assert browser.get("/api/v1/people/me").status_code == 200
        world.clock.advance(timedelta(minutes=61))
        assert browser.get("/api/v1/people/me").status_code == 401
    finally:
        world.clock.set(begin)


def test_a_session_ends_after_twelve_hours_whatever_happens(world: Any, browser: Any) -> None:
    begin = world.clock.now()
    try:
        for _ in range(15):
            world.clock.advance(timedelta(minutes=50))
            last = browser.get("/api/v1/people/me").status_code
        assert last == 401
    finally:
        world.clock.set(begin)


def test_a_bearer_wins_over_a_cookie_and_needs_no_token(world: Any, browser: Any) -> None:
    headers = {"Authorization": f"Bearer {world.token('boss')}"}
    assert browser.get("/api/v1/people/me", headers=headers).json["username"] == "boss"
    assert browser.post(PATH, json=START, headers=headers).status_code == 201


def test_a_first_password_opens_no_call_until_it_is_changed(world: Any, browser: Any) -> None:
    hashed = settings_of(world.system.services).hasher.hash("clerk opens his own door")
    person, system = world.home.persons["clerk"], system_actor(world.home.id)
    world.system.bus.execute(SetPassword(person, hashed, must_change=True), system)
    browser.set_cookie(cookies.PLAIN_NAME, world.session("clerk"))
    try:
        answer = browser.get("/api/v1/people/me")
        assert (answer.status_code, answer.json["code"]) == (403, "password_must_change")
        assert world.get("/people/me").status_code == 200, "its tokens are judged by themselves"
    finally:
        world.system.bus.execute(SetPassword(person, hashed), system)


def test_an_api_token_opens_no_page_whatever_its_scopes(world: Any) -> None:
    task = world.task(subject="x")
    headers = {"Authorization": f"Bearer {world.token('clerk')}"}
    for path in (f"/tasks/{task}/claim", "/account/factor/begin", "/language", "/sign-in"):
        assert world.client.post(path, headers=headers).status_code == 403, path
    assert world.client.get("/", headers=headers).status_code == 403
    assert world.get(f"/tasks/{task}").json["state"] == "open"


def test_over_tls_the_cookie_is_bound_to_the_host(world: Any) -> None:
    client = world.client.application.test_client()
    token = world.session("clerk")
    client.set_cookie(cookies.PLAIN_NAME, token, domain="localhost")
    secure = {"base_url": "https://localhost"}
    assert client.get("/api/v1/people/me", **secure).status_code == 401
    client.set_cookie(cookies.SECURE_NAME, token, domain="localhost")
    answer = client.get("/api/v1/people/me", **secure)
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"]


def test_a_cookie_of_rubbish_is_nobody(world: Any) -> None:
    client = world.client.application.test_client()
    client.set_cookie(cookies.PLAIN_NAME, "x" * 3000)
    assert client.get("/api/v1/people/me").status_code == 401


def test_who_has_left_is_nobody_at_once(world: Any) -> None:
    from engine.actor import system_actor
    from office.people.commands import ChangePerson

    system = system_actor(world.home.id)
    assert world.get("/people/me", as_="outsider").status_code == 200
    world.system.bus.execute(ChangePerson("outsider", active=False), system)
    try:
        assert world.get("/people/me", as_="outsider").status_code == 401
    finally:
        world.system.bus.execute(ChangePerson("outsider", active=True), system)
    # what they could come in by stays ended: whoever returns is given a new token
    assert world.get("/people/me", as_="outsider").status_code == 401
    del world.home.tokens["outsider"]
    assert world.get("/people/me", as_="outsider").status_code == 200


def test_a_request_id_is_kept_when_it_is_one(world: Any) -> None:
    kept = world.client.get("/healthz", headers={"X-Request-Id": "proxy-12345678"})
    assert kept.headers["X-Request-Id"] == "proxy-12345678"
    made = world.client.get("/healthz", headers={"X-Request-Id": "a b<script>"})
    assert made.headers["X-Request-Id"] != "a b<script>"


def test_a_bug_is_raised_in_tests_and_told_without_details_outside(
    world: Any, caplog: pytest.LogCaptureFixture
) -> None:
    app: Flask = world.client.application
    view = app.view_functions["probes.alive"]
    app.view_functions["probes.alive"] = lambda: 1 / 0
    try:
        with pytest.raises(ZeroDivisionError):
            world.client.get("/healthz")
        app.testing = False
        with caplog.at_level(logging.ERROR):
            answer = world.client.get("/healthz")
        assert (answer.status_code, answer.json["code"]) == (500, "internal")
        assert "division" not in answer.text
        assert "ZeroDivisionError" in caplog.text
    finally:
        app.testing = True
        app.view_functions["probes.alive"] = view


def test_probes(world: Any) -> None:
    assert world.client.get("/healthz").json == {"status": "ok"}
    ready = world.client.get("/readyz")
    assert ready.json == {"status": "ok", "checks": {"database": "ok"}}
    metrics = world.client.get("/metrics")
    assert 'route="/healthz",status="200"' in metrics.text
    assert world.client.get("/metrics", headers={"X-Forwarded-For": "1.2.3.4"}).status_code == 403
    for address, status in (("8.8.8.8", 403), ("10.1.2.3", 200), ("not an address", 403)):
        near = world.client.get("/metrics", environ_overrides={"REMOTE_ADDR": address})
        assert near.status_code == status, address


def test_a_denial_is_written_down_without_what_was_sent(
    world: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="api.problems"):
        stranger = world.client.application.test_client()  # no cookie of another test
        stranger.get("/api/v1/tasks?q=1101700230708")
        world.post(f"/incidents/{UUID(int=1)}/retry", as_="clerk")
    lines = [record.getMessage() for record in caplog.records]
    assert any(
        line.startswith("Denied unauthenticated: GET /api/v1/tasks to nobody") for line in lines
    )
    assert "1101700230708" not in caplog.text


def test_a_nul_in_a_form_is_refused(world: Any) -> None:
    answer = world.call("POST", "/deployments", as_="admin", data={"name": "a\0b"},
                        content_type="multipart/form-data")  # fmt: skip
    assert (answer.status_code, answer.json["code"]) == (400, "malformed")


def test_a_part_that_does_not_answer_makes_us_not_ready(world: Any) -> None:
    def down() -> None:
        raise ConnectionError("secret address of the queue")

    checks, world.system.checks = world.system.checks, {"queue": down}
    try:
        answer = world.client.get("/readyz")
        assert (answer.status_code, answer.json["checks"]["queue"]) == (503, "unavailable")
        assert "secret" not in answer.text
    finally:
        world.system.checks = checks


def test_a_refused_body_is_let_by_so_that_its_sender_reads_the_answer(browser: Any) -> None:
    sent = io.BytesIO(b"x" * (2 << 20))
    answer = browser.post(PATH, input_stream=sent, content_type="application/json",
                          headers={"Content-Length": str(2 << 20)})  # fmt: skip
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")
    assert sent.read() == b""


def test_a_body_of_exactly_the_cap_is_read_and_one_byte_more_is_not(browser: Any) -> None:
    headers = {"X-CSRF-Token": browser.token, "Content-Type": "application/json"}
    padded = json.dumps(START).encode().ljust(MAX_BODY)
    assert browser.post(PATH, data=padded, headers=headers).status_code == 201
    answer = browser.post(PATH, data=padded + b" ", headers=headers)
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")
    assert f"{MAX_BODY:,} bytes" in answer.json["detail"]


def test_nothing_that_serves_a_request_is_a_coroutine(world: Any) -> None:
    """The application calls all as they are: what a coroutine would do would never be done."""
    app: Flask = world.client.application
    hooks = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
    served = [hook for by_room in hooks for of in by_room.values() for hook in of]
    served += [*app.view_functions.values(), *app.teardown_appcontext_funcs]
    assert len(served) > 300
    assert [each for each in served if iscoroutinefunction(each)] == []


def test_each_header_is_said_once_and_the_views_own_word_counts(world: Any) -> None:
    names = [name.lower() for name, _ in world.client.get("/healthz").headers]
    assert sorted(names) == sorted(set(names))
    assert {name.lower() for name in HEADERS} | {"content-security-policy"} <= set(names)
    world.client.set_cookie("saraban", world.session("clerk"))
    own = world.client.get("/inbox/live").headers
    assert own.getlist("Cache-Control") == [CACHED]
