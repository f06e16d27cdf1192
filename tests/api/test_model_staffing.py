"""Whom a diagram names and who is not there today: warnings at its elements, on both databases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pytest
from support.diagrams import assigned, bpmn, end, path, process, start, user
from support.house import House
from support.world import World

from api.pages.finding_words import finding_in_thai
from engine.db import reading
from engine.errors import Problem
from office.modeling.commands import ImportModel
from office.modeling.staffing import shortfalls

_THAI = re.compile("[ก-๙]")


class Drawing(House):
    def found(self, files: Mapping[str, bytes]) -> list[Problem]:
        services, home = self.world.system.services, self.world.home
        with reading(self.world.system.engine) as db:
            return shortfalls(db, home.id, services.directory, files, self.world.clock.now())

    def files(self, *rules: str, key: str = "drawn", extensions: str = "") -> dict[str, bytes]:
        """A diagram of one step with these rules."""
        step = user("step", extensions="".join(rules), name="ตรวจ")
        drawn = bpmn(
            process(key, start("begin"), step, end("end"), path("begin", "step", "end"),
                    extensions=extensions, name="กระบวนการ")
        )  # fmt: skip
        return {f"{key}.bpmn": drawn}

    def told(self, *rules: str) -> list[tuple[str, str]]:
        found = self.found(self.files(*rules))
        for one in found:
            said = finding_in_thai(one)
            assert _THAI.search(said), one
            assert not re.search("today|Nobody|There is|Expected", said), said
            assert (one.element, one.severity, one.file) == ("step", "warning", "drawn.bpmn")
            assert one.line > 1
        return [(one.code, one.message) for one in found]

    def codes(self, *rules: str) -> list[str]:
        return [code for code, _message in self.told(*rules)]


@pytest.fixture
def house(world: World) -> Drawing:
    return Drawing(world)


def test_each_shortfall_is_told_with_its_name_and_mend(house: Drawing):
    for kind, name, why in (
        ("position", "none", f"There is no position with the code “{house('none')}”"),
        ("position", "shut", "The position “shut” is closed"),
        ("position", "empty", "Nobody holds “empty”, and nobody acts for it"),
        ("role", "none", f"There is no role with the code “{house('none')}”"),
        ("role", "unlent", "Nobody holds the role “unlent”"),
        ("unit", "board", "Nobody holds a position in “คณะกรรมการ”"),
        ("person", "none", f"There is nobody with the sign-in name “{house('none')}”"),
        ("person", "gone", "“gone” has left the agency"),
    ):
        told = house.told(assigned(kind, house(name)))
        assert told == [("nobody_today", f"Nobody can do “ตรวจ” today. {why}.")], name
    for kind, name in (
        ("position", "held"),
        ("role", "lent"),
        ("unit", "desk"),
        ("person", "here"),
    ):
        assert house.told(assigned(kind, house(name))) == [], name
    assert house.codes(assigned("position", house("absent"))) == ["away_today"]
    assert house.codes(assigned("person", house("away"))) == ["away_today"]


def test_others_who_can_do_it_make_it_less(house: Drawing):
    held, empty = assigned("position", house("held")), assigned("position", house("empty"))
    assert house.codes(held, empty) == ["some_missing"]
    assert house.codes(assigned("starter"), empty) == ["some_missing"]
    assert house.codes(held, assigned("position", house("absent"))) == []
    assert house.codes(assigned("position", house("absent")), empty) == ["away_today"] * 2


def test_what_depends_on_the_case_is_not_judged(house: Drawing):
    for rule in (
        assigned("starter"), assigned("superior"), assigned("field", "owner"),
        assigned("performer", "step"), assigned("expression", "=boss"),
        assigned("position", "=code"), assigned("expression", "=1 +"),
    ):  # fmt: skip
        assert house.codes(rule) == [], rule
    fixed = assigned("position", f'=["{house("empty")}", "role:{house("unlent")}"]')
    assert house.codes(fixed) == ["nobody_today"] * 2
    assert house.codes(assigned("expression", f'="position:{house("held")}"')) == []


def test_those_who_may_not_do_it_count(house: Drawing):
    def excluded(kind: str, value: str) -> str:
        return assigned(kind, value).replace("saraban:assignment", "saraban:exclude")

    held, here = assigned("position", house("held")), house("here")
    (told,) = house.told(held, excluded("person", here))
    said = f"Nobody can do “ตรวจ” today, for whoever could may not: {here}."
    assert told == ("nobody_today", said)
    assert house.codes(held, excluded("position", house("none"))) == ["barred_unknown"]
    assert house.codes(held, excluded("position", house("empty"))) == []


def test_a_process_that_nobody_can_start_is_told(house: Drawing):
    role = f'<saraban:start role="{house("unlent")}"/>'

    def codes() -> list[str]:
        found = house.found(house.files(assigned("starter"), key="review", extensions=role))
        return [f"{one.element} {one.code} {finding_in_thai(one)}" for one in found]

    assert codes() == []  # the administrators can
    with house.nobody_may_everything():
        assert codes() == [
            "review nobody_starts วันนี้ไม่มีผู้เริ่ม “กระบวนการ” ได้: ไม่มีผู้มีบทบาท “unlent” ให้บทบาทนี้แก่ใครสักคน"
        ]
        with house.granted("start"):
            assert codes() == []


def test_lint_checklist_and_publishing_tell_it(house: Drawing):
    world, key = house.world, house("drawn")
    made: Any = house.do(ImportModel(house.files(assigned("role", house("unlent")), key=key)))
    path_ = f"/model-drafts/{made['id']}"
    read = world.get(path_, as_="admin")
    lint = world.post(f"{path_}/lint", {"xml": read.json["xml"]}, as_="admin").json["items"]
    (told,) = [one for one in lint if one["code"] == "nobody_today"]
    assert told["thai"].startswith("วันนี้ไม่มีผู้ทำ “ตรวจ” เรื่องจะค้าง: ไม่มีผู้มีบทบาท “unlent”")
    role = house("unlent")
    assert (told["outside"], told["page"]) == (f"role:{role}", f"/admin/roles/{role}")
    needs = world.get(f"{path_}/checklist", as_="admin").json
    assert "nobody_today" in [f["code"] for one in needs["items"] for f in one["findings"]]
    done = world.call(
        "POST", f"{path_}/publish", as_="admin", json={"note": "รุ่นแรก"},
        headers={"If-Match": read.headers["ETag"]},
    )  # fmt: skip
    assert done.status_code == 200, done.json
    assert [one["code"] for one in done.json["warnings"]][-1] == "nobody_today"


def test_a_deployment_tells_it_too(house: Drawing):
    world, key = house.world, house("sent")
    files = house.files(assigned("role", house("unlent")), key=key)
    sent = {"files": [(BytesIO(data), name) for name, data in files.items()]}
    done = world.post("/deployments", as_="admin", data=sent, content_type="multipart/form-data")
    assert done.status_code == 201, done.json
    assert [(one["code"], one["element"]) for one in done.json["warnings"]][-1] == (
        "nobody_today", "step",
    )  # fmt: skip
