"""Who may read a document, who may change its words now, and how its row is found and locked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor, Authority, Principal
from engine.errors import Forbidden, NotFound
from engine.models.columns import AnyRow
from engine.models.instance import process_instance
from engine.models.task import CLAIMED as TASK_CLAIMED
from engine.models.task import OPEN, task, task_candidate
from office.documents import errors, rules
from office.documents.mandates import orders_for
from office.documents.models import document, document_reader, signature

Row = AnyRow

_AGENCY, _ID = sa.bindparam("agency", type_=sa.Uuid), sa.bindparam("id", type_=sa.Uuid)
_ONE = sa.select(document).where(document.c.agency_id == _AGENCY, document.c.id == _ID)
_LOCKED = _ONE.with_for_update()
_NAMED = sa.select(document_reader.c.document_id).where(
    document_reader.c.agency_id == _AGENCY,
    document_reader.c.principal.in_(sa.bindparam("principals", expanding=True)),
)
_READS = sa.select(document_reader.c.because).where(
    document_reader.c.agency_id == _AGENCY,
    document_reader.c.document_id == _ID,
    document_reader.c.principal.in_(sa.bindparam("principals", expanding=True)),
)
#: Open tasks of the document's instance that the actor may do, whether by holding or by candidacy.
_DOING = sa.select(task.c.element_id).where(
    task.c.agency_id == _AGENCY,
    task.c.root_id == sa.bindparam("instance", type_=sa.Uuid),
    sa.or_(
        sa.and_(
            task.c.state == TASK_CLAIMED,
            task.c.assignee == sa.bindparam("username"),
            sa.or_(
                task.c.instrument_id.is_(None),
                task.c.instrument_id.in_(sa.bindparam("orders", expanding=True)),
            ),
        ),
        sa.and_(
            task.c.state == OPEN,
            sa.exists().where(
                task_candidate.c.agency_id == _AGENCY,
                task_candidate.c.task_id == task.c.id,
                task_candidate.c.live,
                sa.not_(task_candidate.c.barred),
                task_candidate.c.principal.in_(sa.bindparam("principals", expanding=True)),
            ),
        ),
    ),
)
_EDITING = _DOING.where(task.c.element_id.in_(sa.bindparam("steps", expanding=True)))


def find(db: Connection, agency_id: UUID, document_id: UUID) -> Row:
    return _found(db.execute(_ONE, {"agency": agency_id, "id": document_id}).one_or_none())


def lock(db: Connection, agency_id: UUID, document_id: UUID) -> Row:
    """The row, ours until the commit. Lock the instance first where both are needed."""
    return _found(db.execute(_LOCKED, {"agency": agency_id, "id": document_id}).one_or_none())


def lock_instance(db: Connection, row: Row) -> None:
    """Always the instance first: whoever completes a task of it waits for us, or we for them."""
    db.execute(
        sa.select(process_instance.c.id)
        .where(
            process_instance.c.agency_id == row.agency_id,
            process_instance.c.id == row.instance_id,
        )
        .with_for_update()
    ).one()


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound("Expected a document, but this agency has none with this id.")
    return row


def cleared(actor: Actor, row: Row) -> bool:
    """Whether the actor is cleared for the letter's degree of secrecy, whoever it names."""
    return cleared_up_to(actor, row.secrecy)


def cleared_up_to(actor: Actor, degree: int) -> bool:
    """The same of a degree."""
    return actor.is_system or degree <= max(actor.clearance, rules.OPEN_TO_RIGHTS)


def cleared_for(actor: Actor) -> sa.ColumnElement[bool]:
    """The same of the rows of `document`, for statements that read several."""
    return sa.literal(actor.is_system) | (document.c.secrecy <= actor.clearance)


def check_reader(db: Connection, actor: Actor, row: Row) -> None:
    """Let pass whoever takes part in the route or received the letter. A right alone opens every
    letter but the secret ones: those open only to whom they name, and who is cleared for them.
    """
    if not may_read(db, actor, row):
        raise _refused(db, actor, row)


def _refused(db: Connection, actor: Actor, row: Row) -> Forbidden:
    """Only whom the letter names learns that it is for want of a clearance."""
    if not cleared(actor, row) and _because(db, actor, row):
        return errors.not_cleared(actor.username)
    return errors.not_a_reader(actor.username)


def may_read(db: Connection, actor: Actor, row: Row) -> bool:
    """The same as an answer."""
    if not cleared(actor, row):
        return False
    if actor.is_system or (row.secrecy == rules.OPEN_TO_RIGHTS and reads_all(actor)):
        return True
    return bool(_because(db, actor, row))


def _because(db: Connection, actor: Actor, row: Row) -> Sequence[str]:
    """Why the letter names them, or what they hold, as readers."""
    binds = {"agency": actor.agency_id, "id": row.id, "principals": list(actor.principals)}
    return db.execute(_READS, binds).scalars().all()


def named_anywhere(db: Connection, actor: Actor) -> bool:
    """Whether any document names them, or what they hold, as a reader."""
    binds = {"agency": actor.agency_id, "principals": list(actor.principals)}
    return db.execute(_NAMED.limit(1), binds).first() is not None


def check_insider(db: Connection, actor: Actor, row: Row) -> None:
    """Let pass whoever may read what is said inside the house: the same, save those who only
    received the finished letter.
    """
    if not is_insider(db, actor, row):
        raise _refused(db, actor, row)


def is_insider(db: Connection, actor: Actor, row: Row) -> bool:
    """The same as an answer."""
    if not cleared(actor, row):
        return False
    if actor.is_system or (row.secrecy == rules.OPEN_TO_RIGHTS and reads_all(actor)):
        return True
    return any(because != rules.RECEIVER for because in _because(db, actor, row))


def reads_all(actor: Actor) -> bool:
    """Whether a right of theirs opens every letter that is not secret."""
    return actor.is_system or any(actor.may(right) for right in rules.RIGHTS_TO_READ)


def check_editor(db: Connection, actor: Actor, row: Row, at: datetime | None = None) -> None:
    """Let pass whoever has a writing step of the route on their desk, while words may change.

    Whoever acts for another's post does so by an order in force `at` that covers this letter; a
    page, which only asks what to offer, has no moment and takes the orders that the actor came
    with.
    """
    if row.state not in rules.EDITABLE:
        raise errors.not_editable(row.state)
    own, lent = _held(db, actor, row, at)
    binds = {
        "agency": actor.agency_id,
        "instance": row.instance_id,
        "steps": list(rules.WRITING_STEPS),
        "username": actor.username,
        "principals": [*own, *(by.on_behalf_of for by in lent)],
        "orders": [by.instrument_id for by in lent],
    }
    if row.instance_id is None or db.execute(_EDITING, binds).first() is None:
        raise errors.not_yours_to_edit(actor.username)
    if not cleared(actor, row):
        raise errors.not_cleared(actor.username)


def may_propose(db: Connection, actor: Actor, row: Row) -> bool:
    """Whether a step of the route is theirs to do while words may change, but none that changes
    them: whoever holds it writes proposals alone.
    """
    if row.state not in rules.EDITABLE or actor.reads_only:
        return False
    steps = steps_of(db, actor, row)
    return bool(steps) and steps.isdisjoint(rules.WRITING_STEPS) and is_insider(db, actor, row)


def _held(
    db: Connection, actor: Actor, row: Row, at: datetime | None
) -> tuple[list[Principal], tuple[Authority, ...]]:
    """What they hold in their own right, and by which orders they act for others in this letter."""
    held = actor.principals.items()
    own = [post for post, by in held if by.instrument_id is None]
    if at is None:
        return own, tuple(by for _, by in held if by.instrument_id is not None)
    return own, orders_for(db, actor, at, row.kind, row.subject)


def let_read(
    db: Connection,
    agency_id: UUID,
    document_id: UUID,
    principals: Iterable[Principal],
    because: str,
    since: datetime,
) -> None:
    """Add readers; those who may read already keep their first reason."""
    wanted = set(principals)
    present = sa.select(document_reader.c.principal).where(
        document_reader.c.agency_id == agency_id, document_reader.c.document_id == document_id
    )
    new = sorted(wanted - set(db.execute(present).scalars()))
    if new:
        common = {"agency_id": agency_id, "document_id": document_id}
        rows = [{**common, "principal": who, "because": because, "since": since} for who in new]
        db.execute(sa.insert(document_reader), rows)


def steps_of(db: Connection, actor: Actor, row: Row) -> frozenset[str]:
    """The steps of the route that are theirs to do now, by id of their elements."""
    own, lent = _held(db, actor, row, None)
    binds = {
        "agency": actor.agency_id,
        "instance": row.instance_id,
        "username": actor.username,
        "principals": [*own, *(by.on_behalf_of for by in lent)],
        "orders": [by.instrument_id for by in lent],
    }
    return frozenset(db.execute(_DOING, binds).scalars()) if row.instance_id else frozenset()


def may_revoke(db: Connection, actor: Actor, row: Row, at: datetime | None = None) -> bool:
    """Take a signed letter back alone: its signer, who holds the post in whose name it is signed,
    or who acts for that post by an order in force `at` (as of `check_editor`) that covers it.
    """
    own, lent = _held(db, actor, row, at)
    if f"position:{row.signing_post}" in {*own, *(by.on_behalf_of for by in lent)}:
        return True
    signed = sa.select(signature.c.id).where(
        signature.c.agency_id == row.agency_id,
        signature.c.document_id == row.id,
        signature.c.state == rules.DONE,
        signature.c.username == actor.username,
    )
    return db.execute(signed).first() is not None


def units_of(actor: Actor) -> frozenset[str]:
    """The codes of the units that they are in, or act in."""
    prefix = "unit:"
    mine = (one for one in actor.principals if one.startswith(prefix))
    return frozenset(one.removeprefix(prefix) for one in mine)
