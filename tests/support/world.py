"""A world behind the HTTP door: agencies, people, deployed processes, and calls in their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from support.openapi import Judge
from werkzeug.test import TestResponse

from api import demo, first
from api.app import create_app
from api.bootstrap import System
from engine import jsonio
from engine.actor import system_actor
from engine.clock import SteppedClock
from engine.commands.deployments import Deploy
from engine.db import reading
from engine.ids import new_id
from office.accounts import credentials
from office.accounts.commands import OpenSession
from office.accounts.secrets import new_token, sha256
from office.people import commands as people
from office.people.queries import agencies

#: the process that tests of the interface run
REVIEW = Path(__file__).parents[1] / "api" / "review"
SCOPES = ("read", "write", "deploy", "operate", "sign")
_JUDGES: list[Judge] = []


@dataclass
class Agency:
    """One tenant and the people in it, by sign-in name."""

    id: UUID
    code: str
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
    #: the person of the foreign agency
    stranger: str = "stranger"

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
        """The person's API token with every scope, issued when it is first needed."""
        agency = self.foreign if username == self.stranger else self.home
        if username not in agency.tokens:
            issued = first.issue_token(self.system, username, agency.code, 30, SCOPES)
            agency.tokens[username] = issued
        return agency.tokens[username]

    def session(self, username: str) -> str:
        """The token of a fresh session: what the cookie holds."""
        token = new_token()
        command = OpenSession(self.home.persons[username], sha256(token), ("pwd",), False, "", "")
        self.system.bus.execute(command, system_actor(self.home.id))
        return token

    def deploy(self, files: Mapping[str, bytes]) -> None:
        """Deploy into the home agency, by its system."""
        self.system.bus.execute(Deploy(dict(files), "tests"), system_actor(self.home.id))

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
    agency = Agency(new_id(), code)
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
        credentials.create_account(system.bus, actor, person, f"{name} opens his own door")
    return agency


def review_world(system: System, clock: SteppedClock) -> World:
    """Two small agencies with the review process."""
    ours = _agency(system, clock, "home", ["admin", "clerk", "colleague", "boss", "outsider"])
    first_day = clock.now().date() - timedelta(days=30)
    system.bus.execute(people.AssignPosition("boss", "head", first_day), system_actor(ours.id))
    theirs = _agency(system, clock, "foreign", ["stranger"])
    files = {file.name: file.read_bytes() for file in REVIEW.iterdir()}
    for agency in (ours, theirs):
        system.bus.execute(Deploy(files, "review"), system_actor(agency.id))
    return _behind_the_door(system, clock, ours, theirs, "stranger")


def demo_world(system: System, clock: SteppedClock) -> World:
    """The demo ministry and its neighbour."""
    demo.install(system)
    with reading(system.engine) as db:
        found = {row.code: row.id for row in agencies(db)}
    ours, theirs = (Agency(found[code], code) for code in ("tuayang", "phueanban"))
    return _behind_the_door(system, clock, ours, theirs, "muban")


def _behind_the_door(
    system: System, clock: SteppedClock, ours: Agency, theirs: Agency, stranger: str
) -> World:
    app = create_app(system)
    app.testing = True
    client = app.test_client()
    return World(system, clock, client, ours, theirs, _judge(client), stranger)


def _judge(client: FlaskClient) -> Judge:
    """One for all worlds of a process: the document is the program's, not an installation's."""
    if not _JUDGES:
        _JUDGES.append(Judge(client.get("/api/v1/openapi.json").json or {}))
    return _JUDGES[0]
