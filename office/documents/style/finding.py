"""What the checker says of a text, and of a letter."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from unicodedata import category

#: characters shown on each side of what is wrong
AROUND = 14


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in one text: `[start:end]` should read `mend`; None where only a person can say."""

    rule: str
    start: int
    end: int
    mend: str | None


@dataclass(frozen=True)
class Finding:
    """A mark in one field of a letter: `path` as in "paragraphs.2", `text` all of the field."""

    rule: str
    path: str
    start: int
    end: int
    text: str
    mend: str | None

    @cached_property
    def id(self) -> str:
        """The same for the same finding in the same text, however often it is looked for."""
        told = (self.rule, self.path, self.start, self.end, self.mend, _digest(self.text))
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    @property
    def found(self) -> str:
        return self.text[self.start : self.end]

    @property
    def before(self) -> str:
        """What stands before it, cut short, but through no letter."""
        start = max(0, self.start - AROUND)
        while start and category(self.text[start]) == "Mn":
            start -= 1
        return ("…" if start else "") + self.text[start : self.start]

    @property
    def after(self) -> str:
        end = min(self.end + AROUND, len(self.text))
        while end < len(self.text) and category(self.text[end]) == "Mn":
            end += 1
        return self.text[self.end : end] + ("…" if end < len(self.text) else "")

    @property
    def mended(self) -> str | None:
        """The whole text as it would be; None where there is no mend."""
        if self.mend is None:
            return None
        return self.text[: self.start] + self.mend + self.text[self.end :]


@lru_cache(maxsize=256)
def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
