"""A new agency, ready for its first administrator: all of it stands, or nothing does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from engine.bus import Answer, Context, Handler
from engine.commands.deployments import Deploy
from engine.errors import Forbidden
from office.accounts.commands.accounts import CreateAccount
from office.calendar.commands import AddCalendar, ImportHolidays
from office.people import commands as people

#: Years whose public holidays a new agency's calendar knows, this one included.
YEARS_OF_HOLIDAYS = 3


@dataclass(frozen=True, slots=True)
class SetUpAgency:
    """Found an agency with an administrator who holds every right, its working calendar, and the
    processes of `library` (name of a bundle, its files). The actor is the system of the agency
    that is to be. Books open by themselves with their first number.

    Without `password_hash` the administrator first needs a link (`OpenReset`). Answer:
    {agency_id, person_id}.
    """

    code: str
    name: str
    admin: str
    given_name: str
    family_name: str = ""
    email: str | None = None
    name_en: str = ""
    timezone: str = "Asia/Bangkok"
    password_hash: str | None = None
    library: Sequence[tuple[str, Mapping[str, bytes]]] = ()


def set_up_agency(command: SetUpAgency, ctx: Context) -> Answer:
    if not ctx.actor.is_system:
        raise Forbidden("Expected the installation itself, but a person asks for a new agency.")
    ctx.run(people.FoundAgency(command.code, command.name, command.name_en, command.timezone))
    today = ctx.now.astimezone(ZoneInfo(command.timezone)).date()
    person_id = _administrator(command, ctx, today)
    ctx.run(AddCalendar("central", "ปฏิทินกลาง", timezone=command.timezone))
    for ahead in range(YEARS_OF_HOLIDAYS):
        ctx.run(ImportHolidays("central", today.year + ahead))
    for name, files in command.library:
        ctx.run(Deploy(files=files, name=name))
    return {"agency_id": str(ctx.actor.agency_id), "person_id": str(person_id)}


def _administrator(command: SetUpAgency, ctx: Context, today: date) -> UUID:
    ctx.run(people.AddRole("admin", "ผู้ดูแลระบบ", ["everything"], "Administrator"))
    added = ctx.run(
        people.AddPerson(
            username=command.admin,
            given_name=command.given_name,
            family_name=command.family_name,
            email=command.email,
        )
    )
    ctx.run(people.GrantRole(command.admin, "admin", today))
    person_id = UUID(added["id"])
    ctx.run(CreateAccount(person_id, command.password_hash, must_change=False))
    return person_id


HANDLERS: dict[type, Handler] = {SetUpAgency: set_up_agency}
