"""Whatever is written, evaluation answers or raises FeelError, soon."""

from __future__ import annotations

import contextlib
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from support.feel import NOW, tried
from support.work import work

from engine import feel
from engine.feel.builtins import BUILTINS
from engine.feel.values import from_json

_LEAVES = st.sampled_from(
    [
        "null", "true", "false", "0", "-1", "2.5", "1E6144", "1E-6143", '""', '"a"', '"ก"', '"[a"',
        '"P1D"', '"2026-02-29"', "[]", "[1, 2]", "[null]", '["b", "a"]', "{}", "{a: 1}", "[1..3]",
        "(1..3)", "(> 2)", "(!= 2)", '["a".."c"]', "[null..2]", '@"2026-01-31"', '@"10:00:00Z"',
        '@"10:00:00@Asia/Bangkok"', '@"2026-03-29T02:30:00@Europe/Paris"', '@"P1Y2M"', '@"-PT1.5S"',
        '@"999999999-12-31"', '@"-0001-01-01T00:00:00"', "x", "missing",
        "function(p) p", "sum", "?",
    ]
)  # fmt: skip
_BINARY = st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or", "in"])
_NAMES = st.sampled_from(sorted(BUILTINS))
_PROPERTIES = st.sampled_from(["a", "year", "weekday", "time offset", "days", "months", "start"])


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, _BINARY, inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        st.tuples(_NAMES, st.lists(inner, max_size=4)).map(lambda p: f"{p[0]}({', '.join(p[1])})"),
        st.tuples(inner, _PROPERTIES).map(lambda p: f"{p[0]}.{p[1]}"),
        st.tuples(inner, inner).map(lambda p: f"{p[0]}[{p[1]}]"),
        st.tuples(inner, inner, inner).map(lambda p: f"({p[0]} between {p[1]} and {p[2]})"),
        st.tuples(inner, inner, inner).map(lambda p: f"(if {p[0]} then {p[1]} else {p[2]})"),
        st.tuples(inner, inner).map(lambda p: f"(for i in {p[0]} return {p[1]})"),
        st.tuples(inner, inner).map(lambda p: f"(some i in {p[0]}..{p[1]} satisfies i > 1)"),
        st.tuples(inner, inner).map(lambda p: f"[{p[0]}..{p[1]}]"),
        st.tuples(inner, inner).map(lambda p: f"[{p[0]}, {p[1]}]"),
        st.tuples(inner, inner).map(lambda p: f"{{a: {p[0]}, b: {p[1]}}}"),
        st.tuples(inner, inner).map(lambda p: f"sort({p[0]}, function(a, b) {p[1]})"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]})({p[1]})"),
        inner.map(lambda p: f"-{p}"),
        inner.map(lambda p: f"({p} instance of list<number>)"),
    )


_EXPRESSIONS = st.recursive(_LEAVES, _larger, max_leaves=8)
_MARKS = st.text(st.sampled_from("[](){}<>=!.,:@\"'+-*/\\ aก1e?\n\0\ud800") | st.characters())


def _survives(text: str) -> None:
    with work() as done, contextlib.suppress(feel.FeelError):
        from_json(tried(text, x=Decimal(7)).value)
    assert done.seconds < 1


@settings(max_examples=1500, deadline=None)
@given(_EXPRESSIONS)
def test_sentences(text: str) -> None:
    _survives(text)


@settings(max_examples=500, deadline=None)
@given(_MARKS)
def test_noise(text: str) -> None:
    _survives(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(_EXPRESSIONS, min_size=1, max_size=3), _LEAVES, st.booleans())
def test_unary_tests(texts: list[str], given_value: str, negated: bool) -> None:
    text = ", ".join(texts)
    with contextlib.suppress(feel.FeelError):
        tree = feel.parse(f"not({text})" if negated else text, kind="unary")
        value = tried(given_value).value
        feel.evaluate(tree, {"?": value, "x": 7}, now=NOW, strict=False)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab[]()-^\\dpP{}Isx*+?.|$w0")), st.sampled_from(["", "i", "x", "s"]))
def test_patterns(pattern: str, flags: str) -> None:
    variables = {"p": pattern, "f": flags}
    with contextlib.suppress(feel.FeelError):
        feel.evaluate('[matches("abc", p, f), replace("abc", p, "$1", f)]', variables, now=NOW)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("0123456789-+:TZP.YMDHS@Asia/"), max_size=30))
def test_temporal_texts(text: str) -> None:
    calls = ("date", "time", "date and time", "duration", "number", "range")
    for call in calls:
        feel.evaluate(f"string({call}(s))", {"s": text}, now=NOW)
