"""Writes down, while an advance runs, everything that it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.runtime.values import (
    Change,
    ClosedTask,
    EndedCall,
    OpenedTask,
    SetTimer,
    StartedCall,
    Step,
    StuckToken,
    Subscription,
    Thrown,
    Token,
    WantedJob,
)


@dataclass(slots=True)
class Journal:
    """What tokens ask for is kept by token: a token that ends in the same advance takes it back."""

    steps: list[Step] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    thrown: list[Thrown] = field(default_factory=list)
    calls: list[StartedCall] = field(default_factory=list)
    calls_ended: list[EndedCall] = field(default_factory=list)
    opened: dict[Token, OpenedTask] = field(default_factory=dict)
    jobs: dict[Token, WantedJob] = field(default_factory=dict)
    timers: dict[Token, SetTimer] = field(default_factory=dict)
    subscriptions: dict[Token, Subscription] = field(default_factory=dict)
    stuck: dict[Token, StuckToken] = field(default_factory=dict)
    closed: list[ClosedTask] = field(default_factory=list)
    end_element: str | None = None

    def forget(self, token: Token) -> None:
        """The token has left its place: what it asked for in this advance is void."""
        wanted: tuple[dict[Token, Any], ...] = (
            self.opened,
            self.jobs,
            self.timers,
            self.subscriptions,
            self.stuck,
        )
        for asked in wanted:
            asked.pop(token, None)

    def changed(self, scope: str, name: str, value: Any, element_id: str) -> None:
        self.changes.append(Change(scope, name, value, element_id))


def as_tuple(asked: Mapping[Token, Any]) -> tuple[Any, ...]:
    return tuple(asked.values())
