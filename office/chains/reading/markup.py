"""What stands in a file beside elements and flows, and would be lost with it."""

from __future__ import annotations

from engine.runtime.parse import names
from engine.runtime.reading import read_xml
from office.chains.errors import NotComposable

_IN_PROCESS = names.NODES | {"documentation", "extensionElements", "property", "sequenceFlow"}
_IN_FILE = frozenset({"process", "import"})


def check_markup(source: bytes) -> None:
    root = read_xml(source)
    for child in names.bpmn_children(root):
        if names.local(child) not in _IN_FILE:
            raise NotComposable(child.get("id") or "", child.get("name") or "", "extra",
                                names.local(child))  # fmt: skip
    for process in root.findall(names.bpmn("process")):
        for child in names.bpmn_children(process):
            if names.local(child) not in _IN_PROCESS:
                raise NotComposable(child.get("id") or "", child.get("name") or "", "extra",
                                    names.local(child))  # fmt: skip
