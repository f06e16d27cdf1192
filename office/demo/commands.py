"""Bringing a demo organization into the database: only what is missing, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Forbidden
from office.accounts.commands import CreateAccount
from office.calendar.commands import AddCalendar, ImportHolidays
from office.calendar.models import calendar, calendar_day
from office.demo.ministry import MINISTRY
from office.demo.neighbour import NEIGHBOUR
from office.demo.shapes import Official, Order, Organization
from office.people.commands import (
    AddPerson,
    AddPosition,
    AddRole,
    AddUnit,
    AssignPosition,
    FoundAgency,
    GrantClearance,
    GrantRole,
    RecordInstrument,
    RecordLeave,
)
from office.people.models import agency, instrument, leave, person, position, role, unit

ORGANIZATIONS: Mapping[str, Organization] = {one.code: one for one in (MINISTRY, NEIGHBOUR)}

#: Everybody has held their post, and every role, since long before the samples' dates.
SINCE = date(2023, 10, 1)
LEAVE_DAYS = 30
CLEARED_BY = "คำสั่งกระทรวงตัวอย่าง (ลับ) ที่ ๓/๒๕๖๖"
YEARS_OF_HOLIDAYS = range(-1, 3)

#: code -> (name, English name, rights)
ROLES: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "admin": ("ผู้ดูแลระบบ", "Administrator", ("everything",)),
    "registrar": ("นายทะเบียน", "Registrar", ("registry",)),
    "designer": ("ผู้ออกแบบกระบวนการ", "Process designer", ("deploy",)),
    "operator": ("ผู้ดูแลเรื่อง", "Operator", ("operate", "reassign")),
    "auditor": ("ผู้ตรวจสอบ", "Auditor", ("audit", "read_only")),
    "certifier": ("ผู้รับรองสำเนา", "Certifier of copies", ("certify",)),
    "personnel": ("งานบุคคล", "Personnel", ("people",)),
}
POLICY: Mapping[str, Any] = {"signing_methods": ["pin", "totp"]}


@dataclass(frozen=True, slots=True)
class PlantDemo:
    """Make a demo organization, or what is missing of it. The actor is the system of its agency.

    `password_hashes`: sign-in name -> hash. A leave covers today afterwards, whenever that is.
    """

    organization: str
    password_hashes: Mapping[str, str]


def plant_demo(command: PlantDemo, ctx: Context) -> Answer:
    if not ctx.actor.is_system:
        raise Forbidden("Expected the installation itself, but a person asks for demo data.")
    organization = ORGANIZATIONS[command.organization]
    _found(ctx, organization)
    _plant_calendar(ctx)
    _plant_structure(ctx, organization)
    for official in _missing(ctx, person, organization.officials, lambda one: one.username):
        _plant_official(ctx, official, organization, command.password_hashes)
    for order in organization.orders:
        _plant_order(ctx, order)
    _plant_absence(ctx, organization)
    return {"agency_id": str(ctx.actor.agency_id)}


def _found(ctx: Context, organization: Organization) -> None:
    if _exists(ctx, sa.select(agency.c.id).where(agency.c.id == ctx.actor.agency_id)):
        return
    ctx.run(
        FoundAgency(
            code=organization.code,
            name=organization.name,
            name_en=organization.name_en,
            policy=POLICY,
            demo=True,
        )
    )


def _exists(ctx: Context, wanted: sa.Select[Any]) -> bool:
    return ctx.db.execute(wanted.limit(1)).first() is not None


def _missing(
    ctx: Context, table: sa.Table, wanted: Iterable[Any], code: Callable[[Any], str]
) -> list[Any]:
    column = table.c.username if table is person else table.c.code
    rows = ctx.db.execute(sa.select(column).where(table.c.agency_id == ctx.actor.agency_id))
    present = set(rows.scalars())
    return [one for one in wanted if code(one) not in present]


def _plant_calendar(ctx: Context) -> None:
    mine = sa.select(calendar.c.id).where(calendar.c.agency_id == ctx.actor.agency_id)
    if not _exists(ctx, mine):
        ctx.run(AddCalendar("central", "ปฏิทินกลาง"))
    for offset in YEARS_OF_HOLIDAYS:
        year = _today(ctx).year + offset
        of_year = sa.select(calendar_day.c.day).where(
            calendar_day.c.agency_id == ctx.actor.agency_id,
            calendar_day.c.day.between(date(year, 1, 1), date(year, 12, 31)),
        )
        if not _exists(ctx, of_year):
            ctx.run(ImportHolidays("central", year))


def _today(ctx: Context) -> date:
    return ctx.now.astimezone(ZoneInfo("Asia/Bangkok")).date()


def _plant_structure(ctx: Context, organization: Organization) -> None:
    for one in _missing(ctx, unit, organization.units, lambda one: one.code):
        ctx.run(
            AddUnit(
                code=one.code,
                kind=one.kind,
                name=one.name,
                name_en=one.name_en,
                parent=one.parent,
                number_code=one.number_code,
                phone=one.phone,
                email=one.email,
                address=one.address,
            )
        )
    for one in _missing(ctx, position, organization.posts, lambda one: one.code):
        ctx.run(
            AddPosition(one.code, one.name, one.unit, one.level, one.superior, name_en=one.name_en)
        )
    for code in _missing(ctx, role, ROLES, str):
        name, name_en, rights = ROLES[code]
        ctx.run(AddRole(code, name, rights, name_en))


def _plant_official(
    ctx: Context, one: Official, organization: Organization, hashes: Mapping[str, str]
) -> None:
    added = ctx.run(
        AddPerson(
            username=one.username,
            given_name=one.given_name,
            family_name=one.family_name,
            title=one.title,
            name_en=one.name_en,
            email=f"{one.username}@{organization.mail_domain}",
        )
    )
    for place, post in enumerate(one.posts):
        ctx.run(AssignPosition(one.username, post, SINCE, is_primary=place == 0))
    for code in one.roles:
        ctx.run(GrantRole(one.username, code, SINCE))
    if one.clearance > 1:
        ctx.run(GrantClearance(one.username, one.clearance, CLEARED_BY, SINCE))
    ctx.run(CreateAccount(UUID(added["id"]), hashes[one.username], must_change=False))


def _plant_order(ctx: Context, order: Order) -> None:
    known = sa.select(instrument.c.id).where(
        instrument.c.agency_id == ctx.actor.agency_id, instrument.c.order_ref == order.order_ref
    )
    if _exists(ctx, known):
        return
    dated = date.fromisoformat(order.dated)
    ctx.run(
        RecordInstrument(
            mode=order.mode,
            username=order.username,
            position=order.position,
            order_ref=order.order_ref,
            order_date=dated,
            first_day=dated,
            kinds=order.kinds,
        )
    )


def _plant_absence(ctx: Context, organization: Organization) -> None:
    """Someone is on leave today, and an order in force lends the post meanwhile."""
    if organization.absent is None or organization.stands_in is None:
        return
    today = _today(ctx)
    until = today + timedelta(days=LEAVE_DAYS)
    if not _away(ctx, organization.absent):
        ctx.run(RecordLeave(organization.absent, "vacation", today, until))
    head = next(one for one in organization.officials if one.username == organization.absent)
    if not _acted_for(ctx, head.posts[0]):
        ctx.run(
            RecordInstrument(
                mode="acting",
                username=organization.stands_in,
                position=head.posts[0],
                order_ref=f"คำสั่ง{_seat(organization)} ที่ {_thai(today.timetuple().tm_yday)}"
                f"/{_thai(today.year + 543)}",
                order_date=today,
                first_day=today,
                last_day=until,
            )
        )


def _seat(organization: Organization) -> str:
    return next(one.name for one in organization.units if one.kind == "department")


def _thai(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))


def _covers(ctx: Context, table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(
        table.c.agency_id == ctx.actor.agency_id,
        table.c.starts_at <= ctx.now,
        sa.or_(table.c.ends_at.is_(None), table.c.ends_at > ctx.now),
    )


def _away(ctx: Context, username: str) -> bool:
    who = sa.select(person.c.id).where(
        person.c.agency_id == ctx.actor.agency_id, person.c.username == username
    )
    wanted = sa.select(leave.c.id).where(
        _covers(ctx, leave),
        leave.c.person_id == who.scalar_subquery(),
        leave.c.cancelled_at.is_(None),
    )
    return _exists(ctx, wanted)


def _acted_for(ctx: Context, code: str) -> bool:
    post = sa.select(position.c.id).where(
        position.c.agency_id == ctx.actor.agency_id, position.c.code == code
    )
    wanted = sa.select(instrument.c.id).where(
        _covers(ctx, instrument),
        instrument.c.position_id == post.scalar_subquery(),
        instrument.c.mode == "acting",
        instrument.c.revoked_at.is_(None),
    )
    return _exists(ctx, wanted)


HANDLERS: dict[type, Handler] = {PlantDemo: plant_demo}
