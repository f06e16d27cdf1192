"""Whom a test's look-ups find where the test does not say: the organisation as it is today."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from engine.actor import Principal
from office.chains.asking import Finder, looked_up
from office.chains.model import FIND

#: different look-ups of all cases together
MOST = 200

Found = Mapping[str, Sequence[Principal]]


class LookUps(Protocol):
    def found(self, action: str, inputs: Mapping[str, Any], starter: str) -> Found | None:
        """What this machine work would report today; None where it looks up nobody, or cannot be
        answered: nobody is there, or it asks for whoever did a step.
        """
        ...

    def asked(self, action: str) -> bool:
        """Whether this machine work looks people up."""
        ...


class NoLookUps:
    """Where no organisation stands behind the model."""

    def found(self, action: str, inputs: Mapping[str, Any], starter: str) -> Found | None:
        del action, inputs, starter
        return None

    def asked(self, action: str) -> bool:
        del action
        return False


class Today:
    """As a trial of cards asks: within the agency, and of nothing but who does what."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._known: dict[tuple[str, str], Found | None] = {}

    def asked(self, action: str) -> bool:
        return action == FIND

    def found(self, action: str, inputs: Mapping[str, Any], starter: str) -> Found | None:
        """The same question is asked once, however many cases come by it."""
        if not self.asked(action):
            return None
        key = (json.dumps(inputs, sort_keys=True, default=str), starter)
        if key not in self._known:
            if len(self._known) >= MOST:
                return None
            self._known[key] = looked_up(self._finder, inputs, starter)
        return self._known[key]
