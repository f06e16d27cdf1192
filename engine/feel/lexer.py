"""Text to tokens, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.feel.errors import FeelSyntaxError, LimitExceeded
from engine.feel.limits import MAX_CHARS, MAX_TOKENS
from engine.feel.syntax import Place

NAME, NUMBER, TEXT, MARK, END = "name", "number", "text", "mark", "end"

_SPACE = r"[\s\u180e\u200b\ufeff]"
_START = (
    r"A-Za-z_?\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d"
    r"\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf"
    r"\ufdf0-\ufffd\U00010000-\U000effff"
)
_PART = _START + r"0-9\u00b7\u0300-\u036f\u203f-\u2040"
_TOKEN = re.compile(
    rf"(?P<space>{_SPACE}+|//[^\n]*|/\*(?s:.*?)\*/)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r'|(?P<text>"(?:[^"\\]|\\.)*")'
    r"|(?P<mark>\.\.\.|\.\.|\*\*|->|<=|>=|!=|[-+*/=<>(){}\[\],:.@'])"
    rf"|(?P<name>[{_START}][{_PART}]*)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)
_ESCAPES: Mapping[str, str] = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    '"': '"',
    "'": "'",
    "\\": "\\",
}


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    start: int


def tokens(text: str, line: int = 1) -> list[Token]:
    """All tokens but space and comments, then one of kind END."""
    if len(text) > MAX_CHARS:
        raise LimitExceeded(f"Expected at most {MAX_CHARS:,} characters, but got {len(text):,}.")
    found = []
    for token in _scan(text, line):
        found.append(token)
        if len(found) > MAX_TOKENS:
            raise LimitExceeded(f"Expected at most {MAX_TOKENS:,} tokens. Split the expression.")
    return [*found, Token(END, "", len(text))]


def _scan(text: str, line: int) -> Iterator[Token]:
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if not found:
            raise _unreadable(text, position, line)
        if found.lastgroup != "space" and found.lastgroup is not None:
            yield Token(found.lastgroup, found[0], position)
        position = found.end()


def _unreadable(text: str, position: int, line: int) -> FeelSyntaxError:
    place = place_of(text, position, line)
    what = "a closing quote" if text[position] == '"' else "FEEL"
    return FeelSyntaxError(
        f"Expected {what}, but found {text[position]!r}.", place.line, place.column
    )


def place_of(text: str, position: int, line: int) -> Place:
    line += text.count("\n", 0, position)
    return Place(line, position - (text.rfind("\n", 0, position) + 1) + 1)


def unquote(literal: str) -> str:
    """The text of a quoted literal. Halves of a surrogate pair become one character; NUL and
    single halves are refused: no store can hold them.
    """
    text = _ESCAPE.sub(_unescape, literal[1:-1])
    try:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeError:
        raise FeelSyntaxError("Expected text, but found half a surrogate pair.") from None
    if "\0" in text:
        raise FeelSyntaxError("Expected text without the character NUL.")
    return text


def _unescape(found: re.Match[str]) -> str:
    code = found[1]
    if len(code) == 1:
        return _ESCAPES.get(code, "\\" + code)
    number = int(code[1:], 16)
    if number > 0x10FFFF:
        raise FeelSyntaxError(f"Expected a character's number, but found {found[0]}.")
    return chr(number)
