"""What a turn has still to carry out on the instance it holds, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PassBy:
    """A task that the same person would do again: it completes by itself."""

    row: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Deliver:
    """A message or signal for a token of this instance."""

    token: str
    element_id: str
    name: str
    key: str | None
    variables: Mapping[str, Any]
