"""Opening an official's own key for one act: who they are is proved first, wrong PINs are counted,
and a key whose certificate is revoked opens nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.actor import Actor
from engine.bus import Bus
from engine.db import reading
from engine.errors import Rejected
from office.accounts.settings import settings_of
from office.demo.secrets import is_demo_secret
from office.documents import errors, finishing, keys
from office.documents.commands.keys import NotePin
from office.documents.policy import methods_by
from office.documents.ports import Desk
from office.documents.proving import Authorization, unauthorized
from office.documents.trust import trusted
from signing.device import DeviceKey
from signing.errors import TokenLocked, TokenUnavailable, WrongPin
from signing.keys import KeyProvider
from signing.remote import RemoteKey


def open_key(
    bus: Bus, actor: Actor, desk: Desk, proof: Authorization, prove: Callable[[], None]
) -> KeyProvider | DeviceKey:
    """The key, opened for this call; a device's comes closed. `prove` takes the second factor."""
    now = bus.services.clock.now()
    with reading(bus.engine, actor.fence) as db:
        row = keys.key_in_force(db, actor, now)
        allowed = methods_by(db, actor.agency_id, device=keys.on_device(row))
        trust = trusted(db, actor.agency_id, desk.trust)
    closed = keys.closed_key(row, desk.tokens, desk.remote)
    if proof.method not in allowed:
        raise errors.method_refused(proof.method, allowed)
    prove()
    if isinstance(closed, DeviceKey):
        finishing.refuse_revoked(desk, closed, trust, now)
        return closed
    pin = proof.code if proof.method == "pin" else proof.pin
    if isinstance(closed, RemoteKey):
        # the service counts wrong PINs itself, and is told this one with the digest it is for
        finishing.refuse_revoked(desk, closed, trust, now)
        return _remote(closed, pin or "", proof.otp or "")
    if pin is None:
        raise unauthorized("authorization.pin", "The signing key opens with its PIN.")
    _refuse_demo_pin(bus, pin)
    # Counted before it is tried: guesses made side by side all count.
    left = bus.execute(NotePin(row.id, right=False), actor)["left"]
    try:
        key = closed.unlock(pin)
    except WrongPin:
        raise errors.wrong_pin(left) from None
    except (TokenLocked, TokenUnavailable) as error:
        bus.execute(NotePin(row.id, right=None), actor)
        raise errors.token_trouble(error) from error
    bus.execute(NotePin(row.id, right=True), actor)
    finishing.refuse_revoked(desk, key, trust, now)
    return key


def _remote(closed: RemoteKey, pin: str, code: str) -> KeyProvider:
    for wanted, given, path in (
        (closed.pin, pin, "authorization.pin"),
        (closed.otp, code, "authorization.otp"),
    ):
        if wanted and not given:
            raise unauthorized(path, "The signing service asks for it.")
    return closed.with_code(code).unlock(pin)


def _refuse_demo_pin(bus: Bus, pin: str) -> None:
    if not settings_of(bus.services).demo and is_demo_secret(pin):
        raise Rejected(
            "Expected a PIN of your own, but this is one of the demonstration's; they are refused"
            " here. Have a key with a PIN of your own enrolled.",
            code="demo_secret",
        )
