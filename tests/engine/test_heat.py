"""Where cases of a version wait, and how long tasks of a period took, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from support.builders import Works, bpmn, extension, script, user

from engine.db import reading
from engine.errors import Forbidden
from engine.models.deployment import process_definition
from engine.queries import heat as queries
from engine.queries.heat import ElementHeat, Heat, Took, heat
from engine.twins import PlainWorkingTime


def whole(works: Works, days: int = 30, who: str = "admin", **more: Any) -> Heat:
    row = max(works.rows(process_definition), key=lambda one: one.version)
    now = works.clock.now()
    period = {"since": now - timedelta(days=days), "until": now + timedelta(seconds=1)}
    asked: dict[str, Any] = {**period, "now": now, "working": PlainWorkingTime(), **more}
    with reading(works.engine) as db:
        return heat(db, works.actor(who), UUID(str(row.id)), **asked)


def look(works: Works, days: int = 30, who: str = "admin", **more: Any) -> dict[str, ElementHeat]:
    return {one.element_id: one for one in whole(works, days, who, **more).elements}


def line(works: Works) -> Works:
    draft = user("draft", extension("due", value="PT6H"))
    return works.deploy(bpmn("route", draft, user("sign"), flows="start>draft draft>sign sign>end"))


def test_counts_waiting_times_and_what_is_late(works: Works) -> None:
    line(works)
    began = works.clock.now()
    cases = [works.start() for _ in range(11)]
    for hours in range(1, 11):
        works.clock.advance(timedelta(hours=1))
        cases[hours - 1].task("draft").complete()
    found = look(works)
    draft = found["draft"]
    assert (draft.tasks, draft.late, draft.oldest) == (1, 1, began)
    assert (draft.done, draft.done_due, draft.done_late) == (10, 10, 4)
    assert draft.clock == Took(timedelta(hours=5), timedelta(hours=9))
    sign = found["sign"]
    assert (sign.tasks, sign.late, sign.done, sign.clock) == (10, 0, 0, Took())


def test_working_time_leaves_the_night_and_the_weekend_out(works: Works) -> None:
    line(works)
    for hours in (1, 24 * 7):
        case = works.start()
        began = works.clock.now()
        works.clock.advance(timedelta(hours=hours))
        case.task("draft").complete()
    draft = look(works)["draft"]
    worked = PlainWorkingTime().between(began, works.clock.now())
    assert worked == timedelta(hours=40)
    assert draft.working.p90 == worked
    assert draft.clock.p90 == timedelta(days=7)


def test_versions_stand_together_where_asked(works: Works) -> None:
    line(works).start().task("draft").complete()
    waiting = works.start()
    other = user("draft", extension("due", value="PT6H"))
    works.deploy(bpmn("route", other, flows="start>draft draft>end"))
    works.start().task("draft").complete()
    assert {name: (one.tasks, one.done) for name, one in look(works).items()} == {"draft": (0, 1)}
    both = whole(works, every_version=True)
    assert [one.version for one in both.versions] == [2, 1]
    assert {one.element_id: (one.tasks, one.done) for one in both.elements} == {
        "draft": (1, 2), "sign": (1, 0),
    }  # fmt: skip
    waiting.cancel()


def test_a_period_ends_too(works: Works) -> None:
    line(works)
    started = works.clock.now()
    first = works.start()
    first.task("draft").complete()
    works.clock.advance(timedelta(days=5))
    first.task("sign").complete()
    works.start().task("draft").complete()
    early = look(works, until=started + timedelta(days=1))
    assert (early["draft"].done, early["sign"].done, early["sign"].tasks) == (1, 0, 1)


def test_no_more_is_read_than_so_many_cases_and_tasks(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    line(works)
    for name in ("RUNNING", "ENDED", "TASKS"):
        monkeypatch.setattr(queries, name, 3)
    for _ in range(3):
        case = works.start()
        case.task("draft").complete()
        case.task("sign").complete()
        works.start()
    found = whole(works)
    assert (found.more_running, found.more_done) == (False, True), "six tasks were done"
    monkeypatch.setattr(queries, "TASKS", 6)
    assert whole(works).more_done is False
    works.start()
    found = whole(works)
    assert (found.more_running, found.more_done) == (True, False)
    assert {one.element_id: one.tasks for one in found.elements}["draft"] == 3
    monkeypatch.setattr(queries, "ENDED", 2)
    found = whole(works)
    assert found.more_done is True
    assert {one.element_id: one.done for one in found.elements}["sign"] == 2


def test_only_what_was_done_in_the_period(works: Works) -> None:
    line(works)
    works.start().task("draft").complete()
    works.clock.advance(timedelta(days=20))
    later = works.start()
    later.task("draft").complete()
    later.task("sign").complete()
    assert (look(works)["draft"].done, look(works, 10)["draft"].done) == (2, 1)
    assert look(works, 10)["sign"].tasks == 1
    later.works.clock.advance(timedelta(days=40))
    assert list(look(works)) == ["sign"], "what is long done is nobody's heat"


def test_what_is_cancelled_counts_for_nothing(works: Works) -> None:
    line(works).start().cancel()
    assert look(works) == {}


def test_tokens_that_wait_for_no_person_and_incidents(works: Works) -> None:
    timed = (
        '<bpmn:intermediateCatchEvent id="pause"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>PT5H</bpmn:timeDuration></bpmn:timerEventDefinition>"
        "</bpmn:intermediateCatchEvent>"
    )
    broken = script("sum", "{x: no}")
    works.deploy(bpmn("route", timed, broken, flows="start>pause pause>sum sum>end"))
    works.start()
    assert (look(works)["pause"].waits, look(works)["pause"].stuck) == (1, 0)
    works.tick(hours=6)
    assert (look(works)["sum"].waits, look(works)["sum"].stuck) == (0, 1)


def test_it_is_for_those_who_keep_or_audit_the_process(works: Works) -> None:
    line(works)
    with pytest.raises(Forbidden):
        look(works, who="somchai")
