"""What expressions mean, one of each kind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from support.feel import NOW, tried, value

from engine import feel


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("-3 ** 2", 9),
        ("10 - 2 - 3", 5),
        ("0.1 + 0.2 = 0.3", True),
        ("3 * 40000.10", Decimal("120000.30")),
        ("1 / 3", Decimal("0.3333333333333333333333333333333333")),
        ('"ก" + "ข"', "กข"),
        ("if 1 > 2 then 1 else if 2 > 1 then 2 else 3", 2),
        ("if null then 1 else 2", 2),
        ("for i in 1..3, j in [10, 20] return i * j", [10, 20, 20, 40, 30, 60]),
        ("for i in 3..1 return i", [3, 2, 1]),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", [1, 1, 2, 6, 24]),
        ("some x in [1, 2] satisfies x > 1", True),
        ("every x in [] satisfies false", True),
        ("[1, 2, 3, 4][item > 2]", [3, 4]),
        ("[1, 2, 3][-1]", 3),
        ("[1, 2, 3][4]", None),
        ("{a: 1, b c: a + 1}.b c", 2),
        ("[{a: 1}, {a: 2}].a", [1, 2]),
        ("5 in (1..5]", True),
        ("5 in [1..5[", False),
        ("5 in (< 3, > 4)", True),
        ("5 between 1 and 5", True),
        ('1 = "1"', None),
        ("false and null", False),
        ("true or null", True),
        ("true and null", None),
        ("(function(x: number, y: number) x - y)(y: 1, x: 3)", 2),
        ("{f: function(n) if n < 2 then n else f(n - 1) + f(n - 2), r: f(10)}.r", 55),
        ("sort([3, 1, 2], function(a, b) a > b)", [3, 2, 1]),
        ("1 /* one */ + // two\n 2", 3),
        ('"\\u0e01\\U01F40E"', "ก\U0001f40e"),
        ("[1, 2] instance of list<number>", True),
        ("{a: 1} instance of context<a: string>", False),
        ("[[1..3]][1] = [1..3]", True),
        ('string([1.50, "a", {b c: null}])', '[1.5, "a", {"b c": null}]'),
    ],
)
def test_value(text: str, expected: Any) -> None:
    assert value(text) == expected


def test_a_name_of_several_words_is_told_from_operators_by_being_known() -> None:
    tree = feel.parse("monthly income - 1", names=("monthly income",))
    assert tree.variables == {"monthly income"}
    assert value("a-b", **{"a-b": 7}) == 7
    assert value("a-b", a=3, b=1) == 2


def test_names_inside_of_data_are_known_too() -> None:
    rows = [{"Monthly Income": 1}, {"Monthly Income": 3}]
    assert value("sum(people.rows.Monthly Income)", people={"rows": rows}) == 4
    assert feel.names_of({"a": [{"b c": {"d-e": 1}}], "f": 2}) == {"b c", "d-e"}


def test_the_longest_known_name_wins() -> None:
    assert value("Date-Time2.hour", **{"Date-Time2": {"hour": 5}, "Date": 1, "Time2": 2}) == 5


def test_a_variable_that_is_no_function_does_not_hide_a_built_in() -> None:
    assert value("date(date)", date="2026-01-31") == date(2026, 1, 31)
    assert value("count(items) + count", items=[1, 2], count=40) == 42


def test_a_filter_sees_the_elements_entries_before_the_variables() -> None:
    rows = [{"level": 1, "name": "ก"}, {"level": 2, "name": "ข"}]
    assert value("rows[level > least].name", rows=rows, least=1, level=99) == ["ข"]
    assert value("rows[item.level = 1].name", rows=rows) == ["ก"]


def test_unary_tests_of_the_input() -> None:
    def passes(text: str, given: Any) -> Any:
        tree = feel.parse(text, kind="unary")
        return feel.evaluate(tree, {"?": given}, now=NOW).value

    assert passes("-", None) is True
    assert passes('"NO", "SE"', "SE") is True
    assert passes("not(< 5, > 10)", 7) is True
    assert passes("? > 5 and even(?)", 6) is True
    assert passes("[1..5]", 6) is False
    assert passes("true", False) is False


def test_what_has_no_value_is_null_with_a_reason_and_its_place() -> None:
    result = tried('1 +\n "a"')
    assert result.value is None
    assert [str(warning) for warning in result.warnings] == [
        "1:1 Expected operands that fit '+', but got number + string."
    ]


def test_booleans_are_not_numbers() -> None:
    assert value("flag + 1", flag=True) is None
    assert value("flag = 1", flag=True) is None


def test_null_arguments_give_null() -> None:
    assert value("upper case(null)") is None
    assert value("matches(null, null)") is None
