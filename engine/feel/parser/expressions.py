"""Operators by rank, from `or` down to the minus sign, and the expressions with keywords."""

from __future__ import annotations

from collections.abc import Callable

from engine.feel import syntax
from engine.feel.errors import FeelSyntaxError
from engine.feel.lexer import END, MARK, NAME
from engine.feel.parser.operands import COMPARISONS, OperandParser
from engine.feel.syntax import Iterator, Node, Test

_RANKS = {
    "or": 1,
    "and": 2,
    **dict.fromkeys((*COMPARISONS, "between", "in", "instance"), 3),
    "+": 4,
    "-": 4,
    "*": 5,
    "/": 5,
    "**": 6,
}
_COMPARING, _ADDING = 3, 4


class Parser(OperandParser):
    def expression(self) -> Node:
        level = self.depth
        self.descend()
        node = self._ranked(1)
        self.depth = level
        return node

    def term(self) -> Node:
        return self._ranked(_ADDING)

    def _ranked(self, least: int) -> Node:
        """Operands joined by operators of at least this rank."""
        level = self.depth
        node = self._signed()
        while (rank := self._rank()) >= least:
            self.descend()
            node = self._compared(node) if rank == _COMPARING else self._joined(node, rank)
        self.depth = level
        return node

    def _rank(self) -> int:
        token = self.token
        return _RANKS.get(token.text, 0) if token.kind in (MARK, NAME) else 0

    def _joined(self, first: Node, rank: int) -> Node:
        """All operators of one rank in a row become one wide node."""
        place = first.place
        rest = []
        while self._rank() == rank:
            operator = self.advance().text
            rest.append((operator, self._ranked(rank + 1)))
        if rank >= _ADDING:
            return syntax.Chain(place, first, tuple(rest))
        return syntax.Logic(place, rest[0][0], (first, *(operand for _, operand in rest)))

    def _compared(self, left: Node) -> Node:
        place = self.place
        operator = self.advance().text
        if operator == "between":
            low = self.term()
            self.need("and")
            return syntax.Between(place, left, low, self.term())
        if operator == "in":
            return syntax.In(place, left, self._in_tests())
        if operator == "instance":
            self.need("of")
            return syntax.InstanceOf(place, left, self.type_name())
        return syntax.Comparison(place, operator, left, self.term())

    def _signed(self) -> Node:
        place = self.place
        if not self.take("-"):
            return self.operand()
        self.descend()
        node = syntax.Negation(place, self._signed())
        self.depth -= 1
        return node

    # -- expressions with keywords ---------------------------------------------------------

    def statement(self) -> Node | None:
        if self.sees("if"):
            return self._if()
        if self.sees("for", "some", "every"):
            return self._loop()
        if self.sees("function") and self.ahead().text == "(":
            return self._function()
        return None

    def _if(self) -> Node:
        """`else if` continues the same node: a long ladder is not deep."""
        place = self.place
        branches = []
        while self.take("if"):
            condition = self.expression()
            self.need("then")
            branches.append((condition, self.expression()))
            self.need("else")
        return syntax.If(place, tuple(branches), self.expression())

    def _loop(self) -> Node:
        place = self.place
        kind = self.advance().text
        iterators = [self._iterator()]
        while self.take(","):
            iterators.append(self._iterator())
        self.known.add("partial")
        self.need("return" if kind == "for" else "satisfies")
        return syntax.Loop(place, kind, tuple(iterators), self.expression())

    def _iterator(self) -> Iterator:
        name = self.new_name(until="in")
        self.need("in")
        source = self.expression()
        return Iterator(name, source, self.expression() if self.take("..") else None)

    def _function(self) -> Node:
        place = self.place
        self.at += 2
        parameters = []
        while not self.sees(")"):
            name = self.new_name()
            parameters.append((name, self.type_name() if self.take(":") else None))
            if not self.take(","):
                break
        self.need(")")
        if self.sees("external"):
            raise FeelSyntaxError(
                "Expected FEEL in a function's body, but external code is never run.",
                place.line,
                place.column,
            )
        return syntax.FunctionOf(place, tuple(parameters), self.expression())

    # -- unary tests -----------------------------------------------------------------------

    def unary_tests(self) -> Node:
        place = self.place
        if self.sees("-") and self.ahead().kind == END:
            self.advance()
            return syntax.UnaryTests(place, ())
        first = self.at
        if self.sees("not") and self.ahead().text == "(":
            self.advance()
            negated = syntax.UnaryTests(place, self._listed_tests(), negated=True)
            if self.token.kind == END:
                return negated
            self.at = first
        return syntax.UnaryTests(place, self._tests())

    def _tests(self) -> tuple[Test, ...]:
        tests = [self._test(self.expression)]
        while self.take(","):
            tests.append(self._test(self.expression))
        return tuple(tests)

    def _listed_tests(self) -> tuple[Test, ...]:
        self.need("(")
        tests = self._tests()
        self.need(")")
        return tests

    def _test(self, operand: Callable[[], Node]) -> Test:
        place = self.place
        operator = self.take(*COMPARISONS)
        return Test(place, operator, self.term() if operator else operand())

    def _in_tests(self) -> tuple[Test, ...]:
        """Behind `in`: one test, or several in parentheses."""
        if self.sees("(") and self._holds_tests():
            return self._listed_tests()
        return (self._test(self.term),)

    def _holds_tests(self) -> bool:
        """Whether this parenthesis lists tests: `(1, 2)`, `(< 5)`; not `(1..5)`, `(a + b)`."""
        if self.ahead().text in COMPARISONS:
            return True
        depth = 0
        for token in self.tokens[self.at :]:
            if token.kind != MARK:
                continue
            depth += (token.text in "([{") - (token.text in ")]}")
            if (depth == 1 and token.text == ",") or depth == 0:
                return token.text == ","
            if depth == 1 and token.text == "..":
                return False
        return False
