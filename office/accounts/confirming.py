"""Answering a step that demands anew a proof of who answers: for this one answer, and no other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from engine.actor import Actor
from engine.bus import Answer, Bus
from engine.commands.tasks import CONFIRM, ActPerformed, CheckCompletion, CompleteTask
from engine.errors import Conflict
from office.accounts import passkeys
from office.accounts.factors import check_code, counts
from office.accounts.party import Party


@dataclass(frozen=True, slots=True)
class Wish:
    """What is answered; `proof` is a code of a second factor, a recovery code, or what a passkey
    answers, as JSON.
    """

    task_id: UUID
    outcome: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    comment: str | None = None
    proof: str = field(default="", repr=False)

    @property
    def bound(self) -> str:
        """All that is answered, in short: a passkey that was asked for it answers nothing else."""
        said = [str(self.task_id), self.outcome, dict(self.variables), self.comment or ""]
        text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def ask(bus: Bus, actor: Actor, party: Party, wish: Wish, ip: str) -> dict[str, Any]:
    """The question for the actor's passkey, for this answer. Refused, as `complete` would be, where
    the answer cannot be given, so that nobody lays a finger down for nothing.
    """
    _check(bus, actor, wish)
    return passkeys.ask(bus, actor, party, passkeys.CONFIRM, ip, wish.bound)


def complete(bus: Bus, actor: Actor, wish: Wish, command_id: UUID, ip: str) -> Answer:
    """Complete a task with the act `confirm`. Answer and codes as of CompleteTask;
    confirmation_required without a proof, confirmation_impossible for who has no second factor;
    WrongSecret, TooMany.

    A mistake in the form costs no code. `command_id` repeated repeats the answer, whose code is
    spent by then.
    """
    command = CompleteTask(wish.task_id, wish.outcome, wish.variables, wish.comment)
    try:
        return bus.execute(command, actor, command_id)
    except Conflict as refused:
        if refused.code != "confirmation_required" or not wish.proof:
            raise
    _check(bus, actor, wish)
    proved = ActPerformed(CONFIRM, _prove(bus, actor, wish, ip))
    return bus.execute(replace(command, authorization=proved), actor, command_id)


def _check(bus: Bus, actor: Actor, wish: Wish) -> None:
    if not counts(bus, actor):
        raise Conflict(
            "Expected whoever answers this step to have a second factor, but you have none yet;"
            " set up an app's codes or a passkey on your account's page first.",
            code="confirmation_impossible",
        )
    bus.execute(CheckCompletion(wish.task_id, wish.outcome, wish.variables, wish.comment), actor)


def _prove(bus: Bus, actor: Actor, wish: Wish, ip: str) -> str:
    """By what it was proved: `otp`, `recovery`, or `pop` of a passkey."""
    if not passkeys.is_answer(wish.proof):
        return check_code(bus, actor, wish.proof, ip)
    said = {"task_id": str(wish.task_id), "outcome": wish.outcome, "digest": wish.bound}
    passkeys.check(bus, actor, passkeys.CONFIRM, wish.proof, ip, wish.bound, said)
    return "pop"
