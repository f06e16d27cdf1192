"""Who someone is at a moment: their own posts, those they act for, and as what they may sign."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor, Authority, Principal
from engine.db import Json
from engine.errors import NotFound, Rejected
from engine.joint import APART
from office.people import rules
from office.people.models import (
    clearance,
    holding,
    instrument,
    person,
    person_role,
    position,
    role,
    unit,
)
from office.people.queries.moment import AGENCY, IN_FORCE, joined, now

_WHO = sa.bindparam("who", type_=sa.Uuid)
_NO_JSON = sa.cast(sa.null(), Json)
_NO_ID = sa.cast(sa.null(), sa.Uuid)
#: the kind of row that says a clearance; it is no principal, so no diagram can name it
CLEARED = "clearance"


def actor_rows(me: sa.CTE) -> sa.Select[Any]:
    """Everything that makes an actor of the one row of `me`, in one statement: it runs with every
    request. `me` names agency_id and person_id; all its columns stand in each row, before kind,
    code, text, rights and instrument_id.

    They are joined once and not named in each part: the driver remembers how to read statements of
    up to 4,096 characters only, and reads a longer one anew with every request.
    """

    def mine(table: sa.FromClause) -> sa.ColumnElement[bool]:
        return sa.and_(table.c.agency_id == me.c.agency_id, table.c.person_id == me.c.person_id)

    def select(kind: str, *columns: Any) -> sa.Select[Any]:
        names = ("code", "text", "rights", "instrument_id")
        named = (column.label(name) for name, column in zip(names, columns, strict=True))
        said_as = sa.literal_column(f"'{kind}'", sa.Text).label("kind")
        return sa.select(said_as, *named).select_from(me)

    none = sa.null()  # the first part says of what type
    said = sa.union_all(
        select("person", person.c.username, person.c.name, _NO_JSON, _NO_ID)
        .join(person, joined(me, "person_id", person))
        .where(person.c.active),
        select("position", position.c.code, unit.c.code, none, none)
        .join(holding, mine(holding))
        .join(position, joined(holding, "position_id", position))
        .join(unit, joined(position, "unit_id", unit))
        .where(now(holding)),
        select("role", role.c.code, none, role.c.rights, none)
        .join(person_role, mine(person_role))
        .join(role, joined(person_role, "role_id", role))
        .where(now(person_role)),
        select("instrument", position.c.code, instrument.c.mode, none, instrument.c.id)
        .join(instrument, mine(instrument))
        .join(position, joined(instrument, "position_id", position))
        .where(IN_FORCE),
        select(CLEARED, sa.cast(clearance.c.level, sa.String(1)), none, none, none)
        .join(clearance, mine(clearance))
        .where(now(clearance)),
    ).subquery("said")
    return sa.select(*me.c, *said.c).select_from(me.join(said, sa.true()))


_ACTOR = actor_rows(sa.select(AGENCY.label("agency_id"), _WHO.label("person_id")).cte("me"))


def actor_for(
    db: Connection,
    agency_id: UUID,
    person_id: UUID,
    at: datetime,
    scopes: frozenset[str] | None = None,
) -> Actor:
    """The actor behind a request: principals and rights as they hold at the moment.

    A holder on leave keeps the post: a leave opens it to whoever acts, and shuts nobody out.
    """
    rows = db.execute(_ACTOR, {"agency": agency_id, "who": person_id, "at": at}).all()
    found = actor_of(rows, scopes)
    if found is None:
        raise NotFound("Expected an active person of this agency, but found none with this id.")
    return found


def actor_of(rows: Sequence[sa.Row[Any]], scopes: frozenset[str] | None = None) -> Actor | None:
    """The actor that rows of `actor_rows` make; None: the person is not (or no more) active."""
    me = next((row for row in rows if row.kind == "person"), None)
    if me is None:
        return None
    return Actor(
        agency_id=me.agency_id,
        person_id=me.person_id,
        username=me.code,
        name=me.text,
        principals=_principals(rows),
        rights=frozenset(right for row in rows for right in row.rights or ()),
        scopes=scopes,
        clearance=max((int(row.code) for row in rows if row.kind == CLEARED), default=1),
    )


def _principals(rows: Sequence[sa.Row[Any]]) -> Mapping[Principal, Authority]:
    """Own posts win over lent ones, full powers over delegated ones."""
    found: dict[Principal, Authority] = {}
    for row in rows:
        if row.kind in ("instrument", CLEARED):
            continue
        found[f"{row.kind}:{row.code}"] = Authority()
        if row.kind == "position":
            found[f"unit:{row.text}"] = Authority()
    lent = [row for row in rows if row.kind == "instrument"]
    for row in sorted(lent, key=lambda row: rules.strength(row.text)):
        post = f"position:{row.code}"
        found.setdefault(post, Authority(instrument_id=row.instrument_id, on_behalf_of=post))
    return found


@dataclass(frozen=True, slots=True)
class ActingPost:
    """A post that someone acts for at the moment, and by what."""

    instrument_id: UUID
    #: "acting", "vacant_post" or "delegated" (rules.MODES has the words)
    mode: str
    position_code: str
    position_name: str
    order_ref: str
    ends_at: datetime | None
    kinds: Sequence[str]
    subjects: Sequence[str]


_ACTED_FOR = (
    sa.select(
        instrument.c.id.label("instrument_id"),
        instrument.c.mode,
        position.c.code.label("position_code"),
        position.c.name.label("position_name"),
        instrument.c.order_ref,
        instrument.c.ends_at,
        instrument.c.kinds,
        instrument.c.subjects,
    )
    .join_from(instrument, position, joined(instrument, "position_id", position))
    .where(instrument.c.agency_id == AGENCY, instrument.c.person_id == _WHO, IN_FORCE)
)


def posts_acted_for(
    db: Connection, agency_id: UUID, person_id: UUID, at: datetime
) -> tuple[ActingPost, ...]:
    """Strongest first; the page's violet banner."""
    rows = db.execute(_ACTED_FOR, {"agency": agency_id, "who": person_id, "at": at})
    found = (ActingPost(**row._mapping) for row in rows)  # noqa: SLF001 - SQLAlchemy's public name
    return tuple(sorted(found, key=lambda post: (rules.strength(post.mode), post.order_ref)))


@dataclass(frozen=True, slots=True)
class SigningCapacity:
    """As what someone signs: the lines under the name, and the order behind them."""

    position_lines: list[str]
    #: None in one's own post, else "รักษาราชการแทน", "ปฏิบัติราชการแทน", "รักษาการในตำแหน่ง"
    mode: str | None
    instrument_id: UUID | None
    instrument_ref: str | None
    #: the post whose signature it is, and the signer's own
    position_code: str
    own_position_code: str


_OWN_POSTS = (
    sa.select(person.c.id.label("person_id"), position.c.code, position.c.name)
    .join_from(person, holding, joined(holding, "person_id", person))
    .join(position, joined(holding, "position_id", position))
    .where(person.c.agency_id == AGENCY, person.c.active, now(holding))
    .where(person.c.username == sa.bindparam("username"))
    .order_by(holding.c.is_primary.desc(), position.c.code)
)


def signing_capacity(
    db: Connection,
    agency_id: UUID,
    username: str,
    position_code: str,
    at: datetime,
    *,
    kind: str | None = None,
    subject: str | None = None,
    mode: str | None = None,
) -> SigningCapacity:
    """As what this person may sign for the post at this moment.

    `kind` and `subject` of the document are held against a delegation's scope (None: not asked).
    `mode` ("รักษาราชการแทน" …) asks for that way of acting where several are in force; by default
    the strongest counts. Nothing in force: Rejected, code "no_authority".
    """
    own = db.execute(_OWN_POSTS, {"agency": agency_id, "username": username, "at": at}).all()
    held = next((post for post in own if post.code == position_code), None)
    if held is not None and mode is None:
        return SigningCapacity([held.name], None, None, None, held.code, held.code)
    lent = posts_acted_for(db, agency_id, own[0].person_id, at) if own else ()
    for post in lent:
        if post.position_code == position_code and _usable(post, kind, subject, mode):
            return _lent_capacity(own[0], post)
    raise _no_authority(username, position_code, [post.position_code for post in lent])


def post_lines(
    db: Connection,
    actor: Actor,
    at: datetime,
    *,
    asked: Collection[Principal] = (),
    instrument_id: UUID | None = None,
) -> list[str]:
    """The lines under the actor's name where they did what these principals were asked for: of
    their own posts the one that was asked, else the first; by an order, the post acted for, too.
    Empty for who holds none, and for the system.
    """
    who = {"agency": actor.agency_id, "username": actor.username, "at": at}
    own = db.execute(_OWN_POSTS, who, execution_options=APART).all()
    first = next((post for post in own if f"position:{post.code}" in asked), next(iter(own), None))
    if instrument_id is None or actor.person_id is None:
        return [] if first is None else [first.name]
    lent = posts_acted_for(db, actor.agency_id, actor.person_id, at)
    order = next((post for post in lent if post.instrument_id == instrument_id), None)
    if order is None:
        return [] if first is None else [first.name]
    # by an order it is the first of their own that stands above it, as under a signature
    mine = own[0].name if own else ""
    return [line for line in rules.position_lines(mine, order.mode, order.position_name) if line]


def _usable(post: ActingPost, kind: str | None, subject: str | None, mode: str | None) -> bool:
    wanted = mode is None or rules.MODES[post.mode][0] == mode
    return wanted and rules.in_scope(post.kinds, post.subjects, kind, subject)


def _lent_capacity(own: Any, post: ActingPost) -> SigningCapacity:
    return SigningCapacity(
        position_lines=rules.position_lines(own.name, post.mode, post.position_name),
        mode=rules.MODES[post.mode][0],
        instrument_id=post.instrument_id,
        instrument_ref=post.order_ref,
        position_code=post.position_code,
        own_position_code=own.code,
    )


def _no_authority(username: str, position_code: str, lent: Iterable[str]) -> Rejected:
    but = "the order does not cover this document" if position_code in lent else "neither is so"
    return Rejected(
        f"Expected {username} to hold the post {position_code} or to act for it by an order in"
        f" force, but {but}; ask the holder, or have an order recorded.",
        code="no_authority",
    )
