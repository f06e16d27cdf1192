"""What a line of the number journal says of a register: which running number was given. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from office.correspondence.issued import unreadable


@dataclass(frozen=True, slots=True)
class Entered:
    """A running number of a register (เลขทะเบียน): people outside know it, as they know numbers."""

    agency: UUID
    #: send, receive, issue, secret_out or secret_in
    register: str
    unit: str
    year: int
    no: int
    document: UUID
    at: datetime

    @classmethod
    def read(cls, line: Mapping[str, Any]) -> Entered:
        try:
            return msgspec.convert(line, cls, strict=False)
        except msgspec.ValidationError as wrong:
            raise unreadable(line, wrong) from None

    def line(self) -> Mapping[str, Any]:
        values: Mapping[str, Any] = msgspec.to_builtins(self)
        return values


def is_entered(line: Mapping[str, Any]) -> bool:
    """Whether the line is of a register."""
    return "register" in line
