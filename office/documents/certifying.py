"""สำเนาถูกต้อง: a copy of a signed document that an official certifies on every page (ข้อ 30), and
signs with their own key. The regulation wants an officer of a certain level, whom the right
`certify` names; who holds it, an administrator decides.

The order is that of signing: right and proof first, then the copy is drawn and signed with no
transaction open, looked at by our own check, and only then kept. What fails on the way leaves
nothing behind.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine import jsonio
from engine.actor import Actor
from engine.bus import Answer, Bus
from engine.db import reading
from engine.errors import Conflict, Rejected, Unavailable
from office.documents import copying, errors, finishing, rules
from office.documents.commands.copies import KeepCertified, check_certifier
from office.documents.copying import Source
from office.documents.opening import open_key
from office.documents.ports import Desk
from office.documents.proving import Authorization, prove_copy, unauthorized
from office.documents.thai import long_date, office_day, thai_digits
from office.documents.trust import trusted
from office.people import queries as people
from office.people.queries import SigningCapacity
from signing.copies.making import Certificate, certified
from signing.copies.measures import FIELD
from signing.device import DeviceKey
from signing.errors import SigningError, TimestampUnavailable, Uncopyable, Unrenderable
from signing.keys import KeyProvider
from signing.sign import Signed, SignerBlock, finish, prepare, seal
from signing.verify import verify_kept

WHAT = "สำเนาที่รับรอง"
_SAID = f"{WHAT} เป็นสำเนา ไม่ใช่ไฟล์ที่ลงลายมือชื่อ"


@dataclass(frozen=True, slots=True)
class Wish:
    """`post`: the code of the post in which to certify; None: their first. `seen`: what they were
    shown, as `Certifying.seen`; None where they were shown nothing.
    """

    document_id: UUID
    authorization: Authorization
    post: str | None = None
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Certifying:
    """What somebody would certify now: the file, as what, on which day."""

    source: Source
    capacity: SigningCapacity
    dated: date
    marks: Sequence[str]
    #: digest of all this but the capacity, which is chosen where it is shown
    seen: str


def certifying(
    db: Connection, actor: Actor, document_id: UUID, now: datetime, post: str | None = None
) -> Certifying:
    """Refused as the act itself: without right or post, and of a letter that is revoked."""
    source = copying.source_of(db, actor, document_id, rules.CERTIFIED_COPY)
    check_certifier(actor, source.row)
    capacity = _capacity(db, actor, source, now, post)
    marks = _marks(source)
    shown = {
        "file": source.sha256,
        "copy": source.next,
        "name": actor.name,
        "dated": office_day(now).isoformat(),
        "marks": list(marks),
    }
    seen = hashlib.sha256(jsonio.canonical(shown)).hexdigest()
    return Certifying(source, capacity, office_day(now), marks, seen)


def capacities(
    db: Connection, actor: Actor, source: Source, now: datetime
) -> Sequence[SigningCapacity]:
    """In which posts they may certify it: their own, then those that they act for."""
    held = sorted(actor.principals.items(), key=lambda one: one[1].instrument_id is not None)
    posts = [who.removeprefix("position:") for who, _ in held if who.startswith("position:")]
    found = []
    for post in posts:
        try:
            found.append(_capacity_in(db, actor, source, now, post))
        except Rejected:
            continue  # an order that does not cover this letter
    return found


def _capacity(
    db: Connection, actor: Actor, source: Source, now: datetime, post: str | None
) -> SigningCapacity:
    if post is not None:
        return _capacity_in(db, actor, source, now, post)
    found = capacities(db, actor, source, now)
    if not found:
        raise Rejected(
            f"Expected a post in which to certify, but {actor.username} holds none.",
            code="no_authority",
        )
    return found[0]


def _capacity_in(
    db: Connection, actor: Actor, source: Source, now: datetime, post: str
) -> SigningCapacity:
    row = source.row
    return people.signing_capacity(
        db, actor.agency_id, actor.username, post, now, kind=row.kind, subject=row.subject
    )


def _marks(source: Source) -> Sequence[str]:
    """The copies of what is secret are counted, and each says which one it is and how secret."""
    degree = source.row.secrecy
    if degree <= rules.OPEN_TO_RIGHTS:
        return ()
    return rules.SECRECY[degree - 1], f"สำเนาชุดที่ {thai_digits(str(source.next))}"


def bound(bus: Bus, actor: Actor, document_id: UUID, post: str | None, seen: str | None) -> str:
    """What a passkey is asked to answer for: this copy in this post as it was shown, and nothing
    else. Refused where what they saw is not what stands there now.
    """
    now = bus.services.clock.now()
    with reading(bus.engine, actor.fence) as db:
        work = certifying(db, actor, document_id, now, post)
    if seen != work.seen:
        raise errors.other_than_shown()
    return _bound(work)


def _bound(work: Certifying) -> str:
    document_id, post = str(work.source.document_id), work.capacity.position_code
    return jsonio.dumps(["copy", document_id, FIELD, post, work.seen])


def certify(bus: Bus, actor: Actor, desk: Desk, wish: Wish, command_id: UUID) -> Answer:
    """Make, sign and keep a certified copy. Answer: {id, document_id, ordinal}.

    `command_id` is the request's: repeating it repeats the answer, once it was kept.
    """
    work = _asked(bus, actor, wish)
    proof = wish.authorization
    key = open_key(bus, actor, desk, proof, lambda: _prove(actor, desk, wish, work))
    if isinstance(key, DeviceKey):
        raise errors.device_cannot_certify()
    at = bus.services.clock.now()
    signed = _signed(bus, actor, desk, work, key, at)
    file = copying.kept(desk.storage, work.source, signed.pdf, f"{WHAT} {work.source.next}")
    command = KeepCertified(
        work.source.document_id,
        work.capacity.position_code,
        work.source.next,
        work.source.sha256,
        _told(actor, work, proof, signed),
        file,
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
    prove_copy(actor, desk, wish.authorization, _bound(work), said)


def _signed(
    bus: Bus, actor: Actor, desk: Desk, work: Certifying, key: KeyProvider, at: datetime
) -> Signed:
    """Drawn, signed, stamped, and found good by our own check."""
    faces, lines = desk.papers.typeface(), tuple(work.capacity.position_lines)
    certificate = Certificate(actor.name, lines, long_date(work.dated), work.marks)
    about = copying.about(work.source, WHAT, _SAID)
    original = copying.signed_bytes(desk.storage, work.source)
    try:
        copy = certified(original, certificate, about, typeface=faces)
    except (Uncopyable, Unrenderable) as bad:
        raise copying.refused(bad) from bad
    try:
        prepared = prepare(copy, FIELD, SignerBlock(actor.name, lines), at, typeface=faces)
        signed = finish(seal(prepared, key), desk.timestamps)
    except TimestampUnavailable as away:
        raise Unavailable(f"{away} Nothing was certified; try again.") from away
    except SigningError as error:
        raise finishing.as_rejection(error) from error
    with reading(bus.engine, actor.fence) as db:
        trust = trusted(db, actor.agency_id, desk.trust)
    verdict = verify_kept(signed.pdf, trust, bus.services.clock.now())
    if not verdict.good:
        raise Conflict(
            f"Expected a signature that our own check finds valid, but it is {verdict.verdict};"
            " nothing was certified. Ask an administrator to look at the certificate.",
            code="own_signature_invalid",
        )
    return signed


def _told(actor: Actor, work: Certifying, proof: Authorization, signed: Signed) -> dict[str, Any]:
    stamped = signed.timestamp
    return {
        "name": actor.name,
        "position_lines": list(work.capacity.position_lines),
        "instrument": work.capacity.instrument_ref,
        "day": long_date(work.dated),
        "marks": list(work.marks),
        "method": proof.method,
        "level": signed.level,
        "signed_at": signed.at.isoformat(),
        "stamped_at": stamped.isoformat() if stamped else None,
    }
