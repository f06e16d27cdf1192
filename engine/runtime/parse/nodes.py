"""One flow node of the XML as a `Node`, with its loop, its script and its event."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from engine.runtime.diagram import Event, Node, Phrase, Repetition
from engine.runtime.parse import instead, names
from engine.runtime.parse.events import (
    Catalogue,
    definitions,
    message_name,
    read_event,
    reference,
)
from engine.runtime.parse.expressions import expression
from engine.runtime.parse.extensions import read_settings
from engine.runtime.parse.findings import Findings

_STANDARD_LOOP = names.bpmn("standardLoopCharacteristics")
#: nine digits are more than any loop may have, and few enough to be read as a number
_WHOLE = re.compile(r"\d{1,9}")
_MULTI_INSTANCE = names.bpmn("multiInstanceLoopCharacteristics")


@dataclass(slots=True)
class Reader:
    """What is known of the file while its nodes are read."""

    catalogue: Catalogue
    found: Findings
    lanes: dict[str, str] = field(default_factory=dict)
    #: data inputs and data objects by id: `loopDataInputRef` may name one by its id
    data: dict[str, str] = field(default_factory=dict)


def read_node(element: etree._Element, parent: str | None, reader: Reader) -> Node:
    kind, id_ = names.local(element), element.get("id") or ""
    _refuse_attributes(element, reader.found)
    event = read_event(element, reader.catalogue, reader.found) if kind in names.EVENTS else None
    return Node(
        id=id_,
        name=" ".join((element.get("name") or "").split()),
        type=kind,
        line=names.line(element),
        parent=parent,
        documentation=names.text_of(element.find(names.bpmn("documentation"))),
        lane=reader.lanes.get(id_),
        default=element.get("default"),
        event=event,
        attached_to=reference(element.get("attachedToRef")) or None,
        interrupting=_interrupting(element, kind, event),
        repetition=_repetition(element, reader),
        called=reference(element.get("calledElement")) or None,
        message=_message(element, kind, reader),
        script=_script(element),
        script_format=element.get("scriptFormat"),
        triggered=names.flag(element, "triggeredByEvent"),
        settings=read_settings(element, next(iter(definitions(element)), None)),
    )


def _refuse_attributes(element: etree._Element, found: Findings) -> None:
    for name, wrong in (
        ("isForCompensation", names.flag(element, "isForCompensation")),
        ("startQuantity", element.get("startQuantity", "1") != "1"),
        ("completionQuantity", element.get("completionQuantity", "1") != "1"),
        ("instantiate", names.flag(element, "instantiate")),
        ("eventGatewayType", element.get("eventGatewayType", "Exclusive") != "Exclusive"),
        ("parallelMultiple", names.flag(element, "parallelMultiple")),
        ("cancelActivity", _spares(element, "boundaryEvent", "cancelActivity")),
        ("isInterrupting", _spares(element, "startEvent", "isInterrupting")),
    ):
        if wrong:
            found.error(
                "unsupported_attribute",
                element,
                f"Expected an element that runs here, but {name}=“{element.get(name)}” does not.",
                instead.of_attribute(name),
                name,
            )


def _spares(element: etree._Element, tag: str, attribute: str) -> bool:
    """Whether an error event says that it does not interrupt."""
    is_error = element.find(names.bpmn("errorEventDefinition")) is not None
    return (
        is_error
        and names.local(element) == tag
        and not names.flag(element, attribute, default=True)
    )


def _interrupting(element: etree._Element, kind: str, event: Event | None) -> bool:
    """An error always interrupts, whatever its attribute says: what threw it is at its end."""
    name = "cancelActivity" if kind == "boundaryEvent" else "isInterrupting"
    is_error = event is not None and event.kind == "error"
    return is_error or names.flag(element, name, default=True)


def _message(element: etree._Element, kind: str, reader: Reader) -> str | None:
    if kind not in ("sendTask", "receiveTask"):
        return None
    return message_name(element, reader.catalogue, reader.found)


def _script(element: etree._Element) -> Phrase | None:
    script = element.find(names.bpmn("script"))
    if script is None or names.local(element) != "scriptTask":
        return None
    return Phrase(names.text_of(script), names.line(script), "script", always=True)


def _repetition(element: etree._Element, reader: Reader) -> Repetition | None:
    standard, multiple = element.find(_STANDARD_LOOP), element.find(_MULTI_INSTANCE)
    if multiple is not None:
        return _multi_instance(multiple, reader)
    return None if standard is None else _standard_loop(standard, reader)


def _standard_loop(loop: etree._Element, reader: Reader) -> Repetition:
    condition = _phrase(loop, "loopCondition", reader, always=True)
    number = _maximum(loop, reader.found)
    if condition is None and number is None:
        reader.found.error(
            "loop_endless",
            loop,
            "Expected a loop that ends, but it has neither loopCondition nor loopMaximum.",
            "Add a FEEL loopCondition (goes on while true) or loopMaximum.",
        )
    return Repetition(
        "loop",
        names.line(loop),
        condition=condition,
        before=names.flag(loop, "testBefore"),
        maximum=number,
    )


def _maximum(loop: etree._Element, found: Findings) -> int | None:
    maximum = (loop.get("loopMaximum") or "").strip()
    if not maximum:
        return None
    if _WHOLE.fullmatch(maximum):
        return int(maximum)
    found.error(
        "limit_iterations",
        loop,
        f"Expected a whole number of times, but loopMaximum is “{maximum}”.",
        "Write a number; a limit that has to be worked out belongs into loopCondition.",
        "loopMaximum",
    )
    return 1  # said already


def _multi_instance(loop: etree._Element, reader: Reader) -> Repetition:
    collection = _collection(loop, reader)
    cardinality = _phrase(loop, "loopCardinality", reader, always=True)
    if (collection is None) == (cardinality is None):
        reader.found.error(
            "loop_without_input",
            loop,
            "Expected exactly one of loopDataInputRef and loopCardinality.",
            "Name the list to go through, or say how many times.",
        )
    if loop.get("behavior", "All") != "All":
        reader.found.error(
            "unsupported_attribute",
            loop,
            "Expected a multi-instance that runs here, but its behavior throws events.",
            "Use completionCondition instead.",
            "behavior",
        )
    output = loop.find(names.bpmn("loopDataOutputRef"))
    return Repetition(
        "sequential" if names.flag(loop, "isSequential") else "parallel",
        names.line(loop),
        collection=collection,
        cardinality=cardinality,
        item=_item(loop, "inputDataItem"),
        output=None if output is None else _data_name(names.text_of(output), reader),
        output_item=_item(loop, "outputDataItem"),
        condition=_phrase(loop, "completionCondition", reader, always=True),
    )


def _collection(loop: etree._Element, reader: Reader) -> Phrase | None:
    found = _phrase(loop, "loopDataInputRef", reader)
    if found is None or found.is_feel:
        return found
    return Phrase(_data_name(found.text, reader), found.line, found.attribute)


def _data_name(text: str, reader: Reader) -> str:
    return reader.data.get(text, text)


def _item(loop: etree._Element, tag: str) -> str | None:
    item = loop.find(names.bpmn(tag))
    return None if item is None else item.get("name") or item.get("id")


def _phrase(
    loop: etree._Element, tag: str, reader: Reader, *, always: bool = False
) -> Phrase | None:
    element = loop.find(names.bpmn(tag))
    if element is None or not names.text_of(element):
        return None
    return expression(element, reader.found, always=always)
