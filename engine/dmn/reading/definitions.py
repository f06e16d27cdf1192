"""One file: its imports, types, decisions, inputs, knowledge models and services."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from engine.dmn import xml
from engine.dmn.model import Decision, Definitions, Element, InputData, Key, Knowledge, Service
from engine.dmn.nodes import Table
from engine.dmn.reading.boxes import Boxes, fitted
from engine.dmn.reading.findings import Findings
from engine.dmn.reading.items import read_item
from engine.dmn.reading.names import normal
from engine.dmn.reading.texts import Texts, type_name
from engine.feel.parser import Dictionary
from engine.feel.syntax import Node

NAMESPACES = (
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
)


def read_definitions(
    file: str, root: xml.Element, known: Dictionary, found: Findings
) -> Definitions:
    reader = _Reader(root, Texts(known, found), found)
    items = [read_item(reader.texts, each) for each in xml.children(root, "itemDefinition")]
    return Definitions(
        file,
        reader.namespace,
        normal(root.get("name")),
        dict(imports_of(root)),
        {item.name: item for item in items},
        {element.key: element for element in reader.elements()},
    )


def imports_of(root: xml.Element) -> Iterator[tuple[str, str]]:
    """Namespace and prefix of each imported model."""
    for element in xml.children(root, "import"):
        if element.get("importType", "") in NAMESPACES:
            yield element.get("namespace", ""), normal(element.get("name"))


class _Reader:
    def __init__(self, root: xml.Element, texts: Texts, found: Findings) -> None:
        self.root = root
        self.texts = texts
        self.boxes = Boxes(texts)
        self.found = found
        self.namespace = root.get("namespace", "")

    def elements(self) -> Iterator[Element]:
        seen: set[str] = set()
        for element in xml.children(self.root, *_KINDS):
            read = _KINDS[xml.local(element)](self, element)
            if read.key[1] in seen:
                self.found.error(
                    "duplicate_id",
                    element,
                    f"Expected ids to be unique, but {read.key[1]!r} is used twice.",
                    "Give one of the two another id.",
                )
            seen.add(read.key[1])
            yield read

    def _key(self, element: xml.Element) -> Key:
        return self.namespace, element.get("id") or normal(element.get("name"))

    def _name(self, element: xml.Element) -> str:
        variable = xml.child(element, "variable")
        name = variable.get("name") if variable is not None else None
        return normal(name or element.get("name"))

    def input_data(self, element: xml.Element) -> Element:
        variable = xml.child(element, "variable")
        return InputData(
            self._key(element),
            normal(element.get("name")),
            self._name(element),
            xml.line(element),
            type_name(variable),
        )

    def decision(self, element: xml.Element) -> Element:
        variable = xml.child(element, "variable")
        type_ = type_name(variable)
        logic = self.boxes.first(element)
        return Decision(
            self._key(element),
            normal(element.get("name")),
            self._name(element),
            xml.line(element),
            type_,
            fitted(logic, type_) if logic is not None else None,
            self._requirements(element),
            _outputs(logic) if variable is None else (),
        )

    def knowledge(self, element: xml.Element) -> Element:
        logic = xml.child(element, "encapsulatedLogic")
        return Knowledge(
            self._key(element),
            normal(element.get("name")),
            self._name(element),
            xml.line(element),
            type_name(xml.child(element, "variable")),
            self.boxes.function(logic) if logic is not None else None,
            self._requirements(element),
        )

    def service(self, element: xml.Element) -> Element:
        return Service(
            self._key(element),
            normal(element.get("name")),
            self._name(element),
            xml.line(element),
            type_name(xml.child(element, "variable")),
            outputs=self._references(element, "outputDecision"),
            inputs=self._references(element, "inputData"),
            input_decisions=self._references(element, "inputDecision"),
        )

    def _requirements(self, element: xml.Element) -> tuple[Key, ...]:
        holders = xml.children(element, "informationRequirement", "knowledgeRequirement")
        return tuple(
            key
            for holder in holders
            for key in self._references(
                holder, "requiredInput", "requiredDecision", "requiredKnowledge"
            )
        )

    def _references(self, element: xml.Element, *names: str) -> tuple[Key, ...]:
        return tuple(self._target(each) for each in xml.children(element, *names))

    def _target(self, element: xml.Element) -> Key:
        namespace, _, id_ = element.get("href", "").rpartition("#")
        return namespace or self.namespace, id_


def _outputs(logic: Node | None) -> tuple[str, ...]:
    outputs = logic.outputs if isinstance(logic, Table) else ()
    return tuple(output.name for output in outputs if output.name)


_KINDS: Mapping[str, Callable[[_Reader, xml.Element], Element]] = {
    "inputData": _Reader.input_data,
    "decision": _Reader.decision,
    "businessKnowledgeModel": _Reader.knowledge,
    "decisionService": _Reader.service,
}
