"""What a table is said to leave open is what the engine leaves open."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from support.dmn import decide, decision, definitions, table

from engine import dmn
from engine.dmn.coverage import Others, Span, Unjudged


def _source(columns, rules, policy="UNIQUE", outputs=("out",)) -> bytes:
    return definitions(decision("d", table(columns, outputs, rules, policy)))


def _told(columns, rules, policy="UNIQUE", outputs=("out",)) -> dmn.Coverage:
    found = dmn.coverage(dmn.load({"t.dmn": _source(columns, rules, policy, outputs)}), "d")
    assert found is not None
    return found


def _gaps(found: dmn.Coverage) -> list[Any]:
    return [gap.region for gap in found.gaps]


def test_numbers_are_told_to_the_last_one() -> None:
    found = _told(["a"], [("[0..10)", "1"), ("(10..20]", "2"), ("> 30", "3")])
    (gap,) = _gaps(found)
    assert gap == (
        [
            Span(None, 0, False, False),
            Span(10, 10, True, True),
            Span(20, 30, False, True),
        ],
    )
    assert not found.sound
    assert _told(["a"], [("< 0.5", "1"), (">= 0.5", "2")]).sound


def test_days_follow_one_another_and_numbers_do_not() -> None:
    days = [('< @"2026-02-01"', "1"), ('>= date("2026-02-02")', "2")]
    (gap,) = _gaps(_told(["a"], days))
    assert gap == ([Span(date(2026, 2, 1), date(2026, 2, 1), True, True)],)
    whole = [('<= @"2026-01-31"', "1"), ('> @"2026-01-31"', "2")]
    assert _told(["a"], whole).sound
    next_day = [('<= @"2026-01-31"', "1"), ('>= @"2026-02-01"', "2")]
    assert _told(["a"], next_day).sound
    (gap,) = _gaps(_told(["a"], [("<= 1", "1"), (">= 2", "2")]))
    assert gap == ([Span(1, 2, False, False)],)


def test_texts_are_those_that_are_named_and_all_others() -> None:
    found = _told(["a", "b"], [('"x","y"', "true", "1"), ('not("x")', "false", "2")])
    assert _gaps(found) == [
        ([Span("x", "x", True, True)], [Span(False, False, True, True)]),
        ([Others(("x", "y"))], [Span(True, True, True, True)]),
    ]
    assert _told(["a"], [('"x"', "1"), ('not("x")', "2")]).sound


def test_allowed_values_are_all_that_can_come() -> None:
    source = _source(["a"], [('"x"', "1"), ('"y"', "2")]).decode()
    allowed = '</inputExpression><inputValues><text>"x","y"</text></inputValues>'
    model = dmn.load({"t.dmn": source.replace("</inputExpression>", allowed).encode()})
    found = dmn.coverage(model, "d")
    assert found is not None
    assert found.sound


def test_overlaps_matter_where_one_rule_must_answer() -> None:
    rules = [("[0..10]", "1"), ("[10..20]", "2"), ("-", "1")]
    pairs = [(one.first, one.second) for one in _told(["a"], rules).overlaps]
    assert pairs == [(1, 2), (1, 3), (2, 3)]
    assert _told(["a"], rules).overlaps[0].region == ([Span(10, 10, True, True)],)
    same = [(one.first, one.second) for one in _told(["a"], rules, "ANY").overlaps]
    assert same == [(1, 2), (2, 3)]
    assert not _told(["a"], rules, "COLLECT").overlaps


def test_a_rule_behind_others_is_never_reached() -> None:
    rules = [("< 10", "1"), (">= 10", "2"), ("5", "3"), ("-", "4")]
    assert list(_told(["a"], rules, "FIRST").hidden) == [3, 4]
    assert not _told(["a"], rules[:1] + rules[3:], "FIRST").hidden


def test_a_default_answers_what_no_rule_does() -> None:
    found = _told(["a"], [("1", "1")], outputs=({"name": "out", "default": "0"},))
    assert (found.has_default, len(found.gaps), found.sound) == (True, 1, True)


def test_what_is_no_value_or_range_is_not_judged_and_said_so() -> None:
    found = _told(["a", "b"], [("? > b", "-", "1"), ("> limit", "> 1", "2"), ("-", "<= 0", "3")])
    assert list(found.unjudged) == [Unjudged(1, 1), Unjudged(2, 1)]
    assert [gap.uncertain for gap in found.gaps] == [True]
    mixed = _told(["a"], [("1", "1"), ('"x"', "2"), ("-", "3")])
    assert list(mixed.unjudged) == [Unjudged(1, 1), Unjudged(2, 1)]
    assert not mixed.gaps


def test_what_is_no_table_has_no_coverage() -> None:
    from support.dmn import literal

    model = dmn.load({"t.dmn": definitions(decision("d", literal("1")))})
    assert dmn.coverage(model, "d") is None


def test_a_table_without_end_is_not_judged_for_ever() -> None:
    rng = random.Random(1)
    rules = [
        (*tuple(f"[{x}..{x + 400}]" for x in (rng.randrange(1000) for _ in range(12))), "1")
        for _ in range(60)
    ]
    found = _told([f"c{n}" for n in range(12)], rules)
    assert not found.whole
    several = [(str(n), str(n % 2), "1", "1") for n in range(110)]  # few gaps, of many pieces
    assert not _told(["a", "b", "c"], several).whole
    many = [(str(n), "1") for n in range(201)]
    assert not _told(["a"], many).whole


NUMBERS = ["-", "< 3", "<= 3", "> 3", ">= 5", "[1..3]", "(1..4)", "]2..5[", "4", "1,5", "not(2)",
           "not([2..4])", "null"]  # fmt: skip
TEXTS = ["-", '"x"', '"y"', '"x","z"', 'not("x")', 'not("x","y")']
POINTS = [Decimal(n) / 2 for n in range(-1, 14)]


def _holds(region: Any, point: tuple[Any, ...]) -> bool:
    return all(
        pieces is None or any(_in(piece, value) for piece in pieces)
        for pieces, value in zip(region, point, strict=True)
    )


def _in(piece: Any, value: Any) -> bool:
    if isinstance(piece, Others):
        return value not in piece.but
    if isinstance(value, str):
        return bool(piece.low == value)
    low = piece.low is None or value > piece.low or (value == piece.low and piece.low_included)
    high = piece.high is None or value < piece.high or (value == piece.high and piece.high_included)
    return bool(low and high)


@pytest.mark.parametrize("seed", range(30))
def test_random_tables_are_told_as_they_answer(seed: int) -> None:
    rng = random.Random(seed)
    rules = [
        (rng.choice(NUMBERS), rng.choice(TEXTS), rng.choice(NUMBERS), str(n + 1))
        for n in range(rng.randrange(1, 6))
    ]
    found = _told(["a", "b", "c"], rules)
    assert found.whole
    listing = _source(["a", "b", "c"], rules, "RULE ORDER")
    for _ in range(40):
        point = (rng.choice(POINTS), rng.choice(["x", "y", "z", "w"]), rng.choice(POINTS))
        answers = decide(listing, "d", a=point[0], b=point[1], c=point[2]) or []
        assert any(_holds(gap, point) for gap in _gaps(found)) == (not answers), (rules, point)
        pairs = {(one.first, one.second) for one in found.overlaps if _holds(one.region, point)}
        expected = {(x, y) for x in answers for y in answers if x < y}
        assert pairs == expected, (rules, point)
