"""What the linter takes as FEEL, though it looks like an attack: it reaches nothing, and ends soon.

`a.b.c.__class__()` is a path and a call in FEEL too. What keeps it harmless is that a path reads
the keys of contexts and the standard's few properties, and never an attribute of a Python object.
"""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from redteam.cases import CODE
from support.diagrams import (
    bpmn,
    each,
    end,
    message,
    path,
    process,
    receive,
    script,
    service,
    start,
    task,
)
from support.feel import tried
from support.no_python import no_python  # noqa: F401 - a fixture
from support.walking import Walk, compiled
from support.work import work

from engine import feel

#: one value of each kind, each an object of Python with attributes
VALUES = {
    "text": '"a{0.__class__}"', "number": "1.5", "truth": "true", "list": "[1]",
    "context": "{b: {c: 1}}", "function": "(function(x) x)", "builtin": "sum",
    "date": '@"2026-01-05"', "time": '@"09:00:00"', "moment": "now()", "days": '@"P1D"',
    "months": '@"P1M"', "range": "[1..2]", "null": "null",
}  # fmt: skip
ATTRIBUTES = (
    "__class__", "__init__", "__dict__", "__globals__", "__code__", "__subclasses__", "mro",
    "format", "format_map", "join", "encode", "body", "shapes", "func_globals", "gi_frame",
    "nanos", "ordinal", "low", "high", "append", "items", "keys", "get", "as_tuple", "real",
)  # fmt: skip


@pytest.mark.parametrize("attribute", ATTRIBUTES)
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_no_attribute_of_a_python_object_is_reached(value: str, attribute: str):
    context = {"b": {"c": "x"}}
    for text in (
        f"({value}).{attribute}", f"({value}).{attribute}()", f"({value}).{attribute}()[0]()",
        f'get value({value}, "{attribute}")',
    ):  # fmt: skip
        assert tried(text, a=context).value in (None, [None], []), text
    for text in (f"a.b.c.{attribute}()[0]()", f"[a, {value}].{attribute}()"):
        assert tried(text, a=context).value is None, text


@pytest.mark.parametrize("text", ['"{0.__class__}"', '"%s" + "%(a)s"', '"${a}"', '"{a!r:>99}"'])
def test_no_text_is_a_format(text: str):
    assert tried(f"string({text})").value == text.replace('"', "").replace(" + ", "")


PATH = "a.b.c.__class__()[0]()"
STRAIGHT = (start("s"), end("e"), path("s", "x", "e"))
TAKEN = {
    "script": (script("x", f"{{r: {PATH}}}"), "feel_null"),
    "completion": (task("x", each("who", "one", until=PATH)), "feel_not_boolean"),
    "collection": (task("x", each(f"={PATH}", "one")), "loop_not_a_list"),
    "input": (service("x", "test.do", a=f"={PATH}"), "feel_null"),
}


@pytest.mark.parametrize("place", TAKEN)
def test_a_path_into_python_stops_the_token_as_feel(place: str):
    node, code = TAKEN[place]
    walk = Walk(
        compiled(bpmn(process("p", node, *STRAIGHT))),
        variables={"a": {"b": {"c": "x"}}, "who": [1, 2]},
    )
    assert set(walk.troubles) == {("x", code)}


@pytest.mark.parametrize("code", CODE)
def test_a_list_named_by_code_is_a_variable_that_is_not_there(code: str):
    """Without = it is a name, whatever it looks like: it is looked up, never read."""
    walk = Walk(compiled(bpmn(process("p", task("x", each(code, "one")), *STRAIGHT))))
    assert walk.troubles == [("x", "unknown_variable")]


@pytest.mark.parametrize("code", CODE)
def test_code_in_the_place_of_a_text_stays_a_text(code: str):
    walk = Walk(compiled(bpmn(process("p", service("x", "test.do", a=code), *STRAIGHT))))
    assert [dict(job.inputs) for job in walk.jobs.values()] == [{"a": code}]
    node = receive("x", "M", key=code)
    walk = Walk(compiled(bpmn(message("M"), process("p", node, *STRAIGHT))))
    assert [one.key for one in walk.subscriptions.values()] == [code]


LONG = "ab" * 490_000
PATTERNS = (
    "(a|b|ab){1000}x", "((a|b)*(a|b)){300}x", "((a?b?)*){900}x", "(a?){500}(b?){500}x",
    "(.*){900}x", ".*(a|b){900}x", "[^x]*a[^x]{900}x", "(a+)+$", "^(a|a?)+$", r"(\p{L}){80}x",
    "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)x", r"a.*?x|a", "a[^x]*x|a", "a|b", "(a|b)*x|.",
)  # fmt: skip


@pytest.mark.parametrize("call", ["matches(s, p)", 'replace(s, p, "y")', "split(s, p)",
                                  "for i in 1..1000 return matches(s, p)"])  # fmt: skip
@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_pattern_runs_away(pattern: str, call: str):
    for text in (LONG, "ab" * 4_000, "กข" * 2_000):
        with work() as done, contextlib.suppress(feel.LimitExceeded):
            answer: Any = tried(call, s=text, p=pattern).value
            assert isinstance(answer, bool | str | list | None)
        assert done.seconds < 1.5


@pytest.mark.parametrize("digits", ["9" * 5_000, "0" * 5_000, "1" * 900_000])
def test_a_group_of_many_digits_is_no_number_to_work_out(digits: str):
    answer = tried('replace("abc", "b", r)', r=f"${digits}").value
    assert answer in (f"a{digits[9:]}c", f"ab{digits[9:]}c", f"a{digits[1:]}c")


def test_a_long_text_and_a_plain_pattern_are_no_attack():
    assert tried('matches(s, "^[ab]+$")', s=LONG).value is True
    assert len(tried('replace(s, "x", "y")', s=LONG).value) == len(LONG)
    assert tried(r'matches(s, "^[\\w ]+$")', s="ก ข" * 3_000).value is True
