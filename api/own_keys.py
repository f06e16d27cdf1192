"""An official's own signing key, brought in by page and by REST alike: had made, imported, on a
hardware token, with a remote service, or registered for their own device.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from api.brought_keys import Bringing
from engine.errors import Conflict, FieldError, Forbidden, Invalid
from office.accounts.credentials import prove_present
from office.accounts.guesses import WrongSecret, guarded
from office.accounts.passkeys import KEY
from office.demo.secrets import is_demo_secret
from office.documents import registering
from office.documents.commands import EnrolOwnKey
from office.documents.sending_codes import ask_for_code
from signing import remote
from signing.errors import WrongPin
from signing.hardware.taking import taken
from signing.keys import SoftwareKey, strong
from signing.pkcs12 import opened


@dataclass(frozen=True, slots=True)
class OwnKeys(Bringing):
    """What the actor may bring. Each way answers a command, after the `proof` that it is them: what
    is wrong with what was typed is told before, so that a slip costs no one-time code; what asks
    something outside, or uses up a try there, comes after.
    """

    def _prove(self, proof: str) -> None:
        """A session left open, or a token, must not be enough to get a key in somebody's name."""
        if self.actor.person_id is None:
            raise Forbidden("Expected a person, but the system signs nothing.")
        prove_present(self.system.bus, self.actor, proof, self.origin, KEY)

    @property
    def token_label(self) -> str:
        """How the actor's token is named. Nobody chooses: each wrong PIN counts on the token
        itself, so that whoever could name another's would lock it.
        """
        return f"{self.agency().code}/{self.actor.username}"

    def made(self, pin: str, proof: str) -> EnrolOwnKey:
        """A new key and certificate from the installation's own authority."""
        self._check_pin(pin)
        issuer = self.desk.issuer
        if issuer is None:
            raise Conflict("Expected an authority of our own, but certificates come from outside.")
        named = self.agency().name
        self._prove(proof)
        return EnrolOwnKey(issuer.enrol(self.actor.name, pin, self.now, organisation=named))

    def imported(self, data: bytes, password: str, pin: str, proof: str) -> EnrolOwnKey:
        """A key that an authority outside has handed out (PKCS#12)."""
        self._check_pin(pin)
        found = opened(data, password, trust=self.trust(), at=self.now)
        self._refuse_held(found.certificate)
        self._prove(proof)
        key = SoftwareKey.protect(found.key, pin, found.certificate, found.chain)
        return EnrolOwnKey.brought(key)

    def on_token(self, pin: str, proof: str) -> EnrolOwnKey:
        """A key that stays on a hardware token, which has a PIN of its own."""
        if self.desk.tokens is None:
            raise Conflict("Expected hardware tokens, but this installation reaches none.")
        label, trust = self.token_label, self.trust()
        self._prove(proof)
        key = taken(self.desk.tokens, label, pin, trust=trust, at=self.now)
        self._refuse_held(key.certificate)
        return EnrolOwnKey.brought(key)

    def at_service(self, service: str, user: str, pin: str, code: str, proof: str) -> EnrolOwnKey:
        """A key that a remote service keeps: what the service says of it is judged, and one digest
        is signed, for a user's name shows nobody's right to the key. Where the service sends its
        one-time codes, the first try without one has it send one (code_sent).
        """
        known = self.desk.remote
        if known is None or service not in self.services:
            raise Conflict("Expected a signing service of the agency, but it has none so named.")
        call, trust = known.call(self.actor.agency_id, service), self.trust()
        self._prove(proof)
        key = remote.taken(call, service, user, trust=trust, at=self.now)
        self._refuse_held(key.certificate)
        if key.online and not code:
            ask_for_code(self.system.bus, self.actor, key, self.origin.ip)
            message = "Expected the one-time code that the service has sent you now."
            raise Invalid(message, [FieldError("otp", message, "code_sent")], code="code_sent")
        self._try_out(key.with_code(code), pin)
        return EnrolOwnKey.brought(key)

    def _try_out(self, key: remote.RemoteKey, pin: str) -> None:
        """Guesses are counted: the name at the service may be another's."""
        digest = hashlib.sha256(self.challenge().encode()).digest()
        with guarded(self.system.bus, self.actor, "service", self.origin.ip):
            try:
                key.unlock(pin).sign_digest(digest, "sha256")
            except WrongPin as wrong:
                raise WrongSecret(str(wrong), code="wrong_pin") from wrong

    def on_device(
        self, certificate: bytes, challenge: str, signature: bytes, proof: str
    ) -> EnrolOwnKey:
        """The certificate of a key that its owner's device keeps, which has signed a challenge."""
        bus, trust = self.system.bus, self.trust()
        key = registering.device_key(bus, self.actor, certificate, challenge, signature, trust)
        self._prove(proof)
        return EnrolOwnKey.brought(key)

    def challenge(self) -> str:
        return registering.challenge(self.system.bus, self.actor)

    def _refuse_held(self, certificate: bytes) -> None:
        registering.refuse_held(self.system.bus, self.actor, certificate)

    def _check_pin(self, pin: str) -> None:
        if is_demo_secret(pin) and not self.system.settings.demo:
            message = "Expected a PIN of your own, but this is one of the demonstration's."
            raise Invalid(message, [FieldError("pin", message, "demo_secret")])
        strong(pin)
