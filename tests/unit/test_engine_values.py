"""Small rules of the engine that need no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from engine import faults
from engine.actor import Actor, Authority
from engine.bus import fingerprint
from engine.commands import checks
from engine.commands.turn.deadlines import due_at, remind_at, timer_rows
from engine.db import storable
from engine.errors import Invalid, TooLarge
from engine.faults import FaultRaised, Faults, parse
from engine.models.history import genesis, link
from engine.models.taking import authority_for, may_act, verbs
from engine.models.task import LIFECYCLE, LIVE
from engine.runtime.values import OpenedTask
from engine.twins import PlainWorkingTime

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)  # Monday 09:00 in Bangkok
ORDER = UUID(int=3)


# -- the lifecycle of tasks ------------------------------------------------------------------


def test_what_has_ended_stays_ended() -> None:
    ended = set(LIFECYCLE) - LIVE
    assert ended == {"completed", "cancelled"}
    assert all(LIFECYCLE[state] == {} for state in ended)


def test_every_transition_leads_to_a_state() -> None:
    assert {to for verbs_ in LIFECYCLE.values() for to in verbs_.values()} <= set(LIFECYCLE)


# -- who may act -----------------------------------------------------------------------------


def _actor(username: str = "a", **principals: Authority) -> Actor:
    held = {name.replace("_", ":"): authority for name, authority in principals.items()}
    return Actor(UUID(int=1), UUID(int=2), username, principals=held)


def _row(**more: object) -> dict[str, object]:
    candidates = [{"kind": k, "id": i, "name": ""} for k, i in (("unit", "x"), ("position", "y"))]
    row = {"state": "open", "assignee": None, "excluded": [], "candidates": candidates}
    return row | {"returns": []} | more


def test_ones_own_right_comes_before_a_lent_one() -> None:
    lent, own = Authority(ORDER, "unit:x"), Authority()
    assert authority_for(_actor(unit_x=lent, position_y=own), _row()) == own
    assert authority_for(_actor(unit_x=lent), _row()) == lent
    assert authority_for(_actor(unit_z=own), _row()) is None


@pytest.mark.parametrize(
    ("row", "may"),
    [
        (_row(), True),
        (_row(state="claimed", assignee="a"), True),
        (_row(state="claimed", assignee="b"), False),
        (_row(state="completed"), False),
        (_row(excluded=["a"]), False),
        (_row(candidates=[]), False),
    ],
)
def test_a_task_is_for_its_holder_or_its_candidates(row: dict[str, object], may: bool) -> None:
    actor = _actor(unit_x=Authority())
    assert may_act(actor, row) is may
    assert ("complete" in verbs(actor, row)) is may


# -- deadlines -------------------------------------------------------------------------------


def _opened(**more: object) -> OpenedTask:
    given = {"token": "t", "scope": "", "element_id": "e", "name": "E", "assignments": (),
             "excluded": (), "form": None, "outcomes": (), "returns": ()}  # fmt: skip
    return OpenedTask(**given | more)  # type: ignore[arg-type]


def test_a_deadline_is_a_moment_a_working_time_or_plain_time() -> None:
    working = PlainWorkingTime()
    later = NOW + timedelta(days=9)
    hours = timedelta(hours=9)
    assert due_at(_opened(), NOW, working) is None
    assert due_at(_opened(due=later), NOW, working) == later
    assert due_at(_opened(due=hours, due_working=False), NOW, working) == NOW + hours
    assert due_at(_opened(due=hours), NOW, working) == NOW + timedelta(days=1, hours=1)


def test_reminders_fall_into_working_hours_even_over_many_days() -> None:
    """Half of ten working days is five days, though `add` reads 24 hours as one day."""
    working = PlainWorkingTime()
    opened = _opened(due=timedelta(days=10), remind_at=(0.5,))
    due = due_at(opened, NOW, working)
    assert due is not None
    assert remind_at(opened, NOW, due, working) == [NOW + timedelta(days=7)]
    plain = _opened(due=timedelta(days=10), due_working=False, remind_at=(0.5,))
    assert remind_at(plain, NOW, NOW + timedelta(days=10), working) == [NOW + timedelta(days=5)]


def test_a_deadline_that_has_passed_sets_no_timers() -> None:
    opened = _opened(escalate="superior", remind_at=(0.5,))
    working = PlainWorkingTime()
    assert timer_rows(opened, ORDER, NOW, NOW, working) == []
    assert len(timer_rows(opened, ORDER, NOW, NOW + timedelta(hours=1), working)) == 2


# -- what is written down --------------------------------------------------------------------

EVENT = {"seq": 1, "instance_id": ORDER, "at": NOW, "type": "t", "element_id": None,
         "task_id": None, "actor": "a", "on_behalf_of": None, "instrument_id": None,
         "data": "{}"}  # fmt: skip


@pytest.mark.parametrize("name", EVENT)
def test_each_part_of_an_event_is_in_its_hash(name: str) -> None:
    start = genesis(ORDER, ORDER)
    other = 2 if name == "seq" else NOW + timedelta(1) if name == "at" else "other"
    assert link(start, EVENT) != link(start, EVENT | {name: other})


def test_a_chain_belongs_to_its_instance() -> None:
    assert link(genesis(ORDER, ORDER), EVENT) != link(genesis(ORDER, UUID(int=4)), EVENT)


@dataclass(frozen=True, slots=True)
class _Command:
    x: object
    hidden: object = field(default=None, compare=False)


def test_a_command_is_told_apart_by_what_compares() -> None:
    first = fingerprint(_Command({"b": 1, "a": 2}))
    assert fingerprint(_Command({"a": 2, "b": 1}, hidden=object())) == first
    assert fingerprint(_Command({"a": 2, "b": 3})) != first
    with pytest.raises(Invalid):
        fingerprint(_Command("\ud800"))


def test_text_that_no_database_takes_is_mended_or_refused() -> None:
    assert storable("a\0b\ud800") == "a\ufffdb?"
    assert checks.text(" a ", "x") == "a"
    with pytest.raises(Invalid):
        checks.text("x" * 11, "x", limit=10)
    with pytest.raises(Invalid):
        checks.variables({"": 1})
    with pytest.raises(Invalid):
        checks.variables({"x": {1}})
    with pytest.raises(TooLarge):
        checks.variables({"x": "y" * checks.MAX_VARIABLES})


# -- faults ----------------------------------------------------------------------------------


def test_an_armed_point_fails_at_its_turn_only() -> None:
    armed = Faults(parse("commit:2:raise"))
    armed.point("commit")
    armed.point("other")
    with pytest.raises(FaultRaised):
        armed.point("commit")
    armed.point("commit")


def test_faults_are_for_tests() -> None:
    with pytest.raises(ValueError, match="kill9"):
        parse("commit:1:explode")
    with pytest.raises(RuntimeError, match="test mode"):
        faults.from_env({"SARABAN_FAULTS": "commit:1:raise"})
    assert faults.from_env({}) is None
