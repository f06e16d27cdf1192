"""/decisions/evaluate: a model that is sent along, and one that was deployed."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from engine import jsonio

REVIEW = Path(__file__).parents[1] / "review"
MODEL = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="urn:m">
  <inputData id="i" name="amount"><variable name="amount" typeRef="number"/></inputData>
  <decision id="fee" name="Fee">
    <variable name="Fee" typeRef="number"/>
    <informationRequirement id="r"><requiredInput href="#i"/></informationRequirement>
    <literalExpression id="l"><text>amount * 0.07</text></literalExpression>
  </decision>
</definitions>"""


def ask(world: Any, **body: Any) -> Any:
    return world.post("/decisions/evaluate", body)


@pytest.mark.parametrize("name", ["Fee", "fee"])
def test_a_model_that_is_sent_along(world: Any, name: str) -> None:
    answer = ask(world, xml=MODEL, decision=name, inputs={"amount": Decimal("100.10")})
    assert answer.status_code == 200, answer.text
    body = jsonio.loads(answer.data)
    assert (body["value"], body["type"]) == (Decimal("7.007"), "number")


def test_a_missing_input_is_null_and_says_why(world: Any) -> None:
    body = ask(world, xml=MODEL, decision="Fee", inputs={}).json
    assert body["value"] is None
    assert "amount" in body["warnings"][0]


def test_a_model_that_was_deployed(world: Any) -> None:
    key = f"own-{uuid4().hex[:8]}"
    source = (REVIEW / "review.bpmn").read_bytes().replace(b'id="review"', f'id="{key}"'.encode())
    files = [("a.bpmn", source), ("draft.form.json", (REVIEW / "draft.form.json").read_bytes()),
             ("m.dmn", MODEL.encode())]  # fmt: skip
    data = {"files": [(io.BytesIO(content), name) for name, content in files]}
    made = world.call("POST", "/deployments", as_="admin", data=data,
                      content_type="multipart/form-data")  # fmt: skip
    assert made.status_code == 201, made.text
    answer = ask(world, definition_key=key, decision="Fee", inputs={"amount": 200})
    assert answer.json["value"] == 14
    foreign = world.post("/decisions/evaluate", {"definition_key": key, "decision": "Fee"},
                         as_=world.stranger)  # fmt: skip
    assert foreign.status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"decision": "Fee"}, 422),
        ({"decision": "Fee", "xml": MODEL, "definition_key": "review"}, 422),
        ({"decision": "Nothing", "xml": MODEL}, 422),
        ({"decision": "Fee", "xml": "<no"}, 422),
        ({"decision": "Fee", "xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}, 422),
        ({"decision": "", "xml": MODEL}, 422),
        ({"decision": "Fee", "definition_key": "nothing"}, 404),
        ({"decision": "Fee", "definition_key": "review"}, 404),
    ],
)
def test_questions_that_cannot_be_answered(world: Any, body: dict[str, Any], status: int) -> None:
    assert ask(world, **body).status_code == status
