"""A new agency, ready for its first administrator: all of it stands, or nothing does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine.actor import STEWARD
from engine.bus import Answer, Context, Handler
from engine.commands.deployments import Deploy
from engine.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from engine.ids import new_id
from office.accounts.commands.accounts import CreateAccount
from office.accounts.commands.resets import OpenReset
from office.accounts.queries.entering import awaited
from office.calendar.commands import AddCalendar, ImportHolidays
from office.people import commands as people
from office.people.commands.agencies import check_zone
from office.people.commands.persons import check_address
from office.people.commands.rows import check_code, check_text, invalid
from office.people.history import record
from office.people.queries import agency, agency_by_code
from office.people.rights import demand

#: the longest that a link which lets somebody in may lie about
MOST_HOURS = 168
#: Years whose public holidays a new agency's calendar knows, this one included.
YEARS_OF_HOLIDAYS = 3


@dataclass(frozen=True, slots=True)
class SetUpAgency:
    """Found an agency with an administrator who holds every right, its working calendar, and the
    processes of `library` (name of a bundle, its files). The actor is the system of the agency
    that is to be. Books open by themselves with their first number.

    Without `password_hash` the administrator first needs a link (`OpenReset`). `founder`: who of
    which agency had it founded, where it was not the command line. Answer: {agency_id, person_id}.
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
    founder: str | None = None


@dataclass(frozen=True, slots=True)
class FoundBeside:
    """Found an agency beside one's own, by the right over the installation (`STEWARD`), with a link
    for its administrator that is good for `hours`. One commit: both agencies' histories tell it,
    each written behind its own fence. Answer: {agency_id, person_id, reset_id}.
    """

    wanted: SetUpAgency
    hours: int


@dataclass(frozen=True, slots=True)
class InviteBeside:
    """A new link for whoever an agency was founded with; earlier ones end. Same right.

    Only into an agency that nobody has come into yet: from then on its people let each other in,
    and whoever founded it has no way to anything that is theirs. Answer: {username, reset_id}.
    """

    code: str
    hours: int


def check_founding(db: Connection, wanted: SetUpAgency) -> None:
    """Raise Invalid with every field that could not be so, by the names of `SetUpAgency`; Conflict
    (taken) where the code is another agency's.
    """
    errors: list[FieldError] = []
    for path, check in (
        ("code", lambda: check_code(wanted.code)),
        ("name", lambda: check_text(wanted.name, "name")),
        ("timezone", lambda: check_zone(wanted.timezone)),
        ("admin", lambda: check_code(wanted.admin)),
        ("given_name", lambda: check_text(wanted.given_name, "given_name")),
        ("email", lambda: check_address(wanted.email) if wanted.email else None),
    ):
        try:
            check()
        except Invalid as wrong:
            errors += [replace(error, path=path) for error in wrong.errors]
    if errors:
        raise Invalid(errors[0].message, errors)
    if agency_by_code(db, wanted.code) is not None:
        raise Conflict(f"Expected a new agency, but {wanted.code!r} exists.", code="taken")


def check_hours(hours: int) -> None:
    if not 1 <= hours <= MOST_HOURS:
        raise invalid(
            "hours", f"Expected 1 to {MOST_HOURS} hours, but got {hours}.", "out_of_range"
        )


def set_up_agency(command: SetUpAgency, ctx: Context) -> Answer:
    if not ctx.actor.is_system:
        raise Forbidden("Expected the installation itself, but a person asks for a new agency.")
    check_founding(ctx.db, command)
    ctx.run(
        people.FoundAgency(
            command.code,
            command.name,
            command.name_en,
            command.timezone,
            founder=command.founder,
        )
    )
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
    wanted = people.AddPerson(
        username=command.admin,
        given_name=command.given_name,
        family_name=command.family_name,
        email=command.email,
    )
    added = ctx.run(wanted)
    ctx.run(people.GrantRole(command.admin, "admin", today))
    person_id = UUID(added["id"])
    ctx.run(CreateAccount(person_id, command.password_hash, must_change=False))
    return person_id


def found_beside(command: FoundBeside, ctx: Context) -> Answer:
    demand(ctx.actor, STEWARD)
    check_hours(command.hours)
    founder = _founder(ctx)
    with ctx.within(new_id()) as there:
        made = there.run(replace(command.wanted, founder=founder))
        person_id = UUID(made["person_id"])
        opened = there.run(OpenReset(person_id, command.hours, sent_by=founder))
    wanted = command.wanted
    _tell(ctx, "house.founded", code=wanted.code, name=wanted.name, username=wanted.admin)
    return {**made, "reset_id": opened["reset_id"]}


def _founder(ctx: Context) -> str:
    """As it is told to those of the other agency, who do not know this one's people."""
    return f"{ctx.actor.username} ({agency(ctx.db, ctx.actor.agency_id).code})"


def _tell(ctx: Context, event: str, **said: str) -> None:
    record(ctx, event, ctx.actor.agency_id, **said)


def invite_beside(command: InviteBeside, ctx: Context) -> Answer:
    demand(ctx.actor, STEWARD)
    check_hours(command.hours)
    found, founder = agency_by_code(ctx.db, command.code), _founder(ctx)
    if found is None:
        raise NotFound(f"Expected an agency with the code {command.code!r:.80}, but there is none.")
    with ctx.within(found.id) as there:
        first = awaited(there.db, found.id, lock=True)
        if first is None:
            raise Conflict(
                "Expected an agency that nobody has come into yet, but its people have:"
                " they let each other in.",
                code="entered",
            )
        opened = there.run(OpenReset(first.person_id, command.hours, sent_by=founder))
    _tell(ctx, "house.invited", code=found.code, name=found.name, username=first.username)
    return {"username": first.username, "reset_id": opened["reset_id"]}


HANDLERS: dict[type, Handler] = {
    SetUpAgency: set_up_agency,
    FoundBeside: found_beside,
    InviteBeside: invite_beside,
}
