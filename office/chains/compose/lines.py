"""Rows of steps and flows on their way: what a drawing holds until everything stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from office.chains.compose.sheet import Point, Sheet
from office.chains.compose.sizes import TRACK
from office.chains.model import Ask, Step


@dataclass(slots=True)
class Row:
    """One line of steps. `column` is where its back flows climb to the row around it."""

    steps: Sequence[Step]
    axis: int
    roof: int
    around: Row | None = None
    column: int = 0
    #: inside parallel work an end must end everything
    parallel: bool = False
    used: int = 0

    def next_track(self) -> int:
        self.used += 1
        return self.axis - self.roof - 10 - TRACK * (self.used - 1)

    def holds(self, step_id: str) -> bool:
        return any(step.id == step_id for step in self.steps)


@dataclass(frozen=True, slots=True)
class Loose:
    """A flow of which the beginning is known and not yet the target."""

    id: str
    source: str
    points: tuple[Point, ...]
    name: str = ""
    condition: str = ""
    default: bool = False

    def to(self, sheet: Sheet, target: str, *more: Point) -> None:
        sheet.flow(
            self.id or f"f_{self.source}_{target}",
            self.source,
            target,
            (*self.points, *more),
            name=self.name,
            condition=self.condition,
            default=self.default,
        )


@dataclass(frozen=True, slots=True)
class Back:
    """A flow to an earlier step, drawn when everything else stands."""

    loose: Loose
    row: Row
    target: str


@dataclass(frozen=True, slots=True)
class Again:
    """A flow from behind an earlier step, the target, straight to the one that had refused it."""

    step: Ask
    row: Row
    target: str
