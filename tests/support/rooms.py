"""A bus over the people's rooms alone, and a small agency in which things happen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from sqlalchemy import Connection, Engine

from engine.actor import Actor, system_actor
from engine.bus import Answer, Bus, Services
from engine.clock import Clock
from engine.commands import jobs, progress
from engine.db import reading
from engine.ids import new_id
from office.accounts import actions as account_actions
from office.accounts import commands as accounts
from office.accounts import listeners as account_listeners
from office.accounts.settings import AccountSettings
from office.calendar import commands as calendar
from office.calendar.calendars import StoredCalendars
from office.demo import commands as demo
from office.notices import actions as notice_actions
from office.notices import commands as notices
from office.notices import listeners
from office.notices.actions import MailSettings
from office.notices.postbox import Postbox
from office.people import actions as people_actions
from office.people import commands as people
from office.people import queries
from office.people.directory import StoredDirectory

SINCE = date(2025, 1, 1)


class NoBell:
    def ring(self, job_ids: object) -> None:
        """The tests ask for jobs themselves."""


def make_bus(
    engine: Engine,
    clock: Clock,
    postbox: Postbox,
    hasher: PasswordHasher,
    *,
    demo_mode: bool = False,
) -> Bus:
    made: list[Bus] = []
    actions = [
        *account_actions.actions(lambda: made[0]),
        *notice_actions.actions(lambda: made[0]),
        *people_actions.actions(lambda: made[0], nullcontext),
    ]
    services = Services(
        clock=clock,
        directory=StoredDirectory(),
        calendars=StoredCalendars(),
        forms=None,  # type: ignore[arg-type]  # no room here has a form
        actions={action.name: action for action in actions},
        extra={
            "accounts": AccountSettings(
                secret=b"x" * 32, public_url="http://127.0.0.1:8000", demo=demo_mode, hasher=hasher
            ),
            "mail": MailSettings(postbox, "http://127.0.0.1:8000"),
        },
    )
    handlers = {
        **jobs.HANDLERS,
        **progress.HANDLERS,
        **people.HANDLERS,
        **accounts.HANDLERS,
        **calendar.HANDLERS,
        **notices.HANDLERS,
        **demo.HANDLERS,
    }
    heard = {**listeners.LISTENERS, **account_listeners.LISTENERS}
    made.append(Bus(engine, services, NoBell(), handlers, heard))
    return made[0]


@dataclass(frozen=True)
class Rooms:
    """One agency and what can be done in it, in a sentence each."""

    bus: Bus
    agency_id: UUID
    code: str

    @classmethod
    def founded(cls, bus: Bus, code: str) -> Rooms:
        rooms = cls(bus, new_id(), code)
        rooms.do(people.FoundAgency(code, f"หน่วยงาน {code}"))
        rooms.do(people.AddUnit("office", "department", "สำนักงาน"))
        rooms.do(people.AddUnit("records", "group", "กลุ่มสารบรรณ", parent="office"))
        rooms.do(people.AddPosition("chief", "หัวหน้า", "office", "head"))
        rooms.do(people.AddPosition("deputy", "รองหัวหน้า", "office", "deputy", "chief"))
        rooms.do(people.AddPosition("clerk", "เจ้าหน้าที่", "records", "officer", "deputy"))
        rooms.do(people.AddPosition("vacant", "ตำแหน่งว่าง", "records", "group", "deputy"))
        for name, post in (("ying", "chief"), ("rong", "deputy"), ("noi", "clerk")):
            rooms.do(people.AddPerson(name, name.title(), email=f"{name}@{code}.example.go.th"))
            rooms.do(people.AssignPosition(name, post, SINCE))
        return rooms

    def do(self, command: Any, by: str | None = None) -> Answer:
        return self.bus.execute(command, self.actor(by) if by else system_actor(self.agency_id))

    def actor(self, username: str) -> Actor:
        with self.read() as db:
            who = queries.person(db, self.agency_id, username)
            return queries.actor_for(db, self.agency_id, who.id, self.now)

    def person_id(self, username: str) -> UUID:
        with self.read() as db:
            return queries.person(db, self.agency_id, username).id

    def empower(self, username: str, *rights: str) -> None:
        """Give a person a role with these rights."""
        code = f"role-{'-'.join(rights)}"
        self.do(people.AddRole(code, code, rights))
        self.do(people.GrantRole(username, code, SINCE))

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with reading(self.bus.engine) as db:
            yield db

    @property
    def now(self) -> datetime:
        return self.bus.services.clock.now()

    @property
    def services(self) -> Mapping[str, Any]:
        return self.bus.services.extra


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
