"""The one act with two commits: reserve the number, sign with no transaction open, record.

The order is what makes a crash harmless: what was reserved is on record before the key is used,
the journal has the number before it counts, and nothing counts before the second commit. The
signer's secret lives in this call alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID, uuid5

from engine.actor import Actor
from engine.bus import Answer, Bus
from office.documents.ports import Desk


@dataclass(frozen=True, slots=True)
class Authorization:
    """How the signer proves to be themselves: `{method: "pin", code}`, or
    `{method: "totp", code, pin}`: the key opens with the PIN alone.
    """

    method: str
    code: str = field(repr=False)
    pin: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the signer asks for. An outcome other than sign declines: no proof is needed."""

    task_id: UUID
    outcome: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    comment: str | None = None
    authorization: Authorization | None = None


def read_authorization(raw: Any) -> Authorization:
    """The `authorization` of a request; Invalid by field."""
    raise NotImplementedError


def sign(bus: Bus, actor: Actor, wish: Wish, command_id: UUID) -> Answer:
    """Complete a task that signs. Answer as of CompleteTask, with `status` signed (200) or
    waiting_timestamp (202), and `document` {id, state, number, date_iso}.

    `command_id` is the request's: repeating it repeats the answer.
    """
    raise NotImplementedError


_ = (cast, uuid5, Desk)
