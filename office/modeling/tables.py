"""Decision models as people edit them: tables with their texts, read from a file, written back.

Only what was changed is another text; whatever else the file says, drawings included, stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from engine import dmn
from engine.commands import checks
from engine.ids import new_id
from engine.runtime import Unreadable, read_xml

HIT_POLICIES = ("UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
LONGEST_CELL = 4_000
#: A page's form has so many fields at most; larger tables are edited on the canvas or elsewhere.
MOST_CELLS = 400


@dataclass(frozen=True, slots=True)
class Column:
    """`says`: an input's expression, or an output's name; `values`: those that it allows."""

    label: str
    says: str
    type: str
    values: str


@dataclass(frozen=True, slots=True)
class Rule:
    """`id` empty: a new one. Tests and results are FEEL, as many as the table has columns."""

    id: str
    tests: Sequence[str]
    results: Sequence[str]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    policy: str
    aggregation: str
    inputs: Sequence[Column]
    outputs: Sequence[Column]
    rules: Sequence[Rule]

    @property
    def cells(self) -> int:
        return len(self.rules) * (len(self.inputs) + len(self.outputs) + 3)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One decision: a table, or a text of FEEL, or neither. `needs`: names of what it requires."""

    id: str
    name: str
    table: Table | None
    text: str
    needs: Sequence[str]


def decisions(source: bytes) -> Sequence[Drawn]:
    """In the file's order; none of a file that cannot be read."""
    try:
        root = read_xml(source)
    except Unreadable:
        return []
    names = {one.get("id"): one.get("name") or one.get("id") for one in root.iterchildren("{*}*")}
    return [_drawn(one, names) for one in root.iterchildren("{*}decision")]


@dataclass(frozen=True, slots=True)
class Counted:
    """A table whose rules are counted: `key` as `dmn.table_key`, `decision` the id of what it is
    or is in, `names` from that down to the box that it is.
    """

    key: str
    decision: str
    names: Sequence[str]
    rules: int


def counted(source: bytes) -> Sequence[Counted]:
    """All tables of a file, those within other boxes too; none of a file that cannot be read."""
    try:
        root = read_xml(source)
    except Unreadable:
        return []
    found = []
    for element in root.iter("{*}decisionTable"):
        key = dmn.table_key(element)
        if key:
            rules = len(element.findall("{*}rule"))
            found.append(Counted(key, key.partition("/")[0], _names(element), rules))
    return found


def _names(element: etree._Element) -> list[str]:
    """The named boxes around a table, the outermost first."""
    names = []
    for one in [*reversed([*element.iterancestors()]), element]:
        variable = one.find("{*}variable") if one.tag.endswith("}contextEntry") else None
        parameter = one.find("{*}parameter") if one.tag.endswith("}binding") else None
        named = next((each for each in (variable, parameter) if each is not None), one)
        if (name := named.get("name")) and one.getparent() is not None:
            names.append(name)
    return names


def _drawn(element: etree._Element, names: Mapping[str | None, str | None]) -> Drawn:
    table, literal = element.find("{*}decisionTable"), element.find("{*}literalExpression")
    wanted = [
        str(one.get("href", "")).rpartition("#")[2]
        for one in element.iterfind("{*}informationRequirement/{*}*")
    ]
    id_ = element.get("id") or ""
    return Drawn(
        id_,
        element.get("name") or id_,
        None if table is None else _table(table),
        "" if literal is None else _text(literal),
        [names.get(one) or one for one in wanted],
    )


def _table(element: etree._Element) -> Table:
    return Table(
        element.get("hitPolicy") or "UNIQUE",
        element.get("aggregation") or "",
        [*map(_input, element.iterfind("{*}input"))],
        [*map(_output, element.iterfind("{*}output"))],
        [*map(_rule, element.iterfind("{*}rule"))],
    )


def _input(element: etree._Element) -> Column:
    expression = element.find("{*}inputExpression")
    says = _text(expression)
    type_ = "" if expression is None else expression.get("typeRef") or ""
    return Column(element.get("label") or says, says, type_, _text(element.find("{*}inputValues")))


def _output(element: etree._Element) -> Column:
    name = element.get("name") or ""
    values = _text(element.find("{*}outputValues"))
    return Column(element.get("label") or name, name, element.get("typeRef") or "", values)


def _rule(element: etree._Element) -> Rule:
    said = element.find("{*}description")
    return Rule(
        element.get("id") or "",
        [_text(one) for one in element.iterfind("{*}inputEntry")],
        [_text(one) for one in element.iterfind("{*}outputEntry")],
        "" if said is None else said.text or "",
    )


def _text(element: etree._Element | None) -> str:
    found = None if element is None else element.find("{*}text")
    return "" if found is None else found.text or ""


# ---- writing


def with_rules(source: bytes, decision_id: str, policy: str, rules: Sequence[Rule]) -> bytes:
    """The file with these rules in that table, in this order. Invalid where it cannot be so."""
    try:
        root = read_xml(source)
    except Unreadable as refused:
        raise checks.refused("decision", refused.code, refused.message) from None
    table = next(_tables(root, decision_id), None)
    if table is None:
        raise checks.refused("decision", "gone", "Expected a table of this file, but it has none.")
    if policy not in HIT_POLICIES:
        raise checks.refused("policy", "unknown", f"Expected a hit policy, but got {policy!r:.40}.")
    if policy != (table.get("hitPolicy") or "UNIQUE"):
        table.set("hitPolicy", policy)
    before = table.findall("{*}rule")
    known = {one.get("id"): one for one in before if one.get("id")}
    shape = (len(table.findall("{*}input")), len(table.findall("{*}output")))
    for one in before:
        table.remove(one)
    place = max((table.index(one) + 1 for one in table.iterfind("{*}output")), default=len(table))
    for at, rule in enumerate(rules):
        _check(rule, shape)
        element = known.get(rule.id) if rule.id else _unnamed(before, at)
        table.insert(place + at, _written(table, element, rule))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _unnamed(before: Sequence[etree._Element], at: int) -> etree._Element | None:
    """A rule without an id, which DMN allows, is known by its place alone."""
    return before[at] if at < len(before) and not before[at].get("id") else None


def _tables(root: etree._Element, decision_id: str) -> Iterator[etree._Element]:
    for one in root.iterchildren("{*}decision"):
        if one.get("id") == decision_id:
            yield from one.iterfind("{*}decisionTable")


def _check(rule: Rule, shape: tuple[int, int]) -> None:
    if (len(rule.tests), len(rule.results)) != shape:
        raise checks.refused("rules", "shape", "Expected a value for each column of the table.")
    if any(len(text) > LONGEST_CELL for text in (*rule.tests, *rule.results, rule.note)):
        raise checks.refused(
            "rules", "too_long", f"Expected at most {LONGEST_CELL:,} characters in a cell."
        )


def _written(table: etree._Element, before: etree._Element | None, rule: Rule) -> etree._Element:
    space = etree.QName(table).namespace
    made = before if before is not None else etree.Element(f"{{{space}}}rule", id=_id("rule"))
    _entries(made, "inputEntry", rule.tests, space)
    _entries(made, "outputEntry", rule.results, space)
    said = made.find("{*}description")
    if said is None and rule.note:
        said = etree.Element(f"{{{space}}}description")
        made.insert(0, said)
    if said is not None and (said.text or "") != rule.note:
        said.text = rule.note
    return made


def _entries(rule: etree._Element, tag: str, texts: Sequence[str], space: str | None) -> None:
    present = rule.findall(f"{{*}}{tag}")
    for text, entry in zip(texts, [*present, *(None for _ in texts)], strict=False):
        held = entry
        if held is None:
            held = etree.SubElement(rule, f"{{{space}}}{tag}", id=_id("entry"))
        found = held.find("{*}text")
        if found is None:
            found = etree.SubElement(held, f"{{{space}}}text")
        if (found.text or "") != text:
            found.text = text


def _id(kind: str) -> str:
    return f"{kind}_{new_id().hex[-12:]}"
