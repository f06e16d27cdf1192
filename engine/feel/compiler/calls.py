"""Functions made in an expression, and calls of any."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.feel import functions, syntax
from engine.feel.builtins import BUILTINS
from engine.feel.compiler.code import Code, Compile, attempt, complain, quietly
from engine.feel.kinds import Function, Parameter, kind
from engine.feel.scope import Frame, Run
from engine.feel.types import resolve

#: Built-ins whose first argument may name a variable that does not exist.
_LENIENT = frozenset({"is defined", "get or else"})


def function_of(node: syntax.FunctionOf, compile_: Compile) -> Code:
    body = compile_(node.body)
    parameters = node.parameters

    def make(frame: Frame) -> Function:
        shape = tuple(
            Parameter(name, resolve(type_, frame.run.types) if type_ else None)
            for name, type_ in parameters
        )
        return closure(shape, body, frame)

    return make


def closure(shape: Sequence[Parameter], body: Code, around: Frame, name: str = "") -> Function:
    """A function that sees the names around the place where it was made."""

    def call(run: Run, arguments: Sequence[Any]) -> Any:
        run.meter.enter()
        names = {each.name: value for each, value in zip(shape, arguments, strict=True)}
        try:
            return body(around.inner(names))
        finally:
            run.meter.leave()

    return Function(name, (shape,), call)


def call(node: syntax.Call, compile_: Compile) -> Code:
    callee = _callee(node.callee, compile_)
    place = node.place
    arguments = [compile_(argument) for argument in node.arguments]
    named = [(name, compile_(argument)) for name, argument in node.named]
    if isinstance(node.callee, syntax.Name) and node.callee.name in _LENIENT and arguments:
        arguments[0] = quietly(arguments[0])

    def run(frame: Frame) -> Any:
        frame.run.meter.step()
        function = callee(frame)
        if type(function) is not Function:
            return complain(frame.run, place, f"Expected a function, but got {kind(function)}.")
        if named:
            by_name = {name: argument(frame) for name, argument in named}
            return attempt(frame.run, place, functions.call_named, function, frame.run, by_name)
        values = [argument(frame) for argument in arguments]
        return attempt(frame.run, place, functions.call, function, frame.run, values)

    return run


def _callee(node: syntax.Node, compile_: Compile) -> Code:
    """A variable that is no function does not hide a built-in one: `date(date)` works."""
    code = compile_(node)
    builtin = BUILTINS.get(node.name) if isinstance(node, syntax.Name) else None
    if builtin is None:
        return code

    def find(frame: Frame) -> Any:
        found = code(frame)
        return found if type(found) is Function else builtin

    return find
