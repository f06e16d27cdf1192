"""Certifying a copy. The order is that of signing: right and proof first, then the copy is drawn
and signed with no transaction open, looked at by our own check, and only then kept. Where the key
is on its owner's device, or no timestamp is to be had, what is made so far is kept and waits. What
fails on the way leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from engine.actor import Actor
from engine.bus import Answer, Bus
from engine.db import reading
from engine.errors import Conflict
from office.documents import copying, device_act, errors, finishing, rules
from office.documents.certifying import Certifying, bound_to, certifying
from office.documents.commands.certifying import Held, KeepCertified
from office.documents.opening import open_key
from office.documents.ports import Desk
from office.documents.proving import Authorization, take, unauthorized
from office.documents.thai import long_date
from office.documents.trust import trusted
from office.files.uploads import StoredFile, keep
from signing.copies.making import Certificate, certified
from signing.copies.measures import FIELD
from signing.device import DeviceKey
from signing.errors import SigningError, TimestampUnavailable, Uncopyable, Unrenderable
from signing.keys import KeyProvider
from signing.sign import Signed, SignerBlock, finish, prepare, seal
from signing.stages import Prepared
from signing.verify import verify_kept

WHAT = "สำเนาที่รับรอง"
_SAID = f"{WHAT} เป็นสำเนา ไม่ใช่ไฟล์ที่ลงลายมือชื่อ"
_BYTES = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Wish:
    """`post`: the code of the post in which to certify; None: their first. `seen`: what they were
    shown, as `Certifying.seen`; None where they were shown nothing.
    """

    document_id: UUID
    authorization: Authorization
    post: str | None = None
    seen: str | None = None


def certify(bus: Bus, actor: Actor, desk: Desk, wish: Wish, command_id: UUID) -> Answer:
    """Make, sign and keep a certified copy. Answer as of KeepCertified.

    `command_id` is the request's: repeating it repeats the answer, once it was kept.
    """
    work = _asked(bus, actor, wish)
    proof = wish.authorization
    key = open_key(bus, actor, desk, proof, lambda: _prove(actor, desk, wish, work))
    prepared = _prepared(desk, actor, work, bus.services.clock.now())
    told: Mapping[str, Any] = _told(actor, work, proof)
    held: Held | None
    if isinstance(key, DeviceKey):
        held = Held(
            rules.WAITING_DEVICE, device_act.question(prepared, key, bus.services.clock.now())
        )
        file = keep(desk.storage, actor.agency_id, prepared.to_bytes(), "prepared", _BYTES)
    else:
        held, file, told = _signed(bus, actor, desk, work, prepared, key, told)
    command = KeepCertified(
        work.source.document_id,
        work.capacity.position_code,
        work.source.next,
        work.source.sha256,
        told,
        file,
        held,
    )
    return bus.execute(command, actor, command_id)


def _asked(bus: Bus, actor: Actor, wish: Wish) -> Certifying:
    now = bus.services.clock.now()
    with reading(bus.engine, actor.fence) as db:
        work = certifying(db, actor, wish.document_id, now, wish.post)
    seen = wish.seen or wish.authorization.seen
    if seen is not None and seen != work.seen:
        raise errors.other_than_shown()
    return work


def _prove(actor: Actor, desk: Desk, wish: Wish, work: Certifying) -> None:
    if wish.authorization.method == "passkey" and (wish.seen or wish.authorization.seen) is None:
        raise unauthorized("authorization.seen", "A passkey answers for what was shown.")
    document_id = str(work.source.document_id)
    said = {"document_id": document_id, "field": FIELD, "digest": work.seen}
    take(actor, desk, wish.authorization, bound_to(work), said)


def _prepared(desk: Desk, actor: Actor, work: Certifying, at: datetime) -> Prepared:
    """Drawn, with its visible block and room for the signature."""
    faces, lines = desk.papers.typeface(), tuple(work.capacity.position_lines)
    certificate = Certificate(actor.name, lines, long_date(work.dated), work.marks)
    about = copying.about(work.source, WHAT, _SAID)
    original = copying.signed_bytes(desk.storage, work.source)
    try:
        copy = certified(original, certificate, about, typeface=faces)
    except (Uncopyable, Unrenderable) as bad:
        raise copying.refused(bad) from bad
    try:
        return prepare(copy, FIELD, SignerBlock(actor.name, lines), at, typeface=faces)
    except SigningError as error:
        raise finishing.as_rejection(error) from error


def _signed(
    bus: Bus,
    actor: Actor,
    desk: Desk,
    work: Certifying,
    prepared: Prepared,
    key: KeyProvider,
    told: Mapping[str, Any],
) -> tuple[Held | None, StoredFile, Mapping[str, Any]]:
    """What is kept: the copy, or what waits for its timestamp."""
    try:
        sealed = seal(prepared, key)
        try:
            signed = finish(sealed, desk.timestamps)
        except TimestampUnavailable:
            file = keep(desk.storage, actor.agency_id, sealed.to_bytes(), "sealed", _BYTES)
            return Held(rules.STAMPING), file, told
    except SigningError as error:
        raise finishing.as_rejection(error) from error
    check(bus.engine, desk, actor.agency_id, signed, bus.services.clock.now())
    name = f"{WHAT} {work.source.next}"
    file = copying.kept(desk.storage, work.source, signed.pdf, name)
    return None, file, {**told, **facts_of(signed)}


def check(engine: Engine, desk: Desk, agency_id: UUID, signed: Signed, now: datetime) -> None:
    """Conflict (own_signature_invalid) unless our own check finds it good."""
    with reading(engine, agency_id) as db:
        trust = trusted(db, agency_id, desk.trust)
    verdict = verify_kept(signed.pdf, trust, now)
    if not verdict.good:
        raise Conflict(
            f"Expected a signature that our own check finds valid, but it is {verdict.verdict};"
            " nothing was certified. Ask an administrator to look at the certificate.",
            code="own_signature_invalid",
        )


def _told(actor: Actor, work: Certifying, proof: Authorization) -> dict[str, Any]:
    return {
        "name": actor.name,
        "position_lines": list(work.capacity.position_lines),
        "instrument": work.capacity.instrument_ref,
        "day": long_date(work.dated),
        "marks": list(work.marks),
        "method": proof.method,
    }


def facts_of(signed: Signed) -> dict[str, Any]:
    """What a copy tells of its signature once that is there."""
    stamped = signed.timestamp
    return {
        "level": signed.level,
        "signed_at": signed.at.isoformat(),
        "stamped_at": stamped.isoformat() if stamped else None,
        "digest": signed.digest.hex(),
    }
