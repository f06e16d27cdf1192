"""From text to syntax tree. `known` holds the names of several words; `line` is where in its
file the text begins.
"""

from __future__ import annotations

from engine.feel import syntax
from engine.feel.errors import FeelSyntaxError
from engine.feel.parser.expressions import Parser
from engine.feel.parser.names import Dictionary


def parse_expression(text: str, known: Dictionary, line: int = 1) -> syntax.Node:
    parser = _parser(text, known, line)
    node = parser.expression()
    parser.finish()
    return node


def parse_unary(text: str, known: Dictionary, line: int = 1) -> syntax.Node:
    parser = _parser(text, known, line)
    node = parser.unary_tests()
    parser.finish()
    return node


def _parser(text: str, known: Dictionary, line: int) -> Parser:
    if not text.strip():
        raise FeelSyntaxError("Expected an expression, but the text is empty.", line, 1)
    return Parser(text, Dictionary((), known), line)


__all__ = ["Dictionary", "parse_expression", "parse_unary"]
