"""Namespaces and tags: which BPMN elements run here, which only decorate, which are refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SARABAN = "urn:saraban:bpmn:1.0"

TASKS = frozenset(
    [
        "task",
        "userTask",
        "manualTask",
        "scriptTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
    ]
)
ACTIVITIES = TASKS | {"callActivity", "subProcess"}
GATEWAYS = frozenset(
    ["exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"]
)
EVENTS = frozenset(
    ["startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"]
)
NODES = ACTIVITIES | GATEWAYS | EVENTS

#: What may stand in a process or an activity without changing how it runs. What is in neither
#: set is refused, never skipped.
INERT = frozenset(
    [
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "laneSet",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "textAnnotation",
        "association",
        "group",
        "property",
        "ioSpecification",
        "auditing",
        "monitoring",
        "dataInput",
        "dataOutput",
        "inputSet",
        "outputSet",
        "rendering",
        "script",
        "standardLoopCharacteristics",
        "multiInstanceLoopCharacteristics",
        "sequenceFlow",
        "dataInputAssociation",
        "dataOutputAssociation",
        "supportedInterfaceRef",
        "supports",
        "categoryValueRef",
        "potentialOwner",
        "humanPerformer",
        "performer",
        "resourceRole",
    ]
)


def bpmn(tag: str) -> str:
    return f"{{{BPMN}}}{tag}"


def ours(tag: str) -> str:
    return f"{{{SARABAN}}}{tag}"


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def namespace(element: etree._Element) -> str:
    return etree.QName(element).namespace or ""


def bpmn_children(element: etree._Element) -> Iterator[etree._Element]:
    return (child for child in element if namespace(child) == BPMN)


def line(element: etree._Element) -> int:
    return cast("int | None", element.sourceline) or 0


def text_of(element: etree._Element | None) -> str:
    return "" if element is None else "".join(map(str, element.itertext())).strip()


def flag(element: etree._Element, name: str, *, default: bool = False) -> bool:
    """A boolean attribute as XML Schema writes it."""
    value = element.get(name)
    return default if value is None else value.strip() in ("true", "1")
