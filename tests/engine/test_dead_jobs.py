"""Jobs that failed for good: tried again or gone on without, by operators alone, and once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from support.builders import (
    OTHER_AGENCY,
    Case,
    Works,
    bpmn,
    gateway,
    make_works,
    service,
    user,
)

from engine.actor import system_actor
from engine.clock import SteppedClock
from engine.commands.dead_jobs import RetryJob, SkipJob
from engine.commands.incidents import RetryIncident
from engine.commands.instances import StartInstance
from engine.commands.jobs import LeaseJob, want_job
from engine.db import reading
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.ids import new_id
from engine.models.incident import incident
from engine.models.job import job
from engine.ports import Action, JobFailed, JobInput, JobOutput
from engine.queries import jobs as queries

CALLS = bpmn("route", service("mail", "test.act", "sent", to="=1"), user("after"),
             flows="start>mail mail>after after>end")  # fmt: skip
BESIDE = bpmn(
    "route",
    gateway("split", "parallel"), service("mail", "test.act", "sent", to="=1"), user("beside"),
    gateway("join", "parallel"),
    flows="start>split split>mail mail>join split>beside beside>join join>end",
)  # fmt: skip


class Broken:
    """An action that fails for good until it is mended."""

    mended = False

    def __call__(self, _given: JobInput) -> JobOutput:
        if not self.mended:
            raise JobFailed("no line", retry=False)
        return JobOutput({"ok": True})


@pytest.fixture
def broken() -> Broken:
    return Broken()


@pytest.fixture
def works(db_engine: Engine, clock: SteppedClock, broken: Broken):  # type: ignore[no-untyped-def]
    made = make_works(db_engine, clock, Action("test.act", broken, frozenset({"to"}), drawn=True))
    yield made
    assert made.findings() == []


@pytest.fixture
def case(works: Works) -> Case:
    """A case whose only token waits for a dead job."""
    made = works.deploy(CALLS).start()
    works.work_off()
    assert made.status == "incident"
    return made


def _only(works: Works) -> Any:
    return works.rows(job)[0]


def _free(works: Works) -> UUID:
    """A dead job that no instance waits for."""
    handlers = {StartInstance: lambda _c, ctx: {"id": want_job(ctx, "test.act", {"to": 1})}}
    bus = replace(works.bus, handlers=handlers)
    made = bus.execute(StartInstance("none"), works.actor("admin"))["id"]
    works.work_off()
    return UUID(str(made))


def _dead(works: Works, who: str = "admin", **more: Any) -> Any:
    with reading(works.engine) as db:
        return queries.dead(db, works.actor(who), **more)


def test_a_retried_job_runs_again_and_resolves_its_incident(
    works: Works, case: Case, broken: Broken
) -> None:
    broken.mended = True
    answer = works.run(RetryJob(_only(works).id))
    assert (answer["state"], answer["instance_status"]) == ("waiting", "active")
    assert works.rows(incident)[0].resolved_by == "admin"
    works.work_off()
    assert case.open() == ["after"]


def test_a_retried_job_that_dies_again_is_a_new_incident(works: Works, case: Case) -> None:
    works.run(RetryJob(_only(works).id))
    works.work_off()
    assert (case.status, _only(works).state) == ("incident", "dead")
    assert sorted(row.state for row in works.rows(incident)) == ["open", "resolved"]


def test_a_skipped_job_lets_the_token_go_on_and_history_tells_why(works: Works, case: Case) -> None:
    answer = works.run(SkipJob(_only(works).id, " sent by post ", {"ok": False}))
    assert (answer["state"], answer["instance_status"]) == ("cancelled", "active")
    assert (case.open(), case.variables["sent"]) == (["after"], {"ok": False})
    told = next(event for event in case.events if event.type == "job.skipped")
    assert (told.actor, told.element_id) == ("admin", "mail")
    assert "sent by post" in str(told.data)
    assert case.history.count("incident.resolved") == 1
    case.task("after").complete()
    assert case.status == "completed"


def test_skipping_without_an_answer_leaves_the_result_empty(works: Works, case: Case) -> None:
    works.run(SkipJob(_only(works).id, "not needed"))
    assert case.variables["sent"] == {}


def test_skipping_beside_another_branch_waits_for_it(works: Works) -> None:
    case = works.deploy(BESIDE).start()
    works.work_off()
    works.run(SkipJob(_only(works).id, "not needed"))
    assert (case.status, case.open()) == ("active", ["beside"])


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1_001])
def test_a_reason_is_needed_and_short(works: Works, case: Case, reason: str) -> None:
    with pytest.raises(Invalid):
        works.run(SkipJob(_only(works).id, reason))
    assert case.status == "incident"


@pytest.mark.parametrize("act", [RetryJob, lambda id_: SkipJob(id_, "why")])
class TestEachAct:
    def test_needs_the_right_operate(self, works: Works, case: Case, act: Any) -> None:
        with pytest.raises(Forbidden):
            works.run(act(_only(works).id), "somchai")
        assert case.status == "incident"

    def test_finds_no_job_of_another_agency(self, works: Works, case: Case, act: Any) -> None:
        for id_, agency in ((_only(works).id, OTHER_AGENCY), (new_id(), case.row.agency_id)):
            with pytest.raises(NotFound):
                works.run(act(id_), works.actor("admin", agency))
        assert case.status == "incident"

    def test_is_done_once(self, works: Works, case: Case, act: Any) -> None:
        works.run(act(_only(works).id))
        for again in (RetryJob(_only(works).id), SkipJob(_only(works).id, "why")):
            with pytest.raises(Conflict) as refused:
                works.run(again)
            assert refused.value.code == "job_not_dead"
        assert case.status == "active"

    def test_is_refused_while_the_job_may_still_run(self, works: Works, act: Any) -> None:
        works.deploy(CALLS).start()
        for _ in range(2):  # waiting, then leased
            with pytest.raises(Conflict) as refused:
                works.run(act(_only(works).id))
            assert refused.value.code == "job_not_dead"
            works.run(LeaseJob(_only(works).id), system_actor(UUID(int=1)))

    def test_is_refused_once_the_token_has_gone(self, works: Works, case: Case, act: Any) -> None:
        case.cancel()
        with pytest.raises(Conflict) as refused:
            works.run(act(_only(works).id))
        assert refused.value.code == "job_not_awaited"
        assert _only(works).state == "dead"

    def test_settles_the_incident_for_good(self, works: Works, case: Case, act: Any) -> None:
        works.run(act(_only(works).id))
        with pytest.raises(Conflict):
            works.run(RetryIncident(works.rows(incident)[0].id))
        assert case.status == "active"

    def test_of_a_job_without_an_instance(self, works: Works, act: Any) -> None:
        id_ = _free(works)
        answer = works.run(act(id_))
        assert (answer["instance_id"], answer["instance_status"]) == (None, None)
        found = works.rows(incident)[0]
        assert (found.state, found.resolved_by) == ("resolved", "admin")
        assert found.detail["action"] == "test.act"
        skipped = answer["state"] == "cancelled"
        assert found.detail["resolution"] == ("skipped" if skipped else "retried")
        assert found.detail.get("reason") == ("why" if skipped else None)
        with pytest.raises(Conflict):
            works.run(act(id_))


def test_a_job_without_an_instance_takes_no_variables(works: Works) -> None:
    id_ = _free(works)
    with pytest.raises(Invalid):
        works.run(SkipJob(id_, "why", {"a": 1}))


def test_dead_jobs_are_listed_last_ones_first_and_page_by_page(works: Works) -> None:
    works.deploy(CALLS)
    for _ in range(3):
        works.start()
        works.work_off()
    free = _free(works)
    page = _dead(works, page_size=3)
    assert (page.total, page.items[0].id) == (4, str(free))
    assert {row.element_id for row in page.items} == {None, "mail"}
    rest = _dead(works, page_size=3, after=page.next)
    assert len({row.id for row in [*page.items, *rest.items]}) == 4
    assert (len(rest.items), rest.next) == (1, None)
    works.run(SkipJob(free, "not needed"))
    works.run(RetryJob(UUID(rest.items[0].id)))
    assert _dead(works).total == 2


def test_dead_jobs_are_for_operators_of_their_agency(works: Works, case: Case) -> None:
    found = _dead(works).items[0]
    assert (found.instance_id, found.last_error) == (str(case.id), "no line")
    with pytest.raises(Forbidden):
        _dead(works, "somchai")
    with reading(works.engine) as db:
        stranger = works.actor("admin", OTHER_AGENCY)
        assert queries.dead(db, stranger).items == []
        with pytest.raises(NotFound):
            queries.one(db, stranger, UUID(found.id))
        assert queries.one(db, works.actor("admin"), UUID(found.id)) == found


def test_a_dead_job_of_a_case_that_was_cancelled_is_not_listed(works: Works, case: Case) -> None:
    case.cancel()
    assert _dead(works).items == []
