"""A chain whose cards made the tests of the version before red, and the way to mend them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from support.purchase import PURCHASE

from engine.actor import system_actor
from engine.commands.deployments import Deploy
from office.chains.commands import CreateChain, OpenChain, SaveChain
from office.chains.compose import compose
from office.chains.stored import dump
from office.modeling.cases import Case, write


@pytest.fixture
def admin(enter):
    return enter("admin")


def test_red_tests_lead_to_the_designer_with_the_cards_as_they_are(admin, office):
    def do(command: Any) -> Any:
        return office.system.bus.execute(command, system_actor(office.home.id))

    chain = replace(PURCHASE, key="page-red")
    made = do(CreateChain(chain.name, chain.key))
    chain_id, first = UUID(str(made["id"])), chain.steps[0]
    do(SaveChain(chain_id, dump(chain), 1))
    given = {"subject": '"โต๊ะ"', "amount": "900"}
    test = write([Case("ถึงขั้นแรก", start=given, end=first.id)])
    files = {**compose(chain), "page-red.tests.json": test}
    published = do(Deploy(files))["definitions"][0]["id"]
    do(OpenChain(UUID(str(published))))
    sooner = replace(first, id="sooner", name="ตรวจก่อน")
    do(SaveChain(chain_id, dump(replace(chain, steps=(sooner, *chain.steps))), 2))
    at = f"/chains/{chain_id}"
    assert not [
        one for one in admin.open(f"{at}/publish").tree.xpath("//form/@action") if "/draw" in one
    ]
    red = admin.open(f"{at}/publish").form(f"{at}/publish").send(note="เพิ่มขั้น")
    assert red.status == 422
    asked = red.form(f"{at}/publish").send(note="เพิ่มขั้น", untested="1", reason=" ")
    assert (asked.status, bool(asked.error("reason"))) == (422, True)
    assert asked.tree.xpath("//input[@name='untested']/@checked")
    tests = red.form(f"{at}/draw").send()
    assert (tests.path.startswith("/designer/"), tests.path.endswith("/tests")) == (True, True)
    assert "ไม่ผ่าน 1 จาก 1 ข้อ" in tests.text
    mended = tests.form(tests.path).send(**{"0.end": "sooner"})
    assert "ผ่านทั้ง 1 ข้อ" in mended.text
    ask = admin.open(f"{tests.path.removesuffix('/tests')}/publish")
    assert ask.form(ask.path).send(note="เพิ่มขั้น").path.startswith("/definitions/")
    done = admin.open(f"{at}/publish").form(f"{at}/publish").send(note="เพิ่มขั้น")
    assert done.path.startswith("/definitions/"), done.text
    assert "ร่างยังไม่เผยแพร่" not in "".join(
        admin.open("/chains").tree.xpath(f"//tr[.//a[@href='{at}']]")[0].itertext()
    )
