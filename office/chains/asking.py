"""Those whom a rule of the organisation names: looked up when the step begins, as principals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from engine.actor import Principal
from engine.clock import Clock
from engine.db import reading
from engine.models.instance import process_instance
from engine.ports import Action, Directory, JobFailed, JobInput, JobOutput
from office.chains.model import FIND
from office.people import queries as people
from office.people.directory import StoredDirectory
from office.people.models import position, unit
from office.people.rules import LEVELS
from office.workload.rules import Post, heads

_LADDER = tuple(LEVELS)
_POSTS = (
    sa.select(position.c.code, position.c.level, position.c.unit_id)
    .join_from(
        position,
        unit,
        sa.and_(unit.c.agency_id == position.c.agency_id, unit.c.id == position.c.unit_id),
    )
    .where(position.c.agency_id == sa.bindparam("agency", type_=sa.Uuid), position.c.active)
    .where(unit.c.code.in_(sa.bindparam("codes", expanding=True)))
    .order_by(position.c.code)
)
_root = process_instance.alias("root")
_STARTER = (
    sa.select(_root.c.starter)
    .join(process_instance, process_instance.c.root_id == _root.c.id)
    .where(process_instance.c.agency_id == sa.bindparam("agency", type_=sa.Uuid))
    .where(process_instance.c.id == sa.bindparam("instance", type_=sa.Uuid))
)


@dataclass(frozen=True, slots=True)
class Finder:
    """One agency's organisation at one moment."""

    db: Connection
    agency_id: UUID
    at: datetime
    directory: Directory

    def members(self, of: Sequence[Principal]) -> list[Principal]:
        """Each person in these units and roles."""
        found = self.directory.who_can_act(self.db, self.agency_id, of, self.at)
        return [f"person:{name}" for name in sorted(found)]

    def heads(self, units: Sequence[Principal]) -> list[Principal]:
        """The posts that head these units."""
        codes = [one.removeprefix("unit:") for one in units]
        rows = self.db.execute(_POSTS, {"agency": self.agency_id, "codes": codes})
        found = heads(Post(*row) for row in rows).values()
        return [f"position:{code}" for code in sorted(set().union(*found))]

    def ladder(self, starter: str, rank: str) -> list[Principal]:
        """The posts above the starter's up to this rank, nearest first, those that are held."""
        held = people.posts(self.db, self.agency_id, [starter], self.at)[starter]
        above = people.chain(self.db, self.agency_id, held[0].code) if held else ()
        most = _LADDER.index(rank)
        posts = [f"position:{one.code}" for one in above if _LADDER.index(one.level) <= most]
        return [one for one in posts if self._is_held(one)]

    def _is_held(self, post: Principal) -> bool:
        return bool(self.directory.who_can_act(self.db, self.agency_id, [post], self.at))

    def find(self, kind: str, of: Sequence[Principal], rank: str, starter: str) -> list[Principal]:
        """By the kind of `Who`. ValueError: there is no such kind or rank."""
        if kind == "members":
            return self.members(of)
        if kind == "head":
            return self.heads(of)
        if kind == "ladder" and rank in _LADDER:
            return self.ladder(starter, rank)
        raise ValueError(f"Expected head, members, or ladder with a rank, but got {kind!r:.40}.")


def actions(engine: Engine, clock: Clock) -> Sequence[Action]:
    """What a chain's diagram calls before a step of those whom a rule names."""
    inputs = frozenset({"kind", "of", "rank"})
    return [Action(FIND, _Find(engine, clock), inputs, frozenset({"kind"}))]


@dataclass(frozen=True, slots=True)
class _Find:
    engine: Engine
    clock: Clock

    def __call__(self, job: JobInput) -> JobOutput:
        """Reports {people}: principals. An incident where there are none."""
        given = job.payload
        with reading(self.engine, job.agency_id) as db:
            finder = Finder(db, job.agency_id, self.clock.now(), StoredDirectory())
            starter, rank = _starter(db, job), str(given.get("rank") or "")
            try:
                found = finder.find(str(given["kind"]), _texts(given), rank, starter)
            except ValueError as wrong:
                raise JobFailed(str(wrong), retry=False) from None
        if not found:
            raise JobFailed(
                f"Expected somebody as {given['kind']} of"
                f" {', '.join(_texts(given)) or given.get('rank') or 'nothing'}, but nobody is."
                " Fill the post, unit or role, then try again.",
                retry=False,
            )
        return JobOutput({"people": found})


def _texts(given: Mapping[str, object]) -> list[str]:
    found = given.get("of")
    listed = found if isinstance(found, list) else [found]
    return [one for one in listed if isinstance(one, str)]


def _starter(db: Connection, job: JobInput) -> str:
    if job.instance_id is None:
        return ""
    key = {"agency": job.agency_id, "instance": job.instance_id}
    return db.execute(_STARTER, key).scalar_one_or_none() or ""
