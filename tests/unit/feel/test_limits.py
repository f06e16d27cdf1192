"""Hostile expressions: each ends at once, as a FeelError or as null, with flat memory."""

from __future__ import annotations

import contextlib
import resource

import pytest
from support.feel import NOW, tried
from support.work import work

from engine import feel

_ATTACKS = {
    "loop": "count(for a in 1..100000, b in 1..100000 return a)",
    "empty_loop": "count(for a in 1..100000, b in 1..100000, c in [] return a)",
    "range": "count(for i in 1..999999999 return i)",
    "memory": 'for i in 1..1000 return (for j in 1..100000 return "xxxxxxxxxxxxxxx")',
    "doubling": '{f: function(s, n) if n = 0 then s else f(s + s, n - 1), r: f("xxxxxxxx", 40)}.r',
    "recursion": "{f: function(n) f(n + 1), r: f(1)}.r",
    "fibonacci": "{f: function(n) if n < 2 then n else f(n - 1) + f(n - 2), r: f(60)}.r",
    "power": "10 ** 999999999",
    "tower": "9 ** 9 ** 9 ** 9",
    "parentheses": "(" * 1900 + "1" + ")" * 1900,
    "brackets": "[" * 900 + "]" * 900,
    "minus": "-" * 990 + "1",
    "chain": "1" + "+1" * 499,
    "ladder": "if true then 1 else " * 150 + "1",
    "paths": "a" + ".a" * 400,
    "filters": "x" + "[1]" * 300,
    "comparisons": "1" + "=1" * 400,
    "ranks": "1 or 1 and 1 = 1 + 1 * 1 ** (" * 30,
    "contexts": "{a:" * 300 + "1" + "}" * 300,
    "functions": "function(x) " * 200 + "1",
    "types": "1 instance of " + "list<" * 300 + "number" + ">" * 300,
    "regex": 'matches("' + "a" * 40 + '!", "^(a+)+$")',
    "regex_replace": 'replace("' + "a" * 40 + '!", "(a|aa)+$", "x")',
    "regex_size": 'matches("a", "(((a{100}){100}){100})")',
    "regex_length": 'matches("a", "' + "a" * 600 + '")',
    "replacement": '{s: string join(for i in 1..9999 return "a", ""), r: replace(s, "a", s)}.r',
    "dunder": "().__class__.__base__.__subclasses__()",
    "constructor": '"".constructor.constructor("return 1")()',
    "prototype": '{"__proto__": {"a": 1}}.a',
    "zone_path": 'date and time("2024-01-01T00:00:00@../../etc/passwd")',
    "zone_root": 'time("00:00:00@/etc/passwd")',
    "dates": 'for d in @"0001-01-01"..@"9999-12-31" return d',
    "scale": "decimal(1, 999999999)",
    "widest_scale": "decimal(1, 6176) + floor(1E-6143, 6176)",
    "sharing": "for i in 1..50 return concatenate(partial, partial, [i])",
    "shared_text": "string(for i in 1..50 return concatenate(partial, partial, [i]))",
    "shared_equality": "{a: for i in 1..40 return [partial[-1], partial[-1]], "
    "b: for i in 1..40 return [partial[-1], partial[-1]], r: a = b}.r",
    "deep_list": "(for i in 1..900 return [partial[-1]])[-1]",
    "flattening": "flatten(for i in 1..900 return [partial[-1], partial[-1]])",
    "sorting": "sort(for i in 1..9000 return -i, function(a, b) a < b)",
    "distinct": "distinct values(for i in 1..9000 return [i])",
    "joining": 'string join(for i in 1..9000 return string(for j in 1..99 return "xxxxxxx"), "")',
    "exponents": "exp(99999) + exp(exp(exp(10)))",
    "products": "product(for i in 1..9999 return 1E6000)",
    "durations": '@"P999999999D" * 1E30',
    "far": '@"999999999-12-31" + @"P999999999D"',
    "zones": "{z: " + ", z: ".join(f'"{n}"' for n in range(200)) + "}",
    "number": "1E999999999",
    "external": '{m: function(a) external {java:{class:"java.lang.Runtime"}}, r: m(1)}.r',
    "ranges": 'range("[1..' + "9" * 900 + ']")',
    "half_pair": '"\\uD800"',
    "nul": '"a\\u0000b"',
    "comment": "/*" * 1000,
    "quotes": '"' * 999,
    "backslashes": '"' + "\\" * 999,
}


@pytest.mark.parametrize("attack", _ATTACKS.values(), ids=_ATTACKS)
def test_an_attack_ends_at_once(attack: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with work() as done, contextlib.suppress(feel.FeelError):
        tried(attack)
    assert done.seconds < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000


@pytest.mark.parametrize(
    "name", ["loop", "range", "memory", "doubling", "recursion", "fibonacci", "parentheses",
             "brackets", "minus", "sharing", "shared_text", "replacement"],
)  # fmt: skip
def test_what_asks_for_too_much_says_so(name: str) -> None:
    with pytest.raises(feel.LimitExceeded):
        tried(_ATTACKS[name])


@pytest.mark.parametrize("name", ["half_pair", "nul", "external", "dunder", "number"])
def test_what_is_not_feel_is_refused_when_parsed(name: str) -> None:
    with pytest.raises(feel.FeelSyntaxError):
        feel.parse(_ATTACKS[name])


@pytest.mark.parametrize("name", ["zone_path", "zone_root", "constructor", "prototype"])
def test_there_is_nothing_outside_to_reach(name: str) -> None:
    assert tried(_ATTACKS[name]).value is None


def test_long_chains_are_wide_not_deep() -> None:
    assert tried("1" + "+1" * 499).value == 500
    assert tried("true" + " and true" * 400).value is True


def test_an_agency_may_lower_the_limits() -> None:
    limits = feel.Limits(steps=10)
    with pytest.raises(feel.LimitExceeded, match="10 steps"):
        feel.evaluate("sum(for i in 1..20 return i)", {}, now=NOW, budget=limits)


def test_scripts_may_do_more_than_conditions() -> None:
    text = "{total: count(for i in 1..90, j in 1..200 return i * j * i * j)}"
    with pytest.raises(feel.LimitExceeded):
        feel.evaluate(feel.parse(text), {}, now=NOW)
    script = feel.parse(text, kind="script")
    assert feel.evaluate(script, {}, now=NOW).value == {"total": 18_000}


def test_steps_are_counted() -> None:
    assert 0 < tried("1 + 2").steps < tried("sum(for i in 1..20 return i)").steps


def test_too_much_data_is_not_looked_at_unless_named() -> None:
    huge = list(range(300_000))
    with work() as done:
        assert feel.condition("a = 1", {"a": 1, "huge": huge}, now=NOW)
    assert done.seconds < 0.05
