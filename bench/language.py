"""What deciding costs: a condition, a decision table, and judging a big diagram.

`python -m bench language` prints the figures, each beside the same work without the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from lxml import etree
from support.builders import bpmn, gateway, user
from support.dmn import decision, definitions, given, table

from bench import figures
from bench.figures import Figure, beside, median
from engine import dmn, feel, runtime
from engine.twins import PermissiveForms

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ROWS = 200
NODES = 200


def run() -> str:
    """All figures, as a Markdown table."""
    return figures.table("Expressions, decisions and diagrams", [condition(), rows(), judged()])


def condition() -> Figure:
    tree = feel.parse('amount > 100000 and risk in ("high", "medium")', names=("amount", "risk"))
    given_: Mapping[str, Any] = {"amount": Decimal(250000), "risk": "medium"}
    assert feel.condition(tree, given_, now=NOW) is True
    ours = median(lambda: feel.condition(tree, given_, now=NOW), repeat=500)
    plain = median(lambda: written_out(given_), repeat=500)
    return Figure(
        "a FEEL condition, warm", 1000 * ours, "µs", 30, beside(ours, plain, "the same in Python")
    )


def written_out(of: Mapping[str, Any]) -> bool:
    return of["amount"] > Decimal(100000) and of["risk"] in ("high", "medium")


def rows() -> Figure:
    """A table of so many rows and four inputs where the last row is the one that fits."""
    inputs = ["amount", "kind", "unit", "days"]
    rules = [
        (f"[{n * 1000}..{n * 1000 + 999}]", '"goods", "work"', f'"u{n}"', f"< {n + 1}", f'"r{n}"')
        for n in range(ROWS)
    ]
    needs = [f"input {name}" for name in inputs]
    logic = table(inputs, ["route"], rules)
    source = definitions(*map(given, inputs), decision("Route", logic, needs=needs))
    model = dmn.load({"route.dmn": source})
    assert not model.problems
    last = ROWS - 1
    asked = {"amount": Decimal(last * 1000), "kind": "work", "unit": f"u{last}", "days": Decimal(3)}
    assert model.evaluate("Route", asked, now=NOW) == f"r{last}"
    ours = median(lambda: model.evaluate("Route", asked, now=NOW), repeat=5)
    plain = median(lambda: by_hand(asked), repeat=5)
    return Figure(
        f"a table of {ROWS} rows and 4 inputs", ours, "ms", 2, beside(ours, plain, "a Python loop")
    )


def by_hand(asked: Mapping[str, Any]) -> list[int]:
    return [
        n
        for n in range(ROWS)
        if n * 1000 <= asked["amount"] <= n * 1000 + 999
        and asked["kind"] in ("goods", "work")
        and asked["unit"] == f"u{n}"
        and asked["days"] < n + 1
    ]


def judged() -> Figure:
    """A process of so many nodes, half of them in branches, read and linted."""
    files = {"big.bpmn": big()}
    checked = lambda: runtime.check(files, actions={}, forms=PermissiveForms())  # noqa: E731 - measured below
    assert [problem for problem in checked() if problem.severity == "error"] == []
    ours = median(checked)
    plain = median(lambda: etree.fromstring(files["big.bpmn"]))
    return Figure(
        f"a process of {NODES} nodes checked", ours, "ms", 100, beside(ours, plain, "parsing it")
    )


def big() -> bytes:
    """Blocks of five: a decision, two tasks, a join, a task."""
    elements, flows, before = [], [], "start"
    for n in range((NODES - 2) // 5 + 1):
        split, join, *tasks = f"s{n}", f"j{n}", f"a{n}", f"b{n}", f"c{n}"
        elements += [gateway(split), gateway(join), *map(user, tasks)]
        flows += [
            f"{before}>{split}", f"{split}>a{n}[=amount~>~{n}]", f"{split}>b{n}!",
            f"a{n}>{join}", f"b{n}>{join}", f"{join}>c{n}",
        ]  # fmt: skip
        before = f"c{n}"
    return bpmn("big", *elements, flows=" ".join([*flows, f"{before}>end"]))
