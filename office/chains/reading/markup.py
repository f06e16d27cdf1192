"""What stands in a file beside elements and flows, and would be lost with it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.runtime.parse import names
from engine.runtime.reading import read_xml
from office.chains.errors import NotComposable

_IN_PROCESS = names.NODES | {"documentation", "extensionElements", "property", "sequenceFlow"}
_IN_BLOCK = _IN_PROCESS | {"incoming", "outgoing"}
#: what a block is left by, and what is told outside it
_THROWN = ("error", "escalation")
_IN_FILE = frozenset({"process", "import"})


def extras(source: bytes) -> Iterator[NotComposable]:
    root = read_xml(source)
    thrown = {
        one.get(f"{kind}Ref")
        for kind in _THROWN
        for one in root.iter(names.bpmn(f"{kind}EventDefinition"))
    }
    for child in names.bpmn_children(root):
        is_thrown = names.local(child) in _THROWN and child.get("id") in thrown
        if names.local(child) not in _IN_FILE and not is_thrown:
            yield _extra(child)
    for process in root.iter(names.bpmn("process"), names.bpmn("subProcess")):
        known = _IN_PROCESS if names.local(process) == "process" else _IN_BLOCK
        for child in names.bpmn_children(process):
            if names.local(child) not in known:
                yield _extra(child)


def _extra(child: etree._Element) -> NotComposable:
    return NotComposable(
        child.get("id") or "", child.get("name") or "", "extra", names.local(child)
    )
