"""Names of several words: told from operators only because they are known (DMN 1.5, 10.3.1.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from engine.feel.errors import FeelError
from engine.feel.lexer import MARK, NAME, NUMBER, tokens
from engine.feel.parser.cursor import Cursor

KEYWORDS = frozenset(
    [
        "for",
        "in",
        "return",
        "if",
        "then",
        "else",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "between",
        "instance",
        "of",
        "function",
        "true",
        "false",
        "null",
        "external",
    ]
)
#: Marks that a name may contain.
_NAME_MARKS = frozenset("./-'+*")
#: Properties with two words; they are names only behind a dot.
_PROPERTIES = ("time offset", "start included", "end included")


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """The tokens of a name; empty when it can never be written as one."""
    try:
        found = tokens(name)[:-1]
    except FeelError:
        return ()
    if not found or found[0].kind != NAME:
        return ()
    fit = all(token.kind in (NAME, NUMBER) or token.text in _NAME_MARKS for token in found)
    return tuple(token.text for token in found) if fit else ()


class Dictionary:
    """Known names of more than one word, by their first, on top of `base`."""

    def __init__(self, names: Iterable[str], base: Dictionary | None = None) -> None:
        self._base = base
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        parts = words(name)
        if len(parts) < 2:
            return
        entries = self._by_first.setdefault(parts[0], [])
        if (parts, name) not in entries:
            entries.append((parts, name))
            entries.sort(key=lambda entry: -len(entry[0]))

    def longest(self, texts: Sequence[str]) -> tuple[int, str] | None:
        """How many of these words make the longest known name, and that name."""
        for parts, name in self._by_first.get(texts[0], ()):
            if tuple(texts[: len(parts)]) == parts:
                own = len(parts), name
                return max(own, self._of_base(texts) or own)
        return self._of_base(texts)

    def _of_base(self, texts: Sequence[str]) -> tuple[int, str] | None:
        return self._base.longest(texts) if self._base else None


_BEHIND_DOT = Dictionary(_PROPERTIES)
#: No name has more words.
_MOST_WORDS = 16


class NameParser(Cursor):
    def __init__(self, text: str, known: Dictionary, line: int = 1) -> None:
        super().__init__(text, line)
        self.known = known

    def _texts(self) -> list[str]:
        """The words ahead that could be one name."""
        found: list[str] = []
        for token in self.tokens[self.at : self.at + _MOST_WORDS]:
            if token.kind not in (NAME, NUMBER) and token.text not in _NAME_MARKS:
                break
            found.append(token.text)
        return found

    def known_name(self, *dictionaries: Dictionary) -> str | None:
        """The longest known name of several words that stands here."""
        if self.token.kind != NAME:
            return None
        texts = self._texts()
        found = [match for each in dictionaries if (match := each.longest(texts))]
        if not found:
            return None
        length, name = max(found)
        self.at += length
        return name

    def name(self) -> str:
        """A name of one word where a value is meant."""
        if self.token.kind != NAME or self.token.text in KEYWORDS:
            raise self.wrong("Expected a value or a name")
        return self.advance().text

    def property_name(self) -> str:
        """A name behind a dot."""
        known = self.known_name(self.known, _BEHIND_DOT)
        if known is not None:
            return known
        if self.token.kind != NAME:
            raise self.wrong("Expected a name after the dot")
        return self.advance().text

    def new_name(self, *, until: str | None = None) -> str:
        """A name that is declared here: all words up to the mark or keyword that ends it."""
        first = self.at
        if self.token.kind != NAME:
            raise self.wrong("Expected a name")
        self.at += 1
        while self._continues(until):
            self.at += 1
        name = self.source(first, self.at - 1)
        self.known.add(name)
        return name

    def _continues(self, until: str | None) -> bool:
        token = self.token
        if token.kind in (NAME, NUMBER):
            return token.text != until
        return token.kind == MARK and token.text in _NAME_MARKS

    def label(self) -> str | None:
        """A parameter's name with its colon, if one stands here: `start position: 2`."""
        first = self.at
        if self.token.kind != NAME:
            return None
        while self._continues(None):
            self.at += 1
        if not self.sees(":"):
            self.at = first
            return None
        self.at += 1
        return self.source(first, self.at - 2)
