"""Facts of the world begin processes: where a condition comes true, once, and nobody else's."""

from __future__ import annotations

from html import escape
from threading import Barrier, Thread
from typing import Any

import pytest
from support.builders import OTHER_AGENCY, Case, Works, assigned, bpmn, user

from engine.commands.conditions import AskCondition, TellFacts
from engine.commands.dead_jobs import RetryJob
from engine.commands.definitions import WithdrawDefinition
from engine.errors import Conflict, Forbidden, Invalid
from engine.models.deployment import process_definition
from engine.models.incident import incident
from engine.models.instance import process_instance
from engine.models.job import job
from engine.models.starting import start_event

PLAIN = b'<bpmn:startEvent id="start"/>'


def begun(feel: str, key: str = "flood", task: str = "warn") -> bytes:
    made = bpmn(key, user(task, assigned("role", "officer")), flows=f"start>{task} {task}>end")
    event = (
        '<bpmn:startEvent id="start"><bpmn:conditionalEventDefinition><bpmn:condition>'
        f"{escape(feel)}</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:startEvent>"
    )
    return made.replace(PLAIN, event.encode())


def tell(works: Works, who: str = "admin", /, **facts: Any) -> dict[str, tuple[bool | None, bool]]:
    """By process: whether its condition holds, and whether it begins."""
    answer = works.run(TellFacts(facts), who)
    works.work_off()
    return {one["definition_key"]: (one["holds"], one["starts"]) for one in answer["conditions"]}


def running(works: Works) -> list[Any]:
    return sorted(works.rows(process_instance), key=lambda row: row.started_at)


def test_it_begins_where_the_condition_comes_true_and_not_while_it_stays_so(works: Works) -> None:
    works.deploy(begun("rainfall > 90"))
    assert tell(works, rainfall=60) == {"flood": (False, False)}
    assert tell(works, rainfall=91) == {"flood": (True, True)}
    assert tell(works, rainfall=99) == {"flood": (True, False)}
    assert tell(works, rainfall=10) == {"flood": (False, False)}
    assert tell(works, rainfall=120, place="ตากใบ") == {"flood": (True, True)}
    first, second = [Case(works, row.id, {}) for row in running(works)]
    assert (first.variables, second.variables) == (
        {"rainfall": 91}, {"rainfall": 120, "place": "ตากใบ"},
    )  # fmt: skip
    assert first.history[:2] == ["instance.started", "condition.held"]
    assert (first.open(), first.row.starter) == (["warn"], None)
    assert works.findings() == []


def test_only_those_are_asked_that_need_no_more_than_is_told(works: Works) -> None:
    works.deploy(begun("rainfall > 90", "rain"), begun("rainfall > 50 and tide > 2", "both"))
    assert tell(works, rainfall=95) == {"rain": (True, True)}
    assert tell(works, rainfall=95, tide=3) == {"rain": (True, False), "both": (True, True)}
    assert tell(works, wind=3) == {}


def test_a_newer_version_goes_on_from_what_held(works: Works) -> None:
    works.deploy(begun("rainfall > 90"))
    tell(works, rainfall=95)
    works.deploy(begun("rainfall > 80", task="evacuate"))
    assert tell(works, rainfall=95) == {"flood": (True, False)}
    tell(works, rainfall=1)
    assert tell(works, rainfall=85) == {"flood": (True, True)}
    assert Case(works, running(works)[-1].id, {}).open() == ["evacuate"]


def test_a_withdrawn_version_is_not_asked(works: Works) -> None:
    works.deploy(begun("rainfall > 90"))
    (row,) = works.rows(process_definition)
    works.run(WithdrawDefinition(row.id, "drawn anew", whole_key=True))
    assert tell(works, rainfall=95) == {}


def test_one_that_is_gone_when_its_job_runs_starts_nothing(works: Works) -> None:
    works.deploy(begun("rainfall > 90"))
    works.run(TellFacts({"rainfall": 95}))
    works.deploy(bpmn("flood", user("warn"), flows="start>warn warn>end"))
    works.work_off()
    assert running(works) == []
    assert works.run(AskCondition("flood", "start", {"rainfall": 95}), "system") == {
        "starts": False
    }


def test_a_wrong_condition_holds_nothing_up_and_is_an_incident_once(works: Works) -> None:
    works.deploy(begun("rainfall > 90", "rain"), begun("rainfall + 1", "wrong"))
    told = works.run(TellFacts({"rainfall": 95}))["conditions"]
    wrong = next(one for one in told if one["definition_key"] == "wrong")
    assert (wrong["holds"], wrong["starts"]) == (None, False)
    assert "true or false" in wrong["problem"]
    assert tell(works, rainfall=96)["rain"] == (True, False)
    (raised,) = works.rows(incident)
    assert (raised.element_id, raised.state) == ("start", "open")
    assert raised.detail["definition_key"] == "wrong"
    (row,) = works.rows(process_instance)
    assert Case(works, row.id, {}).open() == ["warn"]

    works.run(RetryJob(raised.job_id))
    works.work_off()
    assert len(works.rows(process_instance)) == 1
    assert [one.state for one in works.rows(job, job.c.id == raised.job_id)] == ["dead"]
    works.deploy(begun("rainfall + 1 > 90", "wrong"))
    works.run(RetryJob(raised.job_id))
    works.work_off()
    assert len(works.rows(process_instance)) == 2, "mended, it holds of what was told then"
    assert works.findings() == []


def test_who_may_and_what_can_be_told(works: Works) -> None:
    works.deploy(begun("rainfall > 90"))
    with pytest.raises(Forbidden):
        works.run(TellFacts({"rainfall": 95}), "somchai")
    with pytest.raises(Invalid):
        works.run(TellFacts({"rainfall": 95, "__class__": 1}))
    assert [row.running for row in works.rows(start_event)] == [None]
    assert (
        works.run(TellFacts({"rainfall": 95}), works.actor("admin", OTHER_AGENCY))["conditions"]
        == []
    )


def test_who_administers_a_process_asks_its_conditions_alone(works: Works) -> None:
    works.deploy(begun("rainfall > 90"), begun("rainfall > 80", "other"))
    works.administers("somchai", "flood")
    assert tell(works, "somchai", rainfall=95) == {"flood": (True, True)}
    assert [row.running for row in works.rows(start_event) if row.definition_key == "other"] == [
        None
    ]


def test_a_condition_that_is_still_wrong_is_a_conflict(works: Works) -> None:
    works.deploy(begun("rainfall + 1"))
    with pytest.raises(Conflict) as refused:
        works.run(AskCondition("flood", "start", {"rainfall": 1}), "system")
    assert refused.value.code == "condition_stuck"


def test_of_two_that_tell_at_once_one_begins_it(postgres_works: Works) -> None:
    works = postgres_works
    works.deploy(begun("rainfall > 90"))
    together, answers = Barrier(4), []

    def say() -> None:
        together.wait()
        answers.extend(works.run(TellFacts({"rainfall": 95}))["conditions"])

    threads = [Thread(target=say) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    works.work_off()
    assert sorted(one["starts"] for one in answers) == [False, False, False, True]
    assert len(works.rows(process_instance)) == 1
