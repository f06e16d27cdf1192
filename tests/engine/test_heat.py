"""Where cases of a version wait, and how long tasks of a period took, on both databases."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from support.builders import Works, bpmn, extension, script, user

from engine.db import reading
from engine.errors import Forbidden
from engine.models.deployment import process_definition
from engine.queries.heat import ElementHeat, heat


def look(works: Works, days: int = 30, who: str = "admin") -> dict[str, ElementHeat]:
    (row,) = works.rows(process_definition)
    now = works.clock.now()
    with reading(works.engine) as db:
        found = heat(db, works.actor(who), UUID(str(row.id)), now - timedelta(days=days), now)
    return {one.element_id: one for one in found}


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
    assert (draft.done, draft.done_late) == (10, 4)
    assert draft.median is not None
    assert draft.p90 is not None
    assert round(draft.median / timedelta(minutes=1)) == 5 * 60
    assert round(draft.p90 / timedelta(minutes=1)) == 9 * 60
    sign = found["sign"]
    assert (sign.tasks, sign.late, sign.done, sign.median) == (10, 0, 0, None)


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
