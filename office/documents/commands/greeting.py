"""Whom an agency greets with กราบเรียน beside those whom the regulation names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from engine.bus import Answer, Context
from engine.errors import FieldError, Invalid
from office.documents.greetings import HONOURED
from office.documents.policy import HONOURED_TOO
from office.documents.reading import read_lines
from office.people.history import record
from office.people.models import agency
from office.people.rights import demand

#: more than that is no honour
MOST = 100


@dataclass(frozen=True, slots=True)
class NameHonoured:
    """Replace the agency's own list. Names of the regulation need not be in it. Right: registry.
    Documents that are signed stay as they were. Answer: {names}.
    """

    names: Sequence[str]


def name_honoured(command: NameHonoured, ctx: Context) -> Answer:
    demand(ctx.actor, "registry")
    if len(command.names) > MOST:
        message = f"Expected at most {MOST} names, but got {len(command.names)}."
        raise Invalid(message, [FieldError("names", message, "too_long")])
    read = read_lines("names", list(command.names))
    names = [name for name in dict.fromkeys(read) if name not in HONOURED]
    agency_id = ctx.actor.agency_id
    policy = ctx.db.execute(
        sa.select(agency.c.policy).where(agency.c.id == agency_id).with_for_update()
    ).scalar_one()
    was = policy.get(HONOURED_TOO) or []
    if was != names:
        new = {**policy, HONOURED_TOO: names}
        ctx.db.execute(sa.update(agency).where(agency.c.id == agency_id).values(policy=new))
        told = {HONOURED_TOO: ", ".join(names), "was": {HONOURED_TOO: ", ".join(was)}}
        record(ctx, "greetings.changed", agency_id, **told)
    return {"names": names}
