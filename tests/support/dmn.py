"""Decision models written in a few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from support.feel import NOW

from engine import dmn

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(*parts: str, namespace: str = "urn:test", dialect: str = NAMESPACE) -> bytes:
    head = f'<definitions xmlns="{dialect}" name="test" id="test" namespace="{namespace}">'
    return "\n".join([head, *parts, "</definitions>"]).encode()


def literal(text: str, type_: str | None = None) -> str:
    return f"<literalExpression{_type(type_)}><text>{escape(text)}</text></literalExpression>"


def given(name: str, type_: str | None = None) -> str:
    head = f"<inputData name={quoteattr(name)} id={quoteattr(_id(name))}>"
    return f"{head}{_variable(name, type_)}</inputData>"


def decision(name: str, logic: str, *, type_: str | None = None, needs: Sequence[str] = ()) -> str:
    """`needs`: names behind `input `, `decision ` or `knowledge `, or with a whole href."""
    requirements = "".join(map(_requirement, needs))
    body = _variable(name, type_) + requirements + logic
    return f"<decision name={quoteattr(name)} id={quoteattr(_id(name))}>{body}</decision>"


def _requirement(need: str) -> str:
    kind, _, target = need.partition(" ")
    href = target if "#" in target else "#" + _id(target)
    tag = {"input": "requiredInput", "decision": "requiredDecision"}.get(kind, "requiredKnowledge")
    outer = "knowledgeRequirement" if tag == "requiredKnowledge" else "informationRequirement"
    return f"<{outer}><{tag} href={quoteattr(href)}/></{outer}>"


def table(
    columns: Sequence[str],
    outputs: Sequence[str | Mapping[str, str]],
    rules: Sequence[Sequence[str]],
    policy: str = "UNIQUE",
    aggregation: str | None = None,
) -> str:
    """Rules list the tests, then the results. An output is a name, or a mapping with `values` and
    `default`.
    """
    attributes = f'hitPolicy="{policy}"' + (f' aggregation="{aggregation}"' if aggregation else "")
    head = "".join(
        f"<input><inputExpression><text>{escape(each)}</text></inputExpression></input>"
        for each in columns
    )
    head += "".join(map(_output, outputs))
    body = "".join(_rule(rule, len(columns)) for rule in rules)
    return f"<decisionTable {attributes}>{head}{body}</decisionTable>"


def _output(output: str | Mapping[str, str]) -> str:
    said = {"name": output} if isinstance(output, str) else output
    inner = ""
    if "values" in said:
        inner += f"<outputValues><text>{escape(said['values'])}</text></outputValues>"
    if "default" in said:
        inner += f"<defaultOutputEntry><text>{escape(said['default'])}</text></defaultOutputEntry>"
    return f"<output name={quoteattr(said['name'])}>{inner}</output>"


def _rule(rule: Sequence[str], columns: int) -> str:
    tests = "".join(f"<inputEntry><text>{escape(t)}</text></inputEntry>" for t in rule[:columns])
    results = "".join(
        f"<outputEntry><text>{escape(r)}</text></outputEntry>" for r in rule[columns:]
    )
    return f"<rule>{tests}{results}</rule>"


def _variable(name: str, type_: str | None) -> str:
    return f"<variable name={quoteattr(name)}{_type(type_)}/>"


def _type(type_: str | None) -> str:
    return f" typeRef={quoteattr(type_)}" if type_ else ""


def _id(name: str) -> str:
    return "id_" + name.replace(" ", "_")


def decide(source: bytes | Mapping[str, bytes], name: str, **inputs: Any) -> Any:
    files = source if isinstance(source, Mapping) else {"test.dmn": source}
    return dmn.load(files).evaluate(name, inputs, now=NOW)
