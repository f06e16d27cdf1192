"""The files of a deployment, by what they are: diagrams, decisions, forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine import jsonio
from engine.errors import Problem
from engine.runtime.diagram import Diagram, Process
from engine.runtime.errors import Stuck
from engine.runtime.parse import read_diagram

FORM = ".form.json"
_DIAGRAMS = (".bpmn", ".bpmn20.xml", ".bpmn2")
_DECISIONS = (".dmn",)


@dataclass(frozen=True, slots=True)
class Reading:
    diagrams: Sequence[Diagram]
    #: of all diagrams, by id; of two with one id the first
    processes: Mapping[str, Process]
    problems: Sequence[Problem] = ()
    #: form files by name, and the same by the keys that diagrams use for them
    form_files: Mapping[str, bytes] = field(default_factory=dict)
    forms: Mapping[str, bytes] = field(default_factory=dict)
    #: ids of decisions
    decisions: frozenset[str] = frozenset()
    others: Sequence[str] = ()

    def decide(self, ref: str, variables: Mapping[str, Any], now: datetime) -> Any:
        raise Stuck("decision_missing", f"Expected the decision “{ref}”, but there is none.")


def read_files(files: Mapping[str, bytes]) -> Reading:
    diagrams = [read_diagram(name, files[name]) for name in files if name.endswith(_DIAGRAMS)]
    processes: dict[str, Process] = {}
    for diagram in diagrams:
        for process in diagram.processes:
            processes.setdefault(process.id, process)
    form_files = {name: source for name, source in files.items() if name.endswith(FORM)}
    return Reading(
        diagrams=diagrams,
        processes=processes,
        problems=[problem for diagram in diagrams for problem in diagram.problems],
        form_files=form_files,
        forms=_by_key(form_files),
        others=[n for n in files if not n.endswith((*_DIAGRAMS, *_DECISIONS, FORM))],
    )


def _by_key(form_files: Mapping[str, bytes]) -> dict[str, bytes]:
    """A form is known by its file's name and by the id inside it."""
    found: dict[str, bytes] = {}
    for source in form_files.values():
        id_ = _inner_id(source)
        if id_:
            found[id_] = source
    for name, source in form_files.items():
        found[name.rpartition("/")[2].removesuffix(FORM)] = source
    return found


def _inner_id(source: bytes) -> str | None:
    try:
        content = jsonio.loads(source)
    except ValueError:
        return None
    id_ = content.get("id") if isinstance(content, dict) else None
    return id_ if isinstance(id_, str) else None
