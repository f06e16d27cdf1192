"""Where the parser stands in the tokens, and how deep."""

from __future__ import annotations

from engine.feel.errors import FeelSyntaxError, LimitExceeded
from engine.feel.lexer import END, MARK, NAME, Token, place_of, tokens
from engine.feel.limits import MAX_NESTING
from engine.feel.syntax import Place


class Cursor:
    def __init__(self, text: str, line: int = 1) -> None:
        self.text = text
        self.line = line
        self.tokens = tokens(text, line)
        self.at = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    @property
    def place(self) -> Place:
        return place_of(self.text, self.token.start, self.line)

    def ahead(self, by: int = 1) -> Token:
        return self.tokens[min(self.at + by, len(self.tokens) - 1)]

    def advance(self) -> Token:
        token = self.token
        if token.kind != END:
            self.at += 1
        return token

    def sees(self, *words: str) -> bool:
        """Whether one of these keywords or marks comes next."""
        return self.token.kind in (MARK, NAME) and self.token.text in words

    def take(self, *words: str) -> str | None:
        return self.advance().text if self.sees(*words) else None

    def need(self, word: str) -> None:
        if not self.take(word):
            raise self.wrong(f"Expected {word!r}")

    def finish(self) -> None:
        if self.token.kind != END:
            raise self.wrong("Expected the end of the expression or an operator")

    def wrong(self, expected: str) -> FeelSyntaxError:
        found = repr(self.token.text) if self.token.kind != END else "the end"
        place = self.place
        return FeelSyntaxError(f"{expected}, but found {found}.", place.line, place.column)

    def descend(self) -> None:
        """One level further down: the tree's depth bounds the stack of all who walk it."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            place = self.place
            raise LimitExceeded(
                f"Expected at most {MAX_NESTING} levels, but the expression is nested deeper.",
                place.line,
                place.column,
            )

    def source(self, first: int, last: int) -> str:
        """The text from one token to another, its white space made single spaces."""
        end = self.tokens[last]
        return " ".join(self.text[self.tokens[first].start : end.start + len(end.text)].split())
