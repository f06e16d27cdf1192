"""Those whom a rule of the organisation names: looked up when the step begins, as principals."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from engine.actor import Principal
from engine.clock import Clock
from engine.db import reading
from engine.models.instance import process_instance
from engine.models.task import COMPLETED, task
from engine.ports import Action, Directory, JobFailed, JobInput, JobOutput
from office.chains.model import FIND, GO_PAST, OPERATORS
from office.people import queries as people
from office.people.directory import StoredDirectory
from office.people.models import position, unit
from office.people.rules import LEVELS
from office.workload.rules import Post, heads

#: what a look-up can be given
INPUTS = frozenset({
    "kind", "of", "rank", "level", "empty", "instead", "not_starter", "not_those", "if_starter",
    "instead_of_starter", "each",
})  # fmt: skip
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
#: the process that asks, and those that called it: chains call their steps alike
_around = (
    sa.select(process_instance.c.id, process_instance.c.parent_id, sa.literal(0).label("far"))
    .where(process_instance.c.agency_id == sa.bindparam("agency", type_=sa.Uuid))
    .where(process_instance.c.id == sa.bindparam("instance", type_=sa.Uuid))
    .cte("around", recursive=True)
)
_around = _around.union_all(
    sa.select(_root.c.id, _root.c.parent_id, _around.c.far + 1)
    .join_from(_around, _root, _root.c.id == _around.c.parent_id)
    .where(_root.c.agency_id == sa.bindparam("agency", type_=sa.Uuid))
)
_PERFORMER = (
    sa.select(task.c.completed_by)
    .join_from(_around, task, task.c.instance_id == _around.c.id)
    .where(task.c.agency_id == sa.bindparam("agency", type_=sa.Uuid), task.c.state == COMPLETED)
    .where(task.c.element_id == sa.bindparam("step"))
    .order_by(_around.c.far, task.c.id.desc())
    .limit(1)
)


#: what a look-up reports where the case goes on without anybody
_NONE: Mapping[str, Sequence[Principal]] = {"people": (), "left_out": ()}


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
        return bool(self._behind([post]))

    def superior(self, starter: str, level: int) -> list[Principal]:
        found = self.directory.superior(self.db, self.agency_id, starter, self.at, level)
        return [] if found is None else [found]

    def others(self, principals: Sequence[Principal]) -> list[Principal]:
        """As they are named, with OPERATORS as the roles that have that right."""
        found: dict[Principal, None] = {}
        for one in principals:
            names = self._operators() if one == OPERATORS else [one]
            found |= dict.fromkeys(names)
        return list(found)

    def _operators(self) -> list[Principal]:
        """The roles that have this right, else those that have every one."""
        roles = people.roles(self.db, self.agency_id)
        for right in (OPERATORS.partition(":")[2], "everything"):
            found = [f"role:{one.code}" for one in roles if right in one.rights]
            if found:
                return found
        return []

    def able(self, principals: Sequence[Principal], barred: Set[str]) -> list[Principal]:
        """Those behind whom there is somebody now who may do it."""
        posts = [one for one in principals if not one.startswith("person:")]
        persons = [one for one in principals if one.startswith("person:")]
        free = {f"person:{name}" for name in self._behind(persons) - barred}
        free |= {one for one in posts if self._behind([one]) - barred}
        return [one for one in principals if one in free]

    def _behind(self, principals: Sequence[Principal]) -> frozenset[str]:
        return self.directory.who_can_act(self.db, self.agency_id, principals, self.at)

    def find(
        self, kind: str, of: Sequence[Principal], rank: str, starter: str, level: int = 1
    ) -> list[Principal]:
        """By the kind of `Who`. ValueError: there is no such kind or rank."""
        match kind:
            case "members":
                return self.members(of)
            case "head":
                return self.heads(of)
            case "ladder" if rank in _LADDER:
                return self.ladder(starter, rank)
            case "superior":
                return self.superior(starter, level)
            case "starter":
                return [f"person:{starter}"] if starter else []
            case "named":
                return self.others(of)
            case "field" | "formula":
                return [one if ":" in one else f"person:{one}" for one in of]
            case _:
                raise ValueError(
                    f"Expected a kind of people, or ladder with a rank, but got {kind!r:.40}."
                )


def actions(engine: Engine, clock: Clock) -> Sequence[Action]:
    """What a chain's diagram calls before a step of those whom a rule names."""
    return [
        Action(FIND, _Find(engine, clock), INPUTS, frozenset({"kind"}), drawn=True),
        Action(GO_PAST, lambda _job: JobOutput(), drawn=True),
    ]


@dataclass(frozen=True, slots=True)
class _Find:
    engine: Engine
    clock: Clock

    def __call__(self, job: JobInput) -> JobOutput:
        """Reports {people}: principals. Where there are none: an incident, or with `empty` none.

        With `empty` those are left out behind whom nobody is who may do it, and reported as
        {left_out}; where others can, those `instead` take their places. `if_starter` says what is
        done where only whoever started the case could do it, who is barred: of all of them, or with
        `each` of one (`model.Own`).
        """
        with reading(self.engine, job.agency_id) as db:
            finder = Finder(db, job.agency_id, self.clock.now(), StoredDirectory())
            case = _Case(db, job)
            return _Asked(job.payload, case.starter, case.performers).answer(finder)


def no_performers(_steps: Sequence[str]) -> list[str]:
    return []


def looked_up(
    finder: Finder,
    given: Mapping[str, object],
    starter: str,
    performers: Callable[[Sequence[str]], list[str]] = no_performers,
) -> Mapping[str, Sequence[Principal]] | None:
    """What a look-up would report today of a case that is only thought of; `performers` are those
    who surely did these steps. None: it would fail, or asks for whoever did one, and nobody knows.
    """
    asked = _Asked(given, lambda: starter, performers)
    if given.get("kind") == "performer" and not performers(asked.texts("of")):
        return None
    try:
        return asked.answer(finder).variables
    except (JobFailed, KeyError):
        return None


def named_by(
    finder: Finder,
    given: Mapping[str, object],
    starter: str,
    performers: Callable[[Sequence[str]], list[str]] = no_performers,
) -> list[Principal]:
    """Those whom a look-up's rule names, whether they can do it or not."""
    try:
        return _Asked(given, lambda: starter, performers).found(finder)
    except (ValueError, KeyError):
        return []


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a look-up was given, of the case in which it was asked: who started it, and who did each
    of some steps last.
    """

    given: Mapping[str, object]
    starter: Callable[[], str]
    performers: Callable[[Sequence[str]], list[str]]

    def answer(self, finder: Finder) -> JobOutput:
        """Raises JobFailed where nobody is found and nothing says what then."""
        try:
            found = self.found(finder)
        except ValueError as wrong:
            raise JobFailed(str(wrong), retry=False) from None
        if self.given.get("if_starter"):
            return self.judged(finder, found)
        if self.says("empty"):
            return self.able(finder, found)
        if not found:
            raise self.nobody()
        return JobOutput({"people": found})

    def nobody(self) -> JobFailed:
        return JobFailed(
            f"Expected somebody as {self.given['kind']} of"
            f" {', '.join(self.texts('of')) or self.given.get('rank') or 'nothing'}, but"
            " nobody is. Fill the post, unit or role, then try again.",
            retry=False,
        )

    def says(self, name: str) -> bool:
        return self.given.get(name) in ("true", True)

    def texts(self, name: str) -> list[str]:
        found = self.given.get(name)
        listed = found if isinstance(found, list) else [found]
        return [one for one in listed if isinstance(one, str) and one]

    def found(self, finder: Finder) -> list[Principal]:
        kind, rank = str(self.given["kind"]), str(self.given.get("rank") or "")
        if kind == "performer":
            return [f"person:{name}" for name in self.performers(self.texts("of"))]
        level = str(self.given.get("level") or "1")
        up = int(level) if level.isdecimal() and len(level) < 3 else 1
        return finder.find(kind, self.texts("of"), rank, self.starter(), up)

    def able(self, finder: Finder, found: Sequence[Principal]) -> JobOutput:
        barred = self.barred()
        people = finder.able(found, barred)
        missing = [one for one in found if one not in people]
        instead = self.texts("instead")
        if people and missing and instead:
            people = self.replaced(found, missing, self.others(finder, missing, instead, barred))
        return JobOutput({"people": people, "left_out": missing})

    def judged(self, finder: Finder, found: Sequence[Principal]) -> JobOutput:
        """As `able`, once it is clear what is done in the starter's place."""
        barred, each = self.barred(), self.says("each")
        free = finder.able(found, barred)
        own = self.own(finder, [one for one in found if one not in free], barred)
        if not own or (free and not each):
            return self.completed(finder, found, free)
        match self.given["if_starter"]:
            case "stop":
                raise JobFailed(
                    f"Expected somebody other than {self.starter()}, who started the case, for"
                    f" {', '.join(own)}, but nobody else can do it. Let somebody act for it, or"
                    " choose others, then try again.",
                    retry=False,
                )
            case "pass":
                rest = [one for one in found if one not in own] if each else []
                return self.completed(finder, rest, free) if rest else JobOutput(_NONE)
            case "superior":
                others = finder.able(finder.superior(self.starter(), 1), barred)
            case _:
                others = finder.able(finder.others(self.texts("instead_of_starter")), barred)
        if not others:
            return self.completed(finder, found, free)
        return self.completed(finder, self.replaced(found, own, others), [*free, *others])

    def own(self, finder: Finder, missing: Sequence[Principal], barred: Set[str]) -> Set[Principal]:
        """Those of the missing for whom whoever started the case could act, were they not barred
        for that.
        """
        if not self.says("not_starter"):
            return frozenset()
        return set(finder.able(missing, barred - ({self.starter()} - self.did())))

    def completed(
        self, finder: Finder, found: Sequence[Principal], free: Sequence[Principal]
    ) -> JobOutput:
        """`free` are those of them who can do it. For the others: those `instead`, or with `empty`
        nobody; else the step asks for them all the same, and is an incident.
        """
        missing = [one for one in found if one not in free]
        people, instead = [one for one in found if one in free], self.texts("instead")
        if missing and instead and (self.says("each") or not people):
            others = self.others(finder, missing, instead, self.barred())
            people = self.replaced(found, missing, others)
        elif not people and not self.says("empty"):
            raise self.nobody()
        elif not self.says("empty"):
            people = list(found)
        return JobOutput({"people": people, "left_out": missing})

    def others(
        self, finder: Finder, missing: Sequence[Principal], instead: Sequence[Principal],
        barred: Set[str],
    ) -> Sequence[Principal]:  # fmt: skip
        """Those of them who can do it. Raises JobFailed where nobody can."""
        others = finder.able(finder.others(instead), barred)
        if not others:
            raise JobFailed(
                f"Expected somebody in place of {', '.join(missing)}, but nobody can do it."
                " Fill the post, unit or role, then try again.",
                retry=False,
            )
        return others

    def replaced(
        self, found: Sequence[Principal], gone: Collection[Principal], others: Sequence[Principal]
    ) -> list[Principal]:
        """The others in the places of those who are gone, each once."""
        each = (others if one in gone else [one] for one in found)
        return list(dict.fromkeys(one for listed in each for one in listed))

    def did(self) -> set[str]:
        """Who did a step whose performers may not do this one."""
        return set(self.performers(self.texts("not_those")))

    def barred(self) -> set[str]:
        starter = {self.starter()} if self.says("not_starter") else set()
        return starter | self.did()


@dataclass(frozen=True, slots=True)
class _Case:
    """The case in which a look-up is asked."""

    db: Connection
    job: JobInput

    def starter(self) -> str:
        return self.db.execute(_STARTER, self._key()).scalar_one_or_none() or ""

    def performers(self, steps: Sequence[str]) -> list[str]:
        """Who did each of these steps last."""
        found = (self.db.execute(_PERFORMER, self._key() | {"step": one}) for one in steps)
        names = (one.scalar_one_or_none() for one in found)
        return [name for name in names if name is not None]

    def _key(self) -> dict[str, object]:
        return {"agency": self.job.agency_id, "instance": self.job.instance_id}
