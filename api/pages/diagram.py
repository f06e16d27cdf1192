"""What pages need from a deployed diagram: its steps by name, in order, with flows; parsed once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from lxml import etree

from api.deployed import BPMN, root_of
from api.pages.designer_words import kinds
from api.pages.desk import actor, db
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from engine import dmn
from engine.queries import definitions
from office.chains.matrix.ways import variable
from office.chains.model import FIND, SENT_BACK

BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
SARABAN = "{urn:saraban:bpmn:1.0}"
#: what a person can see as a step, by the element's local name
STEPS = frozenset(
    {
        "userTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "callActivity",
        "subProcess", "manualTask", "task",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Element:
    """`outcomes` are a user task's, the usual one first: id to (Thai, English); `answer` is the
    variable that the chosen one goes to, `answers` the list that collects those of several.
    `default` is a gateway's flow.
    """

    id: str
    kind: str
    name: str
    outcomes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    default: str | None = None
    answer: str | None = None
    answers: str | None = None
    #: of a call that looks people up, a script that keeps who sent work back, and a matrix: the
    #: variable
    asked: str | None = None
    #: what it goes through, and the variable that holds the one whose turn it is
    items: str | None = None
    item: str | None = None
    in_order: bool = False
    #: of a business rule task: its decision, and the variable that the answer goes to
    decides: tuple[str, str] | None = None
    #: the activity around it, if any
    inside: str | None = None

    @property
    def is_step(self) -> bool:
        return self.kind in STEPS


@dataclass(frozen=True, slots=True)
class Flow:
    id: str
    target: str
    #: FEEL without its `=`, or None where nothing is asked
    condition: str | None


@dataclass(frozen=True, slots=True)
class Diagram:
    """Elements in reading order: from left to right as they are drawn. `model` answers what they
    decide, where any does.
    """

    elements: Mapping[str, Element]
    flows: Mapping[str, Sequence[Flow]] = field(default_factory=dict)
    model: dmn.Model | None = None

    @property
    def steps(self) -> list[Element]:
        return [element for element in self.elements.values() if element.is_step]

    def outcome(self, element_id: str, outcome: str | None) -> str:
        """What an outcome of a step is called, in the reader's language."""
        if outcome == "return":
            return _("ส่งคืนแก้ไข")
        element = self.elements.get(element_id)
        names = element.outcomes.get(outcome or "") if element else None
        return names[language() == "en"] if names else (outcome or "")

    @property
    def answers(self) -> frozenset[str]:
        """The variables that hold what people chose: the history tells that better."""
        every = ({one.answer, one.answers, one.asked} for one in self.elements.values())
        return frozenset(name for names in every for name in names if name)

    def is_before(self, element_id: str, other_id: str) -> bool:
        """Whether it is drawn further left."""
        order = list(self.elements)
        both = element_id in self.elements and other_id in self.elements
        return both and order.index(element_id) < order.index(other_id)

    def name(self, element_id: str) -> str:
        found = self.elements.get(element_id)
        return found.name if found and found.name else element_id

    def called(self, element_id: str) -> str:
        """The same for whoever draws: what has no name yet is called by its kind."""
        found = self.elements.get(element_id)
        if found is None:
            return element_id
        kind = _kinds(language()).get(found.kind, found.kind)
        return found.name or _("%(kind)sที่ยังไม่มีชื่อ", kind=kind)


@lru_cache(maxsize=2)
def _kinds(_language: str) -> Mapping[str, str]:
    """What is asked for each unnamed element of a large diagram."""
    return kinds()


def diagram_of(definition_id: str) -> Diagram:
    """A deployed version never changes: parsed once for the life of the process."""
    return _parsed(actor().agency_id, UUID(definition_id))


def untouched(definition_id: str) -> dict[str, Any]:
    """What the island draws where nothing has happened yet."""
    states: dict[str, Any] = {name: [] for name in ("done", "active", "stuck", "flows")}
    return {"xml": f"/definitions/{definition_id}/xml", **states}


@lru_cache(maxsize=128)
def _parsed(agency_id: UUID, definition_id: UUID) -> Diagram:
    found = read(definitions.xml(db(), agency_id, definition_id))
    if not any(one.decides for one in found.elements.values()):
        return found
    return with_decisions(found, definitions.files(db(), agency_id, definition_id))


def with_decisions(diagram: Diagram, files: Mapping[str, bytes]) -> Diagram:
    models = {name: content for name, content in files.items() if name.endswith(".dmn")}
    return replace(diagram, model=dmn.load(models)) if models else diagram


def read(xml: bytes) -> Diagram:
    root = root_of(xml)
    elements = [_element(node) for node in root.iter(f"{BPMN}*") if node.get("id")]
    drawn_at = _places(root)
    elements.sort(key=lambda element: drawn_at.get(element.id, 0.0))
    return Diagram({element.id: element for element in elements}, _flows(root))


def _places(root: Any) -> dict[str, float]:
    """Where each element is drawn, from the left."""
    return {
        shape.get("bpmnElement"): _number(bounds.get("x"))
        for shape in root.iter("{http://www.omg.org/spec/BPMN/20100524/DI}BPMNShape")
        for bounds in shape.iter(BOUNDS)
    }


def _number(text: str | None) -> float:
    """A draft may say anything; what is no number is drawn at the left."""
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def _element(node: Any) -> Element:
    found = node.findall(f"{BPMN}extensionElements/{SARABAN}outcomes/{SARABAN}outcome")
    around = next(node.iterancestors(f"{BPMN}subProcess"), None)
    return Element(
        id=node.get("id"),
        kind=etree.QName(node).localname,
        name=node.get("name") or "",
        outcomes={
            one.get("id"): (one.get("name"), one.get("nameEn") or one.get("name")) for one in found
        },
        default=node.get("default"),
        answer=_answer(node) if found else None,
        answers=node.findtext(f"{BPMN}multiInstanceLoopCharacteristics/{BPMN}loopDataOutputRef"),
        asked=_asked(node),
        items=node.findtext(f"{_LOOP}/{BPMN}loopDataInputRef"),
        item=_item(node),
        in_order=node.find(_LOOP) is not None and node.find(_LOOP).get("isSequential") == "true",
        decides=_decides(node),
        inside=None if around is None else around.get("id"),
    )


_LOOP = f"{BPMN}multiInstanceLoopCharacteristics"


def _item(node: Any) -> str | None:
    found = node.find(f"{_LOOP}/{BPMN}inputDataItem")
    return None if found is None else found.get("name")


def _decides(node: Any) -> tuple[str, str] | None:
    found = node.find(f"{BPMN}extensionElements/{SARABAN}decision")
    if found is None:
        return None
    ref = str(found.get("ref"))
    return ref, str(found.get("resultVariable") or ref)


def _asked(node: Any) -> str | None:
    decides = _decides(node)
    if decides is not None and decides[1] == variable(node.get("id")):
        return decides[1]
    result = node.find(f"{BPMN}extensionElements/{SARABAN}result")
    if result is not None and (result.get("variable") or "").endswith(SENT_BACK):
        return str(result.get("variable"))
    found = node.find(f"{BPMN}extensionElements/{SARABAN}action[@name='{FIND}']")
    return None if found is None else found.get("resultVariable")


def _answer(node: Any) -> str:
    holder = node.find(f"{BPMN}extensionElements/{SARABAN}outcomes")
    return str(holder.get("variable") or "outcome")


def _flows(root: Any) -> dict[str, list[Flow]]:
    found: dict[str, list[Flow]] = {}
    for node in root.iter(f"{BPMN}sequenceFlow"):
        text = (node.findtext(f"{BPMN}conditionExpression") or "").strip().removeprefix("=")
        flow = Flow(node.get("id"), node.get("targetRef"), text or None)
        found.setdefault(node.get("sourceRef"), []).append(flow)
    return found
