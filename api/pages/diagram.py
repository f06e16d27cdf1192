"""What pages need from a deployed diagram: its steps by name and in order, parsed once."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from lxml import etree

from api.pages.desk import actor, db
from engine.queries import definitions

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
#: what a person can see as a step, by the element's local name
STEPS = frozenset(
    {
        "userTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask",
        "callActivity", "subProcess", "manualTask", "task",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Element:
    id: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """Elements in the order in which the flows reach them from the start."""

    elements: Mapping[str, Element]
    order: Sequence[str]

    @property
    def steps(self) -> list[Element]:
        return [self.elements[id] for id in self.order if self.elements[id].kind in STEPS]

    @property
    def user_tasks(self) -> list[Element]:
        return [element for element in self.steps if element.kind == "userTask"]

    def name(self, element_id: str) -> str:
        found = self.elements.get(element_id)
        return found.name if found and found.name else element_id


def diagram_of(definition_id: str) -> Diagram:
    """A deployed version never changes: parsed once for the life of the process."""
    return _parsed(actor().agency_id, UUID(definition_id))


def untouched(definition_id: str) -> dict[str, Any]:
    """What the island draws where nothing has happened yet."""
    states: dict[str, Any] = {name: [] for name in ("done", "active", "stuck", "flows")}
    return {"xml": f"/definitions/{definition_id}/xml", **states}


@lru_cache(maxsize=128)
def _parsed(agency_id: UUID, definition_id: UUID) -> Diagram:
    return read(definitions.xml(db(), agency_id, definition_id))


def read(xml: bytes) -> Diagram:
    """Checked when deployed; entities and network stay off all the same."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(xml, parser)
    nodes = {node.get("id"): node for node in root.iter(f"{BPMN}*") if node.get("id")}
    elements = {
        str(id): Element(str(id), etree.QName(node).localname, node.get("name") or "")
        for id, node in nodes.items()
    }
    return Diagram(elements, _walk(root, elements))


def _walk(root: Any, elements: Mapping[str, Element]) -> list[str]:
    """Breadth first along sequence flows; what no flow reaches comes last, as written."""
    following: dict[str, list[str]] = {}
    for flow in root.iter(f"{BPMN}sequenceFlow"):
        following.setdefault(flow.get("sourceRef"), []).append(flow.get("targetRef"))
    starts = [id for id, element in elements.items() if element.kind == "startEvent"]
    found = dict.fromkeys(_reach(starts, following))
    found.update(dict.fromkeys(elements))
    return [id for id in found if id in elements]


def _reach(starts: Sequence[str], following: Mapping[str, Sequence[str]]) -> list[str]:
    order: dict[str, None] = {}
    waiting = deque(starts)
    while waiting:
        id = waiting.popleft()
        if id not in order:
            order[id] = None
            waiting.extend(following.get(id, ()))
    return list(order)
