"""Running instances go to another version and back, with all the rows that hang on them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4
from xml.sax.saxutils import escape

import pytest
import sqlalchemy as sa
from support.builders import (
    Case,
    TaskHandle,
    Works,
    assigned,
    bpmn,
    excluding,
    extension,
    outcomes,
    service,
    user,
)

from engine import jobs
from engine.commands.incidents import RetryIncident
from engine.commands.jobs import LeaseJob
from engine.commands.migration import MigrateInstance, MigrateInstances, UndoMigration
from engine.commands.variables import SetVariables
from engine.db import reading
from engine.errors import Conflict, Forbidden, MigrationRefused, NotFound
from engine.events import TaskCreated
from engine.models.deployment import process_definition
from engine.models.incident import incident
from engine.models.instance import process_instance
from engine.models.job import job
from engine.models.migration import instance_migration
from engine.models.task import task, task_candidate
from engine.models.waiting import subscription, timer
from engine.queries.progress import progress

MESSAGES = '<bpmn:message id="m1" name="paid"/><bpmn:message id="m2" name="cancelled"/>'
HEAD = assigned("position", "head")


def route(*tasks: str, more: str = "", flows: str = "") -> bytes:
    """Tasks, named or drawn, one after another."""
    names = [t if "<" not in t else t.split('id="')[1].split('"')[0] for t in tasks]
    drawn = [t if "<" in t else user(t) for t in tasks]
    way = " ".join(f"{a}>{b}" for a, b in zip(["start", *names], [*names, "end"], strict=True))
    return bpmn("route", *drawn, more, flows=f"{way} {flows}", extra=MESSAGES)


def boundary(id_: str, on: str, inner: str) -> str:
    return (
        f'<bpmn:boundaryEvent id="{id_}" attachedToRef="{on}" cancelActivity="false">{inner}'
        "</bpmn:boundaryEvent>"
    )


def after(duration: str) -> str:
    return (
        "<bpmn:timerEventDefinition><bpmn:timeDuration>"
        f"{duration}</bpmn:timeDuration></bpmn:timerEventDefinition>"
    )


def message(ref: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="{ref}"/>'


def when(feel: str) -> str:
    return (
        "<bpmn:conditionalEventDefinition><bpmn:condition>"
        f"{escape(feel)}</bpmn:condition></bpmn:conditionalEventDefinition>"
    )


def receive(ref: str) -> str:
    return f'<bpmn:receiveTask id="wait" messageRef="{ref}"/>'


def newest(works: Works, key: str = "route") -> UUID:
    rows = works.rows(process_definition, process_definition.c.key == key)
    found: UUID = max(rows, key=lambda row: row.version).id
    return found


def migrate(case: Case, diagram: bytes | None = None, who: str = "admin", **more: Any) -> Any:
    """To the newest version, after deploying it."""
    if diagram is not None:
        case.works.deploy(diagram)
    return case.works.run(MigrateInstance(case.id, newest(case.works), **more), who)


def undo(case: Case, who: str = "admin") -> Any:
    return case.works.run(UndoMigration(case.id), who)


def rows_of(case: Case, table: sa.Table, *names: str) -> list[tuple[Any, ...]]:
    found = case.works.rows(table, table.c.root_id == case.id)
    return sorted(tuple(getattr(row, name) for name in names) for row in found)


def version(case: Case) -> int:
    (row,) = case.works.rows(process_definition, process_definition.c.id == case.row.definition_id)
    return int(row.version)


class TestTheWay:
    def test_an_open_task_stays_and_the_new_step_comes(self, works: Works) -> None:
        case = works.deploy(route("draft", "review")).start()
        draft = case.task("draft").claimed_by("somchai")
        answer = migrate(case, route("draft", "legal", "review"))
        assert (answer["possible"], answer["definition_version"], version(case)) == (True, 2, 2)
        assert [(t["element_id"], t["outcome"]) for t in answer["tokens"]] == [("draft", "kept")]
        assert (draft.row.state, draft.row.assignee) == ("claimed", "somchai")
        draft.complete()
        assert case.open() == ["legal"]
        assert case.history[:4] == [
            "instance.started", "task.created", "task.claimed", "instance.migrated",
        ]  # fmt: skip

    def test_a_dry_run_says_all_and_changes_nothing(self, works: Works) -> None:
        case = works.deploy(route("draft", "review")).start()
        before, history = case.row, case.history
        for diagram, possible in ((route("draft", "x"), True), (route("other"), False)):
            answer = migrate(case, diagram, dry_run=True)
            assert (answer["dry_run"], answer["possible"]) == (True, possible)
        assert answer["tokens"][0]["code"] == "element_removed"
        assert (case.row, case.history, version(case)) == (before, history, 1)
        assert works.rows(instance_migration) == []

    def test_a_token_without_a_place_refuses_all(self, works: Works) -> None:
        case = works.deploy(route("draft", "review")).start()
        before = case.row
        with pytest.raises(MigrationRefused) as refused:
            migrate(case, route("review"))
        (reason,) = refused.value.reasons
        assert (reason.element_id, reason.code) == ("draft", "element_removed")
        assert "draft" in reason.message
        assert case.row == before

    def test_two_of_five_verdicts_and_who_gave_them(self, works: Works) -> None:
        loop = (
            "<bpmn:multiInstanceLoopCharacteristics>"
            "<bpmn:loopDataInputRef>readers</bpmn:loopDataInputRef>"
            "<bpmn:loopDataOutputRef>verdicts</bpmn:loopDataOutputRef>"
            '<bpmn:inputDataItem name="reader"/><bpmn:outputDataItem name="verdict"/>'
            "</bpmn:multiInstanceLoopCharacteristics>"
        )
        read = user("read", assigned("field", "reader"), inner=loop)
        readers = ["somchai", "malee", "head", "deputy", "director"]
        case = works.deploy(route(read, "sum")).start(readers=readers)
        handles = _by_reader(case)
        handles["malee"].complete(verdict="no")
        handles["somchai"].complete(verdict="yes")
        migrate(case, route(read, "legal", "sum"))
        assert (case.open(), case.variables["verdicts"]) == (["read"] * 3, ["yes", "no"])
        for name in ("head", "deputy", "director"):
            handles[name].complete(verdict=name)
        assert case.open() == ["legal"]
        assert case.variables["verdicts"] == ["yes", "no", "head", "deputy", "director"]

    def test_a_renamed_element_is_followed_by_all_that_names_it(self, works: Works) -> None:
        late = boundary("late", "draft", after("P1D"))
        case = works.deploy(route("draft", more=late, flows="late>end")).start()
        renamed = late.replace("draft", "write")
        migrate(case, route("write", more=renamed, flows="late>end"), mapping={"draft": "write"})
        assert (case.task("write").row.name, case.open()) == ("write", ["write"])
        with reading(works.engine) as db:
            told = progress(db, works.actor("admin"), case.id)
        states = {one.element_id: (one.state, one.tokens) for one in told.elements}
        assert (states["draft"], states["write"]) == (("cancelled", 0), ("active", 1))
        undo(case)
        assert case.open() == ["draft"]
        case.task("draft").complete()
        assert case.status == "completed"


def _by_reader(case: Case) -> dict[str, TaskHandle]:
    rows = case.works.rows(task, task.c.root_id == case.id)
    return {row.local["reader"]: TaskHandle(case, row.id, row.local["reader"]) for row in rows}


class TestWhoMay:
    def test_only_with_the_right(self, works: Works) -> None:
        case = works.deploy(route("draft")).start()
        works.deploy(route("draft", "review"))
        for command in (MigrateInstance(case.id, newest(works)), UndoMigration(case.id)):
            with pytest.raises(Forbidden):
                works.run(command, "somchai")
        with pytest.raises(Forbidden):
            jobs.migrate_instances(
                works.bus, works.actor("somchai"), MigrateInstances(newest(works))
            )

    def test_what_is_not_there_or_not_meant(self, works: Works) -> None:
        case = works.deploy(route("draft")).start()
        works.deploy(bpmn("other", user("draft"), flows="start>draft draft>end"))
        for target, refusal, code in (
            (uuid4(), NotFound, "not_found"),
            (newest(works, "other"), Conflict, "other_process"),
            (newest(works), Conflict, "same_version"),
        ):
            with pytest.raises(refusal) as refused:
                works.run(MigrateInstance(case.id, target))
            assert refused.value.code == code
        with pytest.raises(NotFound):
            works.run(MigrateInstance(uuid4(), newest(works)))
        case.cancel()
        with pytest.raises(Conflict) as ended:
            migrate(case, route("draft", "more"))
        assert ended.value.code == "instance_ended"

    def test_a_called_process_goes_only_with_its_caller(self, works: Works) -> None:
        case = _calling(works)
        (called,) = works.rows(process_instance, process_instance.c.parent_id == case.id)
        with pytest.raises(Conflict) as refused:
            works.run(MigrateInstance(called.id, newest(works)))
        assert refused.value.code == "not_root"


CALLER = '<bpmn:callActivity id="call" calledElement="inner"/>'


def _calling(works: Works) -> Case:
    works.deploy(bpmn("inner", user("ask"), flows="start>ask ask>end"))
    return works.deploy(route(CALLER)).start()


def test_called_processes_go_to_the_version_that_is_pinned_now(works: Works) -> None:
    case = _calling(works)
    works.deploy(bpmn("inner", user("ask"), user("more"), flows="start>ask ask>more more>end"))
    (before,) = works.rows(process_instance, process_instance.c.parent_id == case.id)
    migrate(case, route(CALLER, "last"))
    (called,) = works.rows(process_instance, process_instance.c.parent_id == case.id)
    assert (called.id, called.definition_id) == (before.id, newest(works, "inner"))
    undo(case)
    (called,) = works.rows(process_instance, process_instance.c.parent_id == case.id)
    assert called.definition_id == before.definition_id
    migrate(case)
    case.task("ask").complete()
    assert case.open() == ["more"]
    case.task("more").complete()
    assert case.open() == ["last"]


class TestTasks:
    def test_the_row_says_what_the_new_version_says(self, works: Works) -> None:
        case = works.deploy(route("draft", user("check"))).start()
        case.task("draft").complete()
        told = user("check", HEAD, excluding("person", "malee"), outcomes("pass", "stop"),
                    extension("return", to="draft"), extension("priority", value="3"),
                    name="ตรวจ")  # fmt: skip
        back = '<bpmn:exclusiveGateway id="x"/>'
        migrate(case, route("draft", told, back, flows='x>draft[=outcome="return"]').replace(
            b'id="x"', b'id="x" default="f3"'))  # fmt: skip
        row = case.task("check").row
        assert (row.name, row.priority, row.returns) == ("ตรวจ", 3, ["draft"])
        assert [one["id"] for one in row.outcomes] == ["pass", "stop"]
        assert [one["id"] for one in row.candidates] == ["head"]
        index = works.rows(task_candidate, task_candidate.c.task_id == row.id)
        assert {(one.principal, one.barred) for one in index} == {
            ("position:head", False), ("person:malee", True),
        }  # fmt: skip
        assert works.heard.of(TaskCreated)[-1].candidates[0].id == "head"
        with pytest.raises(Forbidden):
            case.task("check").by("somchai").complete("pass")
        case.task("check").by("head").send_back("draft")
        assert case.open() == ["draft"]

    def test_whoever_has_it_keeps_it_unless_excluded(self, works: Works) -> None:
        first = works.deploy(route(user("draft", assigned("unit", "desk")))).start()
        second = works.start()
        first.task("draft").claimed_by("somchai")
        second.task("draft").claimed_by("malee")
        works.deploy(route(user("draft", HEAD, excluding("person", "malee"))))
        migrate(first)
        migrate(second)
        assert (first.task("draft").row.assignee, first.task("draft").row.state) == (
            "somchai", "claimed",
        )  # fmt: skip
        assert (second.task("draft").row.assignee, second.task("draft").row.state) == (None, "open")
        second.task("draft").claimed_by("head").complete()

    def test_a_deadline_counts_from_when_the_task_came(self, works: Works) -> None:
        case = works.deploy(route("draft")).start()
        came = works.clock.now()
        works.clock.advance(timedelta(hours=1))
        due = extension("due", value="PT4H"), extension("reminder", at="0.1")
        again = extension("reminder", at="0.5"), extension("escalation", to="superior")
        migrate(case, route(user("draft", assigned("unit", "desk"), *due, *again)))
        row = case.task("draft").row
        assert row.due_at == came + timedelta(hours=4)
        moments = rows_of(case, timer, "kind", "due_at")
        assert moments == [
            ("escalation", row.due_at), ("reminder", came + timedelta(hours=2)),
        ]  # fmt: skip
        undo(case)
        assert (rows_of(case, timer, "kind"), case.task("draft").row.due_at) == ([], None)

    def test_nobody_for_the_new_rules_is_an_incident(self, works: Works) -> None:
        case = works.deploy(route("draft")).start()
        migrate(case, route(user("draft", assigned("position", "ghost"))))
        assert case.status == "incident"
        migrate(case, route(user("draft", HEAD)))
        assert case.status == "active"

    def test_what_is_said_alike_leaves_the_row_alone(self, works: Works) -> None:
        draft = user("draft", HEAD, extension("due", value="PT4H"), extension("reminder", at="0.5"))
        case = works.deploy(route(draft)).start()
        before, timers = case.task("draft").row, rows_of(case, timer, "id", "due_at")
        works.clock.advance(timedelta(hours=1))
        migrate(case, route(draft, "more"))
        assert case.task("draft").row == before
        assert rows_of(case, timer, "id", "due_at") == timers


class TestWaits:
    def test_a_new_boundary_timer_is_set_and_fires(self, works: Works) -> None:
        case = works.deploy(route("draft")).start()
        late = boundary("late", "draft", after("PT2H"))
        note = user("note")
        migrate(case, route("draft", more=late + note, flows="late>note note>end"))
        assert rows_of(case, timer, "element_id") == [("late",)]
        assert works.tick(hours=3) == 1
        assert case.open() == ["draft", "note"]

    def test_a_timer_keeps_its_moment_or_is_set_anew(self, works: Works) -> None:
        def waiting(duration: str, *more: str) -> bytes:
            late = boundary("late", "draft", after(duration))
            return route("draft", *more, more=late, flows="late>end")

        case = works.deploy(waiting("PT2H")).start()
        before = rows_of(case, timer, "id", "due_at")
        works.clock.advance(timedelta(hours=1))
        migrate(case, waiting("PT2H", "more"))
        assert rows_of(case, timer, "id", "due_at") == before
        migrate(case, waiting("PT5H", "more"))
        assert rows_of(case, timer, "due_at") == [(works.clock.now() + timedelta(hours=5),)]
        undo(case)
        assert rows_of(case, timer, "due_at") == [(before[0][1],)]
        undo(case)
        assert (version(case), rows_of(case, timer, "due_at")) == (1, [(before[0][1],)])
        assert works.tick(hours=2) == 1

    def test_a_message_of_another_name(self, works: Works) -> None:
        case = works.deploy(route(receive("m1"), "last")).start(business_key="c1")
        works.send("cancelled", "c1", ttl=timedelta(hours=1), variables={"why": "late"})
        works.send("paid", "c2", ttl=timedelta(hours=1))
        migrate(case, route(receive("m2"), "last"))
        assert (case.open(), case.variables) == (["last"], {"why": "late"})
        with pytest.raises(Conflict) as refused:
            undo(case)
        assert refused.value.code == "migration_moved"

    def test_a_subscription_goes_and_comes_back(self, works: Works) -> None:
        case = works.deploy(route(receive("m1"))).start(business_key="c1")
        before = rows_of(case, subscription, "name", "key", "token")
        migrate(case, route(receive("m2")))
        assert rows_of(case, subscription, "name") == [("cancelled",)]
        undo(case)
        assert rows_of(case, subscription, "name", "key", "token") == before
        works.send("paid", "c1")
        assert case.status == "completed"

    def test_a_key_that_another_waits_for_is_an_incident_until_it_goes_back(
        self, works: Works
    ) -> None:
        case = works.deploy(route(receive("m1"))).start(business_key="c1")
        other = works.deploy(route(receive("m2"))).start(business_key="c1")
        migrate(case)
        assert case.status == "incident"
        undo(case)
        assert (case.status, other.status) == ("active", "active")
        works.send("paid", "c1")
        assert case.status == "completed"


class TestJobs:
    def echo(self, text: str) -> bytes:
        return route(service("echo", "test.echo", text=f'="{text}"'), "last")

    def test_a_job_that_says_the_same_is_left_alone(self, works: Works) -> None:
        case = works.deploy(self.echo("a")).start()
        migrate(case, self.echo("a").replace(b'name="last"', b'name="Last"'))
        assert rows_of(case, job, "state") == [("waiting",)]
        works.work_off()
        assert case.open() == ["last"]

    def test_other_inputs_are_asked_anew(self, works: Works) -> None:
        case = works.deploy(self.echo("a")).start()
        migrate(case, self.echo("b"))
        assert rows_of(case, job, "state") == [("cancelled",), ("waiting",)]
        works.work_off()
        assert (case.open(), case.variables) == (["last"], {"text": "b"})

    def test_one_that_a_worker_has_in_hand_refuses(self, works: Works) -> None:
        case = works.deploy(self.echo("a")).start()
        (row,) = works.rows(job)
        works.run(LeaseJob(row.id), "system")
        with pytest.raises(MigrationRefused) as refused:
            migrate(case, self.echo("b"))
        assert refused.value.reasons[0].code == "job_under_way"
        assert migrate(case, dry_run=True)["possible"] is False

    def test_a_dead_one_lives_again_with_the_mended_inputs(self, works: Works) -> None:
        def broken(action: str) -> bytes:
            return route(service("echo", "test.echo", text=action), "last")

        case = works.deploy(broken("=[1]")).start()
        with works.engine.begin() as db:
            db.execute(job.update().values(action="test.gone"))
        works.work_off()
        assert case.status == "incident"
        migrate(case, broken('="b"'))
        assert case.status == "active"
        works.work_off()
        assert (case.open(), case.variables) == (["last"], {"text": "b"})

    def test_going_back_asks_for_the_old_one(self, works: Works) -> None:
        case = works.deploy(self.echo("a")).start()
        migrate(case, self.echo("b"))
        undo(case)
        works.work_off()
        assert (version(case), case.variables) == (1, {"text": "a"})


class TestUndo:
    def test_as_if_it_had_not_been(self, works: Works) -> None:
        draft = user("draft", assigned("unit", "desk"))
        late = boundary("late", "draft", after("P1D"))
        case = works.deploy(route(draft, more=late, flows="late>end")).start()
        state, before = case.row.state, case.task("draft").row
        timers = rows_of(case, timer, "token", "due_at", "occurrence")
        works.clock.advance(timedelta(hours=1))
        other = late.replace("P1D", "P2D") + boundary("ring", "draft", message("m1"))
        new = user("draft", HEAD, outcomes("pass"), name="New")
        migrate(case, route(new, "more", more=other, flows="late>end ring>end"))
        assert len(rows_of(case, subscription, "id")) == 1
        answer = undo(case)
        assert answer["definition_id"] == str(case.row.definition_id)
        assert (case.row.state, version(case), case.task("draft").row) == (state, 1, before)
        assert rows_of(case, timer, "token", "due_at", "occurrence") == timers
        assert rows_of(case, subscription, "id") == []
        assert case.history[-2:] == ["instance.migrated", "instance.migration_undone"]
        index = works.rows(task_candidate, task_candidate.c.task_id == before.id)
        assert [one.principal for one in index] == ["unit:desk"]
        case.task("draft").claimed_by("malee").complete()
        assert case.status == "completed"

    def test_not_once_it_has_moved(self, works: Works) -> None:
        case = works.deploy(route("draft", "review")).start()
        migrate(case, route("draft", "legal", "review"))
        case.task("draft").claimed_by("somchai").comment("still the same place")
        undo(case)
        migrate(case)
        case.task("draft").complete()
        with pytest.raises(Conflict) as refused:
            undo(case)
        assert refused.value.code == "migration_moved"
        assert case.open() == ["legal"]

    def test_a_side_path_that_is_over_counts_as_a_move(self, works: Works) -> None:
        ring = boundary("ring", "draft", message("m1"))
        case = works.deploy(route("draft", more=ring, flows="ring>end")).start(business_key="c1")
        migrate(case, route("draft", "more", more=ring, flows="ring>end"))
        state = case.row.state
        works.send("paid", "c1")
        assert case.row.state == state
        with pytest.raises(Conflict) as refused:
            undo(case)
        assert refused.value.code == "migration_moved"

    def test_what_a_condition_has_seen_counts_too(self, works: Works) -> None:
        late = boundary("late", "draft", when("days > 2"))
        case = works.deploy(route("draft", more=late, flows="late>end")).start(days=1)
        works.run(SetVariables(case.id, {"days": 3}))
        migrate(case, route("draft", "more", more=late, flows="late>end"))
        works.run(SetVariables(case.id, {"days": 1}))
        with pytest.raises(Conflict) as refused:
            undo(case)
        assert refused.value.code == "migration_moved"

    def test_only_once(self, works: Works) -> None:
        case = works.deploy(route("draft")).start()
        with pytest.raises(Conflict) as refused:
            undo(case)
        assert refused.value.code == "not_migrated"
        migrate(case, route("draft", "more"))
        undo(case)
        with pytest.raises(Conflict):
            undo(case)
        (row,) = works.rows(instance_migration)
        assert (row.state, row.rows, row.undone_by) == (None, None, "admin")

    def test_a_condition_that_acts_at_once_has_no_way_back(self, works: Works) -> None:
        case = works.deploy(route("draft")).start(days=3)
        late = boundary("late", "draft", when("days > 2")) + user("note")
        migrate(case, route("draft", more=late, flows="late>note note>end"))
        assert case.open() == ["draft", "note"]
        with pytest.raises(Conflict) as refused:
            undo(case)
        assert refused.value.code == "migration_moved"


def test_what_was_stuck_is_mended_by_the_new_version(works: Works) -> None:
    def counted(feel: str) -> bytes:
        sum_ = (
            '<bpmn:scriptTask id="sum" scriptFormat="feel">'
            f"<bpmn:script>{feel}</bpmn:script></bpmn:scriptTask>"
        )
        return route(sum_, "last")

    case = works.deploy(counted("{x: days + 1}")).start()
    (row,) = works.rows(incident)
    migrate(case, counted("{x: 1}"))
    assert case.status == "incident"
    works.run(RetryIncident(row.id))
    assert (case.status, case.open(), case.variables) == ("active", ["last"], {"x": 1})


class TestMany:
    def test_each_has_its_fate(self, works: Works) -> None:
        works.deploy(route("draft", "review"))
        cases = [works.start(business_key=f"c{n}") for n in range(4)]
        cases[1].task("draft").complete()
        cases[2].cancel()
        wanted = MigrateInstances(_deployed(works, route("draft", "legal")), dry_run=True)
        asked = jobs.migrate_instances(works.bus, works.actor("admin"), wanted)
        fates = {one.business_key: (one.outcome, one.from_version) for one in asked.instances}
        assert fates == {"c0": ("migrated", 1), "c1": ("refused", 1), "c3": ("migrated", 1)}
        assert (asked.migrated, asked.refused, {version(case) for case in cases}) == (2, 1, {1})
        wanted = MigrateInstances(wanted.target_definition_id)
        done = jobs.migrate_instances(works.bus, works.actor("admin"), wanted)
        assert [one.outcome for one in done.instances] == ["migrated", "refused", "migrated"]
        assert [version(case) for case in cases] == [2, 1, 1, 2]
        (reason,) = done.instances[1].tokens
        assert (reason["element_id"], reason["code"]) == ("review", "element_removed")
        left = jobs.migrate_instances(works.bus, works.actor("admin"), wanted)
        assert [one.business_key for one in left.instances] == ["c1"]

    def test_from_one_version_and_not_more_than_asked(self, works: Works) -> None:
        first = [works.deploy(route("a")).start(), works.start()]
        source = newest(works)
        second = works.deploy(route("a", "b")).start()
        target = _deployed(works, route("a", "c"))
        wanted = MigrateInstances(target, source, limit=1)
        done = jobs.migrate_instances(works.bus, works.actor("admin"), wanted)
        assert [one.instance_id for one in done.instances] == [str(first[0].id)]
        assert [version(case) for case in (*first, second)] == [3, 1, 2]

    def test_one_that_breaks_leaves_the_others_alone(self, works: Works) -> None:
        cases = [works.deploy(route("a")).start() for _ in range(2)]
        with works.engine.begin() as db:
            db.execute(
                process_instance.update()
                .where(process_instance.c.id == cases[0].id)
                .values(state=b"\x01damaged")
            )
        target = _deployed(works, route("a", "b"))
        done = jobs.migrate_instances(works.bus, works.actor("admin"), MigrateInstances(target))
        assert [(one.outcome, one.code) for one in done.instances] == [
            ("refused", "state_damaged"), ("migrated", None),
        ]  # fmt: skip

    def test_an_unknown_version(self, works: Works) -> None:
        with pytest.raises(NotFound):
            jobs.migrate_instances(works.bus, works.actor("admin"), MigrateInstances(uuid4()))


def _deployed(works: Works, diagram: bytes) -> UUID:
    works.deploy(diagram)
    return newest(works)
