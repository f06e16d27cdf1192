"""Degrees of secrecy of letters: whether one is taken, by whom, and what its case tells of it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from engine.bus import Context
from engine.errors import FieldError, Invalid
from office.documents.rules import OPEN_TO_RIGHTS
from office.people import queries as people

#: the agency's choice, off until an administrator turns it on: letters above ปกติ are taken
TAKES_SECRETS = "secret_letters"
#: What a case, its tasks, lists, notices and messages call a secret letter: never its subject.
UNTOLD = "หนังสือชั้นความลับ"


def check_degree(ctx: Context, secrecy: int) -> None:
    """Let pass ปกติ, and where the agency takes more, what the actor is cleared for."""
    if secrecy <= OPEN_TO_RIGHTS:
        return
    if not takes_secrets(ctx.db, ctx.actor.agency_id):
        raise _refused(
            "Only ปกติ is taken: this agency keeps secret letters on paper.", "secrecy_not_yet"
        )
    if ctx.actor.clearance < secrecy:
        raise _refused(
            f"{ctx.actor.username} is not cleared for this degree; whoever keeps the agency's"
            " people grants clearances by order.",
            "not_cleared",
        )


def takes_secrets(db: Connection, agency_id: UUID) -> bool:
    return bool(people.agency(db, agency_id).policy.get(TAKES_SECRETS))


def _refused(message: str, code: str) -> Invalid:
    text = f"Expected a document that can be routed, but secrecy: {message}"
    return Invalid(text, [FieldError("secrecy", message, code)])


def told_subject(subject: str, secrecy: int) -> str:
    """The subject, as everybody may read it who sees the case and not the letter."""
    return subject if secrecy <= OPEN_TO_RIGHTS else UNTOLD
