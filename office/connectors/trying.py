"""Trying a connector before a process relies on it: one call, told of in the history."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Any

from engine.actor import Actor
from engine.bus import Bus
from engine.ids import new_id
from office.connectors.calling import Call, perform
from office.connectors.commands import RIGHT, NoteTrial
from office.connectors.outgoing import CallFailed
from office.connectors.settings import settings_of
from office.people.rights import demand

#: somebody sits and waits for it
PATIENCE = 10


@dataclass(frozen=True, slots=True)
class Trial:
    """What came back: a status and a body, or `code` and `message` of why nothing did."""

    status: int | None
    body: Any
    took_ms: int
    code: str = ""
    message: str = ""


def try_call(bus: Bus, actor: Actor, call: Call) -> Trial:
    """Call as a process would, whether one is granted it or not. Right: connectors."""
    demand(actor, RIGHT)
    begun = monotonic()

    def took() -> int:
        return round((monotonic() - begun) * 1000)

    settings, key = settings_of(bus.services), str(new_id())
    try:
        answer = perform(bus.engine, settings, actor.agency_id, call, None, key, patience=PATIENCE)
        tried = Trial(answer.status, answer.body, took())
    except CallFailed as failed:
        tried = Trial(None, None, took(), failed.code, str(failed))
    result = tried.code or str(tried.status)
    bus.execute(NoteTrial(call.connector, call.method, call.path, result), actor)
    return tried
