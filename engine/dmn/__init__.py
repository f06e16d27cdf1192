"""Decision models (DMN 1.1 to 1.5): tables, boxed expressions and their requirements, on FEEL.

Law of this room: a model is data; what it says is compiled to the same closures as FEEL, under
the same limits, and nothing in it is ever run as code.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.dmn.checking import findings
from engine.dmn.coverage import Coverage, judge
from engine.dmn.inputs import inputs
from engine.dmn.loading import Model, UnknownDecision, load
from engine.dmn.model import Decision
from engine.dmn.reading.tables import table_key
from engine.dmn.watching import watched
from engine.errors import DeploymentRefused, Problem


def check(files: Mapping[str, bytes]) -> list[Problem]:
    """Everything that is wrong with the .dmn files among these, each with its place."""
    if not any(file.lower().endswith(".dmn") for file in files):
        return []
    try:
        model = load(files)
    except DeploymentRefused as refused:
        return list(refused.problems)
    return [*model.problems, *findings(model)]


def coverage(model: Model, decision: str) -> Coverage | None:
    """What a table of the model answers and what it does not; None where it is no table."""
    element = model.find(decision)
    return judge(element) if isinstance(element, Decision) else None


__all__ = [
    "Coverage",
    "Model",
    "UnknownDecision",
    "check",
    "coverage",
    "findings",
    "inputs",
    "load",
    "table_key",
    "watched",
]
