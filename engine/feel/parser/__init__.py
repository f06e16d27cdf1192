"""From text to syntax tree. `base` holds the names that are always known."""

from __future__ import annotations

from collections.abc import Iterable

from engine.feel import syntax
from engine.feel.errors import FeelSyntaxError
from engine.feel.parser.expressions import Parser
from engine.feel.parser.names import Dictionary


def parse_expression(text: str, names: Iterable[str], base: Dictionary) -> syntax.Node:
    parser = _parser(text, names, base)
    node = parser.expression()
    parser.finish()
    return node


def parse_unary(text: str, names: Iterable[str], base: Dictionary) -> syntax.Node:
    parser = _parser(text, names, base)
    node = parser.unary_tests()
    parser.finish()
    return node


def _parser(text: str, names: Iterable[str], base: Dictionary) -> Parser:
    if not text.strip():
        raise FeelSyntaxError("Expected an expression, but the text is empty.", 1, 1)
    return Parser(text, Dictionary(names, base))


__all__ = ["Dictionary", "parse_expression", "parse_unary"]
