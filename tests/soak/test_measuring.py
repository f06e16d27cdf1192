"""The soak's own yardstick: who stalls is charged for everybody who waits; faults are told."""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
from collections.abc import Awaitable, Callable

from bench.soak import load, verdict, watch
from bench.soak.client import Reply
from bench.soak.kinds import Kind
from bench.soak.load import Load
from bench.soak.scale import FULL, SMALL
from bench.soak.watch import Program


def run(act: Callable[[], Awaitable[Reply]], *, rate: float, seconds: float = 0.5) -> Load:
    return asyncio.run(load.run([Kind("poll", rate, 200, act)], seconds))


def test_latency_counts_from_the_timetable_not_from_the_sending() -> None:
    one_at_a_time = asyncio.Lock()

    async def slow() -> Reply:
        async with one_at_a_time:
            await asyncio.sleep(0.05)
            return Reply(200, {}, b"")

    # ten calls' work for each second's twenty arrivals: the last waits for all before it
    done = run(slow, rate=40)
    (result,) = done.results
    assert len(result.latencies) == 20
    assert max(result.latencies) > 400
    assert any("p99" in miss for miss in verdict.misses(done, [], FULL))


def test_a_bad_answer_is_told_with_its_words() -> None:
    async def broken() -> Reply:
        return Reply(500, {}, b'{"code":"bug"}')

    done = run(broken, rate=10)
    told = list(verdict.misses(done, [], SMALL))
    assert 'poll: 500 {"code":"bug"}' in told
    assert "poll: 5 bad answers, 0 of them put off" in told


def test_calls_that_are_put_off_are_forgiven_where_speed_is_not_judged_and_they_are_few() -> None:
    calls = itertools.count()

    async def busy() -> Reply:
        late = next(calls) % 100 == 0
        return Reply(503, {"retry-after": "5"}, b"") if late else Reply(200, {}, b"")

    done = run(busy, rate=400)
    assert list(verdict.misses(done, [], SMALL)) == []
    assert any("2 of them put off" in miss for miss in verdict.misses(done, [], FULL))
    (result,) = done.results
    result.bad = result.put_off = 20
    assert any("20 of them put off" in miss for miss in verdict.misses(done, [], SMALL))


def test_not_modified_is_a_good_answer() -> None:
    async def unchanged() -> Reply:
        return Reply(304, {}, b"")

    assert list(verdict.misses(run(unchanged, rate=10), [], SMALL)) == []


def test_a_call_without_an_answer_is_a_bad_one() -> None:
    async def lost() -> Reply:
        raise ConnectionResetError("by peer")

    told = list(verdict.misses(run(lost, rate=10), [], SMALL))
    assert any("ConnectionResetError" in miss for miss in told)


def test_growth_counts_from_the_warm_moment_on() -> None:
    at = [float(second) for second in range(0, 700, 5)]
    level = Program("web 1", at=at, memory=[200.0 if t > 300 else 50.0 for t in at])
    leak = Program("web 2", at=at, memory=[200.0 + t / 10 for t in at])
    told = list(verdict.misses(Load([]), [level, leak], FULL))
    assert told == ["web 2 grew from 231 to 268 MB"]


def test_a_program_that_has_ended_is_told_as_such() -> None:
    with subprocess.Popen(["true"]) as ended:
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
        assert watch.name_of(ended.pid) == "ended"
