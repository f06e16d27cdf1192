"""Many instances to another version as one batch: asked first, carried out, taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from support.builders import AGENCY, Case, Works, assigned, bpmn, excluding, user

from engine import jobs
from engine.actor import Actor
from engine.commands.definitions import WithdrawDefinition
from engine.commands.deleting import DeleteDefinition
from engine.commands.instances import CancelInstance
from engine.commands.migration import (
    CarryOutMigration,
    CheckMigration,
    Choice,
    ChooseInstances,
    MigrateInstance,
    UndoBatch,
    UndoMigration,
)
from engine.commands.migration.settling import SettleFate
from engine.db import reading
from engine.errors import Conflict, DefinitionInUse, Forbidden, Invalid, NotFound
from engine.events import TaskRetold
from engine.jobs import migration_batches
from engine.models.deployment import process_definition
from engine.models.job import job
from engine.models.migration import instance_migration, migration_batch, migration_fate
from engine.queries import migrations

DEPLOYER = Actor(AGENCY, uuid4(), "anan", "อนันต์", rights=frozenset({"deploy"}))


def route(*tasks: str, key: str = "route") -> bytes:
    """User tasks one after another: a name, or a whole element."""
    names = [sa_name(one) for one in tasks]
    ways = " ".join(f"{a}>{b}" for a, b in zip(("start", *names), (*names, "end"), strict=True))
    drawn = [one if one.startswith("<") else user(one) for one in tasks]
    return bpmn(key, *drawn, flows=ways)


def sa_name(element: str) -> str:
    return element.split('id="')[1].split('"')[0] if element.startswith("<") else element


def newest(works: Works, key: str = "route") -> UUID:
    rows = works.rows(process_definition, process_definition.c.key == key)
    found: UUID = max(rows, key=lambda row: row.version).id
    return found


def version(case: Case) -> int:
    (row,) = case.works.rows(process_definition, process_definition.c.id == case.row.definition_id)
    return int(row.version)


def cases(works: Works, number: int, *tasks: str) -> list[Case]:
    works.deploy(route(*tasks))
    return [works.start(business_key=f"c{n}") for n in range(number)]


def check(works: Works, diagram: bytes | None = None, **more: Any) -> UUID:
    """The batch, asked for and answered."""
    if diagram is not None:
        works.deploy(diagram)
    made = works.bus.execute(CheckMigration(newest(works), **more), DEPLOYER)
    works.work_off()
    return UUID(str(made["id"]))


def go_on(works: Works, command: Any) -> None:
    works.bus.execute(command, DEPLOYER)
    works.work_off()


def told(works: Works, batch: UUID) -> migrations.BatchRow:
    with reading(works.engine) as db:
        return migrations.one(db, DEPLOYER, batch)


def outcomes(works: Works, batch: UUID) -> list[tuple[str, str | None]]:
    with reading(works.engine) as db:
        found = migrations.fates(db, DEPLOYER, batch)
    return [(one.outcome, one.code) for one in found.items]


def test_asked_carried_out_and_taken_back(works: Works) -> None:
    some = cases(works, 3, "draft", "review")
    some[1].task("draft").complete()
    batch = check(works, route("draft", "legal"))
    asked = told(works, batch)
    assert (asked.state, asked.wanted, asked.done) == ("checked", 3, 3)
    assert asked.counts == {"possible": 2, "refused": 1}
    assert outcomes(works, batch)[1] == ("refused", "element_removed")
    assert {version(case) for case in some} == {1}
    go_on(works, CarryOutMigration(batch))
    done = told(works, batch)
    assert (done.state, done.wanted, done.done) == ("migrated", 2, 2)
    assert done.counts == {"migrated": 2, "refused": 1}
    assert [version(case) for case in some] == [2, 1, 2]
    moved = [e for e in some[0].events if e.type == "instance.migrated"]
    assert [event.actor for event in moved] == ["anan"]
    some[2].task("draft").complete()
    go_on(works, UndoBatch(batch))
    assert told(works, batch).counts == {"undone": 1, "refused": 1, "stays": 1}
    assert outcomes(works, batch)[2] == ("stays", "migration_moved")
    assert [version(case) for case in some] == [1, 1, 2]
    assert some[0].history[-2:] == ["instance.migrated", "instance.migration_undone"]
    assert some[0].open() == ["draft"]


def test_those_alone_that_are_chosen(works: Works) -> None:
    some = cases(works, 4, "draft", "review")
    some[3].task("draft").complete()
    batch = check(works, route("draft", "legal"))
    first, second, third, stuck = (case.id for case in some)

    def choose(choice: Choice) -> dict[str, int]:
        answer = dict(works.bus.execute(ChooseInstances(batch, choice), DEPLOYER))
        return {name: answer[name] for name in ("possible", "unchosen")}

    assert choose(Choice(())) == {"possible": 0, "unchosen": 3}
    with pytest.raises(Conflict) as none:
        works.bus.execute(CarryOutMigration(batch), DEPLOYER)
    assert none.value.code == "nothing_to_migrate"
    assert choose(Choice((second,), (first, second))) == {"possible": 1, "unchosen": 2}
    for wrong, field in ((Choice((first, stuck)), "chosen.1"), (Choice((), (uuid4(),)), "among.0")):
        with pytest.raises(Invalid) as refused:
            choose(wrong)
        assert [(one.path, one.code) for one in refused.value.errors] == [(field, "not_possible")]
    assert choose(Choice()) == {"possible": 3, "unchosen": 0}
    go_on(works, CarryOutMigration(batch, Choice((first, third))))
    assert [version(case) for case in some] == [2, 1, 2, 1]
    assert told(works, batch).counts == {"migrated": 2, "unchosen": 1, "refused": 1}
    with pytest.raises(Conflict):
        choose(Choice())
    go_on(works, UndoBatch(batch))
    assert told(works, batch).counts == {"undone": 2, "unchosen": 1, "refused": 1}
    assert {version(case) for case in some} == {1}


def test_a_step_that_went_is_mapped_to_another(works: Works) -> None:
    some = cases(works, 2, "draft", "review", "sign")
    some[0].task("draft").complete()
    batch = check(works, route("draft", "sign"))
    with reading(works.engine) as db:
        (why,) = migrations.reasons(db, DEPLOYER, batch)
    assert (why.code, why.element_id, why.instances) == ("element_removed", "review", 1)
    batch = check(works, mapping={"review": "sign", "gone": "sign"})
    assert told(works, batch).counts == {"possible": 2}
    go_on(works, CarryOutMigration(batch))
    assert [case.open() for case in some] == [["sign"], ["draft"]]
    go_on(works, UndoBatch(batch))
    assert [case.open() for case in some] == [["review"], ["draft"]]


def test_only_from_one_version(works: Works) -> None:
    first = cases(works, 1, "draft")
    source = newest(works)
    second = works.deploy(route("draft", "legal")).start()
    batch = check(works, route("draft", "other"), source_definition_id=source)
    go_on(works, CarryOutMigration(batch))
    assert (version(first[0]), version(second)) == (3, 2)
    assert told(works, batch).source_version == 1


def test_many_are_a_chain_of_jobs(works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration_batches, "_TODO", migration_batches._TODO.limit(2))
    cases(works, 5, "draft")
    works.deploy(route("draft", "legal"))
    made = works.bus.execute(CheckMigration(newest(works)), DEPLOYER)
    rung, works.bell.rung = works.bell.rung, []
    assert [jobs.run_job(works.bus, one) for one in rung] == [True]
    half = told(works, UUID(str(made["id"])))
    assert (half.state, half.wanted, half.done, half.at_work) == ("checking", 5, 2, True)
    works.work_off()
    assert told(works, UUID(str(made["id"]))).state == "checked"
    assert len(works.rows(job)) == 3


def test_a_withdrawn_target_is_refused(works: Works) -> None:
    (case,) = cases(works, 1, "draft")
    works.deploy(route("draft", "legal"))
    middle = newest(works)
    works.deploy(route("draft", "other"))
    batch = check(works)
    works.run(WithdrawDefinition(middle, "ผิด"), "admin")
    for command in (CheckMigration(middle), MigrateInstance(case.id, middle)):
        with pytest.raises(Conflict) as refused:
            works.run(command, "admin")
        assert refused.value.code == "definition_withdrawn"
    works.run(WithdrawDefinition(newest(works), "เลิก", whole_key=True), "admin")
    with pytest.raises(Conflict) as refused:
        works.bus.execute(CarryOutMigration(batch), DEPLOYER)
    assert refused.value.code == "definition_withdrawn"


def test_a_deleted_version_takes_its_questions_along(works: Works) -> None:
    cases(works, 1, "draft")
    check(works, route("draft", "legal"))
    works.run(WithdrawDefinition(newest(works), "เลิก", whole_key=True), "admin")
    works.run(DeleteDefinition(newest(works)), "admin")
    assert (works.rows(migration_batch), works.rows(migration_fate)) == ([], [])


def test_a_batch_that_was_carried_out_stays_on_record(works: Works) -> None:
    cases(works, 1, "draft")
    old = newest(works)
    works.deploy(route("draft", "legal"))
    batch = check(works, source_definition_id=old)
    go_on(works, CarryOutMigration(batch))
    with works.engine.begin() as db:  # as archiving does
        db.execute(instance_migration.delete())
    works.run(WithdrawDefinition(old, "เลิก"), "admin")
    with pytest.raises(DefinitionInUse) as refused:
        works.run(DeleteDefinition(old), "admin")
    assert refused.value.claims == {"batches": 1}
    assert outcomes(works, batch) == [("migrated", None)]


def test_what_ended_meanwhile_is_told(works: Works) -> None:
    some = cases(works, 2, "draft")
    batch = check(works, route("draft", "legal"))
    works.run(CancelInstance(some[0].id, "พอ"), "admin")
    go_on(works, CarryOutMigration(batch))
    assert outcomes(works, batch) == [("refused", "instance_ended"), ("migrated", None)]


def elsewhere(works: Works, case: Case, diagram: bytes) -> None:
    """Somebody takes the case to a version that no batch knows of."""
    works.deploy(diagram)
    works.run(MigrateInstance(case.id, newest(works)), "admin")


def test_only_the_batchs_own_migration_is_taken_back(works: Works) -> None:
    some = cases(works, 3, "draft")
    batch = check(works, route("draft", "legal"))
    go_on(works, CarryOutMigration(batch))
    second = newest(works)
    elsewhere(works, some[0], route("draft", "other"))
    elsewhere(works, some[1], route("draft", "third"))
    works.run(MigrateInstance(some[1].id, second), "admin")
    go_on(works, UndoBatch(batch))
    moved = ("stays", "version_moved")
    assert outcomes(works, batch) == [moved, moved, ("undone", None)]
    assert [version(case) for case in some] == [3, 2, 1]


def test_what_went_elsewhere_since_it_was_looked_at_stays_there(works: Works) -> None:
    some = cases(works, 3, "draft")
    batch = check(works, route("draft", "legal"), mapping={"draft": "draft"})
    target = newest(works)
    elsewhere(works, some[0], route("draft", "other"))
    works.run(MigrateInstance(some[1].id, target), "admin")
    go_on(works, CarryOutMigration(batch))
    refused = [("refused", "version_moved"), ("refused", "same_version")]
    assert outcomes(works, batch) == [*refused, ("migrated", None)]
    assert [version(case) for case in some] == [3, 2, 2]


def test_what_goes_elsewhere_while_it_is_asked_about_is_refused(works: Works) -> None:
    (case,) = cases(works, 1, "draft")
    first = newest(works)
    works.deploy(route("draft", "legal"))
    made = works.bus.execute(CheckMigration(newest(works), mapping={"draft": "draft"}), DEPLOYER)
    elsewhere(works, case, route("draft", "other"))
    works.run(WithdrawDefinition(first, "เลิก"), "admin")
    works.work_off()
    assert outcomes(works, UUID(str(made["id"]))) == [("refused", "version_moved")]


def test_one_that_was_taken_back_by_hand_stays(works: Works) -> None:
    (case,) = cases(works, 1, "draft")
    batch = check(works, route("draft", "legal"))
    go_on(works, CarryOutMigration(batch))
    works.run(UndoMigration(case.id), "admin")
    go_on(works, UndoBatch(batch))
    assert (outcomes(works, batch), version(case)) == ([("stays", "version_moved")], 1)


def test_nothing_runs(works: Works) -> None:
    works.deploy(route("draft"))
    batch = check(works)
    assert (told(works, batch).state, told(works, batch).wanted) == ("checked", 0)
    with pytest.raises(Conflict) as refused:
        works.bus.execute(CarryOutMigration(batch), DEPLOYER)
    assert refused.value.code == "nothing_to_migrate"


def test_one_at_a_time_and_in_order(works: Works) -> None:
    cases(works, 1, "draft")
    works.deploy(route("draft", "legal"))
    made = works.bus.execute(CheckMigration(newest(works)), DEPLOYER)
    with pytest.raises(Conflict) as refused:
        works.bus.execute(CheckMigration(newest(works)), DEPLOYER)
    assert refused.value.code == "migration_at_work"
    batch = UUID(str(made["id"]))
    for command in (CarryOutMigration(batch), UndoBatch(batch)):
        with pytest.raises(Conflict) as refused:
            works.bus.execute(command, DEPLOYER)
        assert refused.value.code == "migration_elsewhere"


class TestWhoMay:
    def test_begin_it_only_with_the_right(self, works: Works) -> None:
        cases(works, 1, "draft")
        batch = check(works, route("draft", "legal"))
        commands = (CheckMigration(newest(works)), CarryOutMigration(batch), UndoBatch(batch))
        for command in commands:
            with pytest.raises(Forbidden):
                works.run(command, "somchai")
        with reading(works.engine) as db:
            for look in (migrations.one, migrations.fates, migrations.reasons):
                with pytest.raises(Forbidden):
                    look(db, works.actor("somchai"), batch)

    def test_settle_it_only_on_the_word_of_who_began(self, works: Works) -> None:
        (case,) = cases(works, 1, "draft")
        works.deploy(route("draft", "legal"))
        made = works.bus.execute(CheckMigration(newest(works)), DEPLOYER)
        other = Actor(AGENCY, uuid4(), "mallory", rights=frozenset({"everything"}))
        with pytest.raises(Forbidden):
            works.bus.execute(SettleFate(UUID(str(made["id"])), case.id), other)

    def test_titles_are_for_those_who_see_every_case(self, works: Works) -> None:
        cases(works, 1, "draft")
        batch = check(works, route("draft", "legal"))
        with reading(works.engine) as db:
            (blind,) = migrations.fates(db, DEPLOYER, batch).items
            (seen,) = migrations.fates(db, works.actor("admin"), batch).items
        assert (blind.business_key, seen.business_key) == (None, "c0")

    def test_so_are_the_words_of_a_refusal(self, works: Works) -> None:
        (case,) = cases(works, 1, "draft")
        works.deploy(route("draft", "legal"))
        works.bus.execute(CheckMigration(newest(works)), DEPLOYER)
        works.run(CancelInstance(case.id, "พอ"), "admin")
        works.work_off()
        (batch,) = works.rows(migration_batch)
        with reading(works.engine) as db:
            (blind,) = migrations.fates(db, DEPLOYER, batch.id).items
            (seen,) = migrations.fates(db, works.actor("admin"), batch.id).items
        assert (blind.code, seen.code) == ("instance_ended", "instance_ended")
        assert blind.message is None
        assert "cancelled" in (seen.message or "")

    def test_what_is_not_there_or_not_meant(self, works: Works) -> None:
        cases(works, 1, "draft")
        works.deploy(route("draft", key="other"))
        asked = (
            CheckMigration(newest(works), mapping={"draft": "nowhere"}),
            CheckMigration(newest(works), newest(works, "other")),
            CheckMigration(newest(works), newest(works)),
        )
        for command in asked:
            with pytest.raises(Invalid):
                works.bus.execute(command, DEPLOYER)
        with pytest.raises(NotFound):
            works.bus.execute(CheckMigration(uuid4()), DEPLOYER)
        with pytest.raises(NotFound):
            works.bus.execute(UndoBatch(uuid4()), DEPLOYER)


def test_who_has_the_task_is_told_that_it_changed(works: Works) -> None:
    (case,) = cases(works, 1, user("draft", assigned("unit", "desk")))
    case.task("draft").claimed_by("somchai")
    desk = assigned("unit", "desk")
    batch = check(works, route(user("draft", desk, name="ร่างใหม่")))
    assert works.heard.of(TaskRetold) == []
    go_on(works, CarryOutMigration(batch))
    (news,) = works.heard.of(TaskRetold)
    assert (news.assignee, news.task.name, news.changes) == (
        "somchai", "ร่างใหม่", frozenset({"name"}),
    )  # fmt: skip
    assert (news.actor.username, news.actor.person_id) == ("anan", DEPLOYER.person_id)
    go_on(works, UndoBatch(batch))
    assert [one.task.name for one in works.heard.of(TaskRetold)] == ["ร่างใหม่", "draft"]
    works.deploy(route(user("draft", desk, excluding("person", "malee"), name="ร่างใหม่")))
    go_on(works, CarryOutMigration(check(works)))
    assert len(works.heard.of(TaskRetold)) == 2, "who may take it is told as of a new task"


def test_a_broken_one_leaves_the_others_alone(works: Works) -> None:
    some = cases(works, 2, "draft")
    with works.engine.begin() as db:
        table = some[0].row  # the row, to name its id
        db.execute(
            sa.text("update process_instance set state = :s where id = :id").bindparams(
                sa.bindparam("id", type_=sa.Uuid)
            ),
            {"s": b"\x01damaged", "id": table.id},
        )
    batch = check(works, route("draft", "legal"))
    assert outcomes(works, batch) == [("refused", "state_damaged"), ("possible", None)]


def test_the_words_of_a_bug_are_for_the_log(works: Works, caplog: pytest.LogCaptureFixture) -> None:
    (case,) = cases(works, 1, "draft")
    works.deploy(route("draft", "legal"))
    works.bus.execute(CheckMigration(newest(works)), DEPLOYER)

    def broken(_command: Any, _ctx: Any) -> Any:
        raise ValueError("ความลับ 1-2345")

    works.bus.handlers = {**works.bus.handlers, MigrateInstance: broken}
    works.work_off()
    (fate,) = works.rows(migration_fate)
    assert (fate.outcome, fate.code, fate.message) == (
        "failed", "internal", migration_batches.BROKEN,
    )  # fmt: skip
    assert "ความลับ 1-2345" in caplog.text
    assert str(case.id) in caplog.text
