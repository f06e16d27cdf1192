"""Decision tables: which rules match, and every hit policy."""

from __future__ import annotations

from typing import Any

import pytest
from support.dmn import decide, decision, definitions, given, table

from engine import dmn

_RULES = [
    ("< 10", '"low"', "1"),
    ("[5..20]", '"middle"', "2"),
    ("> 15", '"high"', "3"),
]
_VALUES = {"name": "level", "values": '"high", "middle", "low"'}


def _levels(policy: str, aggregation: str | None = None) -> bytes:
    rules = [(test, number if aggregation else level) for test, level, number in _RULES]
    made = table(["x"], [_VALUES], rules, policy, aggregation)
    return definitions(given("x", "number"), decision("level", made, needs=["input x"]))


@pytest.mark.parametrize(
    ("policy", "x", "expected"),
    [
        ("UNIQUE", 1, "low"),
        ("UNIQUE", 7, None),
        ("FIRST", 7, "low"),
        ("ANY", 7, None),
        ("ANY", 12, "middle"),
        ("PRIORITY", 7, "middle"),
        ("PRIORITY", 18, "high"),
        ("RULE ORDER", 7, ["low", "middle"]),
        ("OUTPUT ORDER", 7, ["middle", "low"]),
        ("COLLECT", 18, ["middle", "high"]),
        ("UNIQUE", None, None),
    ],
)
def test_hit_policy(policy: str, x: int | None, expected: Any) -> None:
    assert decide(_levels(policy), "level", x=x) == expected


@pytest.mark.parametrize(
    ("policy", "x", "rules"),
    [
        ("UNIQUE", 1, [1]),
        ("UNIQUE", 7, []),
        ("FIRST", 7, [1]),
        ("ANY", 12, [2]),
        ("ANY", 7, []),
        ("PRIORITY", 7, [2]),
        ("PRIORITY", 18, [3]),
        ("RULE ORDER", 7, [1, 2]),
        ("OUTPUT ORDER", 7, [1, 2]),
        ("COLLECT", 18, [2, 3]),
        ("UNIQUE", None, []),
    ],
)
def test_a_rule_counts_where_its_result_is_in_the_answer(
    policy: str, x: int | None, rules: list[int]
) -> None:
    with dmn.watched() as hits:
        decide(_levels(policy), "level", x=x)
    assert hits == {("id_level", number): 1 for number in rules}


@pytest.mark.parametrize(
    ("aggregation", "x", "expected"),
    [("SUM", 18, 5), ("MIN", 18, 2), ("MAX", 18, 3), ("COUNT", 18, 2), ("COUNT", None, 0)],
)
def test_aggregation(aggregation: str, x: int | None, expected: int) -> None:
    assert decide(_levels("COLLECT", aggregation), "level", x=x) == expected


def _orders(policy: str, aggregation: str | None = None) -> bytes:
    made = table(
        ["urgent", "pages"],
        [{"name": "days", "default": "9", "values": "1, 3, 9"}, {"name": "copies", "default": "1"}],
        [("true", "-", "1", "2"), ("-", "> 100", "3", "5"), ("false", "<= 100", "3", "1")],
        policy,
        aggregation,
    )
    return definitions(
        given("urgent"), given("pages"),
        decision("handling", made, needs=["input urgent", "input pages"]),
    )  # fmt: skip


def test_several_outputs_are_a_context() -> None:
    model = _orders("PRIORITY")
    assert decide(model, "handling", urgent=True, pages=200) == {"days": 1, "copies": 2}
    assert decide(model, "handling", urgent=False, pages=5) == {"days": 3, "copies": 1}


def test_defaults_where_nothing_matches() -> None:
    assert decide(_orders("FIRST"), "handling", urgent=None, pages=5) == {"days": 9, "copies": 1}


def test_an_aggregation_of_several_outputs_is_made_for_each() -> None:
    found = decide(_orders("COLLECT", "SUM"), "handling", urgent=True, pages=200)
    assert found == {"days": 4, "copies": 7}


def test_a_cell_may_say_by_itself_whether_it_holds() -> None:
    rules = [("even(?) and ? > limit", '"yes"'), ("not(> 2, 0)", '"small"')]
    made = table(["x"], ["answer"], rules, "FIRST")
    model = definitions(
        given("x"), given("limit"),
        decision("answer", made, needs=["input x", "input limit"]),
    )  # fmt: skip
    assert decide(model, "answer", x=12, limit=10) == "yes"
    assert decide(model, "answer", x=1, limit=10) == "small"
    assert decide(model, "answer", x=11, limit=10) is None


def test_an_input_outside_of_its_values_matches_no_test() -> None:
    made = table(["x"], ["answer"], [('"a"', "1"), ("null", "0")], "FIRST").replace(
        "</inputExpression>", '</inputExpression><inputValues><text>"b"</text></inputValues>'
    )
    model = definitions(given("x"), decision("answer", made, needs=["input x"]))
    assert decide(model, "answer", x="a") == 0


def test_no_rule_sees_the_input_of_another_column() -> None:
    made = table(["x", "y"], ["answer"], [("? > 1", "? < 1", "?")])
    model = definitions(given("x"), given("y"), decision("t", made, needs=["input x", "input y"]))
    assert decide(model, "t", x=2, y=0) is None
