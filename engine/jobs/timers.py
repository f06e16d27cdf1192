"""Firing due timers, one command each."""

from __future__ import annotations

from engine.bus import Bus


def fire_due(bus: Bus, limit: int = 100) -> int:
    """How many fired. Each occurrence fires once, however many clocks look."""
    raise NotImplementedError
