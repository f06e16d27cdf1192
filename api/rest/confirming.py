"""Completing a task whose answer demands it be proved anew who gives it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import g, request

from api.auth import demand_scope
from api.auth.passkeys import demanded
from api.idempotency import command_id
from api.rest.frame import system
from engine.bus import Answer
from engine.ids import new_id
from office.accounts import confirming
from office.documents.proving import Authorization, read_authorization, unauthorized

METHODS = ("totp", "passkey")


def complete_by_confirming(
    task_id: UUID, body: Mapping[str, Any], authorization: Mapping[str, Any]
) -> Answer:
    demand_scope(g.actor, "sign")
    proof = read_authorization(authorization)
    wish = confirming.Wish(task_id, **body, proof=_said(proof))
    return confirming.complete(
        system().bus, g.actor, wish, command_id(g.actor) or new_id(), request.remote_addr or ""
    )


def _said(proof: Authorization | None) -> str:
    if proof is None or proof.method not in METHODS:
        raise unauthorized("authorization.method", f"Expected one of {', '.join(METHODS)}.")
    return proof.code


def ask_confirmation(task_id: UUID, body: Mapping[str, Any]) -> dict[str, Any]:
    wish = confirming.Wish(task_id, **body)
    ip = request.remote_addr or ""
    return confirming.ask(system().bus, g.actor, demanded(), wish, ip)
