"""Rules about timers and loops whose values stand in the diagram: refused before anything runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from engine.errors import Problem
from engine.runtime import limits
from engine.runtime.diagram import Node, Repetition, Timer
from engine.runtime.graph import begins_by_event
from engine.runtime.lint.rule import Subject, called
from engine.runtime.timers import BadTime, parse_cycle, parse_duration, parse_moment

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_CHECKS: Mapping[str, Callable[[str], object]] = {
    "timeDate": partial(parse_moment, zone="UTC"),
    "timeDuration": parse_duration,
    "timeCycle": partial(parse_cycle, zone="UTC"),
}


def timers(it: Subject) -> Iterator[Problem]:
    """Timer, timer_cycle"""
    for node in it.nodes:
        timer = node.event.timer if node.event else None
        if timer is None:
            continue
        if not timer.value.is_feel:
            yield from _literal(it, node, timer)
        if timer.kind == "timeCycle" and not _may_cycle(it, node):
            yield it.warning(
                "timer_cycle",
                node,
                f"{called(node)} fires only once: a cycle repeats only at a process's start, or at "
                "a boundary event or event subprocess that does not interrupt.",
                "Write a timeDuration.",
                "timeCycle",
            )


def _literal(it: Subject, node: Node, timer: Timer) -> Iterator[Problem]:
    try:
        _CHECKS[timer.kind](timer.value.text)
    except (BadTime, ValueError, OverflowError) as error:
        yield it.error(
            "timer",
            node,
            str(error),
            "Write ISO text, or FEEL after “=”.",
            timer.kind,
            timer.value.line,
        )


def _may_cycle(it: Subject, node: Node) -> bool:
    if begins_by_event(node):
        return True
    return not node.interrupting and (
        node.type == "boundaryEvent" or it.graph.in_event_subprocess(node)
    )


def repetitions(it: Subject) -> Iterator[Problem]:
    """limit_iterations, loop_output"""
    for node in it.nodes:
        loop = node.repetition
        if loop is None:
            continue
        number = loop.cardinality.feel.strip() if loop.cardinality else str(loop.maximum or "")
        if _NUMBER.fullmatch(number) and not 0 <= float(number) <= limits.ITERATIONS:
            yield it.error(
                "limit_iterations",
                node,
                f"Expected at most {limits.ITERATIONS} iterations of {called(node)}, but it asks "
                f"for {number}.",
                "Ask for fewer, or split the work.",
                "loopCardinality" if loop.cardinality else "loopMaximum",
                loop.line,
            )
        yield from _output(it, node, loop)


def _output(it: Subject, node: Node, loop: Repetition) -> Iterator[Problem]:
    if (loop.output is None) != (loop.output_item is None):
        yield it.error(
            "loop_output",
            node,
            f"Expected {called(node)} to name both loopDataOutputRef and outputDataItem, or "
            "neither, but it names one.",
            "Name the list that collects, and the variable of each iteration that goes into it.",
            line=loop.line,
        )


RULES = (timers, repetitions)
