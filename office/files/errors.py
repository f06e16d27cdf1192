"""How uploads are refused, with stable codes."""

from __future__ import annotations

from engine.errors import FieldError, Invalid, TooLarge


def refused(path: str, message: str, code: str) -> Invalid:
    """`path` is the file's field, or a place in the file such as "file/page 3"."""
    error = FieldError(path, message, code)
    return Invalid(f"Expected a file that can be enclosed, but {message}", [error], code=code)


def too_large(name: str, size: int, most: int) -> TooLarge:
    return TooLarge(
        f"Expected a file of at most {most // (1024 * 1024)} MB, but {name} has"
        f" {size / (1024 * 1024):.1f} MB; make it smaller or split it.",
        size=size,
        most=most,
        name=name,
    )
