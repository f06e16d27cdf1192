"""Literals, names, lists, contexts and ranges."""

from __future__ import annotations

from typing import Any

from engine.feel import compare, syntax
from engine.feel.builtins import BUILTINS
from engine.feel.compiler.code import Code, Compile, complain
from engine.feel.errors import UnknownVariable
from engine.feel.kinds import Range, kind
from engine.feel.scope import Frame, Run


def literal(node: syntax.Literal, _compile: Compile) -> Code:
    value = node.value
    return lambda _frame: value


def name(node: syntax.Name, _compile: Compile) -> Code:
    key, place = node.name, node.place
    builtin = BUILTINS.get(key)

    def lookup(frame: Frame) -> Any:
        frame.run.meter.step()
        scope: Frame | None = frame
        while scope is not None:
            names = scope.names
            if key in names:
                return names[key]
            scope = scope.outer
        return builtin if builtin is not None else _unknown(frame.run, key, place)

    return lookup


def _unknown(run: Run, key: str, place: syntax.Place) -> None:
    if not run.lenient:
        raise UnknownVariable(key, place.line, place.column)
    complain(run, place, f"Expected a variable {key!r}, but there is none.")


def list_of(node: syntax.ListOf, compile_: Compile) -> Code:
    items = [compile_(item) for item in node.items]

    def make(frame: Frame) -> list[Any]:
        frame.run.meter.grow(len(items))
        return [item(frame) for item in items]

    return make


def context_of(node: syntax.ContextOf, compile_: Compile) -> Code:
    """Each entry sees those before it."""
    entries = [(key, compile_(value)) for key, value in node.entries]
    place = node.place

    def make(frame: Frame) -> dict[str, Any] | None:
        frame.run.meter.grow(len(entries))
        made: dict[str, Any] = {}
        inside = frame.inner(made)
        for key, value in entries:
            made[key] = value(inside)
        return made

    if len({key for key, _ in entries}) < len(entries):
        return lambda frame: complain(frame.run, place, "Expected each key of a context once.")
    return make


def range_of(node: syntax.RangeOf, compile_: Compile) -> Code:
    low = compile_(node.low)
    if node.form is not None:
        return _one_sided(node.form, low)
    assert node.high is not None
    high = compile_(node.high)
    low_included, high_included, place = node.low_included, node.high_included, node.place

    def make(frame: Frame) -> Any:
        first, last = low(frame), high(frame)
        if _unfit(first, last):
            return complain(frame.run, place, "Expected two ends of one kind that has an order.")
        return Range(first, last, low_included, high_included)

    return make


def _unfit(low: Any, high: Any) -> bool:
    if low is None or high is None:
        return False
    return kind(low) != kind(high) or compare.order(low, high) is None


def _one_sided(form: str, operand: Code) -> Code:
    def make(frame: Frame) -> Range:
        end = operand(frame)
        if form in ("<", "<="):
            return Range(None, end, False, form == "<=", form)
        if form in (">", ">="):
            return Range(end, None, form == ">=", False, form)
        return Range(end, end, True, True, form)

    return make
