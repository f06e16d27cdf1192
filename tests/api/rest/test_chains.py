"""/approval-chains: everything that the composer's page does, for other systems."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from support.purchase import PURCHASE

from office.chains.stored import dump

CHAINS = "/approval-chains"


def begun(world: Any, **more: Any) -> tuple[str, Any]:
    key = f"buy-{uuid4().hex[:8]}"
    made = world.post(CHAINS, {"name": "ขออนุมัติซื้อ", "key": key}, as_="admin")
    assert made.status_code == 201, made.json
    return made.json["id"], dump(replace(PURCHASE, key=key, **more))


def test_cards_become_a_draft_of_the_designer(world: Any) -> None:
    chain, content = begun(world)
    put(world, chain, content, '"1"')
    at = f"{CHAINS}/{chain}/draw"

    def draw(tag: str, as_: str = "admin") -> Any:
        return world.post(at, as_=as_, headers={"If-Match": tag})

    assert draw('"1"').status_code == 412
    assert draw('"2"', "clerk").status_code == 403
    assert draw('"2"', "stranger").status_code == 404
    drawn = draw('"2"')
    assert (drawn.status_code, drawn.json["key"]) == (201, content["key"])
    draft = world.get(f"/model-drafts/{drawn.json['id']}", as_="admin").json
    assert (draft["base_version"], 'id="head"' in draft["xml"]) == (None, True)
    types = [
        one["type"] for one in world.get(f"{CHAINS}/{chain}/history", as_="admin").json["items"]
    ]
    assert types[0] == "chain.drawn"
    put(world, chain, {**content, "steps": []}, '"2"')
    assert draw('"3"').status_code == 422


def test_one_of_several_on_leave_is_told_with_the_last_day_and_who_acts(world: Any) -> None:
    name, post = f"n{uuid4().hex[:8]}", f"p{uuid4().hex[:8]}"
    position = {"code": post, "name": "ก", "unit": "central", "level": "officer"}
    holder = {"username": name, "first_day": "2026-01-01"}
    leave = {"username": name, "kind": "sick", "first_day": "2026-11-23", "last_day": "2026-11-24",
             "substitute": "outsider", "order_ref": "คำสั่ง ที่ ๑/๒๕๖๙"}  # fmt: skip
    after = {**leave, "first_day": "2026-11-25", "last_day": "2026-11-26", "substitute": None}
    for path, body in (
        ("/people", {"username": name, "given_name": "ใหม่"}), ("/positions", position),
        (f"/positions/{post}/holders", holder), ("/leaves", leave), ("/leaves", after),
    ):  # fmt: skip
        made = world.post(path, body, as_="admin")
        assert made.status_code == 201, made.json
    chain, content = begun(world)
    approve = next(one for one in content["steps"] if one["id"] == "approve")
    approve |= {"how": "all", "due": None}
    approve["who"]["values"] = [f"person:{name}", f"position:{post}", "person:clerk"]
    approve["not_starter"] = False
    assert put(world, chain, content, '"1"').status_code == 200
    given = {"starter": "clerk", "values": {"subject": "เก้าอี้", "amount": 5000}}
    tried = world.post(f"{CHAINS}/{chain}/try", given, as_="admin").json["items"]
    (met,) = (one for one in tried if one["step"] == "approve")
    (told,) = (one for one in met["warnings"] if one["code"].startswith("waits"))
    assert (told["code"], told["detail"]) == ("waits_person", name)
    assert f"{name} (on leave until 2026-11-26; outsider acts in the position)" in told["english"]
    assert f"{name} (ลาถึง 2026-11-26 มี outsider ทำแทนในตำแหน่ง)" in told["thai"]


def put(world: Any, chain: str, content: Any, tag: str | None, as_: str = "admin") -> Any:
    headers = {} if tag is None else {"If-Match": tag}
    return world.call(
        "PUT", f"{CHAINS}/{chain}", as_=as_, json={"content": content}, headers=headers
    )


def publish(world: Any, chain: str, tag: str, note: str = "รุ่นแรก") -> Any:
    return world.call(
        "POST", f"{CHAINS}/{chain}/publish", as_="admin", json={"note": note},
        headers={"If-Match": tag},
    )  # fmt: skip


def test_a_chain_is_composed_tried_published_and_opened_again(world: Any) -> None:
    chain, content = begun(world)
    read = world.get(f"{CHAINS}/{chain}", as_="admin")
    assert read.headers["ETag"] == '"1"'
    assert [one["code"] for one in read.json["faults"]] == ["no_steps"]
    assert put(world, chain, content, None).status_code == 428
    assert put(world, chain, content, '"1"').json == {"revision": 2}
    assert put(world, chain, content, '"1"').status_code == 412
    read = world.get(f"{CHAINS}/{chain}", as_="admin").json
    assert (read["content"], read["faults"], read["changed"]) == (content, [], True)
    assert read["cards"][1]["english"].startswith("The starter's superior approves")

    tried = world.post(
        f"{CHAINS}/{chain}/try",
        {"starter": "clerk", "values": {"subject": "เก้าอี้", "amount": 5000}}, as_="admin",
    )  # fmt: skip
    assert tried.status_code == 200, tried.json
    assert [one["step"] for one in tried.json["items"]][:2] == ["revise", "head"]
    wrong = world.post(f"{CHAINS}/{chain}/try", {"starter": "clerk"}, as_="admin")
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "subject")
    filled = {"starter": "clerk", "values": {"subject": "เก้าอี้", "amount": 5000}}
    for secrecy in (2, 4):  # a case that is no letter has no degree, and nobody is cleared for 4
        answer = world.post(f"{CHAINS}/{chain}/try", {**filled, "secrecy": secrecy}, as_="admin")
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "secrecy")

    made = publish(world, chain, '"2"')
    assert (made.status_code, made.json["version"]) == (200, 1), made.json
    assert publish(world, chain, '"1"').status_code == 412
    events = world.get(f"{CHAINS}/{chain}/history", as_="admin").json["items"]
    assert [(one["type"], one["data"].get("note")) for one in events] == [
        ("chain.published", "รุ่นแรก"), ("chain.created", None),
    ]  # fmt: skip
    at = f"{CHAINS}/{chain}/history?page_size=1"
    first = world.get(at, as_="admin").json
    assert ([one["type"] for one in first["items"]], first["total"]) == (["chain.published"], 2)
    second = world.get(f"{at}&after={first['next']}", as_="admin").json
    assert ([one["type"] for one in second["items"]], second["next"]) == (["chain.created"], None)
    assert world.get(f"{at}&after=nonsense", as_="admin").status_code == 422
    listed = world.get(f"{CHAINS}?page_size=100", as_="admin").json["items"]
    assert {one["id"]: one["published_version"] for one in listed}[chain] == 1

    gone = world.call("DELETE", f"{CHAINS}/{chain}", as_="admin", headers={"If-Match": '"2"'})
    assert gone.json == {"id": chain}
    opened = world.post(f"{CHAINS}/open", {"definition_id": made.json["id"]}, as_="admin")
    again = world.get(f"{CHAINS}/{opened.json['id']}", as_="admin").json
    assert again["content"] == content


def test_cards_are_compared_with_what_is_in_use_before_they_are_published(world: Any) -> None:
    chain, content = begun(world)
    at = f"{CHAINS}/{chain}"
    for asked in ("changes", "xml"):
        assert world.get(f"{at}/{asked}", as_="clerk").status_code == 403
        assert world.get(f"{at}/{asked}", as_="stranger").status_code == 404
    refused = world.get(f"{at}/xml", as_="admin")
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "steps")
    put(world, chain, content, '"1"')
    assert world.get(f"{at}/changes", as_="admin").status_code == 404  # nothing is in use yet
    made = publish(world, chain, '"2"').json["id"]
    assert world.get(f"{at}/changes", as_="admin").json["differences"] == []
    approve, told = content["steps"][3:5]
    other = {**content, "steps": [*content["steps"][:3], {**approve, "name": "ชี้ขาด"}, told]}
    other["note"] = "แก้ตามมติ"
    put(world, chain, other, '"2"')
    found = world.get(f"{at}/changes", as_="admin").json
    assert (found["draft_id"], found["revision"]) == (chain, 3)
    assert (found["against_id"], found["against_version"], found["moved"]) == (made, 1, 0)
    (card,) = found["cards"]
    assert (card["verb"], card["step"], card["moved"]) == ("changed", "approve", False)
    assert (card["before"]["name"], card["after"]["name"]) == ("อนุมัติ", "ชี้ขาด")
    assert found["facts"] == ["note"]
    (one,) = [one for one in found["differences"] if one["kind"] == "userTask"]
    assert (one["verb"], one["element_id"]) == ("changed", "approve")
    assert one["changes"][0]["words"]["th"] == "ชื่อที่แสดง: อนุมัติ → ชี้ขาด"
    drawn = world.get(f"{at}/xml", as_="admin")
    assert 'name="ชี้ขาด"' in drawn.text
    assert content["key"] in drawn.headers["Content-Disposition"]


WAIT: Any = {"card": "wait", "id": "w", "name": "รอ"}


@pytest.mark.parametrize(
    ("change", "at", "said"),
    [
        ({"steps": [{"card": ["ask"]}]}, "steps.0.card", "one of ask, inform"),
        ({"steps": [WAIT, {"card": "dance"}]}, "steps.1.card", "but got 'dance'"),
        ({"more": 1}, "more", "one of key, name"),
        ({"steps": None}, "steps", "a list, but got None"),
        ({"fields": [{"key": 1}]}, "fields.0.key", "a text, but got 1"),
        ({"fields": [{"key": "a"}]}, "fields.0.label", "it is missing"),
        ({"steps": [WAIT | {"span": {"amount": "1"}}]}, "steps.0.span.amount", "a whole number"),
        ({"steps": [WAIT | {"span": {"amount": 1, "unit": "years"}}]}, "steps.0.span.unit",
         "one of hours, days"),
        ({"steps": [WAIT | {"who": {}}]}, "steps.0.who", "one of id, name"),
    ],
)  # fmt: skip
def test_what_is_no_chain_is_refused_with_its_place(
    sqlite_world: Any, change: Any, at: str, said: str
) -> None:
    chain, content = begun(sqlite_world)
    refused = put(sqlite_world, chain, content | change, '"1"')
    (error,) = refused.json["errors"]
    assert (refused.status_code, error["field"]) == (422, f"content.{at}")
    assert said in error["message"]


def test_ways_within_ways_have_an_end(sqlite_world: Any) -> None:
    world = sqlite_world
    chain, content = begun(world)
    deep: Any = []
    for n in range(60):
        way = {"label": "ก", "steps": deep, "condition": ""}
        deep = [
            {"card": "together", "id": f"t{n}", "name": "ก", "branches": [way, way | {"steps": []}]}
        ]
    assert put(world, chain, content | {"steps": deep}, '"1"').status_code in (200, 422)


def test_faults_keep_it_from_being_tried_and_published(world: Any) -> None:
    chain, content = begun(world, steps=())
    put(world, chain, content, '"1"')
    for refused in (
        publish(world, chain, '"2"'),
        world.post(f"{CHAINS}/{chain}/try", {"starter": "clerk"}, as_="admin"),
    ):
        assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "no_steps")


def test_only_who_may_deploy_composes(world: Any) -> None:
    chain, content = begun(world)
    assert world.get(CHAINS, as_="clerk").status_code == 403
    assert world.get(f"{CHAINS}/{chain}", as_="clerk").status_code == 403
    assert world.get(f"{CHAINS}/{chain}/history", as_="clerk").status_code == 403
    assert put(world, chain, content, '"1"', as_="clerk").status_code == 403
    for path, body in (
        ("", {"name": "ก"}), (f"/{chain}/try", {"starter": "clerk"}),
        (f"/{chain}/publish", {"note": "ก"}), ("/open", {"definition_id": chain}),
    ):  # fmt: skip
        answer = world.call(
            "POST", f"{CHAINS}{path}", as_="clerk", json=body, headers={"If-Match": '"1"'}
        )
        assert answer.status_code == 403


def test_a_chain_begins_from_a_template_or_a_published_one_and_is_kept_as_one(world: Any) -> None:
    key = f"from-{uuid4().hex[:8]}"
    made = world.post(f"{CHAINS}/begin", {"name": "ลา", "key": key, "template": "leave"},
                      as_="admin")  # fmt: skip
    assert made.status_code == 201, made.json
    one = world.get(f"{CHAINS}/{made.json['id']}", as_="admin").json
    assert (one["key"], one["name"], one["faults"]) == (key, "ลา", [])
    kept = world.post(f"{CHAINS}/{made.json['id']}/template", {"name": "ของเรา"}, as_="admin")
    assert kept.status_code == 201, kept.json
    published = publish(world, made.json["id"], '"1"').json["id"]
    for source in ({"template": kept.json["id"]}, {"definition_id": published}):
        again = world.post(f"{CHAINS}/begin", {"name": "อีกสาย", **source}, as_="admin")
        found = world.get(f"{CHAINS}/{again.json['id']}", as_="admin").json
        assert found["content"]["steps"] == one["content"]["steps"]
        assert found["key"] != key


def test_a_chain_begins_from_one_thing_that_cards_can_say(world: Any) -> None:
    for body in ({}, {"template": "leave", "definition_id": str(uuid4())}):
        refused = world.post(f"{CHAINS}/begin", {"name": "ก", **body}, as_="admin")
        assert refused.status_code == 422, refused.json
    refused = world.post(
        f"{CHAINS}/begin", {"name": "ก", "template": "official-letter"}, as_="admin"
    )
    assert (refused.status_code, refused.json["reason"]) == (409, "not_composable")
    chain, _content = begun(world)
    refused = world.post(f"{CHAINS}/{chain}/template", {"name": "ก"}, as_="admin")
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "no_steps")


def test_a_change_is_taken_back_and_made_again(world: Any) -> None:
    chain, content = begun(world)
    put(world, chain, content, '"1"')

    def step(verb: str, tag: str | None, **body: Any) -> Any:
        headers = {} if tag is None else {"If-Match": tag}
        return world.post(f"{CHAINS}/{chain}/{verb}", body or None, as_="admin", headers=headers)

    assert step("undo", None).status_code == 428
    assert step("undo", '"1"').status_code == 412
    assert step("undo", '"2"').json == {"revision": 3}
    assert world.get(f"{CHAINS}/{chain}", as_="admin").json["content"]["steps"] == []
    refused = step("undo", '"3"')
    assert (refused.status_code, refused.json["reason"]) == (409, "no_change")
    assert step("redo", '"3"').json == {"revision": 4}
    assert world.get(f"{CHAINS}/{chain}", as_="admin").json["content"] == content
