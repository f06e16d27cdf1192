"""/expressions/evaluate: what designers try out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine import jsonio


def evaluate(world: Any, text: str, **more: Any) -> Any:
    return world.post("/expressions/evaluate", {"text": text, **more})


@pytest.mark.parametrize(
    ("text", "more", "value", "kind"),
    [
        ("0.1 + 0.2", {}, Decimal("0.3"), "number"),
        ("3 * 40000.10", {}, Decimal("120000.30"), "number"),
        ("12345678901234567890 + 1", {}, 12345678901234567891, "number"),
        ("amount > 5", {"context": {"amount": Decimal("5.01")}}, True, "boolean"),
        ("nothing", {}, None, "null"),
        ('date("2026-11-23")', {}, "2026-11-23", "date"),
        ("today()", {}, "2026-11-23", "date"),
        ('duration("P3D")', {}, "P3D", "days and time duration"),
        ("[1, 2, 3][item > 1]", {}, [2, 3], "list"),
        ("> 5", {"kind": "unary", "context": {"?": 6}}, True, "boolean"),
        ("{a: 1, b: a + 1}", {"kind": "script"}, {"a": 1, "b": 2}, "context"),
        ("การ ลา > 2", {"context": {"การ ลา": 3}}, True, "boolean"),
    ],
)
def test_values_are_exact_and_typed(
    world: Any, text: str, more: dict[str, Any], value: Any, kind: str
) -> None:
    answer = evaluate(world, text, **more)
    assert answer.status_code == 200, answer.text
    body = jsonio.loads(answer.data)
    assert (body["value"], body["type"]) == (value, kind)
    assert body["steps"] >= 1


def test_a_null_says_why(world: Any) -> None:
    assert "nowhere" in evaluate(world, "nowhere + 1").json["warnings"][0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1 +", "feel_syntax"),
        ("import os", "feel_syntax"),
        ("x" * 5_000, "feel_limit"),
        ("(" * 500 + "1" + ")" * 500, "feel_limit"),
        ("for i in 1..100000, j in 1..100000 return i", "feel_limit"),
        ('for i in 1..1000000 return "x"', "feel_limit"),
    ],
)
def test_syntax_and_limits_are_422(world: Any, text: str, code: str) -> None:
    answer = evaluate(world, text)
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert answer.json["errors"][0]["field"] == "text"


def test_nothing_of_python_is_reachable(world: Any) -> None:
    for text in ("().__class__", '"".format', "__import__('os')", "a.__class__"):
        answer = evaluate(world, text, context={"a": {}})
        assert answer.status_code == 422 or answer.json["value"] is None, text


def test_data_nested_too_deeply_is_422(world: Any) -> None:
    deep: Any = 1
    for _ in range(200):
        deep = [deep]
    assert evaluate(world, "a", context={"a": deep}).status_code == 422
