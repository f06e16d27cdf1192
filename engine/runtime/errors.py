"""What the runtime refuses (a state that is not ours, a token that is gone) and what gets stuck."""

from __future__ import annotations

from engine.errors import Conflict


class CorruptState(Exception):
    """Expected the stored state of this instance, but the bytes are damaged or another's.

    A bug or a damaged database, never the caller's fault: nothing was changed.
    """


class TokenGone(Conflict):
    """The token does not wait (any more) for what the caller brings."""

    code = "token_gone"


class Stuck(Exception):
    """The process itself is wrong here: this token stops and becomes an incident."""

    def __init__(self, code: str, message: str, **detail: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.detail = detail


class LimitReached(Stuck):
    """One advance used up a budget: every token that would go on stops where it is."""
