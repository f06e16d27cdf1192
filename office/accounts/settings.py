"""What accounts need to know of the installation; `Services.extra["accounts"]` holds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from argon2 import PasswordHasher, Type

from engine.bus import Services


def argon2id() -> PasswordHasher:
    """19 MiB, two passes, one lane: OWASP's floor, which a desk's machine hashes in some 25 ms."""
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)


@dataclass(frozen=True, slots=True)
class AccountSettings:
    #: the installation's secret; every use derives a key of its own from it
    secret: bytes
    #: address of the pages, for links in mail
    public_url: str = ""
    #: the demo's passwords are accepted
    demo: bool = False
    #: a session ends after this long without a request, and after this long in any case
    idle: timedelta = timedelta(hours=1)
    absolute: timedelta = timedelta(hours=12)
    reset_valid: timedelta = timedelta(minutes=30)
    #: name in authenticator apps
    issuer: str = "Saraban"
    hasher: PasswordHasher = field(default_factory=argon2id)


def settings_of(services: Services) -> AccountSettings:
    found = services.extra.get("accounts")
    if not isinstance(found, AccountSettings):
        raise TypeError("Expected Services.extra['accounts'] to hold AccountSettings.")
    return found
