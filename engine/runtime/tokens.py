"""SpiffWorkflow's tasks as we use them: the few private names of Spiff that tokens need."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState

#: SpiffWorkflow's task: it ships no types. To us it is a token.
Task = Any


def wait(token: Task) -> None:
    """For something outside, or for other tokens."""
    token._set_state(TaskState.WAITING)  # noqa: SLF001 - Spiff has no public name for it


def begin(token: Task) -> None:
    """Work goes on under it or elsewhere."""
    token._set_state(TaskState.STARTED)  # noqa: SLF001 - Spiff has no public name for it


def fail(token: Task) -> None:
    token._set_state(TaskState.ERROR)  # noqa: SLF001 - Spiff has no public name for it


def renew(token: Task) -> None:
    """As if it had just come."""
    token._set_state(TaskState.FUTURE)  # noqa: SLF001 - Spiff has no public name for it


def make_ready(token: Task) -> None:
    """It can run; a place that nobody has to do runs at once."""
    token._ready()  # noqa: SLF001 - Spiff has no public name for it
