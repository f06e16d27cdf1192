"""Unary tests, `in` and `instance of`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel import compare, syntax
from engine.feel.analysis import mentions
from engine.feel.compiler.code import Code, Compile, complain
from engine.feel.kinds import Range
from engine.feel.limits import Meter
from engine.feel.scope import Frame
from engine.feel.types import resolve

#: A test of a value, in a frame where `?` is that value.
Check = Callable[[Frame, Any], bool | None]
INPUT = "?"


def unary_tests(node: syntax.UnaryTests, compile_: Compile) -> Code:
    """Whether `?` passes one of the tests; null where no test has an answer."""
    tests = [_check(test, compile_, by_itself=True) for test in node.tests]
    negated, place = node.negated, node.place
    value_of = compile_(syntax.Name(place, INPUT))

    def run(frame: Frame) -> bool | None:
        answer = _any(tests, frame, value_of(frame)) if tests else True
        return answer if answer is None or not negated else not answer

    return run


def within(node: syntax.In, compile_: Compile) -> Code:
    value_of, place = compile_(node.value), node.place
    tests = [_check(test, compile_, by_itself=False) for test in node.tests]

    def run(frame: Frame) -> bool | None:
        frame.run.meter.step()
        value = value_of(frame)
        answer = _any(tests, frame.inner({INPUT: value}), value)
        if answer is None:
            complain(frame.run, place, "Expected a test that can be applied to this value.")
        return answer

    return run


def _any(tests: list[Check], frame: Frame, value: Any) -> bool | None:
    """True for the first that holds; null only where none has an answer."""
    result: bool | None = None
    for test in tests:
        answer = test(frame, value)
        if answer is True:
            return True
        if answer is False:
            result = False
    return result


_VALUES = (syntax.Literal, syntax.Name, syntax.Path)


def _check(test: syntax.Test, compile_: Compile, *, by_itself: bool) -> Check:
    """`by_itself`: an expression that is true without `?` passes every value but a boolean;
    a literal or a variable is compared with it.
    """
    by_itself = by_itself and not isinstance(test.operand, _VALUES)
    operand, operator = compile_(test.operand), test.operator
    if operator is not None:

        def compared(frame: Frame, value: Any) -> bool | None:
            return compare.holds(operator, value, operand(frame), frame.run.meter)

        return compared
    if mentions(test.operand, INPUT):
        return lambda frame, _value: _answer(operand(frame))

    def matched(frame: Frame, value: Any) -> bool | None:
        wanted = operand(frame)
        if by_itself and wanted is True and type(value) is not bool:
            return True
        return _matches(value, wanted, frame.run.meter)

    return matched


def _answer(value: Any) -> bool | None:
    """What an expression about `?` says by itself."""
    return value if type(value) is bool else None


def _matches(value: Any, wanted: Any, meter: Meter) -> bool | None:
    """Whether a value is what a test's expression names: equal, in a range, in a list."""
    meter.step()
    if type(wanted) is Range:
        return compare.within(value, wanted, meter)
    if type(wanted) is list:
        return _in_list(value, wanted, meter)
    return compare.equal(value, wanted, meter)


def _in_list(value: Any, wanted: list[Any], meter: Meter) -> bool | None:
    if compare.equal(wanted, value, meter) is True:
        return True
    meter.work(len(wanted))
    return any(_is_or_holds(value, each, meter) is True for each in wanted)


def _is_or_holds(value: Any, wanted: Any, meter: Meter) -> bool | None:
    if type(wanted) is Range:
        return compare.within(value, wanted, meter)
    return compare.equal(value, wanted, meter)


def instance_of(node: syntax.InstanceOf, compile_: Compile) -> Code:
    value_of, type_ = compile_(node.value), node.type

    def run(frame: Frame) -> bool:
        frame.run.meter.step()
        return resolve(type_, frame.run.types).has(value_of(frame), frame.run)

    return run
