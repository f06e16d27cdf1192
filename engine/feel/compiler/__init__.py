"""A syntax tree compiled to nested closures, once; running them is all that is left to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.feel import syntax
from engine.feel.compiler import access, branches, calls, operators, places, testing
from engine.feel.compiler.code import Code, Compile

COMPILERS: Mapping[type, Callable[[Any, Compile], Code]] = {
    syntax.Literal: places.literal,
    syntax.Name: places.name,
    syntax.ListOf: places.list_of,
    syntax.ContextOf: places.context_of,
    syntax.RangeOf: places.range_of,
    syntax.FunctionOf: calls.function_of,
    syntax.Call: calls.call,
    syntax.Path: access.path,
    syntax.Filter: access.filtered,
    syntax.Negation: operators.negation,
    syntax.Chain: operators.chain,
    syntax.Logic: operators.logic,
    syntax.Comparison: operators.comparison,
    syntax.Between: operators.between,
    syntax.UnaryTests: testing.unary_tests,
    syntax.In: testing.within,
    syntax.InstanceOf: testing.instance_of,
    syntax.If: branches.conditional,
    syntax.Loop: branches.loop,
}


def compiled(node: syntax.Node) -> Code:
    return COMPILERS[type(node)](node, compiled)


__all__ = ["COMPILERS", "Code", "Compile", "compiled"]
