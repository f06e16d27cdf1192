"""A line of the number journal as a value, and back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import msgspec

from engine.errors import Invalid


class Line:
    """What the dataclasses of the lines have in common: their fields are what a line holds."""

    __slots__ = ()

    @classmethod
    def read(cls, line: Mapping[str, Any]) -> Self:
        """The line as a value; one that cannot be read is never passed over in silence."""
        try:
            return msgspec.convert(line, cls, strict=False)
        except msgspec.ValidationError as wrong:
            raise Invalid(
                f"Expected a line of the number journal, but {wrong}: {line!r:.200}."
                " Mend the line from the shipped copy, then go on.",
                code="unreadable_journal",
            ) from None

    def line(self) -> Mapping[str, Any]:
        values: Mapping[str, Any] = msgspec.to_builtins(self)
        return values
