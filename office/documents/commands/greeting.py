"""Whom an agency greets with กราบเรียน beside those whom the regulation names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.bus import Answer, Context
from engine.errors import FieldError, Invalid
from office.documents.greetings import HONOURED
from office.documents.policy import HONOURED_TOO
from office.documents.reading import read_lines
from office.people.commands.policy import choose, hold_policy
from office.people.history import record
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
    policy = hold_policy(ctx)
    was = policy.get(HONOURED_TOO) or []
    if was != names:
        choose(ctx, policy, HONOURED_TOO, names)
        told = {HONOURED_TOO: ", ".join(names), "was": {HONOURED_TOO: ", ".join(was)}}
        record(ctx, "greetings.changed", ctx.actor.agency_id, **told)
    return {"names": names}
