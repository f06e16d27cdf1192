"""Types as they are written after a colon or `instance of`."""

from __future__ import annotations

from engine.feel.lexer import MARK, NAME, Token
from engine.feel.parser.names import KEYWORDS, Dictionary, NameParser
from engine.feel.types import SIMPLE, TypeName

_KNOWN = Dictionary(SIMPLE)


class TypeParser(NameParser):
    def type_name(self) -> TypeName:
        name = self._type_word()
        if not self.take("<"):
            return TypeName(name)
        self.descend()
        typed = self._arguments(name)
        self.depth -= 1
        return typed

    def _type_word(self) -> str:
        known = self.known_name(_KNOWN, self.known)
        if known is not None:
            return known
        if self.token.kind != NAME or (self.token.text in KEYWORDS - {"function"}):
            raise self.wrong("Expected a type")
        name = self.advance().text
        while self.sees(".") and self.ahead().kind == NAME:
            self.advance()
            name += "." + self.advance().text
        return name

    def _arguments(self, name: str) -> TypeName:
        if name == "context":
            return self._context_type()
        if name == "function":
            return self._function_type()
        if name not in ("list", "range"):
            raise self.wrong(f"Expected list, range, context or function before '<', not {name}")
        part = self.type_name()
        self._close()
        return TypeName(name, (part,))

    def _context_type(self) -> TypeName:
        fields = [self._typed_field()]
        while self.take(","):
            fields.append(self._typed_field())
        self._close()
        return TypeName("context", fields=tuple(fields))

    def _typed_field(self) -> tuple[str, TypeName]:
        name = self.new_name()
        self.need(":")
        return name, self.type_name()

    def _function_type(self) -> TypeName:
        parts = []
        while not self.sees(">"):
            parts.append(self.type_name())
            if not self.take(","):
                break
        self._close()
        self.need("->")
        return TypeName("function", (*parts, self.type_name()))

    def _close(self) -> None:
        """`>`, also where the text runs on to `>=`."""
        if self.token.kind == MARK and self.token.text == ">=":
            self.tokens[self.at] = Token(MARK, "=", self.token.start + 1)
            return
        self.need(">")
