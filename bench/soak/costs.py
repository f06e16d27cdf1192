"""What one call of each kind costs in processor time, by program: by this a machine is sized.

Calls come one behind the other, so that nobody waits for anybody; what runs anyway is taken off.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

from bench.soak import spent
from bench.soak.aftermath import due
from bench.soak.client import Reply
from bench.soak.house import House
from bench.soak.kinds import Crowd
from bench.soak.scale import Scale
from engine.db import make_engine, reading

#: Inbox pages that ask in turn, and calls that warm up: afterwards each page knows its ETag.
PAGES = 60
_WARM = PAGES
#: Letters to sign: the first warms up.
LETTERS = 21
#: Seconds of rest by which it is known what runs anyway.
_REST = 10.0
#: Seconds for what a call leaves behind to be done.
_PATIENCE = 60.0

Act = Callable[[], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Measured:
    """One kind of call, how many are measured, and how many come in a second at the whole goal."""

    name: str
    act: Act
    calls: int
    per_second: float


@dataclass(frozen=True, slots=True)
class Cost:
    of: Measured
    #: milliseconds of a processor by program
    used: Counter[str]

    @property
    def whole(self) -> float:
        return sum(self.used.values())


@dataclass
class Meter:
    """Reads what the programs spend while something is done."""

    house: House
    pids: tuple[int, int]
    _idle: Counter[str]

    @classmethod
    async def rested(cls, house: House, pids: tuple[int, int]) -> Meter:
        made = cls(house, pids, Counter())
        await made._settled()  # what letters on their way to the desk left to the worker is no rest
        made._idle = await made.during(lambda: asyncio.sleep(_REST), _REST)
        return made

    async def during(self, what: Callable[[], Awaitable[object]], share: float) -> Counter[str]:
        """Seconds by program, less what they spend at rest, divided by `share`."""
        began, before = perf_counter(), spent.spent(*self.pids)
        await what()
        seconds, after = perf_counter() - began, spent.spent(*self.pids)
        return Counter(
            {
                name: max(0.0, after[name] - before[name] - seconds * self._idle[name]) / share
                for name in after
            }
        )

    async def cost(self, of: Measured) -> Cost:
        for _ in range(_WARM if of.calls > _WARM else 1):
            await _good(of)
        await self._settled()

        async def work() -> None:
            for _ in range(of.calls):
                await _good(of)
            await self._settled()

        used = await self.during(work, of.calls / 1000)
        return Cost(of, used)

    async def _settled(self) -> None:
        """Nothing is due: what calls leave to the worker is a part of their cost."""
        database, ends = make_engine(self.house.url), perf_counter() + _PATIENCE
        try:
            while perf_counter() < ends:
                with reading(database) as db:
                    if not due(db):
                        return
                await asyncio.sleep(0.2)
        finally:
            database.dispose()


async def _good(of: Measured) -> None:
    reply = await of.act()
    if not reply.good:
        raise RuntimeError(f"{of.name}: {reply.status} {reply.body[:400]!r}")


def kinds(crowd: Crowd, scale: Scale) -> Sequence[Measured]:
    """A poll is answered in two ways: first in full, then by 304 for as long as nothing is new."""

    async def first() -> Reply:
        crowd.forget()
        return await crowd.poll()

    return (
        Measured("poll, nothing new", crowd.poll, 1500, scale.poll.per_second),
        Measured("poll, something new", first, 300, 0),
        Measured("complete", crowd.complete, 400, scale.complete.per_second),
        Measured("search", crowd.search, 60, scale.search.per_second),
        Measured("sign", crowd.sign, LETTERS - 1, scale.sign.per_second),
    )


def table(costs: Sequence[Cost]) -> str:
    """Markdown: milliseconds of a call by program, and the processors that the goal keeps busy."""
    programs = sorted({name for cost in costs for name, ms in cost.used.items() if ms >= 0.05})
    return "\n".join(_lines(costs, programs))


def _lines(costs: Sequence[Cost], programs: Sequence[str]) -> Iterator[str]:
    yield f"| processor ms of one call | {' | '.join(programs)} | all | processors at the goal |"
    yield f"|---|{'---|' * len(programs)}---|---|"
    for cost in costs:
        each = " | ".join(f"{cost.used[name]:.2f}" for name in programs)
        busy = cost.whole * cost.of.per_second / 1000
        yield f"| {cost.of.name} | {each} | {cost.whole:.2f} | {busy:.2f} |"
    whole = sum(cost.whole * cost.of.per_second for cost in costs) / 1000
    yield f"| all at the goal's rates | {'| ' * len(programs)}| {whole:.2f} |"
