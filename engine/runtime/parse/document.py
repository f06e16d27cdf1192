"""A whole file: its processes with all their nodes and flows, and where everything is drawn."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from lxml import etree

from engine.errors import Problem
from engine.runtime.diagram import Box, Diagram, Flow, Node, Phrase, Process
from engine.runtime.parse import instead, names
from engine.runtime.parse.events import read_catalogue
from engine.runtime.parse.extensions import attribute, named, phrase
from engine.runtime.parse.findings import Findings
from engine.runtime.parse.foreign import check_foreign
from engine.runtime.parse.nodes import Reader, read_node
from engine.runtime.parse.shapes import check_extensions
from engine.runtime.reading import Unreadable, read_xml

#: What an id may look like, wherever it comes from: it is only ever looked up, never a path.
ID = re.compile(r"[^\W\d][\w.\-]{0,127}")
_ROLES = ("potentialOwner", "humanPerformer", "performer", "resourceRole")


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
    check_foreign(root, found)
    check_extensions(root, found)
    _check_correlation(root, found)
    _check_uncalled(root, found)
    reader = Reader(read_catalogue(root), found, _lanes(root), _data(root))
    processes = tuple(_process(e, file, reader) for e in root.findall(names.bpmn("process")))
    return Diagram(file, processes, _boxes(root), _lines(root), tuple(found.problems))


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


def _check_correlation(root: etree._Element, found: Findings) -> None:
    for tag in ("correlationProperty", "correlationSubscription"):
        for element in root.iter(names.bpmn(tag)):
            found.error(
                "unsupported_element",
                element,
                f"Expected saraban:correlation, but the file correlates by {tag}.",
                "Remove it and put <saraban:correlation key=…/> on the message events.",
            )


def _check_uncalled(root: etree._Element, found: Findings) -> None:
    """What stands beside the processes of a file and is not one."""
    for element in names.bpmn_children(root):
        tag = names.local(element)
        if tag in instead.UNCALLED:
            found.warn(
                "unsupported_element",
                element,
                f"<{tag}> is kept, but nothing here runs it.",
                instead.of_element(tag),
            )
        elif tag == "extension" and names.flag(element, "mustUnderstand"):
            found.error(
                "unsupported_element",
                element,
                "Expected extensions that may be left aside, but this file says of one that it "
                "must be understood.",
                "Remove the extension, or its mustUnderstand.",
                "mustUnderstand",
            )


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
                _check_inside(child, tag, reader.found)
                yield from _inner(child, tag, reader)
        elif tag not in names.INERT | _EVENT_PARTS:
            _refuse(child, reader.found)
        elif tag in _ROLES and parent is None:
            _hint(child, tag, "Say who may start it with <saraban:start role=…/>.", reader.found)


def _inner(child: etree._Element, tag: str, reader: Reader) -> Iterator[Node]:
    if tag == "subProcess":
        yield from _nodes(child, child.get("id"), reader)


#: children of events and activities that their own readers take
_EVENT_PARTS = frozenset({"eventDefinitionRef", "ioBinding", "resource", "correlationSubscription"})


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


def _refuse(element: etree._Element, found: Findings) -> None:
    found.error(
        "unsupported_element",
        element,
        f"Expected elements that run here, but <{names.local(element)}> does not.",
        instead.of_element(names.local(element)),
    )


def _check_inside(node: etree._Element, kind: str, found: Findings) -> None:
    """Parts of a node that are kept but not executed, or that do not belong there."""
    for child in names.bpmn_children(node):
        tag = names.local(child)
        if kind != "subProcess" and not _is_part(tag, kind):
            _refuse(child, found)
        elif tag in ("dataInputAssociation", "dataOutputAssociation") and (
            child.find(names.bpmn("assignment")) is not None
            or child.find(names.bpmn("transformation")) is not None
        ):
            found.warn(
                "data_mapping",
                child,
                "The data association is kept, but its mapping is not executed: variables belong "
                "to the whole process.",
                "Set variables with a script task, or with inputs of a call or an action.",
            )
        elif tag in _ROLES:
            _hint(child, tag, "Say who with saraban:assignment.", found)


def _hint(element: etree._Element, tag: str, mend: str, found: Findings) -> None:
    found.warn("foreign_hint", element, f"<{tag}> is kept, but not executed.", mend)


def _is_part(tag: str, kind: str) -> bool:
    is_definition = kind in names.EVENTS and tag.endswith("EventDefinition")
    return is_definition or tag in names.INERT | _EVENT_PARTS


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


def _condition(flow: etree._Element, found: Findings) -> Phrase | None:
    element = flow.find(names.bpmn("conditionExpression"))
    if element is None or not names.text_of(element):
        return None
    language = (element.get("language") or "feel").lower()
    if "feel" not in language:
        found.error(
            "expression_language",
            element,
            f"Expected a condition in FEEL, but its language is “{element.get('language')}”.",
            "Rewrite the condition in FEEL.",
            "language",
        )
    line = names.line(element)
    return Phrase(names.text_of(element), line, "conditionExpression", always=True)


# -- the drawing ------------------------------------------------------------------------------


def _boxes(root: etree._Element) -> dict[str, Box]:
    boxes = {}
    for shape in root.iter(f"{{{names.BPMNDI}}}BPMNShape"):
        bounds = shape.find(f"{{{names.DC}}}Bounds")
        if bounds is not None:
            sides = [_number(bounds.get(name)) for name in ("x", "y", "width", "height")]
            boxes[shape.get("bpmnElement") or ""] = Box(*sides)
    return boxes


def _lines(root: etree._Element) -> dict[str, tuple[tuple[float, float], ...]]:
    return {
        edge.get("bpmnElement") or "": tuple(
            (_number(point.get("x")), _number(point.get("y")))
            for point in edge.findall(f"{{{names.DI}}}waypoint")
        )
        for edge in root.iter(f"{{{names.BPMNDI}}}BPMNEdge")
    }


def _number(text: str | None) -> float:
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) else 0.0
