"""Troubles that an operator mends, made on purpose: dead jobs, late timers, reserved numbers."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from support.builders import bpmn, script, service, user
from support.world import World

from engine.actor import system_actor
from engine.commands.instances import StartInstance
from engine.commands.jobs import FailJob, LeaseJob, want_job
from engine.db import reading
from engine.ids import new_id
from engine.models.job import job
from engine.models.waiting import timer
from office.correspondence.models import letter_book, letter_number
from office.documents.models import signing_key
from office.documents.thai import office_day
from office.people.commands import AddPerson

SENDS = service("send", "people.pass", "sent")
NAPS = (
    '<bpmn:intermediateCatchEvent id="nap"><bpmn:timerEventDefinition><bpmn:timeDuration>PT1H'
    "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)


@dataclass(frozen=True)
class DeadJob:
    case: str
    job: str

    @property
    def path(self) -> str:
        return f"/jobs/{self.job}"


def started(world: World, first: str, element: str) -> str:
    """A case whose first element is this one, of a process of its own; a task `after` follows."""
    key = f"{element}-{uuid4().hex[:8]}"
    source = bpmn(
        key, first, user("after"), flows=f"start>{element} {element}>after after>end", title=key
    )
    made = world.call(
        "POST", "/deployments", as_="admin", data={"files": [(io.BytesIO(source), "a.bpmn")]},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert made.status_code == 201, made.text
    return str(world.post("/process-instances", {"definition_key": key}, as_="admin").json["id"])


def dead_job(world: World, message: str = "no line") -> DeadJob:
    """A case whose first job has failed for good."""
    case = started(world, SENDS, "send")
    with reading(world.system.engine) as db:
        id_ = db.execute(job.select().where(job.c.instance_id == UUID(case))).one().id
    bus, actor = world.system.bus, system_actor(world.home.id)
    bus.execute(LeaseJob(id_), actor)
    bus.execute(FailJob(id_, 1, message, retry=False), actor)
    return DeadJob(case, str(id_))


def free_job(world: World) -> str:
    """The id of a job of a room's own that has failed for good: no case waits for it."""
    bus, actor = world.system.bus, system_actor(world.home.id)
    wish = {StartInstance: lambda _c, ctx: {"id": want_job(ctx, "people.pass", {})}}
    id_ = UUID(replace(bus, handlers=wish).execute(StartInstance("none"), actor)["id"])
    bus.execute(LeaseJob(id_), actor)
    bus.execute(FailJob(id_, 1, "no line", retry=False), actor)
    return str(id_)


def stuck_case(world: World) -> str:
    """A case with an incident that trying again does not mend."""
    return started(world, script("count", "={ total: nowhere + 1 }"), "count")


def late_timer(world: World) -> str:
    """A case whose timer should have fired five minutes ago."""
    case = started(world, NAPS, "nap")
    at = world.clock.now() - timedelta(minutes=5)
    _do(world, sa.update(timer).where(timer.c.root_id == UUID(case)).values(due_at=at))
    return case


def reserved_number(world: World, days_ago: int = 1) -> tuple[str, str]:
    """A number that nobody signed over: its id and text."""
    agency, now, code = world.home.id, world.clock.now(), f"ทด {uuid4().hex[:6]}"
    day = office_day(now) - timedelta(days=days_ago)
    book, number = new_id(), new_id()
    common = {"agency_id": agency}
    _do(world, sa.insert(letter_book).values(
        id=book, kind="letter", code=code, year=day.year, last=1, **common))  # fmt: skip
    _do(world, sa.insert(letter_number).values(
        id=number, book_id=book, value=1, text=f"{code}/1", dated=day, state="reserved",
        document_id=new_id(), reserved_by="faem", reserved_at=now - timedelta(days=days_ago),
        **common))  # fmt: skip
    return str(number), f"{code}/1"


def expiring_key(world: World, days: int = 10) -> str:
    """The id of a key, of somebody who signs nothing in tests, whose certificate runs out soon."""
    made = new_id()
    owner = f"leaver-{made.hex[-6:]}"
    world.system.bus.execute(AddPerson(owner, "ผู้ถือ", "กุญแจ"), system_actor(world.home.id))
    with reading(world.system.engine) as db:
        ours = (signing_key.c.agency_id == world.home.id) & signing_key.c.retired_at.is_(None)
        known = dict(db.execute(sa.select(signing_key).where(ours).limit(1)).one()._mapping)
    ends = world.clock.now() + timedelta(days=days)
    changed = {"id": made, "username": owner, "not_after": ends}
    _do(world, sa.insert(signing_key).values(**{**known, **changed}))
    return str(made)


def _do(world: World, statement: Any) -> None:
    with world.system.engine.begin() as db:
        db.execute(statement)
