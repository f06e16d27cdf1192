"""One job from lease to report: its handler runs with no transaction open."""

from __future__ import annotations

from uuid import UUID

from engine.bus import Bus
from engine.ports import Action


def run_job(bus: Bus, job_id: UUID) -> bool:
    """Whether there was work to do: a job that another has, or that has ended, is passed over."""
    raise NotImplementedError


def actions() -> list[Action]:
    """The engine's own: delivering thrown messages and signals to other instances."""
    return []
