"""A mistake is an error with its place, never the default flow."""

from __future__ import annotations

from typing import Any

import pytest
from support.feel import NOW, tried, value

from engine import feel


def test_an_unknown_variable_is_an_error() -> None:
    with pytest.raises(feel.UnknownVariable) as caught:
        value("amuont > 100", amount=5)
    assert caught.value.name == "amuont"
    assert (caught.value.line, caught.value.column) == (1, 1)


def test_an_unknown_name_in_a_filter_is_an_error() -> None:
    with pytest.raises(feel.UnknownVariable):
        value("reviewers[levl > 1]", reviewers=[{"level": 1}])


def test_one_may_ask_whether_a_variable_exists() -> None:
    assert value("is defined(x)") is False
    assert value("is defined(x.y)", x={"y": 1}) is True
    assert value("get or else(x, 3)") == 3
    assert tried("get or else(x, 3)").warnings == ()


def test_the_default_itself_is_not_excused() -> None:
    with pytest.raises(feel.UnknownVariable):
        value("get or else(x, y)")


def test_a_branch_not_taken_needs_no_variables() -> None:
    assert value("if true then 1 else missing") == 1
    assert value("false and missing") is False


def test_lenient_evaluation_warns_instead() -> None:
    result = tried("missing = null")
    assert result.value is True
    assert "missing" in result.warnings[0].message


@pytest.mark.parametrize("text", ["null", '"false"', "0", "[]", "amount > null", '"a" < 1'])
def test_a_condition_is_exactly_true_or_false(text: str) -> None:
    with pytest.raises(feel.NotACondition):
        feel.condition(text, {"amount": 1}, now=NOW)


def test_a_condition_that_is_true_or_false() -> None:
    assert feel.condition("amount > 0", {"amount": 1}, now=NOW) is True
    assert feel.condition("amount > 1", {"amount": 1}, now=NOW) is False


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("1 +", 1, 4),
        ("if a then\n b", 2, 3),
        ("[1, 2", 1, 6),
        ("a b", 1, 3),
        ('"open', 1, 1),
        ('@"2026-13-01"', 1, 1),
        ("1 # 2", 1, 3),
        ("function(x) external {java: {}}", 1, 1),
        ("f(1, b: 2)", 1, 11),
        ("", 1, 1),
        ("os.system('x')", 1, 11),
    ],
)
def test_what_is_not_feel_is_refused_with_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.parse(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.message.startswith("Expected")


def test_a_function_is_no_result() -> None:
    with pytest.raises(feel.UnfitValue):
        value("[function(x) x]")


def test_what_an_expression_refers_to() -> None:
    tree = feel.parse("sum(items[price > limit].price) * rate + (for x in xs return x + y)[1]")
    assert tree.variables == {"items", "rate", "xs", "y"}
    assert tree.references.maybe == {"price", "limit"}
    assert tree.functions == {"sum"}


def test_names_that_an_expression_makes_are_not_its_variables() -> None:
    tree = feel.parse("{a: 1, b: a + c, f: function(p) p + q}.b")
    assert tree.variables == {"c", "q"}


def test_trees_are_cached_and_hold_no_state() -> None:
    tree = feel.parse("a + 1")
    assert feel.parse("a + 1") is tree
    results: list[Any] = [feel.evaluate(tree, {"a": n}, now=NOW).value for n in (1, 2)]
    assert results == [2, 3]
