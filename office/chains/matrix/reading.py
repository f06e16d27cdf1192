"""A decision model as the table of a matrix, where it keeps to what cards can say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from engine.runtime import Unreadable, read_xml
from office.chains.errors import NotComposable
from office.chains.matrix.cells import KINDS, read
from office.chains.matrix.tables import NO_WAY, POLICIES
from office.chains.matrix.ways import unquoted, variable
from office.chains.model import Field, Hit, Rule
from office.modeling import tables
from office.modeling.tables import Drawn, Table

_HITS: Mapping[str, Hit] = {policy: hit for hit, policy in POLICIES.items()}
#: what each element of a model may hold; the names are DMN's
_PARTS: Mapping[str, frozenset[str]] = {
    "definitions": frozenset({"decision", "DMNDI"}),
    "decision": frozenset({"decisionTable"}),
    "decisionTable": frozenset({"input", "output", "rule"}),
    "input": frozenset({"inputExpression", "inputValues"}),
    "inputExpression": frozenset({"text"}),
    "output": frozenset(),
    "rule": frozenset({"description", "inputEntry", "outputEntry"}),
}


@dataclass(frozen=True, slots=True)
class Read:
    """What a matrix has besides its ways."""

    columns: tuple[str, ...]
    rules: tuple[Rule, ...]
    hit: Hit


class Models:
    """The decision models of a deployment. `used`: files whose decision a card reads."""

    def __init__(self, files: Mapping[str, bytes], fields: Sequence[Field]) -> None:
        self._files = {name: one for name, one in files.items() if name.endswith(".dmn")}
        self._fields = {field.key: field for field in fields}
        self.used: set[str] = set()

    def read(self, ref: str, step_id: str, name: str) -> Read:
        """The decision `ref` as the table of this step. NotComposable names the step, and in
        `detail` the rule or what else of the table it is.
        """
        for file, source in self._files.items():
            for drawn in tables.decisions(source):
                if ref == drawn.id:
                    self.used.add(file)
                    return _Reading(self._fields, step_id, name).read(source, drawn)
        raise NotComposable(step_id, name, "table", ref)

    def unused(self) -> str | None:
        """A file that no card would say."""
        return next((name for name in sorted(self._files) if name not in self.used), None)


@dataclass(frozen=True, slots=True)
class _Reading:
    fields: Mapping[str, Field]
    step_id: str
    name: str

    def read(self, source: bytes, drawn: Drawn) -> Read:
        odd = next(_odd(source), None)
        table = drawn.table
        if odd is not None or table is None:
            raise self._wrong("table", odd or drawn.id)
        hit = _HITS.get(table.policy)
        if hit is None or table.aggregation:
            raise self._wrong("table", f"{table.policy} {table.aggregation}".strip())
        self._check_answer(table)
        fields = [self._field(column) for column in table.inputs]
        rules = tuple(self._rule(n, rule, fields) for n, rule in enumerate(table.rules, 1))
        return Read(tuple(field.key for field in fields), rules, hit)

    def _check_answer(self, table: Table) -> None:
        named = [(one.says, one.type, one.values) for one in table.outputs]
        if named != [(variable(self.step_id), "string", "")]:
            told = ", ".join(one.says or one.label for one in table.outputs)
            raise self._wrong("table", told or "output")

    def _field(self, column: tables.Column) -> Field:
        field = self.fields.get(column.says.strip())
        if field is None or KINDS.get(field.kind) != column.type:
            raise self._wrong("table", column.says)
        return field

    def _rule(self, number: int, rule: tables.Rule, fields: Sequence[Field]) -> Rule:
        cells = [read(text, field) for text, field in zip(rule.tests, fields, strict=True)]
        known = tuple(cell for cell in cells if cell is not None)
        (answer,) = rule.results
        answer = answer.strip()
        way = "" if answer == NO_WAY else unquoted(answer)
        if len(known) < len(fields) or way is None or (not way and answer != NO_WAY):
            raise self._wrong("rule", str(number))
        return Rule(known, way, " ".join(rule.note.split()))

    def _wrong(self, why: str, detail: str) -> NotComposable:
        return NotComposable(self.step_id, self.name, why, detail)


def _odd(source: bytes) -> Iterator[str]:
    """Names of elements that cards would lose."""
    try:
        root = read_xml(source)
    except Unreadable as refused:
        yield refused.code
        return
    if len(root.findall("{*}decision")) != 1:
        yield "decision"
    for element in root.iter(etree.Element):
        known = _PARTS.get(_local(element))
        if known is not None:
            yield from (_local(child) for child in element if _local(child) not in known)


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
