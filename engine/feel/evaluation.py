"""Evaluating an expression: strict for processes, lenient where a person tries one out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.feel.border import inward, outward
from engine.feel.errors import LimitExceeded, NotACondition
from engine.feel.limits import EXPRESSION, SCRIPT, Limits
from engine.feel.scope import Frame, Notice, Run, root
from engine.feel.tree import Tree, names_of, parse

if TYPE_CHECKING:
    from engine.ports import WorkingTime

ZONE = "Asia/Bangkok"
#: What unary tests test, whether they name it or not.
_TESTED = frozenset({"?"})


@dataclass(frozen=True, slots=True)
class Result:
    value: Any
    warnings: Sequence[Notice]
    steps: int


def evaluate(
    tree: Tree | str,
    variables: Mapping[str, Any],
    *,
    now: datetime,
    working_time: WorkingTime | None = None,
    budget: Limits | None = None,
    strict: bool = True,
    zone: str = ZONE,
) -> Result:
    """The value of an expression, as plain Python (see engine.feel.border.outward).

    `strict`: an unknown variable is an UnknownVariable, save inside `is defined(x)` and
    `get or else(x, default)`; otherwise it is null with a warning. `now` must be aware; dates and
    times of now() and today() are those of `zone`.
    """
    if isinstance(tree, str):
        tree = parse(tree, names=names_of(variables))
    limits = budget or (SCRIPT if tree.kind == "script" else EXPRESSION)
    run = Run(now, zone=zone, limits=limits, strict=strict, working_time=working_time)
    value = outward(_value(tree, variables, run), limits)
    return Result(value, tuple(run.notices), run.meter.used)


def _value(tree: Tree, variables: Mapping[str, Any], run: Run) -> Any:
    return _guarded(tree, root(run, _needed(tree, variables)))


def _needed(tree: Tree, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Only what the expression can name is looked at and converted."""
    names = tree.references.all | (_TESTED if tree.kind == "unary" else frozenset())
    return {name: inward(variables[name]) for name in names if name in variables}


def _guarded(tree: Tree, frame: Frame) -> Any:
    try:
        return tree.code(frame)
    except RecursionError:
        raise LimitExceeded("Expected less deeply nested calls and data.") from None


def condition(
    tree: Tree | str,
    variables: Mapping[str, Any],
    *,
    now: datetime,
    working_time: WorkingTime | None = None,
    budget: Limits | None = None,
    zone: str = ZONE,
) -> bool:
    """Exactly true or false. Null, text and numbers raise NotACondition: a gateway must not take
    its default flow because of a mistake.
    """
    if isinstance(tree, str):
        tree = parse(tree, names=names_of(variables))
    run = Run(now, zone=zone, limits=budget or EXPRESSION, working_time=working_time)
    value = _value(tree, variables, run)
    if type(value) is not bool:
        raise _no_condition(tree, value, run)
    return value


def _no_condition(tree: Tree, value: Any, run: Run) -> NotACondition:
    place = tree.root.place
    found = "null" if value is None else f"a {type(value).__name__}"
    why = f" ({run.notices[0].message})" if run.notices else ""
    return NotACondition(
        f"Expected true or false from {tree.text!r}, but got {found}{why}.",
        place.line,
        place.column,
    )
