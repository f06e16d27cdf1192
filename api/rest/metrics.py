"""Counters and times of requests in this process, in Prometheus' text format."""

from __future__ import annotations

import os
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import Flask, Response, g, request

#: Upper bounds in seconds of the buckets in which answers are counted.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

Labels = tuple[str, str, str]


@dataclass(slots=True)
class _Series:
    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    total: float = 0.0


class Registry:
    """Figures by method, route and status. Routes, not paths: their number is known."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._series: dict[Labels, _Series] = defaultdict(_Series)

    def observe(self, labels: Labels, seconds: float) -> None:
        bucket = next((n for n, bound in enumerate(BUCKETS) if seconds <= bound), len(BUCKETS))
        with self._lock:
            series = self._series[labels]
            series.counts[bucket] += 1
            series.total += seconds

    def text(self) -> str:
        with self._lock:
            lines = [line for labels in sorted(self._series) for line in self._lines(labels)]
        head = [
            "# HELP saraban_request_seconds Time to answer a request.",
            "# TYPE saraban_request_seconds histogram",
        ]
        return "\n".join([*head, *lines, ""])

    def _lines(self, labels: Labels) -> Iterator[str]:
        series, seen = self._series[labels], 0
        method, route, status = labels
        # Each web process has its own figures: a scrape meets one of them, and says which.
        told = f'method="{method}",route="{route}",status="{status}",process="{os.getpid()}"'
        for bound, count in zip((*BUCKETS, "+Inf"), series.counts, strict=True):
            seen += count
            yield f'saraban_request_seconds_bucket{{{told},le="{bound}"}} {seen}'
        yield f"saraban_request_seconds_sum{{{told}}} {series.total:.6f}"
        yield f"saraban_request_seconds_count{{{told}}} {seen}"


registry = Registry()


def text() -> str:
    return registry.text()


def init_app(app: Flask) -> None:
    app.before_request(_start)
    app.after_request(_stop)


def _start() -> None:
    g.started = time.perf_counter()


def _stop(response: Response) -> Response:
    began = g.get("started")
    if began is not None and request.url_rule is not None:
        # Only what was routed: anybody may invent paths and methods, and labels live for ever.
        labels = (request.method, request.url_rule.rule, str(response.status_code))
        registry.observe(labels, time.perf_counter() - began)
    return response
