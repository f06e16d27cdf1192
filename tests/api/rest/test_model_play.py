"""/model-drafts/<id>/play: a draft walked through by answers, and kept as a test of its model."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import pytest
from support.composed import ask
from support.diagrams import assigned, bpmn, end, path, process, start, user
from support.world import World

from office.chains.compose import compose
from office.chains.model import Ask, Branch, Chain, Choose, Due, Field, Span, Who
from office.chains.stored import dump
from office.chains.words import outcomes_of

VERDICT = (
    '<saraban:outcomes variable="verdict"><saraban:outcome id="pass" name="ผ่าน" nameEn="Pass"/>'
    '<saraban:outcome id="fail" name="ไม่ผ่าน" nameEn="Fail"/></saraban:outcomes>'
)


def brought(world: World, files: dict[str, bytes]) -> str:
    sent = [(io.BytesIO(content), name) for name, content in files.items()]
    made = world.call(
        "POST", "/model-drafts/import", as_="admin", data={"files": sent},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert made.status_code == 201, made.text
    return f"/model-drafts/{made.json['id']}/play"


@pytest.fixture
def drawn(world: World) -> str:
    """Whoever starts it, then a role that nobody holds."""
    key = f"play-{uuid4().hex[:8]}"
    xml = bpmn(process(
        key, start("begin"), user("ask", extensions=assigned("starter") + VERDICT),
        user("judge", extensions=assigned("role", "play-none")), end("end"),
        path("begin", "ask", "judge", "end"),
    ))  # fmt: skip
    return brought(world, {f"{key}.bpmn": xml})


def played(world: World, at: str, *answers: Any, **more: Any) -> Any:
    return world.post(at, {"answers": answers, **more}, as_="admin")


ASKED = {"element": "ask", "outcome": "fail", "values": {"days": "2 + 3"}}


def test_a_play_tells_what_waits_whom_it_reaches_and_what_is_known(
    world: World, drawn: str
) -> None:
    begun = played(world, drawn, starter="clerk", start={"amount": "7000.50"}).json
    (waits,) = begun["waiting"]
    assert (waits["element"], waits["kind"], waits["tokens"]) == ("ask", "task", 1)
    assert [one["id"] for one in waits["outcomes"]] == ["pass", "fail"]
    assert [one["able"] for one in waits["reaches"]] == [["clerk"]]
    assert (begun["taken"], begun["failure"]) == (0, None)
    then = played(world, drawn, ASKED, start={"amount": "7000.50"})
    assert '"amount":7000.50' in then.text  # exact
    assert (then.json["variables"]["days"], then.json["variables"]["verdict"]) == (5, "fail")
    (waits,) = then.json["waiting"]
    (lack,) = waits["reaches"][0]["lacking"]
    assert (waits["element"], lack["principal"]) == ("judge", "role:play-none")
    assert "play-none" in lack["english"]
    done = played(world, drawn, ASKED, {"element": "judge"}).json
    assert (done["status"], done["end"], done["waiting"]) == ("completed", "end", [])
    assert done["steps"][-1] == "end"
    draft = world.get(drawn.removesuffix("/play"), as_="admin")
    assert (draft.headers["ETag"], draft.json["files"]) == ('"1"', [])  # nothing is kept


def test_what_no_case_comes_to_is_told_whatever_is_played(world: World) -> None:
    key = f"never-{uuid4().hex[:8]}"
    ways = (Branch("สูง", (ask("high", "clerk"),), "amount > 100"),
            Branch("สูงมาก", (ask("highest", "clerk"),), "amount > 500"), Branch("ต่ำ"))  # fmt: skip
    made = Chain(key, "ซื้อ", (Choose("size", "แยก", ways),), (Field("amount", "วงเงิน", "number"),))
    at = brought(world, dict(compose(made)))
    for given in ({}, {"amount": "1000"}):
        never = played(world, at, start=given).json["never"]
        told = [(one["element"], each["code"], each["detail"]) for one in never
                for each in one["warnings"]]  # fmt: skip
        assert told == [("size", "way_never", "สูงมาก"), ("highest", "unreached", "")]
        assert "“สูงมาก”" in never[0]["warnings"][0]["thai"]
        assert (never[0]["name"], never[1]["name"]) == ("แยก", "highest")


@pytest.mark.parametrize(
    ("body", "failure", "place"),
    [
        ({"answers": [ASKED, {"element": "end"}]}, ("not_waiting", "end", 1), "answers.1"),
        ({"answers": [{**ASKED, "outcome": "maybe"}]}, ("outcome", "ask", 0), "answers.0"),
        ({"answers": [{**ASKED, "values": {"x": "1 +"}}]}, ("value", "x", 0), "answers.0.values.x"),
        ({"start": {"y": "1 +"}, "answers": [ASKED]}, ("value", "y", None), "start.y"),
    ],
)
def test_what_is_not_taken_is_told_at_its_place_and_not_kept(
    world: World, drawn: str, body: Any, failure: Any, place: str
) -> None:
    found = world.post(drawn, body, as_="admin").json
    assert tuple(found["failure"][name] for name in ("code", "at", "answer")) == failure
    assert found["taken"] == (failure[2] or 0)
    kept = world.post(f"{drawn}/keep", {"name": "ก", **body}, as_="admin",
                      headers={"If-Match": '"1"'})  # fmt: skip
    (error,) = kept.json["errors"]
    assert (kept.status_code, error["field"], error["code"]) == (422, place, failure[0])


def test_what_was_played_becomes_a_test_that_is_green(world: World, drawn: str) -> None:
    draft = drawn.removesuffix("/play")
    body = {"name": "ไม่ผ่าน", "starter": "clerk", "answers": [ASKED]}

    def keep(tag: str, as_: str = "admin") -> Any:
        return world.post(f"{drawn}/keep", body, as_=as_, headers={"If-Match": tag})

    assert keep('"1"').json["revision"] == 2
    assert keep('"1"').status_code == 412
    (kept,) = world.get(f"{draft}/tests", as_="admin").json["items"]
    assert (kept["name"], kept["answers"], kept["end"]) == ("ไม่ผ่าน", [ASKED], "judge")
    assert kept["starter"] == "clerk"
    assert world.post(f"{draft}/tests/run", as_="admin").json["green"] is True
    for as_, status in (("clerk", 403), ("stranger", 404)):
        assert keep('"2"', as_).status_code == status
        assert world.post(drawn, {}, as_=as_).status_code == status
    unknown = played(world, drawn, starter="nobody")
    assert (unknown.status_code, unknown.json["errors"][0]["field"]) == (422, "starter")


def test_a_look_up_offers_whom_it_would_find(world: World) -> None:
    who = Who("superior", if_nobody="pass")
    key = f"looks-{uuid4().hex[:8]}"
    yes = outcomes_of("approve", refusal=False)
    at = brought(world, compose(Chain(key, "หาผู้ทำ", (Ask("a", "approve", "หนึ่ง", who, yes),))))
    (waits,) = played(world, at, starter="clerk").json["waiting"]
    assert (waits["kind"], list(waits["offered"])[:1]) == ("job", ["people"])
    answer = {"element": waits["element"], "values": waits["offered"]}
    assert played(world, at, answer, starter="clerk").json["failure"] is None


def test_a_draft_that_cannot_run_says_what_is_wrong(world: World, drawn: str) -> None:
    draft = drawn.removesuffix("/play")
    xml = world.get(draft, as_="admin").json["xml"].replace('value="play-none"', 'value="=1 +"')
    saved = world.call("PUT", draft, as_="admin", json={"xml": xml}, headers={"If-Match": '"1"'})
    assert saved.status_code == 200
    refused = played(world, drawn)
    assert (refused.status_code, refused.json["code"]) == (422, "deployment_refused")
    assert refused.json["errors"][0]["element"] == "judge"


def test_a_play_warns_as_the_trial_of_the_same_cards(world: World) -> None:
    """By the organisation as it is stored; each kind: `unit/modeling/test_foreseeing`."""
    yes = outcomes_of("approve", refusal=False)
    key = f"both-{uuid4().hex[:8]}"
    steps = (
        Ask("a", "approve", "หนึ่ง", Who("starter"), yes),
        Ask("b", "approve", "สอง", Who("named", ("role:none-here",), if_nobody="pass"), yes),
        Ask(
            "c",
            "approve",
            "สาม",
            Who("named", ("person:outsider",)),
            yes,
            due=Due(Span(1)),
            confirm=True,
        ),
        Ask("d", "approve", "สี่", Who("named", ("person:clerk",)), yes, not_starter=True),
    )
    chain = Chain(key, "ลองสองทาง", steps)
    made = world.post("/approval-chains", {"name": chain.name, "key": key}, as_="admin").json
    cards = f"/approval-chains/{made['id']}"
    put = world.call(
        "PUT", cards, as_="admin", json={"content": dump(chain)}, headers={"If-Match": '"1"'}
    )
    assert put.status_code == 200, put.text
    tried = world.post(f"{cards}/try", {"starter": "clerk", "values": {}}, as_="admin").json
    found = played(world, brought(world, compose(chain)), starter="clerk", agreed=True).json
    assert (found["revision"], found["status"], found["failure"]) == (1, "completed", None)
    assert [one["element"] for one in found["answers"]] == ["a", "l_b", "p_b", "c", "d"]
    way = {one["element"].removeprefix("p_"): one for one in found["met"]}
    for one in tried["items"]:
        met = way[one["step"]]
        assert met["warnings"] == one["warnings"]
        assert (met["able"], met["by"], met["name"]) == (
            one["able"], one["by"], one["name"] if one["step"] != "b" else met["name"],
        )  # fmt: skip
    codes = [each["code"] for one in tried["items"] for each in one["warnings"]]
    assert codes == ["passed", "unprovable", "nobody", "conflict"]


def test_a_degree_is_tried_where_letters_start_it_alone(world: World, drawn: str) -> None:
    refused = played(world, drawn, secrecy=2)
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "no_letter")
    key = f"letter-{uuid4().hex[:8]}"
    xml = bpmn(process(
        key, start("begin"), user("ask", extensions=assigned("starter")), end("end"),
        path("begin", "ask", "end"), extensions='<saraban:start internal="true" />',
    ))  # fmt: skip
    at = brought(world, {f"{key}.bpmn": xml})
    for secrecy, codes in ((1, []), (2, ["starter_uncleared", "nobody_cleared"])):
        found = played(world, at, secrecy=secrecy, starter="clerk").json["met"]
        told = [each["code"] for one in found for each in one["warnings"]]
        assert [one for one in told if one != "starter"] == codes
