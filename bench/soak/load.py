"""An open load: arrivals follow a timetable, whether or not the answers keep up.

Latency counts from the moment that the timetable named, so that a server which stalls is charged
for everybody who would have come meanwhile.
"""

from __future__ import annotations

import asyncio
import heapq
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from bench.soak.kinds import Kind

#: Bad answers of one kind that are kept word for word.
KEPT = 5
#: More calls than these under way: the server is lost, and the load stops.
MOST_AT_ONCE = 4_000
_LONGEST_BODY = 400


@dataclass
class Result:
    """What became of one kind's calls."""

    kind: Kind
    sent: int = 0
    #: bad answers, those that were put off among them
    bad: int = 0
    put_off: int = 0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)

    def p(self, percent: float) -> float:
        if not self.latencies:
            return float("inf")
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]

    def complain(self, text: str, *, put_off: bool = False) -> None:
        self.bad += 1
        if put_off:
            self.put_off += 1
            return
        if len(self.complaints) < KEPT:
            self.complaints.append(text)


@dataclass
class Load:
    """`broke`: the second in which it was given up, None if it held."""

    results: list[Result]
    seconds: float = 0
    broke: float | None = None


def _timetable(results: Sequence[Result], seconds: float) -> Iterator[tuple[float, Result]]:
    """Arrivals of every kind in order of time: even in number, random within their slot."""
    chance = random.Random(7)

    def of(result: Result) -> Iterator[tuple[float, int, Result]]:
        rate = result.kind.rate
        for number in range(int(rate * seconds)):
            yield (number + chance.random()) / rate, id(result), result

    for at, _, result in heapq.merge(*map(of, results)):
        yield at, result


async def run(kinds: Sequence[Kind], seconds: float) -> Load:
    """Carry the timetable out, then wait for what is under way."""
    load = Load([Result(kind) for kind in kinds])
    began = perf_counter()
    under_way: set[asyncio.Task[None]] = set()
    for at, result in _timetable(load.results, seconds):
        if (early := began + at - perf_counter()) > 0:
            await asyncio.sleep(early)
        if len(under_way) > MOST_AT_ONCE:
            load.broke = perf_counter() - began
            break
        result.sent += 1
        call = asyncio.create_task(_call(result, began + at))
        under_way.add(call)
        call.add_done_callback(under_way.discard)
    await asyncio.gather(*under_way)
    load.seconds = max(perf_counter() - began, seconds) if load.broke is None else load.broke
    return load


async def _call(result: Result, due: float) -> None:
    try:
        reply = await result.kind.act()
    except Exception as error:
        result.statuses[type(error).__name__] += 1
        result.complain(f"{result.kind.name}: {error!r}")
        return
    result.latencies.append(1000 * (perf_counter() - due))
    result.statuses[str(reply.status)] += 1
    if not reply.good:
        body = reply.body[:_LONGEST_BODY].decode(errors="replace")
        words = f"{result.kind.name}: {reply.status} {body}"
        result.complain(words, put_off=reply.put_off)
