"""What a turn has still to carry out on the instance it holds, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.turn.again import Deed


@dataclass(frozen=True, slots=True)
class PassBy:
    """A task that `who` would do again, who has done the `deed`: it completes by itself."""

    row: dict[str, Any]
    who: str
    deed: Deed


@dataclass(frozen=True, slots=True)
class Deliver:
    """A message or signal for a token of this instance."""

    token: str
    element_id: str
    name: str
    key: str | None
    variables: Mapping[str, Any]
