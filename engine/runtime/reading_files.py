"""The files of a deployment, by what they are: diagrams, decisions, forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.errors import Problem
from engine.runtime.diagram import Diagram, Process
from engine.runtime.errors import Stuck
from engine.runtime.parse import read_diagram


@dataclass(frozen=True, slots=True)
class Reading:
    diagrams: Sequence[Diagram]
    #: of all diagrams, by id; of two with one id the first
    processes: Mapping[str, Process]
    problems: Sequence[Problem] = ()
    forms: Mapping[str, bytes] = field(default_factory=dict)

    def decide(self, ref: str, variables: Mapping[str, Any], now: datetime) -> Any:
        raise Stuck("decision_missing", f"Expected the decision “{ref}”, but there is none.")


def read_files(files: Mapping[str, bytes]) -> Reading:
    diagrams = [read_diagram(name, source) for name, source in files.items() if is_diagram(name)]
    processes: dict[str, Process] = {}
    for diagram in diagrams:
        for process in diagram.processes:
            processes.setdefault(process.id, process)
    problems = [problem for diagram in diagrams for problem in diagram.problems]
    return Reading(diagrams, processes, problems)


def is_diagram(name: str) -> bool:
    return name.endswith((".bpmn", ".bpmn20.xml", ".bpmn2"))
