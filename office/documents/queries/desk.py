"""What the signing page shows before anything is reserved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import NotFound, Rejected
from engine.models.task import task
from office.documents import rules
from office.documents.capacity import capacity_for
from office.documents.keys import key_in_force, on_device
from office.documents.models import document, signature
from office.documents.policy import methods_by
from office.documents.queries.one import DocumentView, for_task
from office.documents.seen import seen_digest
from office.documents.thai import office_day
from office.documents.two_signers import as_recorder, field_at, signs_first
from office.documents.versions import latest
from office.people.queries import SigningCapacity

Found = TypeVar("Found")
_WAITING = (
    sa.select(task.c.id, document.c.id)
    .join(
        document,
        sa.and_(document.c.agency_id == task.c.agency_id, document.c.instance_id == task.c.root_id),
    )
    .where(
        task.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        task.c.id.in_(sa.bindparam("tasks", expanding=True)),
        document.c.state == rules.WAITING_TIMESTAMP,
    )
)


@dataclass(frozen=True, slots=True)
class SigningDesk:
    """`obstacles` are the reasons, by code, why the actor cannot sign now."""

    view: DocumentView
    capacity: SigningCapacity | None
    certificate_subject: str | None
    certificate_issuer: str | None
    certificate_until: datetime | None
    methods: Sequence[str]
    #: the key is on the signer's own device: no PIN is asked here
    device: bool
    #: what the remote service that keeps the key asks for: of "pin" and "otp", and "online" where
    #: it sends the code when it is asked to; None: it is no such
    remote: Sequence[str] | None
    #: the date that would be printed
    dated: date
    #: hash of the last frozen text
    version_sha256: str | None
    obstacles: Sequence[tuple[str, str]]
    #: digest of all that is shown here and would be signed; None where nothing can be
    seen: str | None


def signing_desk(db: Connection, actor: Actor, task_id: UUID, now: datetime) -> SigningDesk:
    """Nothing is reserved by looking: the number comes with the signature."""
    view = for_task(db, actor, task_id)
    if view is None:
        raise NotFound("Expected a task that signs a document, but there is none with this id.")
    obstacles: list[tuple[str, str]] = []
    capacity = unless_refused(obstacles, lambda: _capacity(db, actor, view, task_id, now))
    key = unless_refused(obstacles, lambda: key_in_force(db, actor, now))
    device = key is not None and on_device(key)
    dated, document_id = office_day(now), UUID(view.document.id)
    frozen = latest(db, actor.agency_id, document_id)
    return SigningDesk(
        view=view,
        capacity=capacity,
        certificate_subject=key.subject if key else None,
        certificate_issuer=key.issuer if key else None,
        certificate_until=key.not_after if key else None,
        methods=methods_by(db, actor.agency_id, device=device),
        remote=asked_by_service(key.token or {}) if key else None,
        device=device,
        dated=dated,
        version_sha256=frozen.sha256 if frozen else None,
        obstacles=obstacles,
        seen=_seen(db, actor, view, capacity, dated) if capacity else None,
    )


def asked_by_service(lies: Mapping[str, Any]) -> list[str] | None:
    asks = ("pin", "otp", "online")
    return [name for name in asks if lies.get(name)] if "service" in lies else None


def _seen(
    db: Connection, actor: Actor, view: DocumentView, capacity: SigningCapacity, dated: date
) -> str:
    return seen_digest(
        db,
        actor.agency_id,
        UUID(view.document.id),
        view.content,
        name=actor.name,
        capacity=capacity,
        dated=dated,
    )


def waiting_for_timestamp(db: Connection, actor: Actor, task_ids: Iterable[str]) -> dict[str, str]:
    """Of these tasks those whose document is signed and waits for its timestamp, with its id: they
    stay open until it comes, and there is nothing left to sign.
    """
    asked = [UUID(one) for one in task_ids]
    rows = db.execute(_WAITING, {"agency": actor.agency_id, "tasks": asked}) if asked else ()
    return {str(task_id): str(document_id) for task_id, document_id in rows}


def number_in_use(db: Connection, agency_id: UUID, number_id: UUID) -> bool:
    """Whether a signature over this number waits for something: it is not to be taken away."""
    waiting = sa.select(signature.c.id).where(
        signature.c.agency_id == agency_id,
        signature.c.number_id == number_id,
        signature.c.state.in_((rules.STAMPING, rules.WAITING_DEVICE)),
    )
    return db.execute(waiting).first() is not None


def number_is_used(numbers: sa.Table) -> sa.ColumnElement[bool]:
    """The same as a condition on rows of numbers; through the letter, which has an index."""
    return sa.exists().where(
        signature.c.agency_id == numbers.c.agency_id,
        signature.c.document_id == numbers.c.document_id,
        signature.c.number_id == numbers.c.id,
        signature.c.state.in_((rules.STAMPING, rules.WAITING_DEVICE)),
    )


def _capacity(
    db: Connection, actor: Actor, view: DocumentView, task_id: UUID, now: datetime
) -> SigningCapacity:
    kind = view.document.kind
    if signs_first(kind, field_at(db, actor.agency_id, kind, task_id)):
        return as_recorder()
    letter = {
        "signing_post": view.signing_post,
        "kind": view.document.kind,
        "subject": view.document.subject,
        "content": view.content,
    }
    return capacity_for(db, actor.agency_id, actor.username, now, letter)


def unless_refused(obstacles: list[tuple[str, str]], ask: Callable[[], Found]) -> Found | None:
    try:
        return ask()
    except Rejected as refused:
        obstacles.append((refused.code, refused.message))
        return None
