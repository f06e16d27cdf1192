"""Sessions that a provider opened and ends; proofs that count once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.db import insert_once
from engine.errors import Rejected
from office.accounts.commands.providers import end_where
from office.accounts.commands.sessions import end_all
from office.accounts.models import provider_session, sign_in_identity, spent_proof


@dataclass(frozen=True, slots=True)
class SpendProof:
    """Take a proof that counts once, or Rejected (spent). It is remembered until it is over."""

    proof_sha256: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class EndProvided:
    """The provider says that a person has signed out: one of its sessions (`sid`) ends here, or
    without one every session of the person, however it was opened. Answer: {revoked}.
    """

    provider_id: UUID
    issuer: str
    subject: str = ""
    sid: str = ""


def spend_proof(command: SpendProof, ctx: Context) -> Answer:
    values = {"proof_sha256": command.proof_sha256, "expires_at": command.expires_at}
    if ctx.db.execute(insert_once(spent_proof), values).rowcount == 0:
        raise Rejected("Expected a proof that was not used before, but it was.", code="spent")
    return {"spent": True}


def end_provided(command: EndProvided, ctx: Context) -> Answer:
    theirs = provider_session.c.provider_id == command.provider_id
    if command.sid:
        which = [theirs, provider_session.c.sid == command.sid]
        if command.subject:
            which.append(provider_session.c.subject == command.subject)
        return {"revoked": end_where(ctx, *which)}
    ended = end_where(ctx, theirs, provider_session.c.subject == command.subject)
    person = ctx.db.execute(
        sa.select(sign_in_identity.c.person_id).where(
            sign_in_identity.c.agency_id == ctx.actor.agency_id,
            sign_in_identity.c.issuer == command.issuer,
            sign_in_identity.c.subject == command.subject,
        )
    ).scalar_one_or_none()
    return {"revoked": ended + (0 if person is None else end_all(ctx, person))}


HANDLERS: dict[type, Handler] = {SpendProof: spend_proof, EndProvided: end_provided}
