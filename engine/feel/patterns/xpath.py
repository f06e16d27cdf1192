r"""XPath's regular expressions in RE2's words (XPath functions 3.1, 5.6.1; XML Schema 2, G).

What only one of the two knows is translated or refused: class subtraction, Unicode blocks, the
meaning of `.`, `\w` and `\s`; back-references cannot be had in linear time.
"""

from __future__ import annotations

from engine.feel.errors import Nothing
from engine.feel.patterns import classes

#: Escapes that mean the character itself, in both languages.
_LITERAL = frozenset("nrt\\|.?*+(){}-[]^$")
#: Escapes for sets that only stand outside of classes.
_NEGATED = {"S": "s", "I": "i", "C": "c"}
_WORD = {"w": r"[^\p{P}\p{Z}\p{C}]", "W": r"[\p{P}\p{Z}\p{C}]"}


def translated(pattern: str, *, dot_all: bool, spaced: bool) -> str:
    reader = Reader(without_space(pattern) if spaced else pattern)
    parts = []
    while not reader.ended:
        parts.append(_part(reader, dot_all))
    return "".join(parts)


def without_space(pattern: str) -> str:
    """The pattern without white space, except inside brackets (flag x)."""
    kept, depth, escaped = [], 0, False
    for each in pattern:
        if depth or not each.isspace():
            kept.append(each)
        if not escaped:
            depth += (each == "[") - (each == "]" and depth > 0)
        escaped = each == "\\" and not escaped
    return "".join(kept)


class Reader:
    """A pattern and how far it has been read."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    @property
    def ended(self) -> bool:
        return self.at >= len(self.pattern)

    def next(self) -> str:
        if self.ended:
            raise Nothing(f"Expected a whole pattern, but {self.pattern[:60]!r} ends early.")
        self.at += 1
        return self.pattern[self.at - 1]

    def sees(self, text: str) -> bool:
        return self.pattern.startswith(text, self.at)

    def take(self, text: str) -> bool:
        found = self.sees(text)
        self.at += len(text) * found
        return found


def _part(reader: Reader, dot_all: bool) -> str:
    each = reader.next()
    if each == "[":
        return classes.read_class(reader)
    if each == ".":
        return r"(?s:.)" if dot_all else r"[^\n\r]"
    if each == "\\":
        return _escape(reader)
    if each == "(" and reader.sees("?") and not reader.sees("?:"):
        raise Nothing("Expected a plain group or (?:…).")
    return each


def _escape(reader: Reader) -> str:
    each = reader.next()
    if each in "pP":
        return f"[{classes.read_property(reader, negated=each == 'P').text}]"
    if each in classes.SETS:
        return f"[{classes.SETS[each]}]"
    if each in _NEGATED:
        return f"[^{classes.SETS[_NEGATED[each]]}]"
    if each in _WORD:
        return _WORD[each]
    if each in _LITERAL:
        return "\\" + each
    raise Nothing(f"Expected an escape that is known here, but got '\\{each}'.")
