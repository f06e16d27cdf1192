"""What guesses are counted against: keyed hashes, so that the table tells nothing by itself."""

from __future__ import annotations

from uuid import UUID

from engine.bus import Services
from office.accounts.secrets import keyed
from office.accounts.settings import settings_of

_PURPOSE = "attempt"


def password_target(services: Services, agency_id: UUID, username: str) -> str:
    """The password of a known person, whichever of their names was typed."""
    return _target(services, f"password:{agency_id}:{username}")


def typed_target(services: Services, login: str) -> str:
    """A name that nobody has, or that several agencies have: counted in the same way."""
    return _target(services, f"typed:{login.strip().casefold()}")


def reset_target(services: Services, login: str) -> str:
    """Asking for a new password of this name: counted apart from guesses at a name."""
    return _target(services, f"reset:{login.strip().casefold()}")


def person_target(services: Services, agency_id: UUID, person_id: UUID | None, secret: str) -> str:
    """Another secret of a person: "factor" or "pin"."""
    return _target(services, f"{secret}:{agency_id}:{person_id}")


def provider_target(services: Services, state: str) -> str:
    """One way to a provider and back: ways are counted by the address that they come from."""
    return _target(services, f"provider:{state}")


def _target(services: Services, text: str) -> str:
    return keyed(settings_of(services).secret, _PURPOSE, text)
