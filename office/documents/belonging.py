"""Which letter a step may act on: its own case's. Whoever draws a diagram chooses what its inputs
name, so what they name is looked up, never believed.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import Conflict
from engine.ports import JobFailed, JobInput
from office.documents import access, consents
from office.documents.models import document
from office.documents.withdrawals import signers_of

_CASE = sa.select(document.c.instance_id).where(
    document.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    document.c.id == sa.bindparam("id", type_=sa.Uuid),
)


def of_case(db: Connection, job: JobInput) -> None:
    """The input `document_id` is the letter of the whole case, whichever of its processes asks.
    JobFailed (not_of_case), in the same words where there is no such letter at all.
    """
    named = named_letter(job)
    case = db.execute(_CASE, {"agency": job.agency_id, "id": named}).scalar()
    if case is None or case != job.root_id:
        raise not_of_case("the letter of this case", f"{named} is none")


def of_its_withdrawal(
    db: Connection, job: JobInput, forms: Collection[str], *, agreed: bool
) -> None:
    """The inputs `document_id` and `requester` are what this case was asked for: another case's
    letter, which only the withdrawal as it is shipped (`forms`) may touch; and everybody who signed
    it has `agreed`, where that is asked. JobFailed with the codes of `consents`: the commands ask
    the same once more, where it counts.
    """
    try:
        # a process that calls the withdrawal is no withdrawal that somebody asked for
        case = job.instance_id if job.instance_id == job.root_id else None
        wish = consents.asked(db, job.agency_id, case, forms)
        consents.check_named(wish, named_letter(job), str(job.payload.get("requester")))
        if agreed:
            letter = access.find(db, job.agency_id, wish.document_id)
            consents.check_agreed(db, job.agency_id, wish, signers_of(db, letter))
    except Conflict as refused:
        raise JobFailed(refused.message, retry=False, code=refused.code) from refused


def named_letter(job: JobInput) -> UUID:
    """JobFailed (not_of_case) for what is no id."""
    given = job.payload.get("document_id")
    try:
        return UUID(str(given))
    except ValueError:
        raise not_of_case("the id of a letter", f"got {given!r:.60}") from None


def not_of_case(expected: str, seen: str) -> JobFailed:
    return JobFailed(
        f"Expected {expected} in document_id, but {seen}. Mend the diagram; go on without"
        " this step, or cancel the case.",
        retry=False,
        code="not_of_case",
    )
