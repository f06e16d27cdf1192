"""Declared types, and what could not be read."""

from __future__ import annotations

from typing import Any

from engine.dmn import nodes
from engine.feel.compiler import Code, Compile
from engine.feel.compiler.code import attempt, complain
from engine.feel.errors import FeelSyntaxError
from engine.feel.scope import Frame
from engine.feel.types import fit, resolve


def fitted(node: nodes.Fitted, compile_: Compile) -> Code:
    value, type_, place = compile_(node.value), node.type, node.place

    def run(frame: Frame) -> Any:
        wanted = resolve(type_, frame.run.types)
        return attempt(frame.run, place, fit, value(frame), wanted, frame.run)

    return run


def broken(node: nodes.Broken, _compile: Compile) -> Code:
    message, place = node.message, node.place

    def run(frame: Frame) -> Any:
        if not frame.run.lenient:
            raise FeelSyntaxError(message, place.line, place.column)
        return complain(frame.run, place, message)

    return run
