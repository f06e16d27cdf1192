"""Every check that a deployment must pass: a small function for each rule, with its codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.errors import Problem
from engine.runtime import limits
from engine.runtime.diagram import Process
from engine.runtime.graph import Graph
from engine.runtime.lint import (
    branches,
    calls,
    conversations,
    cycles,
    deployment,
    events,
    expressions,
    flows,
    hiding,
    naming,
    people,
    signing,
    starting,
    structure,
    tasks,
    timing,
    unheard,
)
from engine.runtime.lint.rule import Expected, Judge, Rule, Subject, never_judged
from engine.runtime.reading_files import Reading

__all__ = ["Expected", "Judge", "lint", "never_judged"]

RULES: tuple[Rule, ...] = (
    *structure.RULES,
    *events.RULES,
    *starting.RULES,
    *flows.RULES,
    *cycles.RULES,
    *people.RULES,
    *signing.RULES,
    *tasks.RULES,
    *timing.RULES,
    *calls.RULES,
    *expressions.RULES,
    *hiding.RULES,
    *branches.RULES,
    *unheard.RULES,
    *naming.RULES,
)


def lint(reading: Reading, expected: Expected) -> list[Problem]:
    """All findings: errors before warnings, then by file and line."""
    found = list(reading.problems)
    for rule in (*deployment.RULES, *conversations.RULES):
        found.extend(rule(reading, expected))
    for diagram in reading.diagrams:
        for process in diagram.processes:
            found.extend(_of_process(process, reading, expected))
    found.sort(key=lambda p: (p.severity != "error", p.file, p.line))
    return found


def _of_process(process: Process, reading: Reading, expected: Expected) -> Iterator[Problem]:
    """What is wrong with a process that nobody wants to run is only a warning."""
    subject = Subject(process, Graph(process), reading, expected)
    too_large = len(process.nodes) > limits.PROCESS_NODES
    for rule in (structure.size,) if too_large else RULES:
        for problem in rule(subject):
            yield problem if process.executable else replace(problem, severity="warning")
