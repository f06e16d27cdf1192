"""First steps of an installation: an agency, its administrator, the process library, a token."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import bpmn
from api.bootstrap import System
from engine.actor import Actor, system_actor
from engine.commands.deployments import Deploy
from engine.db import reading
from engine.errors import NotFound
from engine.ids import new_id
from office.accounts import credentials
from office.calendar.commands import AddCalendar, ImportHolidays
from office.people import commands as people
from office.people import queries

#: What an API token may do unless it is told less; `sign` only where the demo grants it.
SCOPES = ("read", "write", "deploy", "operate")
#: Years whose public holidays a new agency's calendar knows, this one included.
YEARS_OF_HOLIDAYS = 3


def make_agency(system: System, code: str, name: str, admin: str, password: str) -> UUID:
    """Found an agency: its administrator, who holds every right, and its working calendar."""
    credentials.check_new_password(system.bus, password, (admin,))
    actor, today = system_actor(new_id()), _today(system)
    for command in (
        people.FoundAgency(code=code, name=name),
        people.AddRole("admin", "ผู้ดูแลระบบ", ["everything"], "Administrator"),
        people.AddPerson(username=admin, given_name=admin),
        people.GrantRole(admin, "admin", today),
        AddCalendar("central", "ปฏิทินกลาง"),
        *(ImportHolidays("central", today.year + ahead) for ahead in range(YEARS_OF_HOLIDAYS)),
    ):
        system.bus.execute(command, actor)
    with reading(system.engine) as db:
        person = queries.person(db, actor.agency_id, admin)
    credentials.create_account(system.bus, actor, person.id, password)
    return actor.agency_id


def _today(system: System) -> date:
    return system.services.clock.now().astimezone(ZoneInfo("Asia/Bangkok")).date()


def deploy_library(system: System, agency_id: UUID) -> None:
    """Deploy each folder of the process library to an agency; what is there already stays."""
    actor = system_actor(agency_id)
    for folder in sorted(p for p in bpmn.path().iterdir() if p.is_dir() and any(p.glob("*.bpmn"))):
        system.bus.execute(Deploy(files=library_files(folder), name=folder.name), actor)


def library_files(folder: Path) -> dict[str, bytes]:
    return {
        file.name: file.read_bytes()
        for file in sorted(folder.iterdir())
        if file.name.endswith((".bpmn", ".dmn", ".form.json"))
    }


def issue_token(
    system: System, username: str, agency: str | None, days: int, scopes: Sequence[str]
) -> str:
    """A token for a person, with every scope of theirs; in demo mode signing too."""
    actor = actor_named(system, username, agency)
    granted = tuple(scopes) or (*SCOPES, *(("sign",) if system.settings.demo else ()))
    return credentials.issue_token(
        system.bus, actor, "saraban token", granted, timedelta(days=days)
    )


def actor_named(system: System, username: str, agency: str | None) -> Actor:
    """The person with this sign-in name, as they may act now."""
    with reading(system.engine) as db:
        agencies = [a for a in queries.agencies(db) if agency in (None, a.code)]
        for found in agencies:
            try:
                person = queries.person(db, found.id, username)
            except NotFound:
                continue
            return queries.actor_for(db, found.id, person.id, system.services.clock.now())
    raise NotFound(
        f"Expected a person with the sign-in name {username!r}, but there is none."
        " Name the agency with --agency where there are several."
    )
