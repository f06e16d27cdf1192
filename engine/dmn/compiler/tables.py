"""Decision tables: which rules match, and what the hit policy makes of them (DMN 1.5, 8.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.dmn import nodes, watching
from engine.feel import compare, functions
from engine.feel.builtins import BUILTINS
from engine.feel.compiler import Code, Compile
from engine.feel.compiler.code import attempt, complain
from engine.feel.errors import Nothing
from engine.feel.scope import Frame
from engine.feel.syntax import UnaryTests
from engine.feel.types import TypeName, fit, resolve

INPUT = "?"


@dataclass(frozen=True, slots=True)
class _Output:
    name: str
    type: TypeName | None
    default: Code | None
    #: one test for each value, highest priority first
    ranks: Sequence[Code]


@dataclass(frozen=True, slots=True)
class _Rule:
    number: int
    tests: Sequence[Code | None]
    results: Sequence[Code]


@dataclass(frozen=True, slots=True)
class _Table:
    columns: Sequence[Code]
    outputs: Sequence[_Output]
    rules: Sequence[_Rule]
    aggregation: str | None
    key: str


Decide = Callable[[_Table, Sequence[_Rule], Frame], Any]


def table(node: nodes.Table, compile_: Compile) -> Code:
    made = _Table(
        [_column(column, compile_) for column in node.columns],
        [_output(output, at, compile_) for at, output in enumerate(node.outputs, start=1)],
        [_rule(n, rule, compile_) for n, rule in enumerate(node.rules, start=1)],
        node.aggregation,
        node.key,
    )
    decide, place = _POLICIES[node.hit_policy], node.place

    def run(frame: Frame) -> Any:
        return attempt(frame.run, place, _evaluate, made, decide, frame)

    return run


def _column(column: nodes.Column, compile_: Compile) -> Code:
    value = compile_(column.value)
    if column.allowed is None:
        return value
    allowed, place = compile_(column.allowed), column.place

    def checked(frame: Frame) -> Any:
        found = value(frame)
        if found is None or allowed(frame.inner({INPUT: found})) is True:
            return found
        return complain(frame.run, place, "Expected one of the values that this input allows.")

    return checked


def _output(output: nodes.Output, at: int, compile_: Compile) -> _Output:
    values = output.values.tests if output.values else ()
    return _Output(
        output.name or f"output {at}",
        output.type,
        compile_(output.default) if output.default else None,
        [compile_(UnaryTests(test.place, (test,))) for test in values],
    )


def _rule(number: int, rule: nodes.Rule, compile_: Compile) -> _Rule:
    tests = [compile_(test) if test.tests else None for test in rule.tests]
    return _Rule(number, tests, [compile_(result) for result in rule.results])


def _evaluate(made: _Table, decide: Decide, frame: Frame) -> Any:
    inputs = [frame.inner({INPUT: column(frame)}) for column in made.columns]
    matching = [rule for rule in made.rules if _matches(rule, inputs)]
    if not matching:
        return _defaults(made, frame)
    return decide(made, matching, frame)


def _matches(rule: _Rule, inputs: Sequence[Frame]) -> bool:
    for test, frame in zip(rule.tests, inputs, strict=True):
        if test is None:
            continue
        frame.run.meter.step()
        if test(frame) is not True:
            return False
    return True


def _defaults(made: _Table, frame: Frame) -> Any:
    if made.aggregation == "COUNT":
        return _aggregate(made, [], frame)
    if not any(output.default for output in made.outputs):
        raise Nothing("Expected a rule that matches, but there is none.")
    values = [output.default(frame) if output.default else None for output in made.outputs]
    return _shaped(made, values, frame)


def _shaped(made: _Table, values: Sequence[Any], frame: Frame) -> Any:
    """One output: its value; several: a context."""
    fitted = [
        _fitted(value, output, frame) for value, output in zip(values, made.outputs, strict=True)
    ]
    if len(fitted) == 1:
        return fitted[0]
    return dict(zip((output.name for output in made.outputs), fitted, strict=True))


def _fitted(value: Any, output: _Output, frame: Frame) -> Any:
    if output.type is None:
        return value
    return fit(value, resolve(output.type, frame.run.types), frame.run)


def _result(made: _Table, rule: _Rule, frame: Frame) -> Any:
    return _shaped(made, [result(frame) for result in rule.results], frame)


def _results(made: _Table, matching: Sequence[_Rule], frame: Frame) -> list[Any]:
    frame.run.meter.grow(len(matching))
    return [_result(made, rule, frame) for rule in matching]


def _answered(made: _Table, rules: Sequence[_Rule]) -> None:
    """Only those whose results are in the answer: others that match have answered nothing."""
    watching.note(made.key, [rule.number for rule in rules])


# -- hit policies ----------------------------------------------------------------------------


def _unique(made: _Table, matching: Sequence[_Rule], frame: Frame) -> Any:
    if len(matching) > 1:
        raise Nothing(f"Expected one rule that matches, but {len(matching)} do.")
    return _first(made, matching, frame)


def _any(made: _Table, matching: Sequence[_Rule], frame: Frame) -> Any:
    first, *others = _results(made, matching, frame)
    if not all(compare.equal(first, other, frame.run.meter) is True for other in others):
        raise Nothing("Expected all rules that match to have the same result.")
    _answered(made, matching)
    return first


def _first(made: _Table, matching: Sequence[_Rule], frame: Frame) -> Any:
    _answered(made, matching[:1])
    return _result(made, matching[0], frame)


def _all(made: _Table, matching: Sequence[_Rule], frame: Frame) -> list[Any]:
    _answered(made, matching)
    return _results(made, matching, frame)


def _priority(made: _Table, matching: Sequence[_Rule], frame: Frame) -> Any:
    rule, result = _ranked(made, matching, frame)[0]
    _answered(made, [rule])
    return result


def _ordered(made: _Table, matching: Sequence[_Rule], frame: Frame) -> list[Any]:
    _answered(made, matching)
    return [result for _, result in _ranked(made, matching, frame)]


def _ranked(made: _Table, matching: Sequence[_Rule], frame: Frame) -> list[tuple[_Rule, Any]]:
    """By the places of the results among the output values, first output first."""
    results = _results(made, matching, frame)
    return sorted(zip(matching, results, strict=True), key=lambda one: _rank(made, one[1], frame))


def _rank(made: _Table, result: Any, frame: Frame) -> list[int]:
    values = [result] if len(made.outputs) == 1 else list(result.values())
    return [
        next((at for at, test in enumerate(output.ranks) if _passes(test, value, frame)), 10_000)
        for output, value in zip(made.outputs, values, strict=True)
    ]


def _passes(test: Code, value: Any, frame: Frame) -> bool:
    frame.run.meter.step()
    return test(frame.inner({INPUT: value})) is True


def _collect(made: _Table, matching: Sequence[_Rule], frame: Frame) -> Any:
    return _aggregate(made, _all(made, matching, frame), frame)


def _aggregate(made: _Table, results: list[Any], frame: Frame) -> Any:
    """The operator applied to the results; with several outputs to each of them."""
    if made.aggregation is None:
        return results
    function = BUILTINS[made.aggregation.lower()]
    if len(made.outputs) == 1 or made.aggregation == "COUNT":
        return functions.call(function, frame.run, [results])
    return {
        output.name: functions.call(
            function, frame.run, [[result[output.name] for result in results]]
        )
        for output in made.outputs
    }


_POLICIES: Mapping[str, Decide] = {
    "UNIQUE": _unique,
    "ANY": _any,
    "FIRST": _first,
    "PRIORITY": _priority,
    "COLLECT": _collect,
    "RULE ORDER": _all,
    "OUTPUT ORDER": _ordered,
}
