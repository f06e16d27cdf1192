"""How often a person may ask for what costs time but changes nothing. Kept by each process."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from engine.errors import TooMany

#: people whose pace a process remembers; whoever is forgotten begins anew
PEOPLE = 2_000


@dataclass(slots=True)
class _Left:
    asks: float
    at: datetime


class Pace:
    """`burst` at once, then `a_second`; more is TooMany."""

    def __init__(self, burst: int, a_second: float) -> None:
        self._burst, self._a_second = burst, a_second
        self._left: OrderedDict[object, _Left] = OrderedDict()
        self._one_at_a_time = Lock()

    def ask(self, who: object, now: datetime) -> None:
        with self._one_at_a_time:
            left = self._left.pop(who, None) or _Left(self._burst, now)
            gained = max((now - left.at).total_seconds(), 0) * self._a_second
            left.asks, left.at = min(left.asks + gained, self._burst), now
            self._left[who] = left
            if len(self._left) > PEOPLE:
                self._left.popitem(last=False)
            if left.asks < 1:
                raise TooMany("Expected a pause between two askings; try again in a second.", 1)
            left.asks -= 1
