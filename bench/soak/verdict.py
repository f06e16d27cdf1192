"""The table at the end, and whether everything that was promised held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bench.soak.load import Load, Result
from bench.soak.scale import Scale
from bench.soak.watch import Program

#: The load offers this much more than the goal, so that a goal can be reached at all.
OFFERED = 1.02
#: The share of calls that may be put off where speed is not judged.
MOST_PUT_OFF = 0.02
#: Programs that hold less than this (MB) are not judged by their growth in percent.
_SMALL = 10


def table(load: Load, programs: Sequence[Program], scale: Scale, sizes: Sequence[float]) -> str:
    """Markdown: what was asked and answered, and what the programs held."""
    lines = [
        f"## Soak: {scale.tasks:,} tasks, {scale.people:,} people, {load.seconds / 60:.1f} minutes",
        "",
        "| calls | sent | answered a second | p50 | p99 | goal | longest | bad | answers |",
        "|---|---|---|---|---|---|---|---|---|",
        *(_row(result, load.seconds) for result in load.results),
        "",
        f"| program | MB after {scale.warm:.0f} s | at the end | open files at the end |",
        "|---|---|---|---|",
        *(_memory(program, scale) for program in programs),
        "",
        f"The database grew from {sizes[0]:.2f} to {sizes[1]:.2f} GB.",
    ]
    return "\n".join(lines)


def _row(result: Result, seconds: float) -> str:
    rate = len(result.latencies) / seconds
    answers = ", ".join(f"{name} × {count}" for name, count in sorted(result.statuses.items()))
    longest = max(result.latencies, default=float("inf"))
    cells = (
        result.kind.name, result.sent, f"{rate:.2f}", f"{result.p(50):.0f} ms",
        f"{result.p(99):.0f} ms", f"{result.kind.p99:.0f} ms", f"{longest:.0f} ms", result.bad,
        answers,
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def _memory(program: Program, scale: Scale) -> str:
    warm, end = program.growth(scale.warm)
    return f"| {program.name} | {warm:.0f} | {end:.0f} | {program.files[-1]} |"


def misses(load: Load, programs: Sequence[Program], scale: Scale) -> Iterator[str]:
    """Everything that did not hold, in words."""
    if load.broke is not None:
        yield f"the server was lost after {load.broke:.0f} s: too many calls under way"
    for result in load.results:
        yield from result.complaints
        if result.bad > _forgiven(result, scale):
            yield f"{result.kind.name}: {result.bad} bad answers, {result.put_off} of them put off"
        if scale.fast:
            yield from _slow(result, load.seconds)
    for program in programs:
        warm, end = program.growth(scale.warm)
        if end > warm * (1 + scale.growth) + _SMALL:
            yield f"{program.name} grew from {warm:.0f} to {end:.0f} MB"


def _forgiven(result: Result, scale: Scale) -> float:
    """Beside other work some calls are put off: that is speed, and judged where speed is."""
    return 0 if scale.fast else min(result.put_off, result.sent * MOST_PUT_OFF)


def _slow(result: Result, seconds: float) -> Iterator[str]:
    wanted = result.kind.rate / OFFERED
    if (rate := len(result.latencies) / seconds) < wanted * 0.995:
        yield f"{result.kind.name}: {rate:.2f} a second, but wanted {wanted:g}"
    if (p99 := result.p(99)) > result.kind.p99:
        yield f"{result.kind.name}: p99 of {p99:.0f} ms, but wanted {result.kind.p99:.0f} ms"
