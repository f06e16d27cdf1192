"""A case that is sent back again and again costs the last time what it cost the first.

The runtime's own test (`test_traps.py`, 03) goes around a thousand times; this one looks at the
statements that the engine needs around it.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from support.builders import Case, TaskHandle, Works, assigned, bpmn, extension, gateway, user

from engine.models.instance import process_instance
from engine.models.task import task

ROUNDS = 100
ROUTE = bpmn(
    "route", user("draft"),
    user("approve", assigned("position", "head"), extension("return", to="draft")), gateway("g"),
    flows='start>draft draft>approve approve>g g>draft[=outcome="return"] g>end!',
)  # fmt: skip


def only_task(case: Case, who: str) -> TaskHandle:
    (row,) = case.works.rows(task, task.c.root_id == case.id, task.c.state == "open")
    return TaskHandle(case, row.id, who)


def test_sending_back_again_and_again_keeps_its_cost(works: Works) -> None:
    """As many statements and as many bytes of state."""
    case = works.deploy(ROUTE).start()
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    costs = []
    for number in range(ROUNDS):
        counts = number in (2, ROUNDS - 1)
        if counts:
            statements.clear()
            sa.event.listen(works.engine, "before_cursor_execute", note)
        only_task(case, "somchai").complete()
        only_task(case, "head").send_back("draft", "the date is wrong")
        if counts:
            sa.event.remove(works.engine, "before_cursor_execute", note)
            (row,) = works.rows(process_instance)
            costs.append((len(statements), len(row.state)))
    assert costs[0] == costs[1]
    assert case.history.count("task.returned") == ROUNDS


def test_what_was_sent_back_once_can_pass_the_next_time(works: Works) -> None:
    """A task that may be returned needs no outcomes of its own: an old return does not linger."""
    case = works.deploy(ROUTE).start()
    only_task(case, "somchai").complete()
    only_task(case, "head").send_back("draft")
    only_task(case, "somchai").complete()
    only_task(case, "head").complete()
    assert (case.status, case.variables["outcome"]) == ("completed", None)
