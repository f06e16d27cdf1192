"""A matrix as a decision model: one table that draws itself in a decision editor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from lxml import etree

from office.chains.matrix.cells import KINDS, written
from office.chains.matrix.ways import quoted, variable
from office.chains.model import Chain, Field, Hit, Matrix, Rule

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
_DMNDI = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
_DC = "http://www.omg.org/spec/DMN/20180521/DC/"
POLICIES: dict[Hit, str] = {"unique": "UNIQUE", "first": "FIRST", "all": "COLLECT"}
_NAMES: dict[str | None, str] = {None: DMN, "dmndi": _DMNDI, "dc": _DC}
#: the answer that names no way, so that the last is taken
NO_WAY = "null"
ANSWER = "ทางที่ไป"


def tables(chain: Chain) -> Iterator[tuple[str, bytes]]:
    """File names with their contents."""
    for step in chain.walk():
        if isinstance(step, Matrix):
            yield file_name(chain, step), table(chain, step)


def file_name(chain: Chain, step: Matrix) -> str:
    return f"{chain.key}-{step.id}.dmn"


def table(chain: Chain, step: Matrix) -> bytes:
    """Expects columns that the chain has, and rules with a cell for each."""
    root = etree.Element(_tag("definitions"), nsmap=cast(dict[str, str], _NAMES))
    for name, value in (
        ("id", f"{step.id}_model"), ("name", step.name),
        ("namespace", f"urn:saraban:chains:{chain.key}:{step.id}"),
    ):  # fmt: skip
        root.set(name, value)
    decision = _add(root, "decision", id=step.id, name=step.name)
    holder = _add(decision, "decisionTable", id=f"{step.id}_table", hitPolicy=POLICIES[step.hit])
    fields = [_field(chain, key) for key in step.columns]
    for number, field in enumerate(fields, 1):
        _input(holder, step, number, field)
    _add(holder, "output", id=f"{step.id}_output", label=ANSWER, name=variable(step.id),
         typeRef="string")  # fmt: skip
    for number, rule in enumerate(step.rules, 1):
        _rule(holder, f"{step.id}_rule_{number}", rule, fields)
    _draw(root, step)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _field(chain: Chain, key: str) -> Field:
    found = chain.field(key)
    return Field(key, key) if found is None else found


def _input(holder: etree._Element, step: Matrix, number: int, field: Field) -> None:
    made = _add(holder, "input", id=f"{step.id}_input_{number}", label=field.label)
    type_ = KINDS.get(field.kind, "string")
    asked = _add(made, "inputExpression", id=f"{step.id}_asks_{number}", typeRef=type_)
    _text(asked, field.key)
    if field.kind == "choice" and field.options:
        # so that what no rule holds for is told exactly
        _text(_add(made, "inputValues"), ", ".join(map(quoted, field.options)))


def _rule(holder: etree._Element, id_: str, rule: Rule, fields: list[Field]) -> None:
    made = _add(holder, "rule", id=id_)
    if rule.note:
        _add(made, "description").text = rule.note
    for number, (cell, field) in enumerate(zip(rule.cells, fields, strict=False), 1):
        _text(_add(made, "inputEntry", id=f"{id_}_{number}"), written(cell, field))
    answer = quoted(rule.way) if rule.way else NO_WAY
    _text(_add(made, "outputEntry", id=f"{id_}_way"), answer)


def _draw(root: etree._Element, step: Matrix) -> None:
    plane = etree.SubElement(
        etree.SubElement(root, f"{{{_DMNDI}}}DMNDI"), f"{{{_DMNDI}}}DMNDiagram"
    )
    shape = etree.SubElement(plane, f"{{{_DMNDI}}}DMNShape", dmnElementRef=step.id)
    etree.SubElement(shape, f"{{{_DC}}}Bounds", x="300", y="160", width="180", height="80")


def _text(parent: etree._Element, text: str) -> None:
    _add(parent, "text").text = text


def _add(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, _tag(tag), attributes)


def _tag(tag: str) -> str:
    return f"{{{DMN}}}{tag}"
