"""The code by which anybody verifies a signed letter: printed on it, unguessable, easily typed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

#: Digits and letters that are not taken for one another when they are read from paper.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
#: 79 bits: what is asked for is rationed, so nobody finds one by trying.
LENGTH = 16
_GROUP = 4
_TAKEN_FOR = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789", "- \u00a0")


def new_code() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))


def normal(typed: str) -> str | None:
    """The code as it is stored, however it was typed; None for what can be none."""
    if len(typed) > 4 * LENGTH:
        return None
    code = typed.translate(_TAKEN_FOR).upper()
    return code if len(code) == LENGTH and set(code) <= set(_ALPHABET) else None


def grouped(code: str) -> str:
    """As it is printed: in groups of four."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def with_address(document: Mapping[str, Any], public_url: str) -> dict[str, Any]:
    """The letter with where it can be verified, for printing; as it is where it has no code."""
    code = document.get("verification", {}).get("code")
    if not code:
        return dict(document)
    place = f"{public_url}/v"
    verification = {
        "url": f"{place}/{code}",
        "place": place.partition("://")[2],
        "code": grouped(code),
    }
    return {**document, "verification": verification}
