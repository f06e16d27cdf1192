"""What stands between operators: literals, names, brackets, and what is applied to them."""

from __future__ import annotations

from abc import abstractmethod
from decimal import Decimal

from engine.feel import syntax
from engine.feel.errors import FeelSyntaxError, Nothing
from engine.feel.lexer import MARK, NAME, NUMBER, TEXT, unquote
from engine.feel.numeric import CONTEXT, NoNumber
from engine.feel.parser.names import KEYWORDS
from engine.feel.parser.types import TypeParser
from engine.feel.syntax import Node, Place
from engine.feel.temporal.text import read_any

COMPARISONS = ("<=", ">=", "<", ">", "!=", "=")
_CONSTANTS = {"true": True, "false": False, "null": None}
_OPENERS = frozenset("([{-@")


class OperandParser(TypeParser):
    @abstractmethod
    def expression(self) -> Node: ...

    @abstractmethod
    def term(self) -> Node:
        """An expression without comparisons, `and` and `or`."""

    @abstractmethod
    def statement(self) -> Node | None:
        """What begins with a keyword: if, for, some, every, function."""

    def operand(self) -> Node:
        """A primary with all the `.name`, `[filter]` and `(arguments)` behind it."""
        node = self._primary()
        level = self.depth
        while (applied := self._applied(node)) is not None:
            node = applied
            self.descend()
        self.depth = level
        return node

    def _applied(self, node: Node) -> Node | None:
        place = self.place
        if self.take("."):
            return syntax.Path(place, node, self.property_name())
        if self.sees("[") and self._can_begin(1):
            return self._filter(place, node)
        if self.take("("):
            return self._call(place, node)
        return None

    def _can_begin(self, by: int) -> bool:
        """Whether an expression can begin there. Not so behind the bracket that ends `[1..5[`."""
        token = self.ahead(by)
        if token.kind == NAME:
            return token.text not in KEYWORDS or token.text in _BEGINNERS
        return token.kind in (NUMBER, TEXT) or token.text in _OPENERS

    def _filter(self, place: Place, node: Node) -> Node:
        self.need("[")
        condition = self.expression()
        self.need("]")
        return syntax.Filter(place, node, condition)

    def _call(self, place: Place, callee: Node) -> Node:
        positional: list[Node] = []
        named: list[tuple[str, Node]] = []
        while not self.sees(")"):
            label = self.label()
            if label is not None:
                named.append((label, self.expression()))
            else:
                positional.append(self.expression())
            if not self.take(","):
                break
        self.need(")")
        if positional and named:
            raise self.wrong("Expected arguments all by position or all by name")
        return syntax.Call(place, callee, tuple(positional), tuple(named))

    def _primary(self) -> Node:
        place = self.place
        token = self.token
        if token.kind == NUMBER:
            return self._number(place)
        if token.kind == TEXT:
            return syntax.Literal(place, self._text())
        if token.kind == MARK:
            return self._bracket(place)
        known = self.known_name(self.known)
        if known is not None:
            return syntax.Name(place, known)
        if token.text in _CONSTANTS:
            return syntax.Literal(place, _CONSTANTS[self.advance().text])
        return self.statement() or syntax.Name(place, self.name())

    def _number(self, place: Place) -> Node:
        try:
            number: Decimal = CONTEXT.create_decimal(self.advance().text)
        except NoNumber:
            raise FeelSyntaxError(
                "Expected a number of at most 6,144 digits.", place.line, place.column
            ) from None
        return syntax.Literal(place, number)

    def _text(self) -> str:
        place = self.place
        try:
            return unquote(self.advance().text)
        except FeelSyntaxError as wrong:
            raise FeelSyntaxError(wrong.message, place.line, place.column) from None

    def _bracket(self, place: Place) -> Node:
        if self.take("@"):
            return self._at_literal(place)
        if self.take("{"):
            return self._context(place)
        if self.take("("):
            return self._parenthesis(place)
        if self.take("["):
            return self._list_or_range(place)
        if self.take("]"):
            return self._range(place, self.expression(), low_included=False)
        raise self.wrong("Expected a value or a name")

    def _at_literal(self, place: Place) -> Node:
        if self.token.kind != TEXT:
            raise self.wrong("Expected a text after '@'")
        try:
            return syntax.Literal(place, read_any(self._text()))
        except Nothing as wrong:
            raise FeelSyntaxError(str(wrong), place.line, place.column) from None

    def _context(self, place: Place) -> Node:
        entries = []
        while not self.sees("}"):
            key = self._key()
            self.need(":")
            entries.append((key, self.expression()))
            if not self.take(","):
                break
        self.need("}")
        return syntax.ContextOf(place, tuple(entries))

    def _key(self) -> str:
        if self.token.kind != TEXT:
            return self.new_name()
        key = self._text()
        self.known.add(key)
        return key

    def _parenthesis(self, place: Place) -> Node:
        operator = self.take(*COMPARISONS)
        if operator:
            operand = self.term()
            self.need(")")
            return syntax.RangeOf(place, operand, None, form=operator)
        inner = self.expression()
        if self.sees(".."):
            return self._range(place, inner, low_included=False)
        self.need(")")
        return inner

    def _list_or_range(self, place: Place) -> Node:
        if self.take("]"):
            return syntax.ListOf(place, ())
        first = self.expression()
        if self.sees(".."):
            return self._range(place, first, low_included=True)
        items = [first]
        while self.take(","):
            items.append(self.expression())
        self.need("]")
        return syntax.ListOf(place, tuple(items))

    def _range(self, place: Place, low: Node, *, low_included: bool) -> Node:
        self.need("..")
        high = self.term()
        end = self.take("]", ")", "[")
        if not end:
            raise self.wrong("Expected ']', ')' or '[' at the end of the range")
        return syntax.RangeOf(place, low, high, low_included, end == "]")


_BEGINNERS = frozenset({*_CONSTANTS, "if", "for", "some", "every", "function"})
