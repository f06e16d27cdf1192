"""What is behind a dot, and what a filter keeps."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel import syntax
from engine.feel.compiler.code import Code, Compile, attempt, quietly
from engine.feel.errors import Nothing
from engine.feel.kinds import kind, whole
from engine.feel.limits import Meter
from engine.feel.properties import property_of
from engine.feel.scope import Frame


def path(node: syntax.Path, compile_: Compile) -> Code:
    subject, name, place = compile_(node.subject), node.name, node.place

    def run(frame: Frame) -> Any:
        frame.run.meter.step()
        value = subject(frame)
        if type(value) is dict and name in value:
            return value[name]
        return attempt(frame.run, place, property_of, value, name, frame.run.meter)

    return run


def filtered(node: syntax.Filter, compile_: Compile) -> Code:
    subject, place = compile_(node.subject), node.place
    position = _literal_position(node.condition)
    if position is not None:
        return _at(subject, position, place)
    condition = compile_(node.condition)
    probe = quietly(condition)

    def run(frame: Frame) -> Any:
        values = _as_list(subject(frame))
        if not values:
            return None if type(probe(frame)) is Decimal else []
        return attempt(frame.run, place, _select, values, condition, frame)

    return run


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if type(value) is list else [value]


def _literal_position(node: syntax.Node) -> Decimal | None:
    match node:
        case syntax.Literal(value=Decimal() as number):
            return number
        case syntax.Negation(operand=syntax.Literal(value=Decimal() as number)):
            return -number
        case _:
            return None


def _at(subject: Code, position: Decimal, place: syntax.Place) -> Code:
    def run(frame: Frame) -> Any:
        frame.run.meter.step()
        return attempt(frame.run, place, _element, _as_list(subject(frame)), position)

    return run


def _element(values: list[Any], position: Decimal) -> Any:
    at = whole(position)
    if 1 <= at <= len(values):
        return values[at - 1]
    if -len(values) <= at <= -1:
        return values[at]
    raise Nothing(f"Expected a position within ±{len(values)}, but got {at}.")


def _select(values: list[Any], condition: Code, frame: Frame) -> Any:
    """The elements for which the condition holds; a number instead means a position."""
    meter: Meter = frame.run.meter
    kept = []
    for value in values:
        meter.step()
        inside = frame.inner({"item": value})
        answer = condition(inside.inner(value) if type(value) is dict else inside)
        if answer is True:
            kept.append(value)
        elif type(answer) is Decimal:
            return _element(values, answer)
        elif answer is not False and answer is not None:
            raise Nothing(f"Expected true, false or a position, but got a {kind(answer)}.")
    meter.grow(len(kept))
    return kept
