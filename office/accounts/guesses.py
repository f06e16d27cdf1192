"""The guard that any secret of a person stands behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.actor import Actor
from engine.bus import Bus
from engine.errors import Rejected
from office.accounts import targets
from office.accounts.commands.guards import AdmitAttempt, ClearFailures, RecordFailure


class WrongSecret(Rejected):
    """Expected the right code or PIN, but this was not it."""

    code = "bad_code"


class WrongProof(WrongSecret):
    """Expected a code of the factor that counts now, but this was not it."""


@contextmanager
def guarded(bus: Bus, actor: Actor, secret: str, ip: str) -> Iterator[None]:
    """Check a secret of the actor inside: "pin", "factor". Raise WrongSecret when it is wrong.

    Guesses are counted before the check, wrong ones in a row shut the door for a while, a right
    one opens it again. No transaction is open while the body runs.
    """
    target = targets.person_target(bus.services, actor.agency_id, actor.person_id, secret)
    bus.execute(AdmitAttempt(target, ip), actor)
    try:
        yield
    except WrongSecret:
        bus.execute(RecordFailure(target), actor)
        raise
    bus.execute(ClearFailures(target), actor)
