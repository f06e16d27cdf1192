r"""Character classes such as `[a-z\d]`, and those from which another is taken: `[A-Z-[OI]]`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.feel.errors import Nothing

if TYPE_CHECKING:
    from engine.feel.patterns.xpath import Reader

Span = tuple[int, int]

_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}
_PLAIN = frozenset("\\|.?*+(){}-[]^$")
#: Sets by the letter of their escape, in RE2's words.
SETS = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": r" \t\n\r",
    "i": r"\p{L}\p{Nl}_:",
    "c": r"\p{L}\p{Nl}\p{Nd}\p{M}_:.\-·",
}
#: The same inside a class, with those whose complement RE2 can name there.
_INSIDE = {**SETS, "S": r"\S", "w": r"\p{L}\p{M}\p{N}\p{S}", "W": r"\p{P}\p{Z}\p{C}"}
_BLOCKS = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Devanagari": (0x0900, 0x097F),
    "Thai": (0x0E00, 0x0E7F),
    "Lao": (0x0E80, 0x0EFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7A3),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a class: in RE2's words, and as a span where it is one."""

    text: str
    span: Span | None = None


def read_class(reader: Reader) -> str:
    """The class whose opening bracket has just been read, in RE2's words."""
    negated, parts, taken = _read(reader)
    if taken is not None:
        return _written(_without(_spans(parts), taken, negated=negated))
    return f"[{'^' if negated else ''}{''.join(part.text for part in parts)}]"


def _read(reader: Reader) -> tuple[bool, Sequence[Part], Sequence[Span] | None]:
    """Whether it is negated, what it lists, and what is taken from it."""
    negated = reader.take("^")
    parts = [_part(reader)]
    while not reader.take("]"):
        if reader.take("-["):
            taken = _taken(reader)
            if not reader.take("]"):
                raise Nothing("Expected ']' behind a class that is taken away.")
            return negated, parts, taken
        parts.append(_part(reader))
    return negated, parts, None


def _taken(reader: Reader) -> Sequence[Span]:
    negated, parts, taken = _read(reader)
    return _without(_spans(parts), taken or (), negated=negated)


def _spans(parts: Iterable[Part]) -> list[Span]:
    found = [part.span for part in parts]
    if None in found:
        raise Nothing("Expected only characters and ranges where one class is taken from another.")
    return [span for span in found if span is not None]


def _part(reader: Reader) -> Part:
    each = reader.next()
    if each == "[":
        raise Nothing("Expected '\\[' inside a class.")
    if each == "\\":
        escaped = _escaped(reader)
        if isinstance(escaped, Part):
            return escaped
        each = escaped
    if reader.sees("-") and not reader.sees("-[") and not reader.sees("-]"):
        reader.next()
        return _span_part(ord(each), ord(_end(reader)))
    return _span_part(ord(each), ord(each))


def _span_part(first: int, last: int) -> Part:
    if first > last:
        raise Nothing(f"Expected a range from lower to higher, but got {first:X}-{last:X}.")
    return Part(_span_text(first, last), (first, last))


def _span_text(first: int, last: int) -> str:
    return f"\\x{{{first:X}}}-\\x{{{last:X}}}"


def _end(reader: Reader) -> str:
    each = reader.next()
    escaped = _escaped(reader) if each == "\\" else each
    if isinstance(escaped, Part):
        raise Nothing("Expected a character at the end of a range.")
    return escaped


def _escaped(reader: Reader) -> str | Part:
    each = reader.next()
    if each in "pP":
        return read_property(reader, negated=each == "P")
    if each in _INSIDE:
        return Part(_INSIDE[each])
    if each not in _ESCAPED and each not in _PLAIN:
        raise Nothing(f"Expected an escape that is known in a class, but got '\\{each}'.")
    return _ESCAPED.get(each, each)


def read_property(reader: Reader, *, negated: bool) -> Part:
    r"""`{Lu}` or `{IsThai}` behind \p, as a part of a class."""
    if not reader.take("{"):
        raise Nothing("Expected '{' behind \\p.")
    name = ""
    while not reader.take("}"):
        name += reader.next()
    if not name.startswith("Is"):
        return Part(f"\\{'P' if negated else 'p'}{{{name}}}")
    block = _BLOCKS.get(name[2:])
    if block is None:
        raise Nothing(f"Expected a known block of characters, but got {name!r}.")
    spans = _gaps([block]) if negated else [block]
    return Part("".join(_span_text(*span) for span in spans), None if negated else block)


def _without(whole: Sequence[Span], taken: Sequence[Span], *, negated: bool) -> Sequence[Span]:
    kept = list(_gaps(whole)) if negated else list(whole)
    return list(_gaps([*_gaps(kept), *taken]))


def _gaps(found: Iterable[Span]) -> Iterator[Span]:
    """What lies between and around spans."""
    start = 0
    for first, last in sorted(found):
        if start < first:
            yield start, first - 1
        start = max(start, last + 1)
    if start <= sys.maxunicode:
        yield start, sys.maxunicode


def _written(spans: Sequence[Span]) -> str:
    if not spans:
        raise Nothing("Expected a class that some character is in.")
    return "[" + "".join(_span_text(*span) for span in spans) + "]"
