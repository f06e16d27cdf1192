"""Agencies, their tree of units, and the posts in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from engine.models.columns import AnyRow
from office.people import rules
from office.people.models import agency as agency_table
from office.people.models import person as person_table
from office.people.models import position as position_table
from office.people.models import unit as unit_table
from office.people.queries.moment import AGENCY, joined
from office.people.versions import version_of

_CODE: sa.BindParameter[str] = sa.bindparam("code")
_PHONE = re.compile(r"\s*โทร\.?.*$")
_BRACKETS = re.compile(r"\([^)]*\)")


@dataclass(frozen=True, slots=True)
class AgencyRow:
    id: UUID
    code: str
    name: str
    name_en: str
    timezone: str
    policy: Mapping[str, Any]
    demo: bool


_AGENCIES = sa.select(
    agency_table.c.id,
    agency_table.c.code,
    agency_table.c.name,
    agency_table.c.name_en,
    agency_table.c.timezone,
    agency_table.c.policy,
    agency_table.c.demo,
).order_by(agency_table.c.created_at, agency_table.c.id)
#: what an agency's administrators change of it by one command; choices have commands of their own
AGENCY_SAYS: tuple[sa.Column[Any], ...] = (
    agency_table.c.id, agency_table.c.name, agency_table.c.name_en, agency_table.c.timezone
)  # fmt: skip
_SAYS = sa.select(*AGENCY_SAYS).where(agency_table.c.id == AGENCY)
_AGENCY = _AGENCIES.where(agency_table.c.id == AGENCY)
_AGENCY_BY_CODE = _AGENCIES.where(agency_table.c.code == _CODE)


def agencies(db: Connection) -> tuple[AgencyRow, ...]:
    """Every tenant, oldest first: for start-up and operators, never for a page."""
    return tuple(AgencyRow(*row) for row in db.execute(_AGENCIES))


@dataclass(frozen=True, slots=True)
class Size:
    """How large an agency is: people, units and posts that are in use."""

    people: int
    units: int
    posts: int


_SIZE = sa.select(*(
    sa.select(sa.func.count()).select_from(table)
    .where(table.c.agency_id == AGENCY, table.c.active).scalar_subquery()
    for table in (person_table, unit_table, position_table)
))  # fmt: skip


def size(db: Connection, agency_id: UUID) -> Size:
    return Size(*db.execute(_SIZE, {"agency": agency_id}).one())


def agency(db: Connection, agency_id: UUID) -> AgencyRow:
    row = db.execute(_AGENCY, {"agency": agency_id}).one_or_none()
    if row is None:
        raise NotFound("Expected an agency, but found none with this id.")
    return AgencyRow(*row)


def agency_version(db: Connection, agency_id: UUID) -> str:
    """The version of what `ChangeAgency` changes."""
    return version_of(db.execute(_SAYS, {"agency": agency_id}).one())


def agency_by_code(db: Connection, code: str) -> AgencyRow | None:
    row = db.execute(_AGENCY_BY_CODE, {"code": code}).one_or_none()
    return None if row is None else AgencyRow(*row)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit with what it inherits from above: number prefix, address, mail, phone."""

    id: UUID
    code: str
    kind: str
    name: str
    name_en: str
    parent_id: UUID | None
    #: None of its own and none above: None
    number_code: str | None
    phone: str | None
    email: str | None
    address: str | None
    active: bool
    #: names from the top of the tree down to this unit
    path: tuple[str, ...]
    #: code of the nearest unit from here up that is a department (ส่วนราชการ), else of the top
    department: str
    #: the same with the unit's own values alone, for forms
    own: Mapping[str, str | None]


_ORDER = (unit_table.c.sort_key, unit_table.c.code)
_UNITS = sa.select(unit_table).where(unit_table.c.agency_id == AGENCY).order_by(*_ORDER)


def _with_those_above(*wanted: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Some units and all above them: a full house has thousands, a branch of its tree has some
    four. UNION, so that each comes once.
    """
    branch = sa.select(unit_table.c.id, unit_table.c.parent_id)
    found = branch.where(unit_table.c.agency_id == AGENCY, *wanted).cte("branch", recursive=True)
    above = branch.where(unit_table.c.agency_id == AGENCY, unit_table.c.id == found.c.parent_id)
    return _UNITS.where(unit_table.c.id.in_(sa.select(found.union(above).c.id)))


_BRANCH = _with_those_above(unit_table.c.code == _CODE)
_UNITS_NAMED = _with_those_above(unit_table.c.name.in_(sa.bindparam("names", expanding=True)))
_CODES = sa.select(unit_table.c.code).where(
    unit_table.c.agency_id == AGENCY,
    unit_table.c.code.in_(sa.bindparam("codes", expanding=True)),
)
_INHERITED = ("number_code", "phone", "email", "address")


def units(db: Connection, agency_id: UUID) -> tuple[UnitRow, ...]:
    """The whole tree, each unit after the one above it."""
    return _tree(db.execute(_UNITS, {"agency": agency_id}))


def units_named(db: Connection, agency_id: UUID, names: Collection[str]) -> tuple[UnitRow, ...]:
    """The units with one of these names, in the order of the whole tree."""
    found = _tree(db.execute(_UNITS_NAMED, {"agency": agency_id, "names": list(names)}))
    return tuple(unit for unit in found if unit.name in names)


def unit_codes(db: Connection, agency_id: UUID, codes: Collection[str]) -> frozenset[str]:
    """Those of the codes that a unit has."""
    key = {"agency": agency_id, "codes": list(codes)}
    return frozenset(db.execute(_CODES, key).scalars())


def branch(db: Connection, agency_id: UUID, code: str) -> tuple[UnitRow, ...]:
    """A unit and all above it, the top first: rows as `units` has them."""
    found = _tree(db.execute(_BRANCH, {"agency": agency_id, "code": code}))
    if not found:
        raise NotFound(f"Expected a unit with the code {code!r:.80}, but this agency has none.")
    return found


def _tree(rows: Iterable[sa.Row[Any]]) -> tuple[UnitRow, ...]:
    """Each unit after the one above it; neighbours stay in the rows' order."""
    below: dict[UUID | None, list[sa.Row[Any]]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    found: list[UnitRow] = []
    _descend(below, None, None, found)
    return tuple(found)


def _descend(
    below: Mapping[UUID | None, Sequence[sa.Row[Any]]],
    parent_id: UUID | None,
    above: UnitRow | None,
    found: list[UnitRow],
) -> None:
    for row in below.get(parent_id, ()):
        here = _unit_row(row, above)
        found.append(here)
        _descend(below, row.id, here, found)


def _unit_row(row: sa.Row[Any], above: UnitRow | None) -> UnitRow:
    own = {name: getattr(row, name) for name in _INHERITED}
    effective = {name: own[name] or (getattr(above, name) if above else None) for name in own}
    is_department = row.kind == "department" or above is None
    return UnitRow(
        id=row.id,
        code=row.code,
        kind=row.kind,
        name=row.name,
        name_en=row.name_en,
        parent_id=row.parent_id,
        active=row.active,
        path=(*(above.path if above else ()), row.name),
        department=row.code if is_department or above is None else above.department,
        own=own,
        **effective,
    )


def unit(db: Connection, agency_id: UUID, code: str) -> UnitRow:
    """One unit by its code."""
    return branch(db, agency_id, code)[-1]


def department_of(db: Connection, agency_id: UUID, code: str) -> UnitRow:
    """The department (ส่วนราชการ) that a unit belongs to: the first line of its letters."""
    way = branch(db, agency_id, code)
    return next(row for row in way if row.code == way[-1].department)


def unit_named(
    db: Connection, agency_id: UUID, owner_unit: str, owner_agency: str | None = None
) -> UnitRow | None:
    """The unit that a document's words mean: "กองกลาง กลุ่มคลังและพัสดุ โทร. ๑๒๓๔".

    A telephone number and brackets are not part of the name; names of units above may stand
    before it. `owner_agency` names its department.
    """
    wanted = _bare(owner_unit)
    tree = units(db, agency_id)
    by_code = {row.code: row for row in tree}
    for row in reversed(tree):  # the deepest first: "กองกลาง กลุ่มสารบรรณ" is the group
        fits = any(_bare("".join(row.path[start:])) == wanted for start in range(len(row.path)))
        if fits and owner_agency in (None, by_code[row.department].name):
            return row
    return None


def _bare(words: str) -> str:
    return "".join(_BRACKETS.sub("", _PHONE.sub("", words)).split())


@dataclass(frozen=True, slots=True)
class PositionRow:
    id: UUID
    code: str
    name: str
    name_en: str
    level: str
    unit_code: str
    unit_name: str
    superior: str | None
    active: bool


_SUPERIOR = position_table.alias("superior")
_POSITIONS = (
    sa.select(
        position_table.c.id,
        position_table.c.code,
        position_table.c.name,
        position_table.c.name_en,
        position_table.c.level,
        unit_table.c.code,
        unit_table.c.name,
        _SUPERIOR.c.code,
        position_table.c.active,
    )
    .join_from(position_table, unit_table, joined(position_table, "unit_id", unit_table))
    .outerjoin(_SUPERIOR, joined(position_table, "superior_id", _SUPERIOR))
    .where(position_table.c.agency_id == AGENCY)
    .order_by(position_table.c.code)
)
_POSITION = _POSITIONS.where(position_table.c.code == _CODE)
_POSTS_NAMED = _POSITIONS.where(position_table.c.name.in_(sa.bindparam("names", expanding=True)))
_POSITIONS_NAMED = _POSITIONS.where(
    position_table.c.name == sa.bindparam("name"), position_table.c.active
)


def positions(
    db: Connection, agency_id: UUID, unit_code: str | None = None
) -> tuple[PositionRow, ...]:
    """All posts of the agency, or those of one unit, highest level first."""
    wanted = _POSITIONS if unit_code is None else _POSITIONS.where(unit_table.c.code == _CODE)
    key = {"agency": agency_id} | ({} if unit_code is None else {"code": unit_code})
    return _highest_first(db.execute(wanted, key))


def positions_named(
    db: Connection, agency_id: UUID, names: Collection[str]
) -> tuple[PositionRow, ...]:
    """The posts with one of these names, highest level first."""
    return _highest_first(db.execute(_POSTS_NAMED, {"agency": agency_id, "names": list(names)}))


def _highest_first(rows: Iterable[AnyRow]) -> tuple[PositionRow, ...]:
    ladder = list(rules.LEVELS)
    posts = (PositionRow(*row) for row in rows)
    return tuple(sorted(posts, key=lambda post: (-ladder.index(post.level), post.code)))


def position(db: Connection, agency_id: UUID, code: str) -> PositionRow:
    row = db.execute(_POSITION, {"agency": agency_id, "code": code}).one_or_none()
    if row is None:
        raise NotFound(f"Expected a position with the code {code!r:.80}, but there is none.")
    return PositionRow(*row)


def signing_post(
    db: Connection, agency_id: UUID, position_lines: Sequence[str]
) -> tuple[PositionRow, str | None] | None:
    """The post whose signature these lines ask for, and the way of acting that they name.

    ["รองปลัดกระทรวง", "ปฏิบัติราชการแทน ปลัดกระทรวง"] asks for the permanent secretary's, by
    delegation. None: this agency has no such post.
    """
    if not position_lines:
        return None
    own, mode, acted_for = rules.read_position_lines(position_lines)
    found = db.execute(_POSITIONS_NAMED, {"agency": agency_id, "name": acted_for or own}).first()
    if found is None:
        return None
    return PositionRow(*found), rules.MODES[mode][0] if mode else None


def chain(db: Connection, agency_id: UUID, code: str) -> tuple[PositionRow, ...]:
    """The posts above this one, nearest first, up to the top."""
    # one look-up a rung: a full house has a hundred thousand posts, a ladder has some six
    found: list[PositionRow] = []
    above: str | None = code
    while above is not None:
        key = {"agency": agency_id, "code": above}
        row = db.execute(_POSITION, key).one_or_none()
        if row is None:
            break
        found.append(PositionRow(*row))
        above = found[-1].superior
    return tuple(found[1:])
