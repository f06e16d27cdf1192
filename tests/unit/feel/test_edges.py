"""Limits of one evaluation at their edges: exactly as much is taken, one more is refused."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from support.feel import NOW

from engine import feel
from engine.feel import border
from engine.feel.limits import EXPRESSION, Limits

SUM = "sum(for i in 1..20 return i)"


def _refusal(text: str, limits: Limits, **variables: Any) -> str:
    try:
        feel.evaluate(text, variables, now=NOW, budget=limits)
    except feel.LimitExceeded as refused:
        return str(refused)
    return ""


def test_steps() -> None:
    needed = feel.evaluate(SUM, {}, now=NOW).steps
    assert _refusal(SUM, replace(EXPRESSION, steps=needed)) == ""
    assert f"at most {needed - 1} steps" in _refusal(SUM, replace(EXPRESSION, steps=needed - 1))


@pytest.mark.parametrize(
    ("text", "name", "most", "told"),
    [
        ("count(for i in 1..n return 1)", "items", 30, "at most 30 list items"),
        ('string length(s + "b")', "text", 30, "at most 30 characters of text"),
        ("{f: function(n) if n <= 1 then 1 else f(n - 1), r: f(n)}.r", "depth", 30,
         "at most 30 nested function calls"),
        ("l", "nodes", 30, "smaller result"),
    ],
)  # fmt: skip
def test_a_lowered_limit(text: str, name: str, most: int, told: str) -> None:
    limits = replace(EXPRESSION, **{name: most})

    def asked(count: int) -> str:
        # A text grows by one character more, a list is a node itself.
        given = {"n": count, "s": "a" * (count - 1), "l": [1] * (count - 1)}
        return _refusal(text, limits, **given)

    assert asked(most) == ""
    assert told in asked(most + 1)


def test_the_nodes_of_a_result() -> None:
    assert _refusal("l", EXPRESSION, l=[1] * (EXPRESSION.nodes - 1)) == ""
    assert "smaller result" in _refusal("l", EXPRESSION, l=[1] * EXPRESSION.nodes)


def test_the_levels_of_a_result() -> None:
    def nested(levels: int) -> Any:
        value: Any = 1
        for _ in range(levels):
            value = [value]
        return value

    assert _refusal("l", EXPRESSION, l=nested(EXPRESSION.depth)) == ""
    assert "smaller result" in _refusal("l", EXPRESSION, l=nested(EXPRESSION.depth + 1))


def test_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    def after(seconds: float) -> str:
        now = iter([0.0])
        monkeypatch.setattr(time, "thread_time", lambda: next(now, seconds))
        return _refusal("sum(for i in 1..2000 return i)", EXPRESSION)

    assert after(EXPRESSION.seconds) == ""
    assert "at most 250 milliseconds" in after(EXPRESSION.seconds + 0.001)


@pytest.mark.parametrize(
    "wrap", [lambda value: [value], lambda value: {"a": value}], ids=["lists", "contexts"]
)
def test_the_levels_of_data(wrap: Any) -> None:
    value: Any = 1
    for _ in range(border.MAX_DEPTH):
        value = wrap(value)
    assert border.inward(value) is not None
    with pytest.raises(border.UnfitValue, match=f"at most {border.MAX_DEPTH} levels"):
        border.inward(wrap(value))
