"""Completing a task that signs: the one call with two commits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import g

from api.auth import demand_scope
from api.idempotency import command_id
from api.rest.frame import system
from engine.bus import Answer
from engine.ids import new_id
from office.documents import device_act
from office.documents.signing_act import Wish, read_authorization, sign


def complete_by_signing(
    task_id: UUID, body: Mapping[str, Any], authorization: Mapping[str, Any] | None
) -> Answer | tuple[Answer, int]:
    """Sign, or decline to: 200 when it is done, 202 when a job finishes it."""
    if authorization is not None:
        demand_scope(g.actor, "sign")
    proof = read_authorization(authorization)
    wish = Wish(task_id, **body, authorization=proof, seen=proof.seen if proof else None)
    answer = sign(system().bus, g.actor, wish, command_id(g.actor) or new_id())
    return _with_status(answer)


def complete_by_device(task_id: UUID, signature_id: UUID, given: bytes) -> Any:
    """Likewise with the signature that a device has made."""
    command = command_id(g.actor) or new_id()
    return _with_status(
        device_act.answer(system().bus, g.actor, task_id, signature_id, given, command)
    )


def _with_status(answer: Answer) -> Answer | tuple[Answer, int]:
    return (answer, 202) if str(answer.get("status", "")).startswith("waiting") else answer
