"""The child process of `copies`: limits itself, reads the file, answers with the copy."""

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
    from signing.copies.working import composed  # after the limits: they bound its import too
    from signing.errors import Uncopyable

    wish = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    answer: dict[str, Any] = {}
    made = b""
    try:
        made = composed(data[wish["drawn"] :], data[: wish["drawn"]], wish)
    except Uncopyable as bad:
        answer = {"reason": bad.reason, "message": str(bad)}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + made)
