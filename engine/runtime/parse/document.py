"""A whole file: its processes with all their nodes and flows, and where everything is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from engine.errors import Problem
from engine.runtime.diagram import Diagram, Flow, Node, Phrase, Process
from engine.runtime.parse import instead, names
from engine.runtime.parse.beside import check_beside, check_flags
from engine.runtime.parse.drawing import boxes, lines
from engine.runtime.parse.drawn import check_drawing
from engine.runtime.parse.events import read_catalogue, reference
from engine.runtime.parse.expressions import check_language, expression
from engine.runtime.parse.extensions import attribute, named, phrase
from engine.runtime.parse.findings import Findings
from engine.runtime.parse.foreign import check_foreign
from engine.runtime.parse.inside import EVENT_PARTS, ROLES, check_inside, hint, refuse
from engine.runtime.parse.nodes import Reader, read_node
from engine.runtime.parse.shapes import check_extensions
from engine.runtime.reading import Unreadable, read_xml

#: What an id may look like, wherever it comes from: it is only ever looked up, never a path.
ID = re.compile(r"[^\W\d][\w.\-]{0,127}")


def read_diagram(file: str, source: bytes) -> Diagram:
    found = Findings(file)
    try:
        root = read_xml(source)
    except Unreadable as error:
        return Diagram(file, (), problems=(_unreadable(file, error),))
    if names.local(root) != "definitions" or names.namespace(root) != names.BPMN:
        found.error(
            "not_bpmn",
            root,
            f"Expected a BPMN 2.0 file, but its root is <{names.local(root)}>.",
            "Export the diagram as BPMN 2.0 XML.",
        )
        return Diagram(file, (), problems=tuple(found.problems))
    return _read(file, root, found)


def _unreadable(file: str, error: Unreadable) -> Problem:
    return Problem(file, error.line, None, None, error.code, error.message, error.mend)


def _read(file: str, root: etree._Element, found: Findings) -> Diagram:
    _check_ids(root, found)
    check_flags(root, found)
    check_foreign(root, found)
    check_extensions(root, found)
    check_beside(root, found)
    check_language(root, found)
    check_drawing(root, found)
    reader = Reader(read_catalogue(root), found, _lanes(root), _data(root))
    processes = tuple(_process(e, file, reader) for e in root.findall(names.bpmn("process")))
    between = tuple(_message_flows(root))
    return Diagram(file, processes, boxes(root), lines(root), tuple(found.problems), between)


def _check_ids(root: etree._Element, found: Findings) -> None:
    seen: set[str] = set()
    for element in root.iter(f"{{{names.BPMN}}}*"):
        id_ = element.get("id")
        if id_ is None:
            continue
        if id_ in seen:
            found.error(
                "duplicate_id",
                element,
                f"Expected ids to be unique, but “{id_}” is used twice.",
                "Give one of the two another id.",
                "id",
            )
        seen.add(id_)


def _lanes(root: etree._Element) -> dict[str, str]:
    """Node id to the name of the innermost lane that holds it."""
    lanes: dict[str, str] = {}
    for lane in root.iter(names.bpmn("lane")):  # outer lanes come first in document order
        for ref in lane.findall(names.bpmn("flowNodeRef")):
            lanes[names.text_of(ref)] = lane.get("name") or lane.get("id") or ""
    return lanes


def _data(root: etree._Element) -> dict[str, str]:
    tags = ("dataInput", "dataOutput", "dataObject", "dataObjectReference", "property")
    return {
        str(element.get("id")): str(element.get("name"))
        for tag in tags
        for element in root.iter(names.bpmn(tag))
        if element.get("id") and element.get("name")
    }


def _process(element: etree._Element, file: str, reader: Reader) -> Process:
    nodes = {node.id: node for node in _nodes(element, None, reader)}
    flows = {flow.id: flow for flow in _flows(element, reader.found)}
    id_ = element.get("id") or ""
    if not ID.fullmatch(id_):
        reader.found.error(
            "bad_id",
            element,
            f"Expected a process with an id of letters, digits, . _ and -, but it is “{id_}”.",
            "Correct the id.",
            "id",
        )
    return Process(
        id=id_,
        name=" ".join((element.get("name") or id_).split()),
        file=file,
        line=names.line(element),
        executable=names.flag(element, "isExecutable", default=True),
        nodes=nodes,
        flows=flows,
        documentation=names.text_of(element.find(names.bpmn("documentation"))),
        title=phrase(element, "title", "value"),
        start_form=named(element, "start", "form"),
        start_role=attribute(element, "start", "role"),
        internal=attribute(element, "start", "internal") == "true",
    )


def _nodes(container: etree._Element, parent: str | None, reader: Reader) -> Iterator[Node]:
    for child in names.bpmn_children(container):
        tag = names.local(child)
        if tag in names.NODES:
            if _has_id(child, reader.found):
                yield read_node(child, parent, reader)
                check_inside(child, tag, reader)
                yield from _inner(child, tag, reader)
        elif tag not in names.INERT | EVENT_PARTS:
            refuse(child, reader.found)
            yield from _in_its_place(child, tag, parent, reader)
        elif tag in ROLES and parent is None:
            hint(child, tag, "Say who may start it with <saraban:start role=…/>.", reader.found)


def _inner(child: etree._Element, tag: str, reader: Reader) -> Iterator[Node]:
    if tag in ("subProcess", "transaction", "adHocSubProcess"):
        yield from _nodes(child, child.get("id"), reader)


def _in_its_place(
    element: etree._Element, tag: str, parent: str | None, reader: Reader
) -> Iterator[Node]:
    """A node that says nothing: what leads to and from a refused element is no mistake besides."""
    id_ = element.get("id") or ""
    if tag in instead.ELEMENTS and ID.fullmatch(id_):
        yield Node(id_, id_, tag, names.line(element), parent)
        yield from _inner(element, tag, reader)


def _has_id(element: etree._Element, found: Findings) -> bool:
    if ID.fullmatch(element.get("id") or ""):
        return True
    found.error(
        "bad_id",
        element,
        f"Expected <{names.local(element)}> with an id of letters, digits, . _ and -, but it is "
        f"“{element.get('id') or ''}”.",
        "Give it an id.",
        "id",
    )
    return False


def _flows(process: etree._Element, found: Findings) -> Iterator[Flow]:
    for element in process.iter(names.bpmn("sequenceFlow")):
        if _has_id(element, found):
            yield Flow(
                element.get("id") or "",
                element.get("name") or "",
                element.get("sourceRef") or "",
                element.get("targetRef") or "",
                names.line(element),
                _condition(element, found),
            )


def _message_flows(root: etree._Element) -> Iterator[Flow]:
    for element in root.iter(names.bpmn("messageFlow")):
        yield Flow(
            element.get("id") or "",
            element.get("name") or "",
            reference(element.get("sourceRef")),
            reference(element.get("targetRef")),
            names.line(element),
        )


def _condition(flow: etree._Element, found: Findings) -> Phrase | None:
    element = flow.find(names.bpmn("conditionExpression"))
    if element is None:
        return None
    if not names.text_of(element):
        found.warn(
            "condition_missing",
            element,
            "The condition is empty: the flow is taken as one without a condition.",
            "Write a condition in FEEL, or remove it.",
            "conditionExpression",
        )
        return None
    return expression(element, found, always=True)
