"""The child process of `artwork`: limits itself, reads an emblem, answers with one of our own."""

from __future__ import annotations

import json
import sys

from signing.apart import limit


def main(seconds: int, memory: int) -> None:
    """An uploaded file on standard input; on output a line of JSON, then the file to keep."""
    limit(seconds, memory)
    from signing.errors import UnusableEmblem  # after the limits: they bound its import too
    from signing.render.artwork import normalised

    try:
        made = normalised(sys.stdin.buffer.read())
    except UnusableEmblem as bad:
        head = {"message": bad.message, "reason": bad.reason, "line": bad.line}
        sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
        return
    head = {"media_type": made.media_type}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + made.data)
