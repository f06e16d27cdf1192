"""Asking a draft's own expressions and decisions, with values that somebody types in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import dmn
from engine.errors import DeploymentRefused
from engine.feel import FeelError, evaluate
from engine.ports import WorkingTime
from office.modeling.deadline import SECONDS, Deadline

LONGEST_VALUE = 4_000
_TEXT = frozenset({"string", "text"})


@dataclass(frozen=True, slots=True)
class Tried:
    """`error`: why there is no value. `notices`: why something in it is null."""

    value: Any = None
    notices: Sequence[str] = ()
    error: str = ""


class Wrong(Exception):
    """A typed value that is no FEEL, by the name that it was typed for; or the first of those that
    there was no time for (`late`).
    """

    def __init__(self, name: str, message: str, *, late: bool = False) -> None:
        super().__init__(message)
        self.name = name
        self.message = message
        self.late = late


def typed(name: str, text: str, type_: str, now: datetime) -> Any:
    """What somebody typed as the value that it stands for: FEEL, or a text as it is.

    Nothing typed is null. Wrong where FEEL is wanted and cannot be read.
    """
    text = text.strip()[:LONGEST_VALUE]
    if not text:
        return None
    if type_ in _TEXT and not text.startswith('"'):
        return text
    try:
        return evaluate(text, {}, now=now).value
    except FeelError as wrong:
        if type_:
            raise Wrong(name, str(wrong)) from None
        return text


def values(
    given: Mapping[str, str],
    types: Mapping[str, str],
    now: datetime,
    deadline: Deadline | None = None,
) -> dict[str, Any]:
    """All that was typed; Wrong at the first that is no value, or that there is no time for."""
    deadline, found = deadline or Deadline(), {}
    for name, type_ in types.items():
        if deadline.past:
            raise Wrong(name, f"Expected values that take at most {SECONDS:g} seconds together,"
                        " but these need more; give fewer or simpler ones.", late=True)  # fmt: skip
        found[name] = typed(name, given.get(name, ""), type_, now)
    return found


def decide(
    files: Mapping[str, bytes],
    decision: str,
    given: Mapping[str, Any],
    *,
    now: datetime,
    working_time: WorkingTime | None = None,
    deadline: Deadline | None = None,
) -> Tried:
    """One decision of these files, by the engine that decides for instances."""
    try:
        model = dmn.load({name: one for name, one in files.items() if name.endswith(".dmn")})
        left = (deadline or Deadline()).left
        found = model.result(decision, given, now=now, working_time=working_time, seconds=left)
    except DeploymentRefused as refused:
        return Tried(error=refused.problems[0].message)
    except FeelError as wrong:
        return Tried(error=str(wrong))
    return Tried(found.value, [str(one) for one in found.warnings])


def work_out(
    expression: str,
    given: Mapping[str, Any],
    *,
    now: datetime,
    working_time: WorkingTime | None = None,
) -> Tried:
    """One formula, as the engine works it out for instances."""
    try:
        found = evaluate(expression, given, now=now, working_time=working_time)
    except FeelError as wrong:
        return Tried(error=str(wrong))
    return Tried(found.value, [str(one) for one in found.warnings])
