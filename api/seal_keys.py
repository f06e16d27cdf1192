"""Keys of an agency's electronic seal, brought in by page and by REST alike.

A key that is made or imported here is protected by a secret that nobody knows; a hardware token or
a remote service has a PIN of its own. Either is kept sealed, for the seal is used by jobs.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256

from api.brought_keys import Bringing
from engine.errors import Conflict
from office.accounts.credentials import prove_present
from office.accounts.factors import counts
from office.accounts.passkeys import SEAL
from office.documents import seals
from office.documents.commands import EnrolSeal
from office.people.rights import demand
from signing import remote
from signing.errors import UnusableKey
from signing.hardware.taking import taken
from signing.keys import ClosedKey, SoftwareKey
from signing.pkcs12 import opened


@dataclass(frozen=True, slots=True)
class SealKeys(Bringing):
    """What an administrator may bring. The right accounts is asked before anything is opened."""

    def check(self) -> None:
        demand(self.actor, "accounts")

    def prove(self, proof: str) -> None:
        """A fresh second factor, bound to this act: a password alone is not enough here."""
        self.check()
        if self.actor.person_id is None or not counts(self.system.bus, self.actor):
            raise Conflict(
                "Expected an administrator with a second factor, but you have none yet; set one up"
                " on your account's page first.",
                code="second_factor_missing",
            )
        prove_present(self.system.bus, self.actor, proof, self.origin, SEAL)

    @property
    def token_label(self) -> str:
        """Nobody chooses: each wrong PIN counts on the token itself."""
        return f"{self.agency().code}/seal"

    def made(self) -> EnrolSeal:
        """A new key with a certificate of the installation's own authority."""
        self.check()
        if self.desk.issuer is None:
            raise Conflict("Expected an authority of our own, but certificates come from outside.")
        agency, secret = self.agency(), seals.new_secret()
        key = self.desk.issuer.enrol_seal(agency.name, agency.code, secret, self.now)
        return EnrolSeal(key, secret)

    def imported(self, data: bytes, password: str) -> EnrolSeal:
        """A key that an authority outside has handed out (PKCS#12)."""
        self.check()
        found = opened(data, password, trust=self.trust(), at=self.now)
        seals.check_organisations(found.certificate)
        secret = seals.new_secret()
        key = SoftwareKey.protect(found.key, secret, found.certificate, found.chain)
        return _brought(key, secret)

    def on_token(self, pin: str) -> EnrolSeal:
        """A key that stays on a hardware token."""
        self.check()
        if self.desk.tokens is None:
            raise Conflict("Expected hardware tokens, but this installation reaches none.")
        key = taken(self.desk.tokens, self.token_label, pin, trust=self.trust(), at=self.now)
        seals.check_organisations(key.certificate)
        return _brought(key, pin)

    def at_service(self, service: str, user: str, pin: str) -> EnrolSeal:
        """A key that a remote service keeps, and that opens with a PIN alone: nobody sits by when a
        document is sealed, who could read a one-time code.
        """
        self.check()
        known = self.desk.remote
        if known is None or service not in self.services:
            raise Conflict("Expected a signing service of the agency, but it has none so named.")
        call = known.call(self.actor.agency_id, service)
        key = remote.taken(call, service, user, trust=self.trust(), at=self.now)
        if key.otp:
            raise UnusableKey("kind", "Expected a key that opens with a PIN alone.")
        seals.check_organisations(key.certificate)
        # jobs use it from now on: a PIN that does not open it would lock it, letter by letter
        key.unlock(pin).sign_digest(os.urandom(32), "sha256")
        return _brought(key, pin)


def _brought(key: ClosedKey, secret: str) -> EnrolSeal:
    return EnrolSeal(key, secret, sha256(key.certificate).hexdigest())
