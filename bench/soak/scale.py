"""How large a house and how hard a day: the goals' own size, and one for continuous integration."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Rate:
    """A goal: so many a second, and the milliseconds that 99 of 100 answers stay under."""

    per_second: float
    p99: float


@dataclass(frozen=True, slots=True)
class Scale:
    people: int
    tasks: int
    #: inbox pages that are open
    online: int
    complete: Rate
    poll: Rate
    search: Rate
    sign: Rate
    #: seconds after which memory stays flat, and how much it may grow then
    warm: float
    growth: float
    #: speed is judged; memory and answers always are
    fast: bool

    def at(self, share: float) -> Scale:
        """The same house on an easier or a harder day; its inboxes ask as often as ever."""
        rates = {
            name: Rate(share * rate.per_second, rate.p99)
            for name in ("complete", "poll", "search", "sign")
            for rate in [getattr(self, name)]
        }
        return replace(self, online=max(1, int(share * self.online)), **rates)


FULL = Scale(
    people=100_000, tasks=1_000_000, online=4_800,
    complete=Rate(60, 300), poll=Rate(240, 200), search=Rate(3, 500), sign=Rate(0.5, 2000),
    warm=300, growth=0.05, fast=True,
)  # fmt: skip
SMALL = Scale(
    people=2_000, tasks=20_000, online=200,
    complete=Rate(6, 300), poll=Rate(15, 200), search=Rate(1, 500), sign=Rate(0.2, 2000),
    warm=60, growth=0.5, fast=False,
)  # fmt: skip
SCALES = {"full": FULL, "small": SMALL}
