"""The one act with two commits: reserve the number, sign with no transaction open, record.

The order is what makes a crash harmless: what was reserved is on record before the key is used,
the journal has the number before it counts, and nothing counts before the second commit. The
signer's secret lives in this call alone. Differing from the plan, the PIN is tried before the
number is reserved: a mistyped PIN costs no number. What is asked for is checked before either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID, uuid5

from engine.actor import Actor
from engine.bus import Answer, Bus
from engine.db import reading
from engine.errors import Forbidden, Rejected
from engine.models.task import OPEN
from engine.queries import tasks
from office.documents import device_act, finishing, rules
from office.documents.commands.reserving import (
    SIGN,
    CheckSignature,
    DeclineToSign,
    ReserveSignature,
)
from office.documents.opening import open_key
from office.documents.ports import Desk
from office.documents.proving import (
    Authorization,
    prove,
    read_authorization,
    shown_now,
    unauthorized,
)
from office.documents.sealing import Attempt, attempt, closing_words
from office.documents.two_signers import first_file
from office.files.storage import read
from signing.device import DeviceKey
from signing.errors import SigningError
from signing.keys import KeyProvider
from signing.sign import SignerBlock, prepare, seal
from signing.stages import Prepared

__all__ = ["Authorization", "Wish", "read_authorization", "sign"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the signer asks for. An outcome other than sign declines: no proof is needed."""

    task_id: UUID
    outcome: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    comment: str | None = None
    authorization: Authorization | None = None
    #: what the signer was shown, as `SigningDesk.seen`; None where they were shown nothing
    seen: str | None = None


def sign(bus: Bus, actor: Actor, wish: Wish, command_id: UUID) -> Answer:
    """Complete a task that signs. Answer as of CompleteTask, with `status` signed (200),
    waiting_timestamp or waiting_device (202), and `document` {id, state, number, date_iso}.

    `command_id` is the request's: repeating it repeats the answer.
    """
    if wish.outcome not in (None, SIGN):
        return _decline(bus, actor, wish, command_id)
    if wish.authorization is None:
        raise unauthorized("authorization", "Signing needs it: {method, code}.")
    _check_right(bus, actor, wish.task_id)
    proof, seen = wish.authorization, wish.seen
    if seen is None and proof.method == "totp":
        seen = shown_now(bus, actor, wish.task_id)
    check = CheckSignature(wish.task_id, dict(wish.variables), wish.comment, seen)
    bus.execute(check, actor, uuid5(command_id, "check"))
    desk = cast(Desk, bus.services.extra["desk"])
    key = open_key(
        bus,
        actor,
        desk,
        proof,
        lambda: prove(bus, actor, desk, proof, task_id=wish.task_id, seen=seen),
    )
    reserved = bus.execute(
        ReserveSignature(
            wish.task_id,
            SIGN,
            proof.method,
            dict(wish.variables),
            wish.comment,
            seen,
        ),
        actor,
        uuid5(command_id, "reserve"),
    )
    return _carry_out(bus, actor, desk, key, UUID(reserved["signature_id"]), command_id)


def _decline(bus: Bus, actor: Actor, wish: Wish, command_id: UUID) -> Answer:
    command = DeclineToSign(wish.task_id, wish.outcome or "", wish.variables, wish.comment)
    return bus.execute(command, actor, command_id)


def _check_right(bus: Bus, actor: Actor, task_id: UUID) -> None:
    """Before any key is looked for: whoever may not sign here is told that, and nothing else."""
    with reading(bus.engine, actor.fence) as db:
        found = tasks.one(db, actor, task_id)
    if found.task.state == OPEN and "complete" not in found.verbs:
        raise Forbidden(
            f"Expected a candidate of {found.task.name!r}, but {actor.username} is none.",
            code="not_candidate",
        )


def _carry_out(
    bus: Bus,
    actor: Actor,
    desk: Desk,
    key: KeyProvider | DeviceKey,
    begun_id: UUID,
    command_id: UUID,
) -> Answer:
    """From the first commit to the second."""
    record_id = uuid5(command_id, "record")
    with reading(bus.engine, actor.fence) as db:
        begun = attempt(db, actor.agency_id, begun_id)
    if begun.state != rules.RESERVED:
        return finishing.repeat(bus, actor, begun, record_id)
    try:
        prepared = _prepared(bus, desk, actor, begun)
        if isinstance(key, DeviceKey):
            return device_act.hold(bus, actor, desk, key, begun, prepared, record_id)
        sealed = seal(prepared, key)
        return bus.execute(finishing.outcome(bus, desk, actor, begun, sealed), actor, record_id)
    except (SigningError, Rejected) as error:
        finishing.fail(bus, actor, begun, str(error))
        raise finishing.as_rejection(error) from error


def _signed_before(bus: Bus, desk: Desk, begun: Attempt) -> bytes | None:
    """The file that the first of two signers has signed; None: this is the first."""
    if begun.number_id is None:
        return None
    with reading(bus.engine, begun.agency_id) as db:
        sha256 = first_file(db, begun.agency_id, begun.document_id, begun.version_sha256)
    return read(desk.storage, begun.agency_id, sha256) if sha256 else None


def _prepared(bus: Bus, desk: Desk, actor: Actor, begun: Attempt) -> Prepared:
    """Rendered with its visible block: no transaction is open meanwhile."""
    pdf = _signed_before(bus, desk, begun)
    if pdf is None:
        pdf = desk.papers.render(actor.agency_id, closing_words(bus.engine, begun))
    block = SignerBlock(begun.name, tuple(begun.position_lines))
    at = bus.services.clock.now()
    return prepare(pdf, begun.field, block, at, typeface=desk.papers.typeface())
