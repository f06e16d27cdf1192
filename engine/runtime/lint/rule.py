"""What every rule of the linter works with: the process at hand and where to put findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import Problem
from engine.ports import Action, ActionUse, Forms, UseProblem
from engine.runtime.diagram import Flow, Node, Process
from engine.runtime.graph import Graph
from engine.runtime.reading_files import Reading

#: Judges the use of an action by what an agency has set up; outside of one nobody knows.
Judge = Callable[[Action, ActionUse], Sequence[UseProblem]]


def never_judged(_: Action, __: ActionUse) -> Sequence[UseProblem]:
    return ()


@dataclass(frozen=True, slots=True)
class Expected:
    """What exists around the files: actions, forms, processes of other deployments."""

    actions: Mapping[str, Action]
    forms: Forms
    processes: Callable[[str], Any]
    #: decisions come from outside: their references can not be checked against the files
    decided_elsewhere: bool = False
    #: what the agency says of how an action is used
    judge: Judge = never_judged


@dataclass(frozen=True, slots=True)
class Subject:
    """One process under the eyes of a rule."""

    process: Process
    graph: Graph
    reading: Reading
    expected: Expected

    @property
    def nodes(self) -> list[Node]:
        return list(self.process.nodes.values())

    def inside(self, parent: str | None) -> list[Node]:
        return [node for node in self.process.nodes.values() if node.parent == parent]

    def error(
        self,
        code: str,
        at: Node | Flow | Process,
        message: str,
        mend: str,
        attribute: str | None = None,
        line: int = 0,
    ) -> Problem:
        return Problem(
            self.process.file, line or at.line, at.id, attribute, code, message, mend, "error"
        )

    def warning(
        self,
        code: str,
        at: Node | Flow | Process,
        message: str,
        mend: str,
        attribute: str | None = None,
        line: int = 0,
    ) -> Problem:
        return Problem(
            self.process.file, line or at.line, at.id, attribute, code, message, mend, "warning"
        )


Rule = Callable[[Subject], Iterator[Problem]]


def called(node: Node) -> str:
    """How to speak of a node: its name, else its id."""
    return f"“{node.name or node.id}”"
