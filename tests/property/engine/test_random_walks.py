"""Whatever people try, in whatever order: refused or done, never half done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from support import database
from support.builders import (
    Case,
    Works,
    assigned,
    bpmn,
    excluding,
    extension,
    gateway,
    make_works,
    outcomes,
    service,
    user,
)

from engine.clock import SteppedClock
from engine.db import reading
from engine.errors import Rejected
from engine.models.task import task
from engine.queries.audit import check_chain

ROUTE = bpmn(
    "route",
    user("draft", assigned("unit", "desk"), extension("due", value="PT4H"),
         extension("reminder", at="0.5"), extension("escalation", to="superior")),
    gateway("split", "parallel"),
    user("check", assigned("unit", "desk"), excluding("performer", "draft")),
    user("ask", assigned("role", "officer")),
    service("note", "test.echo", text='="x"'),
    gateway("join", "parallel"),
    user("approve", assigned("position", "head"), outcomes("pass", "stop"),
         extension("return", to="draft")),
    gateway("decided"),
    flows="start>draft draft>split split>check check>join split>ask ask>note note>join"
    ' join>approve approve>decided decided>draft[=outcome="return"] decided>end!',
)  # fmt: skip

PEOPLE = st.sampled_from(["somchai", "malee", "head", "deputy", "stranger"])
VERBS = st.sampled_from(
    ["claim", "unclaim", "complete", "pass", "stop", "return", "delegate", "reassign", "comment",
     "look", "work", "wait", "retry"]
)  # fmt: skip
MOVES = st.lists(st.tuples(VERBS, st.integers(0, 5), PEOPLE, PEOPLE), max_size=25)


@pytest.fixture(scope="module")
def engine(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    target = tmp_path_factory.mktemp("walks") / "saraban.db"
    with database.sqlite_clone(sqlite_template, target) as made:
        yield made


def _move(works: Works, case: Case, move: tuple[str, int, str, str]) -> None:
    verb, which, who, other = move
    if verb == "work":
        works.work_off()
        return
    if verb == "wait":
        works.tick(hours=3)
        return
    rows = works.rows(task, task.c.root_id == case.id)
    if not rows or verb == "retry":
        return
    chosen = sorted(rows, key=lambda row: row.id)[which % len(rows)]
    handle = case.task(chosen.element_id).by(who)
    acts: dict[str, Any] = {
        "claim": lambda: handle.claimed_by(who),
        "unclaim": handle.unclaim,
        "complete": handle.complete,
        "pass": lambda: handle.complete("pass"),
        "stop": lambda: handle.complete("stop"),
        "return": lambda: handle.send_back("draft"),
        "delegate": lambda: handle.delegate(other),
        "reassign": lambda: handle.by("admin").reassign(other),
        "comment": lambda: handle.comment("a word"),
        "look": handle.look,
    }
    acts[verb]()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=MOVES)
def test_random_moves_keep_every_promise(
    engine: Engine, clock: SteppedClock, moves: list[tuple[str, int, str, str]]
) -> None:
    works = make_works(engine, clock)
    case = works.deploy(ROUTE).start()
    for move in moves:
        before = len(case.events)
        try:
            _move(works, case, move)
        except Rejected:
            assert len(case.events) == before  # refused means untouched
        with reading(engine) as db:
            assert check_chain(db, case.row.agency_id, case.id) is None
    works.work_off()
    assert [finding for finding in works.findings() if finding.instance_id == str(case.id)] == []
    if case.status == "completed":
        assert case.open() == []
    case.cancel() if case.status in {"active", "incident"} else None
    assert case.status in {"completed", "cancelled"}
