"""Trying again what was stuck."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.bus import Answer, Context, Handler


@dataclass(frozen=True, slots=True)
class RetryIncident:
    """Right: operate. Answer: {id, state, instance_id, instance_status}; what is still stuck raises
    a new incident.
    """

    incident_id: UUID


def retry_incident(command: RetryIncident, ctx: Context) -> Answer:
    raise NotImplementedError


HANDLERS: dict[type, Handler] = {RetryIncident: retry_incident}
