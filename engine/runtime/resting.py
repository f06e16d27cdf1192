"""What the tokens of a stored state rest for: the truth that the engine's rows must agree with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.runtime.advance import revived
from engine.runtime.bundle import Bundle
from engine.runtime.places.place import Waiting
from engine.runtime.result import Before
from engine.runtime.values import Surroundings, Token

#: reading a state asks for no time
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Resting:
    """`waiting` names every token that something outside must move, `stuck` those that cannot."""

    waiting: Mapping[Token, Waiting]
    stuck: frozenset[Token]


def resting(bundle: Bundle, state: bytes, instance_id: str) -> Resting:
    """Raises CorruptState where the bytes are not what this instance stored."""
    instance = revived(bundle, state, {"": {}}, Surroundings(now=_NEVER, instance_id=instance_id))
    before = Before.of(instance)
    return Resting(before.waiting, before.stuck)
