"""The agency's choice of who has to have a second factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.bus import Answer, Context, Handler
from engine.errors import FieldError, Invalid
from office.accounts.compulsion import POLICY, WHOM, Compulsion, read
from office.people.commands.policy import choose, hold_policy
from office.people.history import record
from office.people.queries import roles
from office.people.rights import demand


@dataclass(frozen=True, slots=True)
class CompelSecondFactor:
    """Say who has to have one from their next sign-in on: see `office.accounts.compulsion`.
    Right: accounts. Answer: {whom, roles}.
    """

    whom: str
    roles: Sequence[str] = ()


def compel_second_factor(command: CompelSecondFactor, ctx: Context) -> Answer:
    demand(ctx.actor, "accounts")
    agency_id = ctx.actor.agency_id
    new = _checked(command, ctx)
    policy = hold_policy(ctx)
    was = read(policy.get(POLICY))
    if was != new:
        kept = {"whom": new.whom, "roles": list(new.roles)}
        choose(ctx, policy, POLICY, kept)
        record(ctx, "factor.compelled", agency_id, **_told(new), was=_told(was))
    return {"whom": new.whom, "roles": list(new.roles)}


def _checked(command: CompelSecondFactor, ctx: Context) -> Compulsion:
    if command.whom not in WHOM:
        raise _refused("whom", f"Expected one of {', '.join(WHOM)}, but got {command.whom!r:.40}.")
    known = {one.code for one in roles(ctx.db, ctx.actor.agency_id)}
    unknown = sorted(set(command.roles) - known)
    if unknown:
        raise _refused("roles", f"Expected roles of the agency, but {unknown[0]!r:.60} is none.")
    return Compulsion(command.whom, tuple(sorted(set(command.roles))))


def _refused(path: str, message: str) -> Invalid:
    return Invalid(message, [FieldError(path, message, "unknown")])


def _told(rule: Compulsion) -> dict[str, str]:
    return {"whom": rule.whom, "roles": ", ".join(rule.roles)}


HANDLERS: dict[type, Handler] = {CompelSecondFactor: compel_second_factor}
