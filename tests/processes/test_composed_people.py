"""Steps of those whom a rule of the organisation names: looked up when the step begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from support.ministry import Ministry

from engine.commands.deployments import Deploy
from engine.commands.instances import StartInstance
from engine.commands.tasks import CompleteTask
from engine.db import reading
from engine.models.incident import incident
from engine.models.task import task
from office.chains import words
from office.chains.asking import Finder
from office.chains.compose import compose
from office.chains.model import Ask, Chain, How, Who
from office.people.directory import StoredDirectory


def ask(id_: str, who: Who, how: How) -> Ask:
    return Ask(id_, "consult", id_, who, words.outcomes_of("consult", refusal=False), how)


HEAD = ask("head", Who("head", ("unit:finance", "unit:legal")), "one")
MEMBERS = ask("members", Who("members", ("unit:stocktake", "unit:legal")), "all")
LADDER = ask("ladder", Who("ladder", rank="division"), "in_order")


def started(ministry: Ministry, *steps: Ask) -> UUID:
    made = ministry.do(Deploy(compose(Chain("by-rule", "ตามกฎ", steps))))
    assert made["warnings"] == []
    case = ministry.do(StartInstance("by-rule"), "thotsop")
    ministry.work_off()
    return UUID(str(case["id"]))


def live(ministry: Ministry, case: UUID) -> list[Any]:
    return list(ministry.rows(task, task.c.root_id == case, task.c.state == "open"))


def asked(ministry: Ministry, case: UUID) -> Iterator[tuple[str, str]]:
    """Which step asks whom, one task after another, each done by the first who may."""
    for _ in range(20):
        found = sorted(live(ministry, case), key=lambda row: str(row.candidates))
        if not found:
            return
        principals = [f"{one['kind']}:{one['id']}" for one in found[0].candidates]
        yield found[0].element_id, ",".join(principals)
        with reading(ministry.bus.engine) as db:
            directory = StoredDirectory()
            able = directory.who_can_act(db, ministry.agency_id, principals, ministry.now)
        ministry.do(CompleteTask(found[0].id, "agree"), sorted(able)[0])
        ministry.work_off()


def test_heads_members_and_superiors_are_found_and_asked(either_ministry: Ministry) -> None:
    case = started(either_ministry, HEAD, MEMBERS, LADDER)
    found = list(asked(either_ministry, case))
    assert found[0] == ("head", "position:finance-head,position:legal-head")
    members = [who for step, who in found if step == "members"]
    assert len(members) == len(set(members)) > 2
    assert all(who.startswith("person:") for who in members)
    assert [who for step, who in found if step == "ladder"] == [
        "position:general-clerk", "position:general-head", "position:central-director",
    ]  # fmt: skip
    assert either_ministry.rows(incident, incident.c.root_id == case) == []


def test_nobody_found_is_an_incident_that_says_so(ministry: Ministry) -> None:
    case = started(ministry, ask("none", Who("members", ("role:nobody-has-it",)), "all"))
    (stuck,) = ministry.rows(incident, incident.c.root_id == case)
    assert "role:nobody-has-it" in stuck.message
    assert live(ministry, case) == []


def test_a_rule_that_does_not_exist_is_refused(ministry: Ministry) -> None:
    with reading(ministry.bus.engine) as db:
        finder = Finder(db, ministry.agency_id, ministry.now, StoredDirectory())
        for kind, rank in (("king", ""), ("ladder", "king")):
            with pytest.raises(ValueError, match="Expected"):
                finder.find(kind, (), rank, "thotsop")
        assert finder.ladder("nobody", "head") == []


def decides(id_: str, who: Who, how: How = "one", **more: Any) -> Ask:
    return Ask(id_, "approve", id_, who, words.outcomes_of("approve", refusal=False), how, **more)


SOMYING = Who("named", ("person:somying",))
PHATSADU = Who("named", ("person:phatsadu",))
#: nobody has this role
VACANT = Who("named", ("role:nobody-has-it",), if_nobody="hand", instead=("person:phatsadu",))


@pytest.mark.parametrize(("who", "how", "others"), [
    (Who("head", ("unit:central",)), "one", []),
    (Who("head", ("unit:central",), if_nobody="pass"), "all", []),
    (Who("ladder", rank="division"), "in_order", ["sommut", "tuayang"]),
    (Who("members", ("unit:central",)), "all", ["phatsadu"]),
    (Who("superior", level=3, if_nobody="pass"), "one", []),
    (replace(PHATSADU, if_nobody="pass"), "one", []),
    (VACANT, "one", []),
    (VACANT, "first", []),
    (Who("performer", ("first",), if_nobody="pass"), "one", []),
])  # fmt: skip
@pytest.mark.parametrize("between", [False, True])
def test_who_is_looked_up_and_has_agreed_already_is_passed(
    ministry: Ministry, who: Who, how: How, others: list[str], between: bool
) -> None:
    """The members of the division are those of its groups too; of them one has agreed."""
    steps = [decides("first", PHATSADU)]
    steps += [decides("mid", SOMYING)] if between else []
    again = decides("again", who, how, skip_same=True)
    case = started(ministry, *steps, again, decides("last", SOMYING))
    for step, name in [("first", "phatsadu"), ("mid", "somying")][: len(steps)]:
        answered(ministry, case, step, name)
    found = {row.completed_by for row in ministry.rows(task, task.c.root_id == case) if row.skipped}
    if who.kind == "ladder":
        for name in others:
            answered(ministry, case, "again", name)
        found = {
            row.completed_by for row in ministry.rows(task, task.c.root_id == case) if row.skipped
        }
    assert found == {"phatsadu"}
    if who.kind != "members":
        assert [row.element_id for row in live(ministry, case)] == ["last"]
    assert ministry.rows(incident, incident.c.root_id == case) == []


def answered(ministry: Ministry, case: UUID, step: str, name: str) -> None:
    row = next(row for row in live(ministry, case) if row.element_id == step)
    ministry.do(CompleteTask(row.id, "approve"), name)
    ministry.work_off()
