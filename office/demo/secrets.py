"""The demo's passwords and PINs. They are public: outside demo mode each of them is refused."""

from __future__ import annotations

#: Sign-in name -> password. Long enough to be typed with pleasure and to pass the rules.
PASSWORDS: dict[str, str] = {}

#: Sign-in name -> PIN of the signing key.
PINS: dict[str, str] = {}


def is_demo_secret(text: str) -> bool:
    """Whether this password or PIN is one of the demo's, printed at every start."""
    return text in _ALL


_ALL = frozenset(PASSWORDS.values()) | frozenset(PINS.values())
