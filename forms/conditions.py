"""FEEL inside forms: conditions, bounds and texts, worked out over the form's values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from engine import feel

_NAME = re.compile(r"[^\W\d]\w*")


class BadCondition(Exception):
    """Expected FEEL that parses, but it does not."""


class ConditionFailed(Exception):
    """Expected a condition that can be worked out, but it cannot."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What conditions see: the values by name, and the moment."""

    values: dict[str, Any]
    now: datetime


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed expression. `names` are the words in it: a superset of the variables it reads."""

    text: str
    tree: feel.Tree
    names: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> Condition:
        return _parse(text)

    def value(self, situation: Situation) -> Any:
        """Its value; a name that the situation does not have is null, as in form-js."""
        values, now = situation.values, situation.now
        try:
            return feel.evaluate(self.tree, values, now=now, strict=False).value
        except feel.FeelError as wrong:
            raise ConditionFailed(str(wrong)) from None

    def holds(self, situation: Situation) -> bool:
        """Whether it is exactly true."""
        return self.value(situation) is True


@lru_cache(maxsize=2_048)
def _parse(text: str) -> Condition:
    try:
        return Condition(text, feel.parse(text), frozenset(_NAME.findall(text)))
    except feel.FeelError as wrong:
        raise BadCondition(str(wrong)) from None
