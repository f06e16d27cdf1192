"""What the runtime refuses: a state that is not ours, and a token that no longer waits."""

from __future__ import annotations

from engine.errors import Conflict


class CorruptState(Exception):
    """Expected the stored state of this instance, but the bytes are damaged or another's.

    A bug or a damaged database, never the caller's fault: nothing was changed.
    """


class TokenGone(Conflict):
    """The token does not wait (any more) for what the caller brings."""

    code = "token_gone"
