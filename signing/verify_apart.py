"""The child process of `verify.guarded`: limits itself, reads a file, answers with a verdict.

Not in `verify`: importing anything of that room imports all of it, before any limit.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from types import ModuleType

from signing.apart import limit


class _Absent(ModuleType):
    """Stands for a module that is named in definitions and never called."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def main(seconds: int, memory: int) -> None:
    """Bytes on standard input: a line of JSON, then the PDF. The verdict as JSON on output."""
    limit(seconds, memory)
    # pyHanko brings an HTTP client along, a third of what it imports; nobody is asked here.
    sys.modules["aiohttp"] = _Absent("aiohttp")
    from signing.verify.judging import verify  # after the limits: they bound its import too

    head = json.loads(sys.stdin.buffer.readline())
    trust = [bytes.fromhex(anchor) for anchor in head["trust"]]
    lists = [bytes.fromhex(known) for known in head["lists"]]
    at = datetime.fromisoformat(head["at"])
    verdict = verify(sys.stdin.buffer.read(), trust, at, lists=lists)
    sys.stdout.write(json.dumps(verdict.as_json()))
