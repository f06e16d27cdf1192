"""The cases of a full house: real ones at every stage, copied many times over.

Most are over; the others wait for their starter, their unit, a post, or the one who closes them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from api.bootstrap import System
from api.migrations.fencing import lower_fences, raise_fences
from bench.soak import people, stamp
from bench.soak.stamp import Stamp
from engine.actor import Actor, system_actor
from engine.commands.deployments import Deploy
from engine.commands.instances import StartInstance
from engine.commands.tasks import CompleteTask
from engine.db import reading
from engine.models.deployment import process_definition
from office.people import queries

ROUTE = Path(__file__).parent / "route.bpmn"
KEY = "soak-route"
STAGES = 4
#: Cases written at once.
_BATCH = 2_000
_SUBJECT = "SUBJECT"
#: Who does what in the cases that are copied: starter, reviewer, approver, closer.
_CAST = (1, 2, 3, 4)
WORDS = (
    "งบประมาณ", "พัสดุ", "ฝึกอบรม", "ยานพาหนะ", "ห้องประชุม", "ระบบสารสนเทศ", "อาคารสถานที่",
    "ลาศึกษาต่อ", "เดินทางไปราชการ", "จัดซื้อครุภัณฑ์", "ซ่อมบำรุง", "ประชาสัมพันธ์",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planted:
    """A task that waits, and somebody who may do it."""

    task_id: str
    who: int


def plant(system: System, agency_id: UUID, tasks: int, crowd: int) -> list[Planted]:
    """So many tasks, half of them in cases that are over; answers those that wait."""
    live, over = _stamps(system, agency_id)
    rounds = tasks // 20
    waiting: list[Planted] = []
    wanted = [*live] * rounds + [over] * (rounds * 10 // STAGES)
    chance = random.Random(2569)
    chance.shuffle(wanted)
    with system.engine.begin() as db:
        lower_fences(db)  # COPY does not write behind policies
    database = system.engine.raw_connection()
    try:
        with database.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            # the copies are whole by construction: no look-up of each parent
            cursor.execute("SET session_replication_role = replica")
        for number in range(0, len(wanted), _BATCH):
            texts = _batch(wanted[number : number + _BATCH], number, crowd, chance, waiting)
            for table, text in texts.items():
                with database.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as into:
                    into.write(text)
            database.commit()
    finally:
        database.invalidate()  # its settings are nobody else's
        with system.engine.begin() as db:
            raise_fences(db)
    chance.shuffle(waiting)
    return waiting


def _batch(
    stamps: list[Any], first: int, crowd: int, chance: random.Random, waiting: list[Planted]
) -> dict[str, str]:
    texts: dict[str, list[str]] = {table: [] for table in stamp.TABLES}
    for number, one in enumerate(stamps, first):
        cast = [chance.randrange(crowd) for _ in _CAST]
        rows, ids = one.stamp.copy(_names(cast, f"ขอ{chance.choice(WORDS)} รายการที่ {number:07}"))
        for table, text in rows.items():
            texts[table].append(text)
        if one.waits_for is not None:
            who = cast[one.waits_for]
            waiting.append(Planted(ids[one.task_id], who))
    return {table: "".join(each) for table, each in texts.items()}


def _names(cast: list[int] | tuple[int, ...], subject: str) -> dict[str, str]:
    """What stands in a copy for the names in the case that is copied."""
    own = {people.username(n): people.username(m) for n, m in zip(_CAST, cast, strict=True)}
    return own | {
        people.unit(_CAST[1]): people.unit(cast[1]),
        people.position(_CAST[2]): people.position(cast[2]),
        _SUBJECT: subject,
    }


@dataclass(frozen=True, slots=True)
class Stage:
    """A stamp, and the task in it that waits with who may do it: a place in the cast."""

    stamp: Stamp
    task_id: str = ""
    waits_for: int | None = None


def _stamps(system: System, agency_id: UUID) -> tuple[list[Stage], Stage]:
    """One case at each stage, and one that is over: really run, then read."""
    system.bus.execute(Deploy({ROUTE.name: ROUTE.read_bytes()}, KEY), system_actor(agency_id))
    with reading(system.engine) as db:
        query = sa.select(process_definition.c.bundle_sha).where(process_definition.c.key == KEY)
        sha256 = db.execute(query).scalar_one()
    stages = [_run(system, agency_id, sha256, done) for done in range(STAGES + 1)]
    return stages[:-1], stages[-1]


def _run(system: System, agency_id: UUID, sha256: str, done: int) -> Stage:
    variables = {
        "subject": _SUBJECT, "unit": people.unit(_CAST[1]), "approver": people.position(_CAST[2]),
        "closer": people.username(_CAST[3]), "urgency": 1 + done % 4, "amount": 25_000,
    }  # fmt: skip
    actors = [_actor(system, agency_id, n) for n in _CAST]
    answer = system.bus.execute(StartInstance(KEY, None, None, variables), actors[0])
    instance = UUID(answer["id"])
    for number in range(done):
        found = _waiting(system, instance)
        system.bus.execute(CompleteTask(UUID(found), None, {}, "เห็นชอบ"), actors[number])
    names = _names(_CAST, _SUBJECT)
    made = stamp.take(system.engine, agency_id, instance, sha256, names)
    return Stage(made) if done == STAGES else Stage(made, _waiting(system, instance), done)


def _actor(system: System, agency_id: UUID, n: int) -> Actor:
    with reading(system.engine) as db:
        person = queries.person(db, agency_id, people.username(n))
        return queries.actor_for(db, agency_id, person.id, system.services.clock.now())


def _waiting(system: System, instance: UUID) -> str:
    query = "SELECT id FROM task WHERE root_id = :root AND state = 'open'"
    with reading(system.engine) as db:
        return str(db.execute(sa.text(query), {"root": instance}).scalar_one())
