"""A trial of a chain that runs other processes, those that are published, on both databases."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from support.composed import ask
from support.world import World

from office.chains.compose import compose
from office.chains.model import Branch, Call, Chain, Choose, Field
from office.chains.stored import dump

FIELDS = (Field("amount", "วงเงิน", "number"),)


class Trials:
    def __init__(self, world: World) -> None:
        self.world, self.mark = world, uuid4().hex[:6]

    def key(self, name: str) -> str:
        return f"{name}-{self.mark}"

    def publish(self, name: str, *steps: Any) -> None:
        chain = Chain(self.key(name), f"กระบวนการ {name}", steps, FIELDS)
        self.world.deploy(dict(compose(chain)))

    def tried(self, *steps: Any, amount: int = 5, **more: Any) -> list[Any]:
        world, key = self.world, f"top-{uuid4().hex[:6]}"
        made = world.post("/approval-chains", {"name": "สาย", "key": key}, as_="admin").json
        path, headers = f"/approval-chains/{made['id']}", {"If-Match": '"1"'}
        content = dump(Chain(key, "สาย", steps, **{"fields": FIELDS, **more}))
        world.call("PUT", path, as_="admin", json={"content": content}, headers=headers)
        values = {"amount": amount} if "fields" not in more else {}
        sent = {"starter": "clerk", "values": values}
        answer = world.post(f"{path}/try", sent, as_="admin")
        assert answer.status_code == 200, answer.json
        return [*answer.json["items"]]


@pytest.fixture
def trials(world: World) -> Trials:
    return Trials(world)


def test_the_published_process_is_tried_with_its_own_people(trials: Trials):
    size = Choose("size", "วงเงิน", (Branch("สูง", (ask("more", "colleague"),), "amount > 100"),
                                    Branch("ต่ำ")))  # fmt: skip
    trials.publish("inner", ask("look", "boss"), size)
    trials.publish("middle", Call("deeper", "ชั้นใน", trials.key("inner")))
    way = trials.tried(Call("sub", "ตรวจ", trials.key("middle")), ask("last", "admin"), amount=500)
    assert [(one["step"], one["within"], one["able"]) for one in way] == [
        ("sub", [], []), ("deeper", ["sub"], []), ("look", ["sub", "deeper"], ["boss"]),
        ("size", ["sub", "deeper"], []), ("more", ["sub", "deeper"], ["colleague"]),
        ("last", [], ["admin"]),
    ]  # fmt: skip
    assert (way[0]["taken"], way[1]["taken"]) == ("กระบวนการ middle", "กระบวนการ inner")


def test_the_newest_version_that_is_not_withdrawn_is_tried(trials: Trials):
    trials.publish("inner", ask("first", "boss"))
    trials.publish("inner", ask("second", "boss"))
    step = Call("sub", "ตรวจ", trials.key("inner"))
    assert [one["step"] for one in trials.tried(step)] == ["sub", "second"]


def test_one_that_cards_cannot_say_and_one_that_is_missing_are_told(trials: Trials):
    (drawn,) = trials.tried(Call("sub", "ตรวจ", "review"))
    (told,) = drawn["warnings"]
    assert (told["code"], bool(drawn["taken"])) == ("not_cards", True)
    assert told["thai"].startswith("กระบวนการนี้ออกแบบเป็นผังที่การ์ดบอกไม่ได้ (ที่ “")
    (gone,) = trials.tried(Call("sub", "ตรวจ", "never-published"))
    assert [one["code"] for one in gone["warnings"]] == ["no_process"]
    assert "“never-published”" in gone["warnings"][0]["english"]


def test_what_cannot_be_told_is_located_in_both_languages(trials: Trials):
    ways = (Branch("สูง", (), "amount > 100"), Branch("ต่ำ"))
    trials.publish("inner", Choose("size", "วงเงิน", ways))
    sub = Call("sub", "ตรวจ", trials.key("inner"))
    # the process that is called has a form of its own, which nobody fills in for a call
    _sub, inner = trials.tried(sub, fields=())
    (told,) = inner["warnings"]
    assert (told["code"], told["detail"]) == ("unclear_way", "สูง")
    assert told["thai"].endswith("เดินต่อตามทางสุดท้าย): ช่อง “วงเงิน” ยังไม่มีค่า")
    assert told["english"].endswith("along the last way): the field “วงเงิน” has no value")
    odd = Choose("odd", "แปลก", (Branch("ก", (), "amount + 1"), Branch("ข")))
    (odd_way,) = trials.tried(odd)
    (told,) = odd_way["warnings"]
    assert "บรรทัด 1 ตัวที่ " in told["thai"]
    assert "Expected" not in told["thai"]
    assert "Expected true or false from" in told["english"]
