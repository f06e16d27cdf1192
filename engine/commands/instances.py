"""Starting and cancelling process instances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from engine.bus import Answer, Context, Handler


@dataclass(frozen=True, slots=True)
class StartInstance:
    """Answer: {id, status, definition_id, definition_key, business_key, title, next}."""

    definition_key: str
    version: int | None = None
    business_key: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CancelInstance:
    """Answer: {id, status}. The starter may while nobody else has completed a task in it."""

    instance_id: UUID
    reason: str


def start_instance(command: StartInstance, ctx: Context) -> Answer:
    raise NotImplementedError


def cancel_instance(command: CancelInstance, ctx: Context) -> Answer:
    raise NotImplementedError


HANDLERS: dict[type, Handler] = {StartInstance: start_instance, CancelInstance: cancel_instance}
