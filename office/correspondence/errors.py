"""How the registry refuses, with its stable codes."""

from __future__ import annotations

from engine.errors import Conflict, Forbidden


def no_prefix(unit: str) -> Conflict:
    return Conflict(
        f"Expected the unit {unit} or one above it to have a number prefix, but none has;"
        " set it in the unit's record, then sign again.",
        code="no_number_prefix",
    )


def not_reserved(text: str, state: str) -> Conflict:
    return Conflict(
        f"Expected {text} to be reserved for this letter, but it is {state}; sign again.",
        code="number_settled",
    )


def not_yours(unit: str) -> Forbidden:
    return Forbidden(
        f"Expected someone of the unit {unit} to acknowledge its letter, but this is someone else.",
        code="not_receiver",
    )


def circulars_numbered(text: str) -> Conflict:
    return Conflict(
        f"Expected no circular to have a number yet, but {text} has; how they count stays.",
        code="circulars_numbered",
    )
