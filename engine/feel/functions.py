"""Calling functions: arguments matched to parameters, by position or by name, and fitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.feel.errors import Nothing
from engine.feel.kinds import Function, Parameter
from engine.feel.types import fit

if TYPE_CHECKING:
    from engine.feel.scope import Run


def call(function: Function, run: Run, arguments: Sequence[Any]) -> Any:
    """By position. The first parameter list that takes the arguments decides."""
    reason = f"Expected {_counts(function)} arguments, but got {len(arguments)}."
    for shape in function.shapes:
        if _takes(shape, len(arguments)):
            try:
                fitted = _fitted(shape, arguments, run)
            except Nothing as wrong:
                reason = str(wrong)
                continue
            return function.body(run, fitted)
    raise Nothing(reason)


def call_named(function: Function, run: Run, arguments: Mapping[str, Any]) -> Any:
    for shape in function.shapes:
        if _names(shape, arguments):
            return function.body(run, _fitted(shape, _in_order(shape, arguments), run))
    raise Nothing(f"Expected other parameters than {', '.join(arguments)}.")


def _takes(shape: Sequence[Parameter], count: int) -> bool:
    least = sum(not parameter.optional for parameter in shape)
    open_ended = bool(shape) and shape[-1].rest
    return least <= count and (open_ended or count <= len(shape))


def _names(shape: Sequence[Parameter], arguments: Mapping[str, Any]) -> bool:
    known = {parameter.name for parameter in shape}
    needed = {parameter.name for parameter in shape if not parameter.optional}
    return needed <= arguments.keys() <= known


def _in_order(shape: Sequence[Parameter], arguments: Mapping[str, Any]) -> list[Any]:
    """Up to the last that is given; a missing one before it is null."""
    last = max((at for at, each in enumerate(shape) if each.name in arguments), default=-1)
    return [arguments.get(parameter.name) for parameter in shape[: last + 1]]


def _fitted(shape: Sequence[Parameter], arguments: Sequence[Any], run: Run) -> list[Any]:
    return [
        _fit_one(shape[min(at, len(shape) - 1)], argument, run)
        for at, argument in enumerate(arguments)
    ]


def _fit_one(parameter: Parameter, argument: Any, run: Run) -> Any:
    if parameter.type is None:
        return argument
    try:
        fitted = fit(argument, parameter.type, run)
    except Nothing as wrong:
        raise Nothing(f"{parameter.name}: {wrong}") from None
    if fitted is None and not parameter.nullable:
        raise Nothing(f"Expected a value for {parameter.name!r}, but got null.")
    return fitted


def _counts(function: Function) -> str:
    return " or ".join(sorted({str(len(shape)) for shape in function.shapes}))
