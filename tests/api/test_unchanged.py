"""The short way of polls says 304 where the long way does, word for word, and never elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from support.tapped import Tap
from support.world import World
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Response as BaseResponse

from api.overload import SINCE_THEN, Door
from api.unchanged import Unchanged
from engine.actor import system_actor
from office.accounts.commands import RevokeSessions
from office.people.commands import ChangePerson, GrantRole, HandOver, RecordInstrument

LIVE = "/inbox/live?view=mine"


class Inbox:
    """The clerk's open inbox, which asks by the short way and by the long way."""

    def __init__(self, world: World, tap: Tap) -> None:
        self.world, self.tap = world, tap
        app = world.client.application
        layer = app.wsgi_app
        assert isinstance(layer, Unchanged)
        self._short: Client = FlaskClient(app, TestResponse, use_cookies=False)
        self._long = Client(layer._further, TestResponse, use_cookies=False)
        self.sign_in()

    def sign_in(self) -> None:
        self.cookie, self.tag, self.more = f"saraban={self.world.session('clerk')}", "none", ""
        self.learn()

    def learn(self) -> None:
        self.tag = self.ask().get_etag()[0] or ""

    def ask(self, path: str = LIVE, **headers: str) -> TestResponse:
        self.tap.reset()
        return self._asked(self._short, path, headers)

    def ask_long(self) -> TestResponse:
        return self._asked(self._long, LIVE, {})

    def _asked(self, by: Client, path: str, headers: dict[str, str]) -> TestResponse:
        given = {"Cookie": self.cookie + self.more, "If-None-Match": f'"{self.tag}"'}
        return by.get(path, headers={"X-Request-Id": "the-same-for-both", **given, **headers})

    @property
    def was_short(self) -> bool:
        return self.tap.trips > 0 and any("EXECUTE" in said for said in self.tap.simple)

    def run(self, command: Any) -> None:
        self.world.system.bus.execute(command, system_actor(self.world.home.id))

    def change(self, text: str) -> None:
        with self.world.system.engine.begin() as db:
            assert db.execute(sa.text(text), {"me": self.world.home.persons["clerk"]}).rowcount


@pytest.fixture
def inbox(wired: tuple[World, Tap]) -> Inbox:
    return Inbox(*wired)


def test_nothing_new_is_one_message_and_the_same_answer(inbox: Inbox) -> None:
    inbox.world.task()
    inbox.learn()
    inbox.ask()  # the statement is prepared on this line
    answer = inbox.ask()
    assert (answer.status_code, answer.data, inbox.tap.trips) == (304, b"", 1)
    (said,) = inbox.tap.simple
    fence = f"SET LOCAL saraban.agency = '{inbox.world.home.id}'; EXECUTE saraban_poll("
    assert said.startswith(fence)
    assert _told(answer) == _told(inbox.ask_long())

    # Whatever is not a plain poll of ours is left to the long way.
    for path in ("/inbox/live?view=mine&view=done", "/inbox/live?view=%00", "/inbox/live"):
        inbox.ask(path)
        assert not inbox.was_short, path
    assert inbox.ask(Authorization="Bearer srb_none").status_code == 401
    inbox.more = "; saraban_language=en"
    assert inbox.ask().status_code == 200

    # After a ROLLBACK the driver lets go of all that was prepared.
    inbox.more = ""
    with inbox.world.system.engine.connect() as db:
        db.exec_driver_sql("DEALLOCATE ALL")
    assert inbox.ask().status_code == 304
    assert inbox.was_short


def _told(answer: TestResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "Date"}


def test_whatever_happens_both_ways_say_the_same(inbox: Inbox) -> None:
    world, clerk = inbox.world, inbox.world.home.persons["clerk"]
    yesterday = world.clock.now().date() - timedelta(days=1)
    lent = RecordInstrument("delegated", "clerk", "head", "1/2569", yesterday, yesterday)
    first, second = world.task(), world.task()
    inbox.learn()

    def post(path: str, who: str = "clerk", **said: str) -> Callable[[], Any]:
        return lambda: world.post(f"/tasks/{path}", said, as_=who)

    def set_(what: str) -> Callable[[], None]:
        return lambda: inbox.change(f"UPDATE {what} WHERE person_id = :me")

    news = {
        "nothing": (lambda: None, 304),
        "minutes": (lambda: world.clock.advance(timedelta(minutes=2)), 304),
        "another took it": (post(f"{first}/claim", "colleague"), 200),
        "I took the other": (post(f"{second}/claim"), 304),
        "the other was done": (post(f"{first}/complete", "colleague", outcome="pass"), 304),
        "a new one": (world.task, 200),
        "mine was done": (post(f"{second}/complete", outcome="pass"), 200),
        "I act for a post": (lambda: inbox.run(lent), 200),
        "no more": (set_("instrument SET ends_at = starts_at"), 200),
        "a right": (lambda: inbox.run(GrantRole("clerk", "admin", yesterday)), 304),
        "I hold the post": (
            lambda: inbox.run(HandOver("head", "clerk", world.clock.now().date())), 200),
        "my posts ended": (set_("holding SET ends_at = starts_at + interval '1 hour'"), 200),
        "my roles ended": (set_("person_role SET ends_at = starts_at + interval '1 hour'"), 200),
        "they did not": (set_("person_role SET ends_at = NULL"), 200),
        "a first password": (set_("account SET must_change = true"), 303),
        "my own": (set_("account SET must_change = false"), 304),
        "no factor": (set_("session SET must_enrol = true"), 303),
        "one": (set_("session SET must_enrol = false"), 304),
        "half signed in": (set_("session SET needs_factor = true"), 302),
        "whole": (set_("session SET needs_factor = false"), 304),
        "signed out": (lambda: inbox.run(RevokeSessions(clerk)), 302),
        "signed in": (inbox.sign_in, 304),
        "idle": (lambda: world.clock.advance(timedelta(hours=9)), 302),
        "signed in again": (inbox.sign_in, 304),
        "gone": (lambda: inbox.run(ChangePerson("clerk", active=False)), 302),
    }  # fmt: skip
    for name, (happens, status) in news.items():
        happens()
        long, short = inbox.ask_long(), inbox.ask()
        found = long.status_code, short.status_code, short.headers.get("ETag")
        assert found == (status, status, long.headers.get("ETag")), name
        assert (status == 304) <= inbox.was_short, name
        if status == 200:
            inbox.learn()


def test_a_database_that_is_gone_is_the_long_ways_to_tell(inbox: Inbox) -> None:
    gone = sa.create_engine("postgresql+psycopg://nobody@127.0.0.1:1/gone")
    bus, further = replace(inbox.world.system.bus, engine=gone), BaseResponse("the long way")
    layer = Unchanged(replace(inbox.world.system, bus=bus), Door(1, 1), further)
    layer.remember(inbox.cookie.partition("=")[2], inbox.world.home.id)
    assert inbox._asked(Client(layer, use_cookies=False), LIVE, {}).text == "the long way"


def test_who_entered_and_enters_again_has_waited_since_then(inbox: Inbox) -> None:
    layer = inbox._short.application.wsgi_app
    seen: list[float] = []

    def further(environ: dict[str, Any], start: Any) -> Any:
        seen.append(environ[SINCE_THEN])
        return BaseResponse()(environ, start)

    door = Door(1, 0.05)
    again = Unchanged(inbox.world.system, door, further)
    again._agencies.update(layer._agencies)
    inbox.tag = "of an older answer"
    inbox._asked(Client(again, use_cookies=False), LIVE, {})
    assert seen[0] > 0
    assert door.enter(), "its seat is free"


def test_who_polls_and_finds_no_seat_is_told_without_a_page(inbox: Inbox) -> None:
    def further(environ: dict[str, Any], start: Any) -> Any:
        raise AssertionError("Expected no long way for who is turned away.")

    door = Door(1, 0.05)
    assert door.enter()
    layer = Unchanged(inbox.world.system, door, further)
    inbox.tap.reset()
    answer = inbox._asked(Client(layer, use_cookies=False), LIVE, {})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.text.startswith("Expected to be served within")
    assert answer.headers["Cache-Control"] == "no-store"
    assert (answer.headers["X-Request-Id"], inbox.tap.trips) == ("the-same-for-both", 0)
    assert "default-src" in answer.headers["Content-Security-Policy"]
    door.leave()
    layer._agencies.update(inbox._short.application.wsgi_app._agencies)
    inbox.world.task()
    inbox.learn()
    assert inbox._asked(Client(layer, use_cookies=False), LIVE, {}).status_code == 304
