"""Making a call through a connector: its secret is opened here, and goes into the request alone."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from sqlalchemy import Engine

from engine import jsonio
from engine.db import reading
from office.accounts.secrets import unseal
from office.connectors import queries, rules
from office.connectors.outgoing import CallFailed, Received, Sent
from office.connectors.rules import Connector
from office.connectors.settings import PURPOSE, ConnectorSettings

#: stands where an answer repeats the secret
HIDDEN = "•••"


@dataclass(frozen=True, slots=True)
class Call:
    """What is wanted: the path is one of the connector's, with its names in braces."""

    connector: str
    method: str
    path: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True, slots=True)
class Answer:
    """`body`: JSON with exact numbers, or text; None where it is neither."""

    status: int
    body: Any


def perform(
    engine: Engine,
    settings: ConnectorSettings,
    agency_id: UUID,
    call: Call,
    process: str | None,
    key: str,
    *,
    patience: float = rules.MOST_TIMEOUT,
) -> Answer:
    """Raises CallFailed. `process` None: an administrator tries it. `key` makes it idempotent.
    `patience`: seconds after which the connector's own time-out counts no more.
    """
    with reading(engine, agency_id) as db:
        known = queries.find(db, agency_id, call.connector)
        sealed = queries.sealed_secret(db, agency_id, known.id) if known else None
    if known is None:
        message = f"Expected a connector, but “{call.connector}” is none."
        raise CallFailed("http_not_allowed", message, again=False)
    _check(known, call, process)
    secret = _opened(settings, known, sealed)
    proof = _proof(known, secret)
    sent = _sent(known, call, proof, key)
    received = settings.outgoing.call(replace(sent, timeout=min(sent.timeout, patience)))
    # The longest first: what is left of one must not give away the other.
    secrets = sorted({secret, *(one.partition(" ")[2] for one in proof.values())}, key=len)
    return Answer(received.status, _hidden(_read(received), [*filter(None, reversed(secrets))]))


def _check(known: Connector, call: Call, process: str | None) -> None:
    refused = rules.refusal(known, process, call.method, call.path)
    if refused is not None:
        message = f"Expected a call that the connector allows, but {refused[2]}."
        raise CallFailed("http_not_allowed", message, again=False)


def _opened(settings: ConnectorSettings, known: Connector, sealed: bytes | None) -> str:
    if known.auth == "none":
        return ""
    try:
        return unseal(settings.secret, PURPOSE, sealed or b"", known.id).decode()
    except (InvalidTag, ValueError):
        message = "Expected to open the connector's secret, but the key is another: enter it anew."
        raise CallFailed("http_secret", message, again=False) from None


def _sent(known: Connector, call: Call, proof: Mapping[str, str], key: str) -> Sent:
    try:
        target = rules.target(call.path, call.parameters, call.query)
    except rules.Unfit as unfit:
        raise CallFailed("http_input", str(unfit), again=False) from None
    headers = dict(known.headers) | dict(proof) | {"Idempotency-Key": key}
    body = None
    if call.body is not None:
        body = jsonio.dumps(call.body).encode()
        headers["Content-Type"] = "application/json"
        if len(body) > rules.MOST_SENT:
            message = f"Expected a body of at most {rules.MOST_SENT:,} bytes, but it is larger."
            raise CallFailed("http_input", message, again=False)
    return Sent(call.method, known.base_url, target, headers, body, known.timeout, known.max_bytes)


def _proof(known: Connector, secret: str) -> dict[str, str]:
    if known.auth == "bearer":
        return {"Authorization": f"Bearer {secret}"}
    if known.auth == "basic":
        pair = base64.b64encode(f"{known.auth_name}:{secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}
    return {known.auth_name: secret} if known.auth == "header" else {}


def _read(received: Received) -> Any:
    media = received.media
    if not received.body:
        return None
    if media == "application/json" or media.endswith("+json"):
        try:
            return jsonio.loads(received.body)
        except ValueError:
            if received.status >= 300:
                return None
            message = "Expected JSON as the answer says, but it cannot be read."
            raise CallFailed("http_answer", message, again=False) from None
    if media.startswith("text/"):
        return received.body.decode("utf-8", "replace").replace("\x00", "")
    return None


def _hidden(value: Any, secrets: Sequence[str]) -> Any:
    """Who answers with what they were sent must not carry the secret into history."""
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, HIDDEN)
        return value
    if isinstance(value, Mapping):
        return {_hidden(key, secrets): _hidden(inner, secrets) for key, inner in value.items()}
    if isinstance(value, list):
        return [_hidden(inner, secrets) for inner in value]
    return value
