"""Each cap at its edge: what is exactly as much is taken, one more is refused and told why."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from support.diagrams import bpmn, call, catch, end, path, process, start, task, timer, times
from support.dmn import decision, definitions, table
from support.dmn import given as data
from support.feel import tried
from support.walking import ACTIONS, NoForms, Walk, compiled

from engine import dmn, feel, jsonio, runtime, untrusted_xml
from engine.dmn.reading import tables
from engine.feel import limits as feel_limits
from engine.feel import patterns
from engine.feel.limits import EXPRESSION
from engine.runtime import limits
from forms import reading, rules
from forms.definition import BadForm
from forms.reading import read


@dataclass(frozen=True)
class Cap:
    """`ask` gives the message of the refusal of so much, or nothing where it is taken."""

    most: int
    ask: Callable[[int], str]
    #: what the message calls the cap; the number where nothing is said
    named: str = ""


@pytest.fixture(autouse=True)
def uncollected() -> Iterator[None]:
    """An expression has its thread's time: what other tests left is collected in another's."""
    gc.disable()
    yield
    gc.enable()


# -- files ------------------------------------------------------------------------------------


def xml(source: bytes) -> str:
    try:
        untrusted_xml.read(source, untrusted_xml.Kind("file", "Make it smaller."))
    except untrusted_xml.Unreadable as refused:
        return refused.message
    return ""


def depth(levels: int) -> bytes:
    return b"<a>" * levels + b"</a>" * levels


# -- diagrams ---------------------------------------------------------------------------------


def diagram(*nodes: str) -> str:
    source = bpmn(process("p", *nodes))
    found = runtime.check({"a.bpmn": source}, actions=ACTIONS, forms=NoForms())
    return "; ".join(problem.message for problem in found if problem.severity == "error")


def chain(nodes: int) -> str:
    names = [f"t{number}" for number in range(nodes - 2)]
    return diagram(start("s"), *map(task, names), end("e"), path("s", *names, "e"))


def one(node: str) -> str:
    return diagram(start("s"), node, end("e"), path("s", "x", "e"))


def cycle(text: str) -> str:
    return one(catch("x", timer(cycle=text)))


def called(times_: int) -> str:
    """Calls within calls, each of the next process."""
    names = ["p", *(f"q{number}" for number in range(times_))]
    callers = [
        process(
            name,
            start(f"{name}s"), call(f"{name}c", to), end(f"{name}e"),
            path(f"{name}s", f"{name}c", f"{name}e"),
        )
        for name, to in pairwise(names)
    ]  # fmt: skip
    last = names[-1]
    leaf = process(last, start(f"{last}s"), end(f"{last}e"), path(f"{last}s", f"{last}e"))
    walk = Walk(compiled(bpmn(*callers, leaf)))
    return "; ".join(stuck.cause.message for stuck in walk.stuck.values())


# -- expressions ------------------------------------------------------------------------------


def formula(text: str, **variables: Any) -> str:
    """The refusal, or the warning that made it null."""
    try:
        found = tried(text, **variables)
    except feel.FeelError as refused:
        return str(refused)
    return "; ".join(notice.message for notice in found.warnings)


def nested(levels: int) -> str:
    return formula("(" * (levels - 1) + "1" + ")" * (levels - 1))


#: so large when it is compiled that the cap is met by a short text
PATTERN = "(a|b){250}c"
SIZE = patterns.compiled(PATTERN, "").programsize


def model(columns: list[str], rules: int) -> str:
    drawn = table(columns, ["x"], [[*["-"] * len(columns), "1"]] * rules, policy="FIRST")
    found = dmn.check({"a.dmn": definitions(data("a"), decision("d", drawn, needs=["input a"]))})
    return "; ".join(problem.message for problem in found if problem.severity == "error")


# -- forms ------------------------------------------------------------------------------------


def form(*components: dict[str, Any]) -> str:
    try:
        read(jsonio.canonical({"components": list(components)}))
    except BadForm as refused:
        return str(refused)
    return ""


def groups(levels: int) -> str:
    inner: dict[str, Any] = {"type": "group", "components": []}
    for _ in range(levels - 1):
        inner = {"type": "group", "components": [inner]}
    return form(inner)


def options(many: int) -> str:
    values = [{"value": str(number)} for number in range(many)]
    return form({"type": "select", "key": "a", "values": values})


def validated(**validate: Any) -> str:
    return form({"type": "textfield", "key": "a", "validate": validate})


CAPS = {
    "file bytes": Cap(untrusted_xml.MAX_BYTES, lambda n: xml(b"<a>" + b" " * (n - 7) + b"</a>")),
    "file elements": Cap(untrusted_xml.MAX_ELEMENTS,
                         lambda n: xml(b"<a>" + b"<b/>" * (n - 1) + b"</a>")),
    "file depth": Cap(untrusted_xml.MAX_DEPTH, lambda n: xml(depth(n))),
    "nodes": Cap(limits.PROCESS_NODES, chain),
    "iterations": Cap(limits.ITERATIONS, lambda n: one(task("x", times(str(n))))),
    "repeats": Cap(limits.REPEATS, lambda n: cycle(f"R{n}/PT1H")),
    "longest timer": Cap(limits.LONGEST.days, lambda n: one(catch("x", timer(duration=f"P{n}D"))),
                         "ten years"),
    "hasty cycle": Cap(-int(limits.SHORTEST_CYCLE.total_seconds()), lambda n: cycle(f"R2/PT{-n}S"),
                       str(limits.SHORTEST_CYCLE)),
    "hasty endless cycle": Cap(-int(limits.SHORTEST_ENDLESS_CYCLE.total_seconds()),
                               lambda n: cycle(f"R/PT{-n}S"), str(limits.SHORTEST_ENDLESS_CYCLE)),
    "calls of processes": Cap(limits.CALLS, called),
    "characters": Cap(feel_limits.MAX_CHARS, lambda n: formula("1" + " " * (n - 1))),
    "tokens": Cap(feel_limits.MAX_TOKENS, lambda n: formula("[" + "1," * ((n - 3) // 2) + (
        "1]" if n % 2 else "-1]"))),
    "nesting": Cap(feel_limits.MAX_NESTING, nested),
    "pattern": Cap(feel_limits.MAX_PATTERN,
                   lambda n: formula("matches(s, p)", s="a", p="a" * n)),
    "exponent": Cap(feel_limits.MAX_EXPONENT, lambda n: formula("1 ** n", n=n)),
    "list items": Cap(EXPRESSION.items, lambda n: formula("count(for i in 1..n return 1)", n=n)),
    "text": Cap(EXPRESSION.text, lambda n: formula('string length(s + "b")', s="a" * (n - 1))),
    "calls": Cap(EXPRESSION.depth, lambda n: formula(
        "{f: function(n) if n <= 1 then 1 else f(n - 1), r: f(m)}.r", m=n)),
    "search": Cap(feel_limits.MAX_SEARCH // SIZE, lambda n: formula(
        "matches(s, p)", s="a" * n, p=PATTERN), f"{feel_limits.MAX_SEARCH:,}"),
    "rules": Cap(tables.MAX_ROWS, lambda n: model(["a"], n)),
    "columns": Cap(tables.MAX_COLUMNS, lambda n: model(["a"] * n, 1)),
    "components": Cap(reading.MOST_COMPONENTS, lambda n: form(*[{"type": "separator"}] * n)),
    "groups": Cap(reading.DEEPEST, groups),
    "options": Cap(reading.MOST_OPTIONS, options),
    "form pattern": Cap(rules.LONGEST_PATTERN, lambda n: validated(pattern="a" * n)),
    "length": Cap(rules.LONGEST, lambda n: validated(maxLength=n)),
}  # fmt: skip


@pytest.mark.parametrize("cap", CAPS.values(), ids=CAPS)
def test_exactly_as_much_is_taken(cap: Cap):
    assert cap.ask(cap.most) == ""


@pytest.mark.parametrize("cap", CAPS.values(), ids=CAPS)
def test_one_more_is_refused_and_the_cap_is_named(cap: Cap):
    message = cap.ask(cap.most + 1)
    assert (cap.named or f"{cap.most:,}") in message or str(cap.most) in message
