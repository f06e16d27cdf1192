"""A document's content, read field by field; what cannot be printed is refused with its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from signing.errors import Unrenderable
from signing.thai import thai_digits

_MOST_CHARACTERS = 20_000
_MOST_ITEMS = 5_000
#: Marks of editors that mean nothing on paper.
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_PLACE = re.compile(r"\{([a-z_.]+)(\|time)?\}")
_RIGHT_TO_LEFT = frozenset({"R", "AL", "RLE", "RLO", "RLI"})


@dataclass(frozen=True, slots=True)
class Fields:
    """Access by dotted path, as in "contact.tel"; `printable` are the typeface's characters.

    `blanks` are texts that stand at a path instead of the content: a draft's number and date.
    """

    document: Mapping[str, Any]
    printable: frozenset[str]
    blanks: Mapping[str, str] = field(default_factory=dict)

    def value(self, path: str) -> Any:
        """What stands at `path`, or None."""
        found: Any = self.document
        for name in path.split("."):
            if not isinstance(found, Mapping):
                return None
            found = found.get(name)
        return found

    def text(self, path: str) -> str:
        """The text at `path`, "" where there is none."""
        if path in self.blanks:
            return self.blanks[path]
        return self.checked(path, self.value(path))

    def texts(self, path: str) -> list[str]:
        """The texts of the list at `path`; a single text counts as a list of one."""
        value = self.value(path)
        if isinstance(value, str):
            return [text] if (text := self.checked(path, value)) else []
        items = enumerate(self._items(path, value))
        found = (self.checked(f"{path}.{n}", item) for n, item in items)
        return [text for text in found if text]

    def records(self, path: str) -> list[tuple[str, Mapping[str, Any]]]:
        """The records of the list at `path`, each with its own path."""
        return self.records_of(path, self.value(path))

    def records_of(self, path: str, value: object) -> list[tuple[str, Mapping[str, Any]]]:
        """The records of a list that stands at `path`."""
        found = []
        for n, item in enumerate(self._items(path, value)):
            if not isinstance(item, Mapping):
                raise Unrenderable(f"{path}.{n}", "Expected an object with named fields.")
            found.append((f"{path}.{n}", item))
        return found

    def filled(self, template: str) -> str:
        """`template` with each {path} replaced by its text; "" when one is missing.

        {path|time} prints a time of day, as in 09:30, the Thai way.
        """
        values = {path: self.text(path) for path, _ in _PLACE.findall(template)}
        if any(not text and path not in self.blanks for path, text in values.items()):
            return ""
        return _PLACE.sub(
            lambda place: _time(values[place[1]]) if place[2] else values[place[1]], template
        )

    def lines(self, entry: str | Sequence[str]) -> list[str]:
        """A template's line; of several paths, the lines of the first that has some."""
        if isinstance(entry, str):
            return [text] if (text := self.filled(entry)) else []
        return next((found for path in entry if (found := self.texts(path))), [])

    def checked(self, path: str, value: object, *, lines: bool = False) -> str:
        """`value` as printable text; line ends are allowed only with `lines`."""
        if value is None:
            return ""
        if not isinstance(value, str):
            raise Unrenderable(path, f"Expected text, but it is {_kind(value)}.")
        if len(value) > _MOST_CHARACTERS:
            raise Unrenderable(
                path,
                f"Expected at most {_MOST_CHARACTERS} characters, but there are {len(value)}. "
                "Divide the text into paragraphs.",
            )
        text = _INVISIBLE.sub("", value).replace("\t", " ").replace("\r\n", "\n").strip()
        strange = set(text) - self.printable - ({"\n"} if lines else set())
        if strange:
            at = min(text.index(character) for character in strange)
            raise Unrenderable(path, _complaint(text, at))
        return text

    def require(self, path: str) -> None:
        """Something must stand at `path`."""
        if path in self.blanks:
            return
        if self.value(path) in (None, "", [], {}):
            raise Unrenderable(path, "Expected a value, but it is missing. Fill it in.")

    def _items(self, path: str, value: object) -> Sequence[object]:
        if value is None:
            return ()
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise Unrenderable(path, f"Expected a list, but it is {_kind(value)}.")
        if len(value) > _MOST_ITEMS:
            raise Unrenderable(path, f"Expected at most {_MOST_ITEMS} items.")
        return value


def spelled(text: str, printable: frozenset[str]) -> tuple[str, int]:
    """The text with whatever cannot be printed told by its code, as in [U+1F64F], and how many of
    them there were: for words that nobody can change any more. Line ends stay.
    """
    text = _INVISIBLE.sub("", text).replace("\t", " ").replace("\r\n", "\n").strip()
    allowed = printable | {"\n"}
    said = [one if one in allowed else f"[U+{ord(one):04X}]" for one in text]
    return "".join(said), sum(1 for one in text if one not in allowed)


def _time(text: str) -> str:
    return f"{thai_digits(text.replace(':', '.'))} น."


def _kind(value: object) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", list: "a list"}
    return kinds.get(type(value), "an object")


def _complaint(text: str, at: int) -> str:
    character = text[at]
    name = unicodedata.name(character, "unnamed")
    return (
        f"Expected characters that can be printed, but {_what(character)} stands at position "
        f"{at + 1} (U+{ord(character):04X} {name}). Remove it."
    )


def _what(character: str) -> str:
    category = unicodedata.category(character)
    if character == "\n":
        return "a line end"
    if category in ("Cc", "Cf"):
        return "a control character"
    if unicodedata.bidirectional(character) in _RIGHT_TO_LEFT:
        return "a right-to-left character"
    if category in ("So", "Sk") or ord(character) >= 0x1F000:
        return "an emoji or symbol"
    return "a character that the typeface lacks"
