"""Whether an agency takes letters above ปกติ into the system."""

from __future__ import annotations

from dataclasses import dataclass

from engine.bus import Answer, Context
from engine.errors import Conflict, FieldError, Invalid
from office.documents.degrees import TAKES_SECRETS
from office.people import queries as people
from office.people.commands.policy import choose, hold_policy
from office.people.history import record
from office.people.rights import demand

#: of an order's words
LONGEST = 500


@dataclass(frozen=True, slots=True)
class TakeSecretLetters:
    """Take ลับ and ลับมาก from now on, or no new ones any more; those on their way stay. Right:
    people. Answer: {taken}.

    To take them needs the order of the agency's head, somebody who is cleared, and the word that
    it is known that storage, database and backups are not encrypted by Saraban itself.
    """

    taken: bool
    order_ref: str = ""
    knows_unencrypted: bool = False


def take_secret_letters(command: TakeSecretLetters, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    policy = hold_policy(ctx)
    was = bool(policy.get(TAKES_SECRETS))
    if was != command.taken:
        order_ref = _checked(command, ctx)
        choose(ctx, policy, TAKES_SECRETS, command.taken)
        said = {TAKES_SECRETS: command.taken, "was": {TAKES_SECRETS: was}}
        by = {"order_ref": order_ref} if order_ref else {}
        record(ctx, "secret_letters.chosen", ctx.actor.agency_id, **said, **by)
    return {"taken": command.taken}


def _checked(command: TakeSecretLetters, ctx: Context) -> str:
    order_ref = command.order_ref.strip()
    wrong: list[FieldError] = []
    if len(order_ref) > LONGEST:
        message = f"Expected at most {LONGEST} characters, but got {len(order_ref)}."
        wrong.append(FieldError("order_ref", message, "too_long"))
    if command.taken and not order_ref:
        wrong.append(FieldError("order_ref", "Name the order of the agency's head.", "required"))
    if command.taken and not command.knows_unencrypted:
        message = "Say that it is known: what is stored is not encrypted by Saraban itself."
        wrong.append(FieldError("knows_unencrypted", message, "unencrypted"))
    if wrong:
        text = f"Expected an order to take secret letters by, but {wrong[0].message}"
        raise Invalid(text, wrong)
    if command.taken and not _anybody_cleared(ctx):
        raise Conflict(
            "Expected somebody who is cleared for secrets, but nobody is: no letter could be"
            " drafted, and no register opened. Grant clearances first.",
            code="nobody_is_cleared",
        )
    return order_ref


def _anybody_cleared(ctx: Context) -> bool:
    rows = people.clearances(ctx.db, ctx.actor.agency_id, ctx.now)
    return any(row.state == "running" for row in rows)
