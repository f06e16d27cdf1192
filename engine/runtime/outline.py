"""What a diagram shows: elements with their places, and flows, for viewer and table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.runtime.bundle import Bundle


@dataclass(frozen=True, slots=True)
class Bounds:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class ElementFact:
    """`type` is the BPMN name, such as userTask; `parent` the id of the subprocess around it."""

    id: str
    name: str
    type: str
    lane: str | None
    parent: str | None
    bounds: Bounds | None
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class FlowFact:
    id: str
    name: str
    source: str
    target: str
    condition: str | None
    waypoints: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """Elements in the order of the flow (from the start events on), then flows."""

    process_id: str
    elements: Sequence[ElementFact]
    flows: Sequence[FlowFact]


def outline(bundle: Bundle, process_id: str) -> Outline:
    raise NotImplementedError
