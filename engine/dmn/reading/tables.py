"""Decision tables to syntax nodes."""

from __future__ import annotations

from itertools import islice

from engine.dmn import xml
from engine.dmn.nodes import Broken, Column, Output, Rule, Table
from engine.dmn.reading.names import normal
from engine.dmn.reading.texts import Texts, place, type_name
from engine.feel.syntax import Node, UnaryTests

MAX_ROWS = 2_000
MAX_COLUMNS = 50
#: tables within other boxes of one decision that are told apart
MOST_COUNTED = 100

HIT_POLICIES = ("UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
AGGREGATIONS = ("SUM", "COUNT", "MIN", "MAX")


def read_table(texts: Texts, element: xml.Element) -> Node:
    policy = element.get("hitPolicy", "UNIQUE")
    aggregation = element.get("aggregation")
    inputs = list(xml.children(element, "input"))
    rules = list(xml.children(element, "rule"))
    if policy not in HIT_POLICIES or aggregation not in (None, *AGGREGATIONS):
        return texts.unsupported(element, f"the hit policy {policy} {aggregation or ''}".strip())
    if len(rules) > MAX_ROWS or len(inputs) > MAX_COLUMNS:
        return texts.unsupported(element, f"more than {MAX_ROWS:,} rows or {MAX_COLUMNS} columns")
    outputs = tuple(_output(texts, each) for each in xml.children(element, "output"))
    return _checked(texts, element, inputs, outputs, rules) or Table(
        place(element),
        tuple(_column(texts, each) for each in inputs),
        outputs,
        tuple(_rule(texts, each) for each in rules),
        policy,
        aggregation,
        table_key(element),
    )


def table_key(element: xml.Element) -> str:
    """What a table is called in its file: by the id of the decision that it is; within other boxes
    by that of the decision or function around them and its number among the tables there, such as
    "limit/2". Empty for one that cannot be named so.
    """
    around = owner = element.getparent()
    while owner is not None and (above := owner.getparent()) is not None:
        if above.getparent() is None:
            break
        owner = above
    if owner is None or around is None or not (id_ := owner.get("id")):
        return ""
    if around is owner and xml.local(owner) == "decision":
        return id_
    inside = islice(owner.iter("{*}decisionTable"), MOST_COUNTED)
    return next((f"{id_}/{n}" for n, one in enumerate(inside, 1) if one is element), "")


def _checked(
    texts: Texts,
    element: xml.Element,
    inputs: list[xml.Element],
    outputs: tuple[Output, ...],
    rules: list[xml.Element],
) -> Broken | None:
    if not outputs:
        return texts.unsupported(element, "a table without an output")
    for rule in rules:
        entries = len(list(xml.children(rule, "inputEntry")))
        results = len(list(xml.children(rule, "outputEntry")))
        if (entries, results) != (len(inputs), len(outputs)):
            message = f"a rule with {entries} inputs and {results} outputs"
            return texts.unsupported(rule, f"{message} in a table of {len(inputs)}, {len(outputs)}")
    return None


def _column(texts: Texts, element: xml.Element) -> Column:
    expression = xml.child(element, "inputExpression")
    if expression is None or not xml.text_of(expression).strip():
        texts.found.error(
            "no_input_expression",
            element,
            "Expected an expression for this input, but there is none.",
            "Write what the column tests.",
        )
        return Column(place(element), Broken(place(element), "Expected an input expression."))
    value = texts.expression(expression)
    return Column(place(element), value, texts.tests(xml.child(element, "inputValues")))


def _output(texts: Texts, element: xml.Element) -> Output:
    default = xml.child(element, "defaultOutputEntry")
    return Output(
        place(element),
        normal(element.get("name")) or None,
        texts.tests(xml.child(element, "outputValues")),
        texts.expression(default) if default is not None else None,
        type_name(element),
    )


def _rule(texts: Texts, element: xml.Element) -> Rule:
    tests = tuple(
        texts.tests(entry) or UnaryTests(place(entry), ())
        for entry in xml.children(element, "inputEntry")
    )
    results = tuple(texts.expression(entry) for entry in xml.children(element, "outputEntry"))
    return Rule(place(element), tests, results)
