"""The engine's figures: completing tasks, against a bare write under the same server."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from bench.load import Instance, Line, Times, many_clients, one_client, row, table, timed
from bench.servers import base, product
from bench.soak.spent import Spent

ROUNDS = 100
#: Of these the latencies do not count, the processor's time does.
WARM = 20
CLIENTS = 16
SECONDS = 12.0


def ours(line: Line, times: Times) -> None:
    """A start and four completions; only the completions are timed."""
    started = line.post(
        "/api/v1/process-instances", {"definition_key": "bench_route", "variables": {"amount": 21}}
    )
    task = started["tasks"][0]["id"]
    for body in ({}, {}, {"variables": {"agreed": True}}, {}):
        answer = timed(line, f"/api/v1/tasks/{task}/complete", body or {"variables": {}}, times)
        task = answer["next"][0]["id"] if answer["next"] else ""


def theirs(ids: list[str]) -> Instance:
    """The same number of writes in the baseline: five, of which four are timed."""
    turn: Callable[[], str] = itertools.cycle(ids).__next__

    def instance(line: Line, times: Times) -> None:
        line.post(f"/complete/{turn()}", {"variables": {}})
        for _ in range(4):
            timed(line, f"/complete/{turn()}", {"variables": {}}, times)

    return instance


def loops(line: Line, rounds: int) -> Times:
    """Latencies of 60 completions in one instance that was sent back `rounds` times before."""
    started = line.post(
        "/api/v1/process-instances", {"definition_key": "bench_route", "variables": {"amount": 1}}
    )
    task, times = started["tasks"][0]["id"], Times()
    for turn in range(rounds + 20):
        kept = times if turn >= rounds else Times()
        for variables in ({}, {}, {"agreed": False}):
            answer = timed(line, f"/api/v1/tasks/{task}/complete", {"variables": variables}, kept)
            task = answer["next"][0]["id"]
    return times


def run(title: str, make_url: Callable[[], str], database: int | None = None) -> str:
    """All figures on one database, as a Markdown table. `database`: the process of its server."""
    with base(make_url()) as bare:
        port = bare.port
        with Spent.by(bare.pid, database) as base_spent:
            base_one = one_client(port, "", theirs(bare.ids), ROUNDS, warm=WARM)
        base_rate, base_many = many_clients(port, "", theirs(bare.ids), CLIENTS, SECONDS)
    with product(make_url()) as saraban:
        with Spent.by(saraban.pid, database) as our_spent:
            our_one = one_client(saraban.port, saraban.token, ours, ROUNDS, warm=WARM)
        our_rate, our_many = many_clients(saraban.port, saraban.token, ours, CLIENTS, SECONDS)
        line = Line(saraban.port, saraban.token)
        few, many = loops(line, 10), loops(line, 1_000)
        line.close()
    return table(
        title,
        [
            row("complete p50, one client", our_one.p(50), base_one.p(50), "ms", "≤ 2.5"),
            row("completions a second, 16 clients", our_rate, base_rate, "/s", "≥ 0.4"),
            row("complete p99, 16 clients", our_many.p(99), base_many.p(99), "ms", "≤ 3"),
            row(
                "processor, servers and database, of a start and four completions (baseline: five"
                " writes)",
                our_spent.each(ROUNDS + WARM),
                base_spent.each(ROUNDS + WARM),
                "ms",
                "≤ 2.5",
            ),
            row(
                "complete p50 after 1,000 send-backs (baseline: after 10)",
                many.p(50),
                few.p(50),
                "ms",
                "≤ 1.1",
            ),
        ],
    )
