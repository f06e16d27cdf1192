"""The child process of `wrapping`: limits itself, reads the file, answers with what it adds."""

from __future__ import annotations

import json
import resource
import sys
from typing import Any


def main(seconds: int, memory: int) -> None:
    """A line of JSON, then bytes, on standard input and on output."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from signing.errors import Unwrappable  # after the limits: they bound its import too
    from signing.wrapping.working import examined, revision

    question = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    answer: dict[str, Any] = {}
    added = b""
    try:
        if question["verb"] == "examine":
            answer = examined(data)
        else:
            at = question["cover"]
            added = revision(data[at:], data[:at], question["fields"])
    except Unwrappable as bad:
        answer = {"reason": bad.reason, "message": str(bad)}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + added)
