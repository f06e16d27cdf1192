"""Which proofs of a signer an agency takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.bus import Answer, Context
from engine.errors import FieldError, Invalid
from office.documents.policy import METHODS, SIGNING_METHODS, chosen_methods
from office.people.commands.policy import choose, hold_policy
from office.people.history import record
from office.people.rights import demand


@dataclass(frozen=True, slots=True)
class ChooseSigningMethods:
    """Replace the agency's choice (keys of `METHODS`); none: the default holds again. Signatures
    that are made stay as they are. Right: accounts. Answer: {methods}.
    """

    methods: Sequence[str]


def choose_signing_methods(command: ChooseSigningMethods, ctx: Context) -> Answer:
    demand(ctx.actor, "accounts")
    for number, one in enumerate(command.methods):
        if one not in METHODS:
            message = f"Expected one of {', '.join(METHODS)}, but got {one!r:.40}."
            raise Invalid(message, [FieldError(f"methods.{number}", message, "unknown")])
    methods = [one for one in METHODS if one in command.methods]
    policy = hold_policy(ctx)
    was = [one for one in METHODS if one in chosen_methods(policy)]
    if was != methods:
        choose(ctx, policy, SIGNING_METHODS, methods)
        told = {SIGNING_METHODS: methods, "was": {SIGNING_METHODS: was}}
        record(ctx, "signing_methods.chosen", ctx.actor.agency_id, **told)
    return {"methods": methods}
