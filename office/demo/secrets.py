"""The demo's passwords and PINs. They are public: outside demo mode each of them is refused."""

from __future__ import annotations

from collections.abc import Mapping

from office.demo.ministry import MINISTRY
from office.demo.neighbour import NEIGHBOUR

OFFICIALS = (*MINISTRY.officials, *NEIGHBOUR.officials)

#: Sign-in name -> password: easy to type from the printed table.
PASSWORDS: Mapping[str, str] = {one.username: f"{one.username}-demo-2569" for one in OFFICIALS}

#: Sign-in name -> PIN of the signing key, of those who sign.
PINS: Mapping[str, str] = {one.username: one.pin for one in OFFICIALS if one.pin}

_ALL = frozenset((*PASSWORDS.values(), *PINS.values()))


def is_demo_secret(text: str) -> bool:
    """Whether this password or PIN is one of the demo's, printed at every start."""
    return text in _ALL
