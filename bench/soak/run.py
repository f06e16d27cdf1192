"""`python -m bench soak [--minutes 30] [--scale full]`: builds the house, serves it, loads it.

Exit code 1 when a goal was missed. The load comes from this process, on the same machine.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from support import postgres

from bench.servers import SARABAN, free_port, running
from bench.soak import aftermath, costs, house, letters, load, spent, verdict
from bench.soak.client import Client
from bench.soak.house import House
from bench.soak.kinds import Crowd, Kind
from bench.soak.load import Load
from bench.soak.scale import SCALES, Scale
from bench.soak.watch import Program, Watch

#: Processor time spent, before the load and after it.
Busy = tuple[Counter[str], Counter[str]]
#: What an operator gives a database of this size.
_POSTGRES = ("shared_buffers=1GB", "max_wal_size=4GB", "checkpoint_timeout=15min")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench soak")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--scale", choices=SCALES, default="full")
    parser.add_argument("--audit", action="store_true", help="prove every case afterwards")
    parser.add_argument("--share", type=float, default=1, help="of the goals' rates")
    parser.add_argument("--costs", action="store_true", help="only tell what one call costs")
    given = parser.parse_args(arguments)
    scale, seconds = SCALES[given.scale].at(given.share), 60 * given.minutes
    with (
        postgres.server(*_POSTGRES, durable=True) as server,
        tempfile.TemporaryDirectory(prefix="saraban-soak-") as folder,
    ):
        made = house.build(Path(folder), server.create(), scale.people, scale.tasks)
        print(f"The house stands after {made.took:.0f} s.", flush=True)
        if given.costs:
            print(_costs(made, scale, server.process.pid))
            return 0
        before = aftermath.size(made.url)
        done, programs, busy, wrong = _serve(
            made, scale, seconds, server.process.pid, whole=given.audit
        )
        print(verdict.table(done, programs, scale, (before, aftermath.size(made.url))))
        print(f"\n{spent.table(*busy, done.seconds, given.share)}")
        wrong = [*verdict.misses(done, programs, scale), *wrong]
    print("\n".join(f"MISSED {miss}" for miss in wrong) or "All goals were kept.")
    return 1 if wrong else 0


def _serve(
    made: House, scale: Scale, seconds: float, database: int, *, whole: bool
) -> tuple[Load, list[Program], Busy, list[str]]:
    port, log = free_port(), made.home / "serve.log"
    environ = {**made.environ, "SARABAN_PORT": str(port)}
    with running([SARABAN, "serve"], port, environ, log) as process:
        pids = process.pid, database
        done, programs, busy = asyncio.run(_work(made, scale, seconds, port, pids))
        wrong = list(aftermath.complaints(made.url, whole=whole))
    return done, programs, busy, [*wrong, *_logged(log)]


def _costs(made: House, scale: Scale, database: int) -> str:
    port = free_port()
    environ = {**made.environ, "SARABAN_PORT": str(port)}
    with running([SARABAN, "serve"], port, environ, made.home / "serve.log") as process:
        pids = process.pid, database
        return costs.table(asyncio.run(_measure(made, scale, port, pids)))


async def _measure(made: House, scale: Scale, port: int, pids: tuple[int, int]) -> list[costs.Cost]:
    client = Client(port)
    desk = await letters.prepare(client, made, costs.LETTERS)
    wanted = costs.kinds(Crowd(client, made, desk, costs.PAGES), scale)
    meter = await costs.Meter.rested(made, pids)
    found = [await meter.cost(each) for each in wanted]
    client.close()
    return found


def _logged(log: Path) -> list[str]:
    """Bugs end in the log with their tracebacks."""
    text = log.read_text("utf-8", errors="replace")
    at = text.find("Traceback")
    return [] if at < 0 else [f"the log holds a traceback: …{text[max(0, at - 300) : at + 3000]}"]


async def _work(
    made: House, scale: Scale, seconds: float, port: int, pids: tuple[int, int]
) -> tuple[Load, list[Program], Busy]:
    client = Client(port)
    desk = await letters.prepare(client, made, int(scale.sign.per_second * seconds * 1.1) + 5)
    print(f"{len(desk)} letters lie on the signer's desk.", flush=True)
    crowd, began = Crowd(client, made, desk, scale.online), perf_counter()
    await crowd.open_pages()
    print(f"{scale.online:,} pages were opened in {perf_counter() - began:.0f} s.", flush=True)
    watch, before = Watch(pids[0]), spent.spent(*pids)
    watching = asyncio.create_task(watch.run())
    done = await load.run(_kinds(crowd, scale), seconds)
    watching.cancel()
    watch.look()
    after = spent.spent(*pids)
    client.close()
    return done, [watch.programs[found] for found in watch.programs], (before, after)


def _kinds(crowd: Crowd, scale: Scale) -> list[Kind]:
    acts = {"complete": crowd.complete, "poll": crowd.poll, "search": crowd.search,
            "sign": crowd.sign}  # fmt: skip
    return [
        Kind(name, rate.per_second * verdict.OFFERED, rate.p99, act)
        for name, act in acts.items()
        for rate in [getattr(scale, name)]
    ]
