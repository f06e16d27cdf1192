"""if, for, some and every."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from engine.feel import syntax
from engine.feel.analysis import mentions
from engine.feel.compiler.code import Code, Compile, attempt
from engine.feel.errors import Nothing
from engine.feel.kinds import Range, kind, whole
from engine.feel.scope import Frame
from engine.feel.temporal.types import Date, date_from_ordinal


def conditional(node: syntax.If, compile_: Compile) -> Code:
    """Everything but true goes on to the next branch."""
    branches = [(compile_(condition), compile_(result)) for condition, result in node.branches]
    otherwise = compile_(node.otherwise)

    def run(frame: Frame) -> Any:
        frame.run.meter.step()
        for condition, result in branches:
            if condition(frame) is True:
                return result(frame)
        return otherwise(frame)

    return run


#: A name, its source, and the end where the source is only the beginning.
Step = tuple[str, Code, Code | None]


def loop(node: syntax.Loop, compile_: Compile) -> Code:
    steps: list[Step] = [
        (each.name, compile_(each.source), compile_(each.end) if each.end else None)
        for each in node.iterators
    ]
    body, place = compile_(node.body), node.place
    collect = _COLLECTORS[node.kind]
    if node.kind == "for" and mentions(node.body, "partial"):
        collect = _results_seen

    def run(frame: Frame) -> Any:
        return attempt(frame.run, place, collect, steps, body, frame)

    return run


def _results(steps: Sequence[Step], body: Code, frame: Frame) -> list[Any]:
    meter = frame.run.meter
    results: list[Any] = []
    for inside in _frames(steps, frame):
        meter.step()
        meter.grow(1)
        results.append(body(inside))
    return results


def _results_seen(steps: Sequence[Step], body: Code, frame: Frame) -> list[Any]:
    """The body sees a copy of the results so far as `partial`: it may keep it in its result."""
    meter = frame.run.meter
    results: list[Any] = []
    for inside in _frames(steps, frame):
        meter.grow(1)
        meter.work(1 + len(results))
        results.append(body(inside.inner({"partial": list(results)})))
    return results


def _some(steps: Sequence[Step], body: Code, frame: Frame) -> Any:
    return _decided(steps, body, frame, decisive=True)


def _every(steps: Sequence[Step], body: Code, frame: Frame) -> Any:
    return _decided(steps, body, frame, decisive=False)


def _decided(steps: Sequence[Step], body: Code, frame: Frame, *, decisive: bool) -> Any:
    result: Any = not decisive
    for inside in _frames(steps, frame):
        frame.run.meter.step()
        answer = body(inside)
        if answer is decisive:
            return decisive
        if answer is None:
            result = None
        elif type(answer) is not bool:
            raise Nothing(f"Expected true or false, but got a {kind(answer)}.")
    return result


_COLLECTORS = {"for": _results, "some": _some, "every": _every}


def _frames(steps: Sequence[Step], frame: Frame) -> Iterator[Frame]:
    """One frame for each combination; later sources see the names of earlier ones."""
    name, source, end = steps[0]
    for value in _values(source(frame), end, frame):
        inside = frame.inner({name: value})
        if len(steps) == 1:
            yield inside
        else:
            frame.run.meter.step()
            yield from _frames(steps[1:], inside)


def _values(source: Any, end: Code | None, frame: Frame) -> Iterable[Any]:
    if end is not None:
        return _between(source, end(frame))
    if type(source) is Range:
        return _within(source)
    if source is None:
        raise Nothing("Expected a list to go through, but got null.")
    return source if type(source) is list else [source]


def _within(source: Range) -> Iterable[Any]:
    """A range of whole numbers or dates, as far as its ends belong to it."""
    if source.low is None or source.high is None or source.form is not None:
        raise Nothing("Expected a range with two ends.")
    low, high = _ordinal(source.low), _ordinal(source.high)
    if low > high:
        raise Nothing("Expected a range from lower to higher.")
    numbers = range(low + (not source.low_included), high + source.high_included)
    return map(_maker(source.low, source.high), numbers)


def _between(first: Any, last: Any) -> Iterable[Any]:
    """`first..last`, backwards where last is lower."""
    make = _maker(first, last)
    low, high = _ordinal(first), _ordinal(last)
    step = 1 if low <= high else -1
    return map(make, range(low, high + step, step))


def _ordinal(value: Any) -> int:
    return value.ordinal if type(value) is Date else whole(value)


def _maker(one: Any, other: Any) -> Any:
    if kind(one) != kind(other):
        raise Nothing(f"Expected two ends of one kind, but got {kind(one)} and {kind(other)}.")
    return date_from_ordinal if type(one) is Date else Decimal
