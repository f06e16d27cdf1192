"""สำเนาถูกต้อง: a copy of a signed document that an official certifies on every page (ข้อ 30), and
signs with their own key. The regulation wants an officer of a certain level, whom the right
`certify` names; who holds it, an administrator decides. `certifying_act` does it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from engine import jsonio
from engine.actor import Actor
from engine.bus import Bus
from engine.db import reading
from engine.errors import Rejected
from office.documents import copying, errors, rules
from office.documents.commands.certifying import check_certifier
from office.documents.copying import Source
from office.documents.thai import office_day, thai_digits
from office.people import queries as people
from office.people.queries import SigningCapacity
from signing.copies.measures import FIELD


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
    return bound_to(work)


def bound_to(work: Certifying) -> str:
    """The same of what was looked up already."""
    document_id, post = str(work.source.document_id), work.capacity.position_code
    return jsonio.dumps(["copy", document_id, FIELD, post, work.seen])
