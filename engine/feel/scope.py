"""What a running expression sees: the names around it, and the one evaluation it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.feel.limits import EXPRESSION, Limits, Meter
from engine.feel.temporal.arithmetic import in_zone
from engine.feel.temporal.native import date_time_of

if TYPE_CHECKING:
    from engine.feel.temporal.types import DateTime
    from engine.feel.types import Type
    from engine.ports import WorkingTime


@dataclass(frozen=True, slots=True)
class Notice:
    """Why something became null, and where in the text (0 where not known)."""

    message: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.line}:{self.column} {self.message}" if self.line else self.message


#: A model can produce the same complaint for each of a thousand rows.
_MOST_NOTICES = 50


class Run:
    """One evaluation: its limits, its moment, its warnings. Never shared between threads."""

    __slots__ = ("_now", "lenient", "meter", "notices", "types", "working_time", "zone")

    def __init__(
        self,
        now: datetime,
        *,
        zone: str = "Asia/Bangkok",
        limits: Limits = EXPRESSION,
        strict: bool = True,
        working_time: WorkingTime | None = None,
        types: Mapping[str, Type] | None = None,
    ) -> None:
        self._now = now
        self.zone = zone
        self.meter = Meter(limits)
        self.lenient = not strict
        self.working_time = working_time
        self.types = types or {}
        self.notices: list[Notice] = []

    @property
    def now(self) -> DateTime:
        """The moment of this evaluation, in its zone: the same at every look."""
        return in_zone(date_time_of(self._now), self.zone)

    def warn(self, message: str, line: int = 0, column: int = 0) -> None:
        if len(self.notices) < _MOST_NOTICES:
            self.notices.append(Notice(message, line, column))


class Frame:
    """Names with values, and the frame around them."""

    __slots__ = ("names", "outer", "run")

    def __init__(self, names: dict[str, Any], outer: Frame | None, run: Run) -> None:
        self.names = names
        self.outer = outer
        self.run = run

    def inner(self, names: dict[str, Any]) -> Frame:
        return Frame(names, self, self.run)


def root(run: Run, names: dict[str, Any]) -> Frame:
    return Frame(names, None, run)
