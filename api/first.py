"""First steps of an installation: an agency, its administrator, the process library, a token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import bpmn
from api.bootstrap import System
from engine.actor import Actor, system_actor
from engine.commands.deployments import Deploy
from engine.db import reading
from engine.errors import NotFound
from engine.ids import new_id
from office.accounts import credentials
from office.accounts.commands import SetUpAgency
from office.accounts.rules import normal
from office.accounts.settings import settings_of
from office.people import queries

#: What an API token may do unless it is told less; `sign` only where the demo grants it.
SCOPES = ("read", "write", "deploy", "operate")


def make_agency(system: System, code: str, name: str, admin: str, password: str) -> UUID:
    """Found an agency whose administrator, who holds every right, signs in with this password."""
    credentials.check_new_password(system.bus, password, (admin,))
    hashed = settings_of(system.bus.services).hasher.hash(normal(password))
    wanted = SetUpAgency(code, name, admin, given_name=admin, password_hash=hashed)
    return _set_up(system, wanted)[0]


def found_agency(system: System, wanted: SetUpAgency, hours: int) -> str:
    """Found an agency beside others; answers the link by which its administrator comes in."""
    agency_id, person_id = _set_up(system, wanted)
    return credentials.invite(system.bus, system_actor(agency_id), person_id, hours)


def _set_up(system: System, wanted: SetUpAgency) -> tuple[UUID, UUID]:
    """All in one commit, the process library included."""
    actor = system_actor(new_id())
    made = system.bus.execute(replace(wanted, library=library()), actor)
    return actor.agency_id, UUID(made["person_id"])


def deploy_library(system: System, agency_id: UUID) -> None:
    """Deploy each folder of the process library to an agency; what is there already stays."""
    actor = system_actor(agency_id)
    for folder in library_folders():
        system.bus.execute(Deploy(files=library_files(folder), name=folder.name), actor)


def library() -> Sequence[tuple[str, Mapping[str, bytes]]]:
    """All of the process library: name of a bundle, its files."""
    return tuple((folder.name, library_files(folder)) for folder in library_folders())


def library_folders() -> list[Path]:
    return sorted(p for p in bpmn.path().iterdir() if p.is_dir() and any(p.glob("*.bpmn")))


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
