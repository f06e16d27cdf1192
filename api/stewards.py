"""Who founds agencies from a page: given and taken by whoever runs the installation."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from api.bootstrap import System
from engine.actor import STEWARD, Actor
from engine.db import reading
from engine.errors import Conflict
from office.people import queries as people
from office.people.commands import AddRole, EndRole, GrantRole

#: the role by which the right comes, in the agency whose people look after the installation
ROLE = "house-steward"
NAME, NAME_EN = "ผู้ตั้งหน่วยงานในระบบ", "Steward of the installation"


def appoint(system: System, actor: Actor, username: str) -> None:
    """Give somebody of the system actor's agency the right, from today on. Conflict (granted) where
    they have it.
    """
    with reading(system.engine, actor.fence) as db:
        roles = {one.code: set(one.rights) for one in people.roles(db, actor.agency_id)}
        zone = ZoneInfo(people.agency(db, actor.agency_id).timezone)
    if ROLE not in roles:
        system.bus.execute(AddRole(ROLE, NAME, [STEWARD], NAME_EN), actor)
    elif roles[ROLE] != {STEWARD}:
        # its holders would get a right that nobody meant them to have
        raise Conflict(
            f"Expected the role {ROLE!r} to give the right {STEWARD!r} alone, but it gives"
            f" {', '.join(sorted(roles[ROLE])) or 'nothing'}. Rename that role, then try again."
        )
    today = system.services.clock.now().astimezone(zone).date()
    system.bus.execute(GrantRole(username, ROLE, today), actor)


def dismiss(system: System, actor: Actor, username: str) -> None:
    """Take it from them, by whichever of the agency's roles they hold it, now and to come."""
    now = system.services.clock.now()
    with reading(system.engine, actor.fence) as db:
        people.person(db, actor.agency_id, username)
        found = {one.code for one in people.roles(db, actor.agency_id) if STEWARD in one.rights}
        held = people.grants_of_person(db, actor.agency_id, username, now)
    live = [one for one in held if one.role_code in found and one.state != "ended"]
    if not live:
        raise Conflict(f"Expected {username} to found agencies, but they do not.", code="ended")
    for one in live:
        system.bus.execute(EndRole(one.id), actor)
