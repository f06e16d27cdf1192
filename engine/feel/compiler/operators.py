"""Arithmetic, comparison and three-valued logic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.feel import compare, syntax
from engine.feel.arithmetic import OPERATIONS, negated
from engine.feel.compiler.code import Code, Compile, attempt, complain
from engine.feel.numeric import CONTEXT, NoNumber
from engine.feel.scope import Frame
from engine.feel.syntax import Place

Numeric = Callable[[Decimal, Decimal], Decimal]

#: Two numbers, by far the most frequent operands, go straight here.
_NUMERIC: Mapping[str, Numeric] = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
    "/": CONTEXT.divide,
}


def negation(node: syntax.Negation, compile_: Compile) -> Code:
    if isinstance(node.operand, syntax.Literal) and type(node.operand.value) is Decimal:
        value = CONTEXT.minus(node.operand.value)
        return lambda _frame: value
    operand, place = compile_(node.operand), node.place

    def run(frame: Frame) -> Any:
        frame.run.meter.step()
        return attempt(frame.run, place, negated, operand(frame))

    return run


def chain(node: syntax.Chain, compile_: Compile) -> Code:
    """Operators of one rank, applied from the left."""
    code = compile_(node.first)
    if len(node.rest) == 1:
        operator, operand = node.rest[0]
        return _binary(operator, code, compile_(operand), node.place)
    steps = [
        (_NUMERIC.get(operator), OPERATIONS[operator], compile_(operand))
        for operator, operand in node.rest
    ]
    place = node.place

    def run(frame: Frame) -> Any:
        value = code(frame)
        for numeric, operation, operand in steps:
            value = _apply(frame, place, numeric, operation, value, operand(frame))
        return value

    return run


def _binary(operator: str, left: Code, right: Code, place: Place) -> Code:
    numeric, operation = _NUMERIC.get(operator), OPERATIONS[operator]

    def run(frame: Frame) -> Any:
        return _apply(frame, place, numeric, operation, left(frame), right(frame))

    return run


def _apply(
    frame: Frame, place: Place, numeric: Numeric | None, operation: Any, left: Any, right: Any
) -> Any:
    frame.run.meter.step()
    if numeric is not None and type(left) is Decimal and type(right) is Decimal:
        try:
            return numeric(left, right)
        except NoNumber:
            return complain(frame.run, place, "Expected a result that a number can hold.")
    return attempt(frame.run, place, operation, left, right, frame.run.meter)


def logic(node: syntax.Logic, compile_: Compile) -> Code:
    """`and` ends at the first false, `or` at the first true; what is no boolean counts as null."""
    operands = [compile_(operand) for operand in node.operands]
    decisive = node.operator == "or"

    def run(frame: Frame) -> Any:
        result: Any = not decisive
        for operand in operands:
            value = operand(frame)
            if value is decisive:
                return decisive
            if value is not (not decisive):
                result = None
        return result

    return run


def comparison(node: syntax.Comparison, compile_: Compile) -> Code:
    operator, place = node.operator, node.place
    left, right = compile_(node.left), compile_(node.right)

    def run(frame: Frame) -> bool | None:
        meter = frame.run.meter
        meter.step()
        one, other = left(frame), right(frame)
        answer: bool | None = compare.holds(operator, one, other, meter)
        if answer is None:
            complain(frame.run, place, f"Expected values that {operator!r} can compare.")
        return answer

    return run


def between(node: syntax.Between, compile_: Compile) -> Code:
    value, low, high = compile_(node.value), compile_(node.low), compile_(node.high)
    place = node.place

    def run(frame: Frame) -> bool | None:
        meter = frame.run.meter
        meter.step()
        it = value(frame)
        answer = compare.both(
            compare.holds(">=", it, low(frame), meter), compare.holds("<=", it, high(frame), meter)
        )
        if answer is None:
            complain(frame.run, place, "Expected three values of one kind that has an order.")
        return answer

    return run
