"""FEEL inside forms: conditions, bounds and texts, evaluated over the form's values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class BadCondition(Exception):
    """Expected FEEL that parses, but it does not."""


class ConditionFailed(Exception):
    """Expected a condition that can be worked out, but it cannot."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed expression; `names` are the variables that it reads."""

    text: str
    names: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> Condition:
        raise NotImplementedError

    def value(self, context: Mapping[str, Any]) -> Any:
        raise NotImplementedError
