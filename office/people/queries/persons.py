"""Persons: one, a list, and the small card that stands beside every decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from engine.queries.page import (
    Page,
    check_window,
    count_to_limit,
    decode_cursor,
    encode_cursor,
    total_of,
)
from office.people.models import holding, position, unit
from office.people.models import person as person_table
from office.people.queries.moment import AGENCY, joined, now

_NAMES: sa.BindParameter[str] = sa.bindparam("names", expanding=True)


@dataclass(frozen=True, slots=True)
class PersonRow:
    id: UUID
    username: str
    title: str
    given_name: str
    family_name: str
    #: as printed: "นางสาวสมหญิง รักงานดี"
    name: str
    name_en: str
    initials: str
    #: 1 to 5: the avatar's class `av--n`
    colour: int
    email: str | None
    phone: str | None
    language: str
    active: bool


_COLUMNS = tuple(person_table.c[name] for name in PersonRow.__slots__)
_PEOPLE = (
    sa.select(*_COLUMNS)
    .where(person_table.c.agency_id == AGENCY)
    .order_by(person_table.c.sort_key, person_table.c.id)
)
_NAMED = _PEOPLE.where(person_table.c.username.in_(_NAMES))
_BY_ID = _PEOPLE.where(person_table.c.id == sa.bindparam("id"))


def named_like(q: str) -> sa.ColumnElement[bool]:
    """Whose name, in either language, or sign-in name these words are a part of."""
    return person_table.c.sought.contains(q.strip().lower(), autoescape=True)


def person(db: Connection, agency_id: UUID, username: str) -> PersonRow:
    """One person by sign-in name."""
    found = persons_named(db, agency_id, [username.lower()])
    if not found:
        raise NotFound(f"Expected a person with the sign-in name {username!r:.80}, but found none.")
    return found[username.lower()]


def person_by_id(db: Connection, agency_id: UUID, person_id: UUID) -> PersonRow:
    row = db.execute(_BY_ID, {"agency": agency_id, "id": person_id}).one_or_none()
    if row is None:
        raise NotFound("Expected a person of this agency, but found none with this id.")
    return PersonRow(*row)


def persons_named(
    db: Connection, agency_id: UUID, usernames: Sequence[str]
) -> Mapping[str, PersonRow]:
    """Persons by sign-in name; an unknown name is left out."""
    rows = db.execute(_NAMED, {"agency": agency_id, "names": list(usernames)})
    return {row.username: PersonRow(*row) for row in rows}


def people(
    db: Connection,
    agency_id: UUID,
    *,
    q: str = "",
    active: bool | None = True,
    page: int = 1,
    page_size: int = 50,
    after: str | None = None,
) -> Page[PersonRow]:
    """Everybody in dictionary order of the printed name; `q` is part of a name or sign-in name."""
    check_window(page, page_size)
    wanted = _PEOPLE if active is None else _PEOPLE.where(person_table.c.active.is_(active))
    if q.strip():
        wanted = wanted.where(named_like(q))
    binds = {"agency": agency_id}
    rows = db.execute(_window(wanted, page, page_size, after), binds).all()
    items = [PersonRow(*row[: len(_COLUMNS)]) for row in rows[:page_size]]
    last = rows[page_size - 1] if len(rows) > page_size else None
    following = encode_cursor("people", [last.sort_key, str(last.id)]) if last else None
    offset = (page - 1) * page_size if after is None else None
    counted = wanted.params(binds)
    found = total_of(len(rows), page_size, offset, lambda: count_to_limit(db, counted))
    return Page(items, found, following, page, page_size)


def _window(wanted: sa.Select[Any], page: int, page_size: int, after: str | None) -> sa.Select[Any]:
    window = wanted.add_columns(person_table.c.sort_key).limit(page_size + 1)
    if after is None:
        return window.offset((page - 1) * page_size)
    key, person_id = decode_cursor("people", after, tuple[str, UUID])
    place = sa.tuple_(person_table.c.sort_key, person_table.c.id)
    return window.where(place > sa.tuple_(sa.literal(key), sa.literal(person_id, sa.Uuid)))


@dataclass(frozen=True, slots=True)
class Post:
    """A position that someone holds."""

    holding_id: UUID
    username: str
    code: str
    name: str
    name_en: str
    level: str
    unit_code: str
    unit_name: str
    is_primary: bool
    starts_at: datetime
    ends_at: datetime | None


_POSTS = (
    sa.select(
        holding.c.id,
        person_table.c.username,
        position.c.code,
        position.c.name,
        position.c.name_en,
        position.c.level,
        unit.c.code,
        unit.c.name,
        holding.c.is_primary,
        holding.c.starts_at,
        holding.c.ends_at,
    )
    .join_from(holding, person_table, joined(holding, "person_id", person_table))
    .join(position, joined(holding, "position_id", position))
    .join(unit, joined(position, "unit_id", unit))
    .where(holding.c.agency_id == AGENCY, now(holding))
    .order_by(holding.c.is_primary.desc(), position.c.code, holding.c.id)
)
_POSTS_OF = _POSTS.where(person_table.c.username.in_(_NAMES))
_HOLDERS = _POSTS.where(position.c.code.in_(_NAMES), person_table.c.active)


def posts(
    db: Connection, agency_id: UUID, usernames: Sequence[str], at: datetime
) -> Mapping[str, tuple[Post, ...]]:
    """What each person holds at the moment, the primary post first."""
    binds = {"agency": agency_id, "names": list(usernames), "at": at}
    found: dict[str, list[Post]] = {name: [] for name in usernames}
    for row in db.execute(_POSTS_OF, binds):
        found[row.username].append(Post(*row))
    return {name: tuple(held) for name, held in found.items()}


def holders(
    db: Connection, agency_id: UUID, position_codes: Sequence[str], at: datetime
) -> Mapping[str, tuple[str, ...]]:
    """Sign-in names of those who hold each position themselves; a vacant one has none."""
    binds = {"agency": agency_id, "names": list(position_codes), "at": at}
    found: dict[str, list[str]] = {code: [] for code in position_codes}
    for row in db.execute(_HOLDERS, binds):
        found[row[2]].append(row.username)
    return {code: tuple(names) for code, names in found.items()}


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Name, face and post: what a page shows of a person."""

    username: str
    name: str
    name_en: str
    initials: str
    colour: int
    position: str
    position_en: str
    unit: str


def cards(
    db: Connection, agency_id: UUID, usernames: Sequence[str], at: datetime
) -> Mapping[str, PersonCard]:
    """Cards of several people in two statements; unknown names are left out."""
    wanted = list(dict.fromkeys(usernames))
    held = posts(db, agency_id, wanted, at)
    return {
        name: _card(row, held[name]) for name, row in persons_named(db, agency_id, wanted).items()
    }


def _card(row: PersonRow, held: Sequence[Post]) -> PersonCard:
    post = held[0] if held else None
    return PersonCard(
        username=row.username,
        name=row.name,
        name_en=row.name_en or row.name,
        initials=row.initials,
        colour=row.colour,
        position=post.name if post else "",
        position_en=(post.name_en or post.name) if post else "",
        unit=post.unit_name if post else "",
    )
