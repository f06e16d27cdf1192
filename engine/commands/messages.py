"""Messages from outside and between instances: to the one that waits, else kept for a while."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from engine.bus import Answer, Context, Handler


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Answer: {instances: [id]} when someone waits; with `ttl` else {message_id, expires_at};
    without it NotFound(nobody_waiting).
    """

    name: str
    correlation_key: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    ttl: timedelta | None = None


def send_message(command: SendMessage, ctx: Context) -> Answer:
    raise NotImplementedError


HANDLERS: dict[type, Handler] = {SendMessage: send_message}
