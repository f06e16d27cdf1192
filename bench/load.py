"""A small load client: keep-alive connections, whole instances, latencies by step."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any


class Line:
    """One keep-alive connection that speaks JSON."""

    def __init__(self, port: int, token: str = "") -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def post(self, path: str, body: Any) -> Any:
        self._http.request("POST", path, json.dumps(body), self._headers)
        answer = self._http.getresponse()
        data = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"POST {path}: {answer.status} {data[:400]!r}")
        return json.loads(data)

    def get(self, path: str) -> Any:
        self._http.request("GET", path, headers=self._headers)
        answer = self._http.getresponse()
        data = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"GET {path}: {answer.status} {data[:400]!r}")
        return json.loads(data)

    def close(self) -> None:
        self._http.close()


@dataclass
class Times:
    """Latencies in milliseconds."""

    each: list[float] = field(default_factory=list)

    def p(self, percent: float) -> float:
        ordered = sorted(self.each)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


#: One instance: carries itself out over a line, noting the latency of each completion.
Instance = Callable[[Line, Times], None]


def timed(line: Line, path: str, body: Any, times: Times) -> Any:
    began = perf_counter()
    answer = line.post(path, body)
    times.each.append((perf_counter() - began) * 1000)
    return answer


def one_client(port: int, token: str, instance: Instance, rounds: int, warm: int = 20) -> Times:
    line, times = Line(port, token), Times()
    for _ in range(warm):
        instance(line, Times())
    for _ in range(rounds):
        instance(line, times)
    line.close()
    return times


def many_clients(
    port: int, token: str, instance: Instance, clients: int, seconds: float
) -> tuple[float, Times]:
    """Completions a second over all clients, and their latencies."""
    all_times = [Times() for _ in range(clients)]
    until = perf_counter() + seconds
    faults: list[BaseException] = []

    def work(times: Times) -> None:
        line = Line(port, token)
        try:
            while perf_counter() < until:
                instance(line, times)
        except BaseException as fault:
            faults.append(fault)
        finally:
            line.close()

    threads = [threading.Thread(target=work, args=(times,)) for times in all_times]
    began = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    done = [ms for times in all_times for ms in times.each]
    return len(done) / (perf_counter() - began), Times(done)


def row(name: str, ours: float, base: float, unit: str, floor: str) -> str:
    return f"| {name} | {ours:.2f} {unit} | {base:.2f} {unit} | {ours / base:.2f} | {floor} |"


def table(title: str, rows: Sequence[str]) -> str:
    head = "| figure | ours | baseline | ratio | floor |\n|---|---|---|---|---|"
    return f"\n### {title}\n\n{head}\n" + "\n".join(rows)
