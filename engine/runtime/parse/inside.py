"""Parts of a flow node: what decorates it, what is kept but not executed, what is refused."""

from __future__ import annotations

from lxml import etree

from engine.runtime.parse import instead, names
from engine.runtime.parse.findings import Findings
from engine.runtime.parse.nodes import Reader

#: children of events and activities that their own readers take
EVENT_PARTS = frozenset({"eventDefinitionRef", "ioBinding", "resource", "correlationSubscription"})
ROLES = ("potentialOwner", "humanPerformer", "performer", "resourceRole")
_ASSOCIATIONS = ("dataInputAssociation", "dataOutputAssociation")
_MAP_INSTEAD = (
    "Set variables with a script task, or with saraban:input of a call, an action or an event that "
    "throws."
)


def refuse(element: etree._Element, found: Findings) -> None:
    found.error(
        "unsupported_element",
        element,
        f"Expected elements that run here, but <{names.local(element)}> does not.",
        instead.of_element(names.local(element)),
    )


def check_inside(node: etree._Element, kind: str, reader: Reader) -> None:
    """Parts of a node that are kept but not executed, or that do not belong there."""
    found = reader.found
    for child in names.bpmn_children(node):
        tag = names.local(child)
        if kind != "subProcess" and not _is_part(tag, kind):
            refuse(child, found)
        elif tag in _ASSOCIATIONS and _maps(child, kind, reader):
            found.warn(
                "data_mapping",
                child,
                "The data association is kept, but its mapping is not executed: variables belong "
                "to the whole process.",
                _MAP_INSTEAD,
            )
        elif tag in ROLES:
            hint(child, tag, "Say who with saraban:assignment.", found)


def _maps(association: etree._Element, kind: str, reader: Reader) -> bool:
    """Whether it would change a value: what is named alike on both sides is one variable here.

    Editors put a nameless end there, whose placeholder begins with two underscores.
    """
    if any(
        association.find(names.bpmn(tag)) is not None for tag in ("assignment", "transformation")
    ):
        return True
    ends = [association.find(names.bpmn(tag)) for tag in ("sourceRef", "targetRef")]
    known = (reader.data.get(names.text_of(end)) for end in ends if end is not None)
    named = {name for name in known if name and not name.startswith("__")}
    return len(named) > 1 or (bool(named) and kind in names.EVENTS)


def hint(element: etree._Element, tag: str, mend: str, found: Findings) -> None:
    found.warn("foreign_hint", element, f"<{tag}> is kept, but not executed.", mend)


def _is_part(tag: str, kind: str) -> bool:
    is_definition = kind in names.EVENTS and tag.endswith("EventDefinition")
    return is_definition or tag in names.INERT | EVENT_PARTS
