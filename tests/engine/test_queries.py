"""What people see: views, orders, pages and searches, and whose eyes may see what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from support.builders import (
    OTHER_AGENCY,
    ROUTE,
    Works,
    assigned,
    bpmn,
    excluding,
    extension,
    gateway,
    user,
)

from engine import jsonio
from engine.commands.instances import StartInstance
from engine.db import reading
from engine.errors import Forbidden, Invalid, NotFound
from engine.queries import incidents, instances, tasks
from engine.queries.page import Page

DESK = bpmn(
    "desk",
    user(
        "draft", extension("priority", value="=urgency"),
        extension("due", value="=wait", working="false"),
    ),
    user("check", assigned("unit", "desk"), excluding("performer", "draft")),
    flows="start>draft draft>check check>end",
    title="=subject",
)  # fmt: skip


def _desk(works: Works, who: str = "somchai", **more: Any) -> Any:
    given = {"subject": "ขออนุมัติ", "urgency": 1, "wait": None} | more
    return works.start("desk", who, **given)


def _inbox(works: Works, who: str = "somchai", **wish: Any) -> Page[tasks.TaskRow]:
    with reading(works.engine) as db:
        return tasks.inbox(db, works.actor(who), now=works.clock.now(), **wish)


def _titles(page: Page[tasks.TaskRow]) -> Sequence[str]:
    return [row.title for row in page.items]


def test_each_view_shows_its_tasks(works: Works) -> None:
    works.deploy(DESK)
    case = _desk(works)
    assert len(_inbox(works, view="claimable").items) == 1
    assert len(_inbox(works, view="mine,claimable").items) == 1
    assert _inbox(works, view="mine").items == []
    case.task("draft").claimed_by("somchai")
    assert [row.state for row in _inbox(works, view="mine").items] == ["claimed"]
    assert _inbox(works, view="claimable").items == []
    case.task("draft").complete()
    assert [row.element_id for row in _inbox(works, view="done").items] == ["draft"]
    assert [row.element_id for row in _inbox(works, "malee", view="claimable").items] == ["check"]
    assert _inbox(works, view="claimable").items == []  # barred: had drafted it
    case.task("check").claimed_by("malee")
    for who in ("somchai", "head"):
        assert [row.assignee for row in _inbox(works, who, view="team").items] == ["malee"]
    assert _inbox(works, "stranger", view="team").items == []


def test_what_i_started_and_others_do_is_waited_for(works: Works) -> None:
    route = bpmn(
        "route", user("approve", assigned("position", "head")), flows="start>approve approve>end"
    )
    case = works.deploy(route).start()
    assert [row.element_id for row in _inbox(works, view="waiting").items] == ["approve"]
    assert _inbox(works, "head", view="waiting").items == []
    case.task("approve").by("head").complete()
    assert _inbox(works, view="waiting").items == []


def test_rows_have_the_shape_of_the_interface(works: Works) -> None:
    works.deploy(DESK)
    case = _desk(works, wait=timedelta(hours=4))
    row = asdict(_inbox(works, view="claimable").items[0])
    wanted = "id name element_id instance_id definition_key title state assignee candidates"
    assert set(f"{wanted} priority created_at due_at form outcomes".split()) <= set(row)
    assert row["instance_id"] == str(case.id)
    assert (row["definition_key"], row["title"]) == ("desk", "ขออนุมัติ")
    assert row["candidates"] == [{"kind": "person", "id": "somchai", "name": "somchai"}]
    assert row["due_at"] == works.clock.now() + timedelta(hours=4)
    assert jsonio.loads(jsonio.dumps(row))["due_at"].endswith("Z")


def test_the_urgent_come_first_then_the_due(works: Works) -> None:
    works.deploy(DESK)
    hour = timedelta(hours=1)
    for subject, urgency, wait in (
        ("a", 1, None),
        ("b", 4, hour * 9),
        ("c", 4, hour),
        ("d", 1, hour),
    ):
        _desk(works, subject=subject, urgency=urgency, wait=wait)
    view = {"view": "claimable"}
    assert _titles(_inbox(works, **view)) == ["c", "b", "d", "a"]
    assert _titles(_inbox(works, **view, sort="due")) == ["c", "d", "b", "a"]
    assert _titles(_inbox(works, **view, sort="new")) == ["d", "c", "b", "a"]


def test_several_views_are_one_list(works: Works) -> None:
    works.deploy(DESK)
    _desk(works, subject="ก").task("draft").complete()
    _desk(works, subject="ข")
    both = {"view": "done,claimable", "sort": "new"}
    assert sorted(_titles(_inbox(works, view="claimable,done,done"))) == ["ก", "ข"]
    first = _inbox(works, **both, page_size=1)
    rest = _inbox(works, **both, page_size=1, after=first.next)
    assert (first.total, sorted([*_titles(first), *_titles(rest)])) == (2, ["ก", "ข"])
    with pytest.raises(Invalid):
        _inbox(works, view="mine,bogus")


@pytest.mark.parametrize("sort", tasks.SORTS)
@pytest.mark.parametrize("view", ["claimable", "done"])
def test_cursors_lead_through_every_row_once(works: Works, sort: str, view: str) -> None:
    works.deploy(DESK)
    for number in range(7):
        wait = None if number % 3 == 0 else timedelta(hours=number)
        case = _desk(works, subject=str(number), urgency=1 + number % 2, wait=wait)
        if view == "done":
            works.clock.advance(timedelta(seconds=number % 2))
            case.task("draft").complete()
    whole = _titles(_inbox(works, view=view, sort=sort))
    seen: list[str] = []
    after = None
    while True:
        page = _inbox(works, view=view, sort=sort, page_size=2, after=after)
        seen += _titles(page)
        after = page.next
        if after is None:
            break
    assert seen == whole
    assert len(set(seen)) == page.total == 7
    pages = (_inbox(works, view=view, sort=sort, page_size=3, page=n) for n in (1, 2, 3))
    assert [title for page in pages for title in _titles(page)] == whole


def test_searching_finds_thai_in_the_middle_and_takes_signs_as_they_are(works: Works) -> None:
    works.deploy(DESK)
    for subject in ("ขออนุมัติจัดซื้อคอมพิวเตอร์", "ขอลาพักผ่อน", "100% done", "Budget_2569"):
        _desk(works, subject=subject)
    found = {
        q: _titles(_inbox(works, view="claimable", q=q))
        for q in ("คอม", "ลาพัก", "%", "_2", "budget", "x")
    }
    assert [len(titles) for titles in found.values()] == [1, 1, 1, 1, 1, 0]
    assert len(_inbox(works, view="claimable", q=" ").items) == 4


def test_filters_narrow_a_view(works: Works) -> None:
    works.deploy(DESK).deploy(ROUTE)
    _desk(works, subject="late", wait=timedelta(hours=1))
    _desk(works, subject="in time", wait=timedelta(hours=9))
    works.start("route")
    works.clock.advance(timedelta(hours=2))
    assert _titles(_inbox(works, view="claimable", overdue=True)) == ["late"]
    page = _inbox(works, view="claimable", definition_key="route")
    assert ([row.definition_key for row in page.items], page.total) == (["route"], 1)


@pytest.mark.parametrize(
    "wish",
    [
        {"view": "all"}, {"sort": "size"}, {"page": 0}, {"page_size": 101}, {"page_size": 0},
        {"after": "bm8"}, {"after": "ก"}, {"q": "x" * 300},
    ],
)  # fmt: skip
def test_an_impossible_wish_is_refused(works: Works, wish: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        _inbox(works, **wish)


def test_a_cursor_belongs_to_its_list(works: Works) -> None:
    works.deploy(DESK)
    for _ in range(3):
        _desk(works)
    cursor = _inbox(works, view="claimable", page_size=1).next
    with pytest.raises(Invalid) as refused:
        _inbox(works, view="claimable", page_size=1, sort="new", after=cursor)
    assert refused.value.code == "bad_cursor"


def test_counts_are_those_of_the_views(works: Works) -> None:
    works.deploy(DESK)
    _desk(works, wait=timedelta(hours=1))
    mine = _desk(works, wait=timedelta(hours=9)).task("draft").claimed_by("somchai")
    works.clock.advance(timedelta(hours=2))
    with reading(works.engine) as db:
        found = tasks.counts(db, works.actor("somchai"), works.clock.now())
        nothing = tasks.counts(db, works.actor("stranger"), works.clock.now())
    assert (found.mine, found.claimable, found.overdue) == (1, 1, 1)
    assert found.newest == str(mine.id)
    assert (nothing.mine, nothing.claimable, nothing.newest) == (0, 0, None)


def test_a_task_is_seen_with_what_may_be_done(works: Works) -> None:
    works.deploy(DESK)
    case = _desk(works)
    task = case.task("draft")
    task.comment("a word")
    with reading(works.engine) as db:
        view = tasks.one(db, works.actor("somchai"), task.id)
        above = tasks.one(db, works.actor("admin"), task.id)
    assert view.verbs == {"claim", "complete", "delegate", "comment"}
    assert above.verbs == {"comment", "reassign"}
    assert view.variables["subject"] == "ขออนุมัติ"
    assert [comment.text for comment in view.comments] == ["a word"]
    assert (view.starter, view.instance_status) == ("somchai", "active")
    task.claimed_by("somchai")
    with reading(works.engine) as db:
        held = tasks.one(db, works.actor("somchai"), task.id)
    assert held.verbs == {"unclaim", "complete", "delegate", "comment", "reassign"}
    assert held.version > view.version


def test_only_those_who_take_part_see_a_case(works: Works) -> None:
    works.deploy(DESK)
    case = _desk(works)
    looks = {
        "task": lambda db, who: tasks.one(db, who, case.task("draft").id),
        "instance": lambda db, who: instances.one(db, who, case.id),
        "history": lambda db, who: instances.history(db, who, case.id),
        "progress": lambda db, who: instances.progress(db, who, case.id),
        "incidents": lambda db, who: incidents.listing(db, who, instance_id=case.id),
    }

    def sees(who: str) -> bool:
        outcomes = set()
        for look in looks.values():
            with reading(works.engine) as db:
                try:
                    look(db, works.actor(who))
                    outcomes.add(True)
                except Forbidden:
                    outcomes.add(False)
        assert len(outcomes) == 1
        return outcomes.pop()

    assert [who for who in ("somchai", "malee", "stranger", "admin") if sees(who)] == [
        "somchai", "admin",
    ]  # fmt: skip
    case.task("draft").complete()
    assert [who for who in ("malee", "head", "stranger") if sees(who)] == ["malee", "head"]
    for look in looks.values():
        with reading(works.engine) as db, pytest.raises(NotFound):
            look(db, works.actor("admin", OTHER_AGENCY))


def test_lists_of_instances_hold_what_one_may_see(works: Works) -> None:
    works.deploy(DESK).deploy(ROUTE)
    mine, other = _desk(works, subject="mine"), _desk(works, "malee", subject="other")
    works.start("route", "malee", business_key="b-1").cancel()

    def ids(who: str, **wish: Any) -> list[str]:
        with reading(works.engine) as db:
            return [row.id for row in instances.listing(db, works.actor(who), **wish).items]

    assert ids("somchai") == [str(mine.id)]
    assert ids("stranger") == []
    assert len(ids("admin")) == 3
    assert ids("admin", definition_key="desk", started_by="malee") == [str(other.id)]
    assert len(ids("admin", status="cancelled", business_key="b-1")) == 1
    assert ids("admin", q="OTH") == [str(other.id)]
    with reading(works.engine) as db:
        first = instances.listing(db, works.actor("admin"), page_size=2)
        second = instances.listing(db, works.actor("admin"), page_size=2, after=first.next)
    assert (first.total, len(first.items), len(second.items), second.next) == (3, 2, 1, None)


def test_an_instance_is_shown_with_its_tasks_and_called_processes(works: Works) -> None:
    parent = bpmn("parent", '<bpmn:callActivity id="call" calledElement="child"/>',
                  flows="start>call call>end")  # fmt: skip
    works.deploy(parent, bpmn("child", user("a"), user("b"), flows="start>a a>b b>end"))
    case = works.start("parent", n=1)
    case.task("a").complete(m=2)
    actor = works.actor("somchai")
    with reading(works.engine) as db:
        view = instances.one(db, actor, case.id)
        child = instances.one(db, actor, UUID(view.called[0].id))
        way = instances.progress(db, actor, UUID(view.called[0].id))
        told = instances.history(db, actor, case.id)
        told_child = instances.history(db, actor, UUID(view.called[0].id))
        rest = instances.history(db, actor, case.id, after_seq=3, limit=2)
    assert (view.tasks, view.verbs) == ([], {"cancel"})
    assert child.instance.parent_instance_id == str(case.id)
    assert [(task.element_id, task.state) for task in child.tasks] == [
        ("b", "open"), ("a", "completed"),
    ]  # fmt: skip
    assert child.variables == {"n": 1, "m": 2}
    states = {element.element_id: element.state for element in way.elements}
    assert states == {"start": "completed", "a": "completed", "b": "active"}
    assert [event.seq for event in told] == list(range(1, len(told) + 1))
    assert {event.instance_id for event in told_child} == {child.instance.id}
    assert [event.seq for event in rest] == [4, 5]


def test_progress_counts_visits_and_flows(works: Works) -> None:
    loop = bpmn("route", user("a"), gateway("g"), flows="start>a a>g g>a[=again] g>end!")
    case = works.deploy(loop).start()
    for again in (True, True):
        case.task("a").complete(again=again)
    with reading(works.engine) as db:
        way = instances.progress(db, works.actor("somchai"), case.id)
    found = {element.element_id: element for element in way.elements}
    assert (found["a"].visits, found["a"].tokens, found["a"].state) == (3, 1, "active")
    assert way.flows == {"f0": 1, "f1": 2, "f2": 2}
    assert list(found)[:2] == ["start", "a"]


def test_stuck_elements_show_as_incidents(works: Works) -> None:
    route = bpmn("route", user("a"), gateway("g"), flows="start>a a>g g>end[=amount>5] g>a!")
    case = works.deploy(route).start()
    case.task("a").complete()
    actor = works.actor("admin")
    with reading(works.engine) as db:
        way = instances.progress(db, actor, case.id)
        view = instances.one(db, actor, case.id)
        listed = incidents.listing(db, actor)
        one = incidents.one(db, actor, UUID(listed.items[0].id))
        with pytest.raises(Forbidden):
            incidents.listing(db, works.actor("somchai"))
        with pytest.raises(NotFound):
            incidents.one(db, actor, uuid4())
    assert {e.element_id: e.state for e in way.elements}["g"] == "incident"
    assert [found["element_id"] for found in view.incidents] == ["g"]
    assert (one.element_id, one.definition_key, listed.total) == ("g", "route", 1)


def test_beyond_a_thousand_the_total_is_open(works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.queries.page.MAX_TOTAL", 2)
    works.deploy(ROUTE)
    for _ in range(3):
        works.run(StartInstance("route"), "somchai")
    assert _inbox(works, view="claimable").total is None


#: Each view, and the index that its plan must go through.
INDEXES = {
    "mine": "ix_task_assignee_live",
    "claimable": "ix_task_candidate_live",
    "team": "ix_task_candidate_live",
    "done": "ix_task_done",
}
#: Four thousand tasks, most of them over, of which nobody has more than a few.
_MANY_TASKS = """
INSERT INTO task SELECT (made.t).* FROM (
  SELECT json_populate_record(task, json_build_object(
    'id', gen_random_uuid(), 'state', CASE WHEN n % 20 = 0 THEN 'claimed' ELSE 'completed' END,
    'assignee', 'person' || n % 900, 'completed_by', 'person' || n % 900, 'ended_at', now()
  )) AS t FROM task, generate_series(1, 4000) AS n) AS made
"""
_MANY_CANDIDATES = """
INSERT INTO task_candidate
SELECT agency_id, id, 'person:' || assignee, false, state = 'claimed', root_id,
  false, priority, due_at
FROM task
WHERE assignee IS NOT NULL
"""


def test_views_go_through_their_index(postgres_works: Works) -> None:
    """Even as prepared statements, whose plans see no values."""
    works = postgres_works.deploy(ROUTE)
    works.start()
    _fill(works)
    seen: list[tuple[str, Any]] = []

    @sa.event.listens_for(works.engine, "before_cursor_execute")
    def _keep(_c: Any, _cur: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        seen.append((statement, parameters))

    for view, index in INDEXES.items():
        seen.clear()
        _inbox(works, view=view)
        statement, parameters = next(one for one in seen if "ORDER BY" in one[0])
        with works.engine.connect() as db:
            db.exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")
            plan = "\n".join(db.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())
        assert index in plan, f"{view}\n{plan}"
        assert "Seq Scan on task" not in plan, f"{view}\n{plan}"
    _empty(works)


def _fill(works: Works) -> None:
    with works.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        for statement in (_MANY_TASKS, _MANY_CANDIDATES, "VACUUM ANALYZE"):
            db.execute(sa.text(statement))


def _empty(works: Works) -> None:
    """Rows without a history: the audit would rightly complain."""
    with works.engine.begin() as db:
        db.execute(sa.text("DELETE FROM task_candidate WHERE principal LIKE 'person:person%'"))
        db.execute(sa.text("DELETE FROM task WHERE assignee IS NOT NULL"))
