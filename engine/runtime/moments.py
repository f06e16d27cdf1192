"""When timer start events fire: the first moment from the deployment on, and those that follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.errors import DeploymentRefused, Problem
from engine.runtime.bundle import Bundle
from engine.runtime.errors import Stuck
from engine.runtime.timers import clockwork, following
from engine.runtime.values import Surroundings

#: A running timer as plain data: `due` is its moment, `n` counts occurrences from 1.
Running = Mapping[str, Any]


def first_moment(
    bundle: Bundle, process_id: str, element_id: str, around: Surroundings
) -> Running | None:
    """Counted from `around.now`, the deployment. What lies before it is over and does not fire:
    a daily cycle begins with its next day, and a date that has passed has no moment (None).

    DeploymentRefused where the timer's FEEL gives no time.
    """
    process = bundle.woven[process_id].process
    node = process.nodes[element_id]
    assert node.event is not None
    assert node.event.timer is not None
    try:
        running = clockwork(node.event.timer).start({}, around)
    except Stuck as stuck:
        mend = "Write ISO text, or FEEL after “=” that needs no variables."
        problem = Problem(
            process.file, node.line, node.id, node.event.timer.kind, "timer", stuck.message, mend
        )
        raise DeploymentRefused([problem]) from stuck
    return running if running["due"] >= around.now else following(running, around.now)


def next_moment(running: Running, now: datetime) -> Running | None:
    """The occurrence after this one, later than `now`; None where it was the last."""
    return following(running, now)
