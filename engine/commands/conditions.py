"""Facts of the world, told from outside: processes whose condition comes true of them begin.

A condition fires where it was not true before (BPMN 2.0.2, table 10.84: it "MUST become false and
then true before the Event can be triggered again"), so who tells the same again starts nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.commands import checks
from engine.commands.messages import by_hand
from engine.commands.turn.incidents import add_row, incident_row
from engine.commands.turn.moving import LazyWorkingTime
from engine.commands.turn.routing import START_BY_CONDITION
from engine.commands.turn.waits import job_row
from engine.errors import Cause, Conflict
from engine.events import OperatorTold
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.granting import demand_reach
from engine.models.job import DEAD, job
from engine.models.starting import CONDITION, start_event
from engine.runtime import Surroundings, ask_start
from engine.stored import stored_bundle

#: An action that asks a condition again, for an operator.
ASK_CONDITION = "engine.ask_condition"

_start = start_event.c
#: Whoever holds these rows decides what has come true: of two that tell at once one comes second.
_CONDITIONS = (
    sa.select(start_event, process_definition.c.bundle_sha, process_definition.c.deployment_id)
    .join(process_definition, process_definition.c.id == _start.definition_id)
    .where(_start.agency_id == sa.bindparam("agency"), _start.kind == CONDITION)
    .order_by(_start.id)
    .with_for_update(of=start_event)
)
_ONE = _CONDITIONS.where(
    _start.definition_key == sa.bindparam("key"), _start.element_id == sa.bindparam("element")
)
_NOTE = (
    start_event.update()
    .where(_start.agency_id == sa.bindparam("agency"), _start.id == sa.bindparam("this"))
    .values(running=sa.bindparam("run"))
)


@dataclass(frozen=True, slots=True)
class TellFacts:
    """Ask the conditional start events of all processes that need no more than these facts. Right:
    operate, or a grant to administer: then those of the processes granted are asked alone. The
    instances that begin have the facts as variables.

    Answer: {conditions: [{definition_key, element_id, holds, starts, problem}]}, those that were
    asked. `problem` says why a condition gives neither true nor false; `holds` is then None, and
    the first time a dead job has an incident, with which an operator asks again.
    """

    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AskCondition:
    """One condition, again; by the system. Answer: {starts}. Conflict (condition_stuck) where it is
    still wrong.
    """

    definition_key: str
    element_id: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Answered:
    holds: bool | None
    starts: bool
    cause: Cause | None


def tell_facts(command: TellFacts, ctx: Context) -> Answer:
    mine = demand_reach(ctx.db, ctx.actor, "operate")
    facts = checks.variables(command.facts)
    around = Surroundings(now=ctx.now, working_time=LazyWorkingTime(ctx))
    told = []
    for row in ctx.db.execute(_CONDITIONS, {"agency": ctx.actor.agency_id}).all():
        answered = _ask(ctx, row, facts, around) if mine.over(row.definition_key) else None
        if answered is None:
            continue
        if answered.cause is not None and not (row.running or {}).get("stuck"):
            _stop(ctx, row, facts, answered.cause)
        told.append(
            {
                "definition_key": row.definition_key,
                "element_id": row.element_id,
                "holds": answered.holds,
                "starts": answered.starts,
                "problem": answered.cause and answered.cause.message,
            }
        )
    if by_hand(ctx.actor):
        begun = ", ".join(one["definition_key"] for one in told if one["starts"])
        said = {"variable_names": ", ".join(facts), "begun": begun}
        ctx.emit(OperatorTold("facts.told", said))
    return {"conditions": told}


def ask_condition(command: AskCondition, ctx: Context) -> Answer:
    where = {
        "agency": ctx.actor.agency_id,
        "key": command.definition_key,
        "element": command.element_id,
    }
    row = ctx.db.execute(_ONE, where).first()
    around = Surroundings(now=ctx.now, working_time=LazyWorkingTime(ctx))
    answered = None if row is None else _ask(ctx, row, command.facts, around)
    if answered is None:
        return {"starts": False}  # a newer version has no such condition, or asks for other facts
    if answered.cause is not None:
        raise Conflict(answered.cause.message, code="condition_stuck")
    return {"starts": answered.starts}


def _ask(
    ctx: Context, row: AnyRow, facts: Mapping[str, Any], around: Surroundings
) -> _Answered | None:
    """None where it needs what was not told. Begins its process where it has come true."""
    bundle = stored_bundle(ctx.db, row.agency_id, row.bundle_sha, row.deployment_id)
    asked = ask_start(bundle, row.definition_key, row.element_id, facts, around)
    if asked.holds is None and asked.cause is None:
        return None
    held = bool((row.running or {}).get("holds"))
    if asked.cause is not None:
        _note(ctx, row, {"holds": held, "stuck": True})
        return _Answered(None, False, asked.cause)
    _note(ctx, row, {"holds": asked.holds})
    starts = bool(asked.holds) and not held
    if starts:
        _begin(ctx, row, facts)
    return _Answered(asked.holds, starts, None)


def _note(ctx: Context, row: AnyRow, running: Mapping[str, Any]) -> None:
    if running != row.running:
        ctx.db.execute(_NOTE, {"agency": row.agency_id, "this": row.id, "run": running})


def _begin(ctx: Context, row: AnyRow, facts: Mapping[str, Any]) -> None:
    """By a job: a process that cannot begin must not take the others with it."""
    added = _job(ctx, START_BY_CONDITION, row, facts)
    ctx.db.execute(job.insert(), added)
    ctx.rings.append(added["id"])


def _stop(ctx: Context, row: AnyRow, facts: Mapping[str, Any], cause: Cause) -> None:
    """The question lies dead with an incident: an operator asks it again when it is mended."""
    added = _job(ctx, ASK_CONDITION, row, facts)
    ctx.db.execute(job.insert(), added | {"state": DEAD, "ended_at": ctx.now})
    add_row(ctx, incident_row(ctx, cause, job_id=added["id"]))


def _job(ctx: Context, action: str, row: AnyRow, facts: Mapping[str, Any]) -> dict[str, Any]:
    given = {"definition_key": row.definition_key, "element_id": row.element_id, "facts": facts}
    return job_row(ctx, action, given)


HANDLERS: dict[type, Handler] = {TellFacts: tell_facts, AskCondition: ask_condition}
