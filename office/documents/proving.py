"""How a signer proves to be themselves: with the PIN alone, or with a fresh second factor beside
it. What is proven is bound to the letter as it was shown, its field and the task, and is written
down with them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from engine.actor import Actor
from engine.bus import Bus
from engine.db import reading
from engine.errors import FieldError, Invalid, NotFound, Rejected
from office.documents import errors
from office.documents.ports import Desk
from office.documents.queries.desk import signing_desk
from office.documents.queries.one import for_task
from office.documents.two_signers import field_at


@dataclass(frozen=True, slots=True)
class Authorization:
    """How the signer proves to be themselves: `{method: "pin", code}`, or
    `{method: "totp", code, pin}`, or `{method: "passkey", credential, pin, seen}`: the key opens
    with the PIN alone. `code` is then the credential as JSON. `otp` beside it: the one-time code
    that a remote signing service asks for.
    """

    method: str
    code: str = field(repr=False)
    pin: str | None = field(default=None, repr=False)
    #: what they were shown when the passkey was asked, where it comes with the proof
    seen: str | None = None
    otp: str | None = field(default=None, repr=False)


def read_authorization(raw: Any) -> Authorization | None:
    """The `authorization` of a request; Invalid by field."""
    if raw is None:
        return None
    if not isinstance(raw, Mapping):
        raise unauthorized("authorization", "Expected an object {method, code}.")
    given = dict(raw)
    if given.get("method") == "passkey" and isinstance(given.get("credential"), Mapping):
        given["code"] = json.dumps(given["credential"])
    for name in ("method", "code"):
        if not isinstance(given.get(name), str) or not given[name]:
            raise unauthorized(f"authorization.{name}", "Fill this in.")
    for name in ("pin", "seen", "otp"):
        if given.get(name) is not None and not isinstance(given[name], str):
            raise unauthorized(f"authorization.{name}", "Expected text.")
    more = {name: given.get(name) for name in ("pin", "seen", "otp")}
    return Authorization(given["method"], given["code"], **more)


def unauthorized(path: str, message: str) -> Invalid:
    return Invalid(
        f"Expected a proof of who signs, but {path}: {message}",
        [FieldError(path, message, "required")],
        code="authorization_required",
    )


def bound_to_letter(bus: Bus, actor: Actor, task_id: UUID, seen: str | None) -> str:
    """What a passkey is asked to answer for: this letter as the signer sees it, and nothing else.

    Refused where what they saw is not what stands there now. NotFound: no such task of theirs.
    """
    with reading(bus.engine, actor.fence) as db:
        desk = signing_desk(db, actor, task_id, bus.services.clock.now())
        field = field_at(db, actor.agency_id, desk.view.document.kind, task_id)
    if seen is None or desk.seen != seen:
        raise errors.other_than_shown()
    return _bound(task_id, desk.view.document.id, field, seen)


def _bound(task_id: UUID, document_id: str, field: str, seen: str) -> str:
    return json.dumps([str(task_id), str(document_id), field, seen])


def shown_now(bus: Bus, actor: Actor, task_id: UUID) -> str | None:
    """What a signer would be shown now: a code that comes without saying what its owner saw is for
    this, and for nothing that stands there later. None where they cannot sign it.
    """
    with reading(bus.engine, actor.fence) as db:
        return signing_desk(db, actor, task_id, bus.services.clock.now()).seen


def prove(
    bus: Bus, actor: Actor, desk: Desk, proof: Authorization, *, task_id: UUID, seen: str | None
) -> None:
    """Take the second factor, where one is brought: it is used up, whatever comes of signing."""
    if proof.method == "pin":
        return
    if seen is None and proof.method == "passkey":
        raise unauthorized("authorization.seen", "A passkey answers for what was shown.")
    with reading(bus.engine, actor.fence) as db:
        view = for_task(db, actor, task_id)
        if view is None or actor.person_id is None:
            raise NotFound("Expected a task that signs a document, but there is none with this id.")
        field = field_at(db, actor.agency_id, view.document.kind, task_id)
    document_id = view.document.id
    said = {"document_id": str(document_id), "field": field, "digest": seen}
    take(actor, desk, proof, _bound(task_id, document_id, field, seen or ""), said)


def take(
    actor: Actor, desk: Desk, proof: Authorization, bound: str, said: Mapping[str, Any]
) -> None:
    """The same of an act that is bound otherwise, such as a copy's, by which no task stands."""
    known, factors = actor.person_id is not None, desk.factors
    if proof.method == "totp" and not (known and factors.check_totp(actor, proof.code, said)):
        raise Rejected(
            "Expected the six digits that your device shows now, but these are not they;"
            " wait for the next and try again. Nothing was signed.",
            code="wrong_code",
        )
    if proof.method == "passkey" and not (
        known and factors.check_passkey(actor, proof.code, bound, said)
    ):
        raise errors.wrong_passkey()
