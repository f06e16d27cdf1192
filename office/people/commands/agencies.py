"""Agencies: founded once, by the installation; changed by their own administrators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict, Forbidden
from office.people.commands.rows import check_code, check_text, given, invalid
from office.people.history import record, record_change
from office.people.models import agency
from office.people.queries.organization import AGENCY_SAYS
from office.people.rights import demand
from office.people.versions import check_version


@dataclass(frozen=True, slots=True)
class FoundAgency:
    """Make a tenant. The actor is the system, acting as the agency that is to be:
    `system_actor(agency_id)`. `founder`: who of which agency asked for it, for its history.
    """

    code: str
    name: str
    name_en: str = ""
    timezone: str = "Asia/Bangkok"
    policy: Mapping[str, Any] = field(default_factory=dict)
    demo: bool = False
    founder: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeAgency:
    """Change what is given of the agency itself; its code stays, and each choice of its policy has
    a command of its own. Right: people. `expected`: the version that was read.

    Periods that were recorded are instants and stay; days that are entered from now on begin at
    the new time zone's midnight.
    """

    name: str | None = None
    name_en: str | None = None
    timezone: str | None = None
    expected: str | None = None


def found_agency(command: FoundAgency, ctx: Context) -> Answer:
    if not ctx.actor.is_system:
        raise Forbidden("Expected the installation itself, but a person asks for a new agency.")
    check_code(command.code)
    check_zone(command.timezone)
    if ctx.db.execute(sa.select(agency.c.id).where(agency.c.code == command.code)).first():
        raise Conflict(f"Expected a new agency, but {command.code!r} exists.", code="taken")
    ctx.db.execute(
        sa.insert(agency),
        {
            "id": ctx.actor.agency_id,
            "code": command.code,
            "name": check_text(command.name, "name"),
            "name_en": " ".join(command.name_en.split()),
            "timezone": command.timezone,
            "policy": dict(command.policy),
            "demo": command.demo,
            "created_at": ctx.now,
        },
    )
    record(ctx, "agency.founded", ctx.actor.agency_id, code=command.code, founder=command.founder)
    return {"agency_id": str(ctx.actor.agency_id)}


def check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise invalid(
            "timezone", f"Expected a time zone such as Asia/Bangkok, not {name!r:.40}."
        ) from None


def change_agency(command: ChangeAgency, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    mine = sa.select(*AGENCY_SAYS).where(agency.c.id == ctx.actor.agency_id)
    row = ctx.db.execute(mine.with_for_update()).one()
    check_version(row, command.expected)
    values = given(command, "name", "name_en", "timezone")
    if command.name is not None:
        values["name"] = check_text(command.name, "name")
    if command.name_en is not None:
        values["name_en"] = " ".join(command.name_en.split())
    if command.timezone is not None:
        check_zone(command.timezone)
    if values:
        ctx.db.execute(sa.update(agency).where(agency.c.id == row.id).values(**values))
        record_change(ctx, "agency.changed", row, values)
    return {"agency_id": str(row.id)}


HANDLERS: dict[type, Handler] = {FoundAgency: found_agency, ChangeAgency: change_agency}
