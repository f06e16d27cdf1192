"""Asking the token: what keys it holds, and for a signature.

Each question is a process of its own. In PKCS#11 a login counts for the whole process: while one
request of a token's owner were logged in, another would be let in with any PIN. And a maker's
library that crashes or waits takes no server with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from signing.apart import Failed, ask
from signing.errors import BrokenKey, TokenLocked, TokenUnavailable, WrongPin
from signing.keys import Mechanism, mechanism_of


@dataclass(frozen=True, slots=True)
class Found:
    """A key on a token with its certificate (DER), and the token's other certificates."""

    key_id: str
    certificate: bytes = field(repr=False)
    others: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens that a maker's PKCS#11 `module` (a path) reaches from this host."""

    module: str
    seconds: float = 20.0

    def found(self, label: str, pin: str) -> list[Found]:
        """The keys that can sign, on the token of this label.

        Raises `WrongPin`, `TokenLocked`, `TokenUnavailable`.
        """
        said = self.asked("list", label, pin)
        others = tuple(bytes.fromhex(der) for der in said["others"])
        return [Found(one["id"], bytes.fromhex(one["der"]), others) for one in said["keys"]]

    def closed(
        self, label: str, key_id: str, certificate: bytes, chain: tuple[bytes, ...]
    ) -> TokenKey:
        return TokenKey(self, label, key_id, certificate, chain)

    def asked(self, what: str, label: str, pin: str, **more: str) -> Mapping[str, Any]:
        """The child's answer. Raises as `found` does."""
        question = {"module": self.module, "what": what, "label": label, "pin": pin, **more}
        try:
            said = ask(
                "signing.hardware.child", json.dumps(question).encode(), seconds=self.seconds
            )
        except TimeoutError:
            raise TokenUnavailable(f"it does not answer within {self.seconds:g} s") from None
        except Failed:
            raise TokenUnavailable("its library ended with an error") from None
        answer: dict[str, Any] = json.loads(said)
        _raise(answer.get("fault"))
        return answer


def _raise(fault: str | None) -> None:
    if fault is None:
        return
    if fault == "wrong_pin":
        raise WrongPin("Expected this token's PIN, but another was given.")
    if fault == "locked":
        raise TokenLocked(
            "Expected a token that opens, but it has locked itself after too many wrong PINs."
            " Who keeps the tokens can open it."
        )
    raise TokenUnavailable(fault)


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key on a token (by its label) under an id (hexadecimal): a closed key like a software
    one; certificate and chain are DER.
    """

    tokens: Tokens
    label: str
    key_id: str
    certificate: bytes = field(repr=False)
    chain: tuple[bytes, ...] = field(repr=False)

    def unlock(self, pin: str) -> UnlockedTokenKey:
        """The key ready to sign (for this request only). Raises as `Tokens.found` does."""
        self.tokens.asked("open", self.label, pin, id=self.key_id)
        return UnlockedTokenKey(self, pin)


@dataclass(frozen=True, slots=True)
class UnlockedTokenKey:
    """A token's key while its owner is signing."""

    closed: TokenKey
    pin: str = field(repr=False)

    @property
    def certificate(self) -> bytes:
        return self.closed.certificate

    @property
    def chain(self) -> tuple[bytes, ...]:
        return self.closed.chain

    @property
    def mechanism(self) -> Mechanism:
        return mechanism_of(self.certificate)

    def sign_digest(self, digest: bytes, hash_name: str) -> bytes:
        closed = self.closed
        said = closed.tokens.asked(
            "sign",
            closed.label,
            self.pin,
            id=closed.key_id,
            mechanism=self.mechanism,
            hash=hash_name,
            digest=digest.hex(),
        )
        if not said["signature"]:
            raise BrokenKey("Expected a signature of the token, but it gave none.")
        return bytes.fromhex(said["signature"])
