"""A small world behind the HTTP door: two agencies, a few people, one deployed process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from support.database import sqlite_clone
from support.openapi import Judge
from werkzeug.test import TestResponse

from api.app import create_app
from api.bootstrap import System, build
from api.settings import Settings
from engine import jsonio
from engine.actor import system_actor
from engine.clock import SteppedClock
from engine.commands.deployments import Deploy
from engine.ids import new_id
from office.accounts import credentials
from office.accounts.commands import OpenSession
from office.accounts.secrets import new_token, sha256
from office.people import commands as people

HERE = Path(__file__).parent
#: the suite's Monday, nine in the morning in Bangkok
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SCOPES = ("read", "write", "deploy", "operate", "sign")


@dataclass
class Agency:
    """One tenant and the people in it, by sign-in name."""

    id: UUID
    persons: dict[str, UUID] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    system: System
    clock: SteppedClock
    client: FlaskClient
    home: Agency
    foreign: Agency
    judge: Judge

    def call(
        self,
        method: str,
        path: str,
        *,
        as_: str | None = "clerk",
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> TestResponse:
        """One REST call with a person's token; `json` is written with exact numbers."""
        sent = dict(headers or {})
        if as_ is not None:
            sent["Authorization"] = f"Bearer {self.token(as_)}"
        if json is not None:
            more["data"], more["content_type"] = jsonio.dumps(json), "application/json"
        answer = self.client.open(f"/api/v1{path}", method=method, headers=sent, **more)
        self.judge.check(method, f"/api/v1{path}", answer)
        return answer

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.call("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        return self.call(
            "POST", path, json={} if json is None and "data" not in more else json, **more
        )

    def token(self, username: str) -> str:
        agency = self.foreign if username == "stranger" else self.home
        return agency.tokens[username]

    def session(self, username: str) -> str:
        """The token of a fresh session: what the cookie holds."""
        token = new_token()
        command = OpenSession(self.home.persons[username], sha256(token), ("pwd",), False, "", "")
        self.system.bus.execute(command, system_actor(self.home.id))
        return token

    def start(self, **variables: Any) -> dict[str, Any]:
        """A new case of the review process; answers what the API answered."""
        answer = self.post(
            "/process-instances", {"definition_key": "review", "variables": variables}
        )
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = jsonio.loads(answer.data)
        return found

    def task(self, **variables: Any) -> str:
        """The id of a fresh, open task that the clerk may do."""
        return str(self.start(**variables)["next"][0]["id"])


def _agency(system: System, clock: SteppedClock, code: str, usernames: list[str]) -> Agency:
    agency = Agency(new_id())
    actor, today = system_actor(agency.id), clock.now().date() - timedelta(days=30)
    for command in (
        people.FoundAgency(code=code, name=f"หน่วยงาน {code}"),
        people.AddRole("admin", "ผู้ดูแลระบบ", ["everything"]),
        people.AddRole("clerks", "เจ้าหน้าที่"),
        people.AddUnit("central", "department", "กองกลาง"),
        people.AddPosition("head", "หัวหน้ากอง", "central", "division"),
    ):
        system.bus.execute(command, actor)
    for name in usernames:
        made = system.bus.execute(people.AddPerson(name, name.title()), actor)
        person = agency.persons[name] = UUID(made["id"])
        role = {"admin": "admin", "stranger": "admin", "clerk": "clerks", "colleague": "clerks"}
        if name in role:
            system.bus.execute(people.GrantRole(name, role[name], today), actor)
        agency.tokens[name] = credentials.issue_token(
            system.bus, actor, "t", SCOPES, person_id=person
        )
        credentials.create_account(system.bus, actor, person, f"{name} opens his own door")
    return agency


@contextmanager
def _world(url: str, home: Path) -> Iterator[World]:
    clock = SteppedClock(MONDAY)
    settings = Settings(home=home, database_url=url, secret="a secret of the tests").resolved()
    system = build(settings, bell=False, clock=clock)
    try:
        yield _populated(system, clock)
    finally:
        system.close()


def _populated(system: System, clock: SteppedClock) -> World:
    app = create_app(system)
    app.testing = True
    ours = _agency(system, clock, "home", ["admin", "clerk", "colleague", "boss", "outsider"])
    first_day = clock.now().date() - timedelta(days=30)
    system.bus.execute(people.AssignPosition("boss", "head", first_day), system_actor(ours.id))
    theirs = _agency(system, clock, "foreign", ["stranger"])
    files = {file.name: file.read_bytes() for file in (HERE / "review").iterdir()}
    for agency in (ours, theirs):
        system.bus.execute(Deploy(files, "review"), system_actor(agency.id))
    client = app.test_client()
    judge = Judge(client.get("/api/v1/openapi.json").json)
    return World(system, clock, client, ours, theirs, judge)


@pytest.fixture(scope="session")
def sqlite_world(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    home = tmp_path_factory.mktemp("world")
    with sqlite_clone(sqlite_template, home / "saraban.db"):
        pass
    with _world(f"sqlite:///{home / 'saraban.db'}", home) as world:
        yield world


@pytest.fixture(scope="session")
def postgres_world(
    postgres_server: Any, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    url = postgres_server.create(postgres_template)
    with _world(url, tmp_path_factory.mktemp("world")) as world:
        yield world
    postgres_server.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest) -> World:
    """The same world on each database. It is shared: tests make cases of their own in it."""
    name = "postgres_world" if request.param == "postgresql" else "sqlite_world"
    return request.getfixturevalue(name)  # type: ignore[no-any-return] # pytest's signature
