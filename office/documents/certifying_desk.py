"""What the page shows to whoever is about to certify a copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.actor import Actor
from office.documents.certifying import Certifying, capacities, certifying
from office.documents.keys import key_in_force, on_device
from office.documents.policy import methods_by
from office.documents.queries.desk import asked_by_service, unless_refused
from office.people.queries import SigningCapacity


@dataclass(frozen=True, slots=True)
class CertifyingDesk:
    """`device`, `remote` and `methods` as of `SigningDesk`; `posts`: those to choose from."""

    work: Certifying
    posts: Sequence[SigningCapacity]
    certificate_subject: str | None
    certificate_until: datetime | None
    methods: Sequence[str]
    device: bool
    remote: Sequence[str] | None
    obstacles: Sequence[tuple[str, str]]


def certifying_desk(
    db: Connection, actor: Actor, document_id: UUID, now: datetime, post: str | None = None
) -> CertifyingDesk:
    """Refused to whoever may not certify it; a key that is missing or rests is told."""
    work = certifying(db, actor, document_id, now, post)
    obstacles: list[tuple[str, str]] = []
    key = unless_refused(obstacles, lambda: key_in_force(db, actor, now))
    device = key is not None and on_device(key)
    return CertifyingDesk(
        work=work,
        posts=capacities(db, actor, work.source, now),
        certificate_subject=key.subject if key else None,
        certificate_until=key.not_after if key else None,
        methods=methods_by(db, actor.agency_id, device=device),
        device=device,
        remote=asked_by_service(key.token or {}) if key else None,
        obstacles=obstacles,
    )
