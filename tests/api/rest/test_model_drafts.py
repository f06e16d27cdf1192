"""/model-drafts: two designers at one diagram, and what the linter says while they draw."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

from engine.db import reading
from office.modeling import queries
from office.modeling.commands import CreateModel


def begin(world: Any, key: str) -> str:
    from engine.actor import system_actor

    made = world.system.bus.execute(CreateModel("ขอใช้รถ", key), system_actor(world.home.id))
    return str(made["id"])


def put(world: Any, draft: str, xml: str, tag: str | None, as_: str = "admin") -> Any:
    headers = {} if tag is None else {"If-Match": tag}
    return world.call("PUT", f"/model-drafts/{draft}", as_=as_, json={"xml": xml}, headers=headers)


def test_the_second_of_two_designers_is_told_and_can_keep_theirs(world: Any) -> None:
    draft = begin(world, f"car-{uuid4().hex[:8]}")
    read = world.get(f"/model-drafts/{draft}", as_="admin")
    tag, xml = read.headers["ETag"], read.json["xml"]
    assert tag == '"1"'
    first, second = xml.replace("ดำเนินการ", "ตรวจ"), xml.replace("ดำเนินการ", "อนุมัติ")
    saved = put(world, draft, first, tag)
    assert (saved.status_code, saved.json["revision"]) == (200, 2)
    assert put(world, draft, second, None).status_code == 428
    for stale in (tag, '"x"', '"99999999999"', "*"):
        refused = put(world, draft, second, stale)
        assert (refused.status_code, refused.json["code"]) == (412, "stale")
    theirs = world.get(f"/model-drafts/{draft}", as_="admin")
    assert theirs.json["xml"] == first
    assert theirs.json["updated_by"] == "admin"
    mine = world.post(f"/model-drafts/{draft}/copy", {"xml": second}, as_="admin")
    assert mine.status_code == 201
    kept = world.get(f"/model-drafts/{mine.json['id']}", as_="admin")
    assert kept.json["xml"] == second
    listed = world.get("/model-drafts?page_size=2", as_="admin").json["items"]
    assert {one["id"] for one in listed} == {draft, mine.json["id"]}


def test_the_linter_speaks_while_one_draws(world: Any) -> None:
    draft = begin(world, f"lint-{uuid4().hex[:8]}")
    xml = world.get(f"/model-drafts/{draft}", as_="admin").json["xml"]
    lint = f"/model-drafts/{draft}/lint"
    assert world.post(lint, {"xml": xml}, as_="admin").json == {"items": [], "variables": []}
    broken = xml.replace('kind="starter"', 'kind="position" value="=1 +"')
    (found,) = world.post(lint, {"xml": broken}, as_="admin").json["items"]
    assert (found["element"], found["severity"]) == ("work", "error")
    assert found["message"]
    assert found["mend"]
    (unread,) = world.post(lint, {"xml": "<a"}, as_="admin").json["items"]
    assert unread["code"] == "not_xml"
    assert world.get(f"/model-drafts/{draft}", as_="admin").json["revision"] == 1


def test_only_who_may_deploy_sees_drafts(world: Any) -> None:
    draft = begin(world, f"mine-{uuid4().hex[:8]}")
    assert world.get("/model-drafts", as_="clerk").status_code == 403
    assert world.get(f"/model-drafts/{draft}", as_="clerk").status_code == 403
    assert put(world, draft, "<a/>", '"1"', as_="clerk").status_code == 403
    for verb in ("copy", "lint"):
        answer = world.post(f"/model-drafts/{draft}/{verb}", {"xml": "<a/>"}, as_="clerk")
        assert answer.status_code == 403
    assert put(world, draft, "<a/>", '"1"').status_code == 422


def test_the_linter_tells_the_names_that_formulas_can_use(world: Any) -> None:
    draft = begin(world, f"names-{uuid4().hex[:8]}")
    xml = world.get(f"/model-drafts/{draft}", as_="admin").json["xml"]
    start = '<saraban:assignment kind="starter" />'
    form = {"components": [{"type": "textfield", "key": "subject", "label": "s"}]}
    put_file(world, draft, "ask.form.json", json.dumps(form), '"1"')
    outcomes = '<saraban:outcomes variable="verdict"><saraban:outcome id="yes" name="y" />'
    whole = f'{start}<saraban:form key="ask" />{outcomes}</saraban:outcomes>'
    found = world.post(
        f"/model-drafts/{draft}/lint", {"xml": xml.replace(start, whole)}, as_="admin"
    ).json
    assert found["variables"] == ["subject", "verdict"]


def put_file(world: Any, draft: str, name: str, content: str, tag: str, **more: Any) -> Any:
    return world.call(
        "PUT", f"/model-drafts/{draft}/file", as_="admin",
        json={"name": name, "content": content, **more}, headers={"If-Match": tag},
    )  # fmt: skip


def test_a_file_beside_is_kept_in_the_drafts_own_count(world: Any) -> None:
    draft = begin(world, f"file-{uuid4().hex[:8]}")
    made = put_file(world, draft, "a.dmn", "<a/>", '"1"')
    assert (made.status_code, made.json["revision"], made.json["updated_by"]) == (200, 2, "admin")
    assert put_file(world, draft, "a.dmn", "<b/>", '"1"').status_code == 412
    assert put_file(world, draft, "a.exe", "x", '"2"').status_code == 422
    assert world.get(f"/model-drafts/{draft}", as_="admin").json["files"] == ["a.dmn"]


def test_a_decision_model_that_an_editor_wrote_keeps_its_comments(world: Any) -> None:
    draft = begin(world, f"file-{uuid4().hex[:8]}")
    before = (
        '<definitions id="d"><!-- วงเงินตามคำสั่ง --><decision id="limit"><!-- ตาราง -->'
        '<decisionTable id="t"><rule id="r1"><!-- ข้อหนึ่ง --></rule></decisionTable></decision>'
        '<inputData id="old"><!-- เลิกใช้ --></inputData></definitions>'
    )
    after = (
        '<definitions id="d"><decision id="limit"><decisionTable id="t">'
        '<rule id="r0"/><rule id="r1"/></decisionTable></decision></definitions>'
    )
    put_file(world, draft, "a.dmn", before, '"1"')
    made = put_file(world, draft, "a.dmn", after, '"2"', drawn=True)
    assert made.json["moved"] == [{"text": "เลิกใช้", "was": "old", "now": "d"}]
    kept = queries_beside(world, draft)["a.dmn"].decode()
    assert kept == (
        '<definitions id="d"><!-- วงเงินตามคำสั่ง --><decision id="limit"><!-- ตาราง -->'
        '<decisionTable id="t"><rule id="r0"/><rule id="r1"><!-- ข้อหนึ่ง --></rule>'
        "</decisionTable></decision><!-- เลิกใช้ --></definitions>"
    )
    # what somebody wrote by hand is as it is, and so is what is no XML
    put_file(world, draft, "a.dmn", after, '"3"')
    assert queries_beside(world, draft)["a.dmn"].decode() == after
    assert (
        put_file(world, draft, "a.dmn", "<!DOCTYPE a><a/>", '"4"', drawn=True).json["moved"] == []
    )
    assert put_file(world, draft, "a.dmn", "<a><!-- x -->", '"5"', drawn=True).status_code == 200


def queries_beside(world: Any, draft: str) -> Any:
    with reading(world.system.engine) as db:
        return queries.beside(db, world.home.id, UUID(draft))


def test_a_formula_is_tried_with_values_of_ones_own(world: Any) -> None:
    draft = begin(world, f"try-{uuid4().hex[:8]}")

    def tried(expression: str, values: str = "") -> Any:
        body = {"expression": expression, "values": values}
        return world.post(f"/model-drafts/{draft}/try", body, as_="admin").json

    assert tried("amount > 5000", "amount = 7000")["value"] == "true"
    assert tried('upper case(a) + "!"', 'a = "x"')["value"] == '"X!"'
    assert "amount" in tried("amount > 5000")["error"]
    assert tried("1 +")["error"]
    wrong = world.post(
        f"/model-drafts/{draft}/try", {"expression": "1", "values": "x"}, as_="admin"
    )
    assert wrong.status_code == 422
    refused = world.post(f"/model-drafts/{draft}/try", {"expression": "1"}, as_="clerk")
    assert refused.status_code == 403


def test_what_was_done_to_a_draft_is_told_page_by_page(world: Any) -> None:
    draft, other = (begin(world, f"told-{uuid4().hex[:8]}") for _ in range(2))
    put_file(world, draft, "a.dmn", "<a/>", '"1"')
    put_file(world, draft, "b.dmn", "<b/>", '"2"')
    put_file(world, other, "c.dmn", "<c/>", '"1"')
    at = f"/model-drafts/{draft}/history"
    first = world.get(f"{at}?page_size=2", as_="admin").json
    rest = world.get(f"{at}?page_size=2&after={first['next']}", as_="admin").json
    told = [(one["type"], one["data"]["name"]) for one in [*first["items"], *rest["items"]]]
    assert told == [
        ("model.file_added", "b.dmn"), ("model.file_added", "a.dmn"), ("model.created", "ขอใช้รถ"),
    ]  # fmt: skip
    assert (first["items"][0]["actor"], rest["next"]) == ("admin", None)
    assert world.get(at, as_="clerk").status_code == 403
