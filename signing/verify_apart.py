"""The process apart of `verify.guarded`: limits itself, reads a file, answers with a verdict."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from importlib import import_module
from types import ModuleType

from signing.apart import limit


class _Absent(ModuleType):
    """Stands for a module that is named in definitions and never called."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def warm() -> None:
    """Import what `main` needs."""
    # pyHanko brings an HTTP client along, a third of what it imports; nobody is asked here.
    sys.modules.setdefault("aiohttp", _Absent("aiohttp"))
    import_module("signing.verify.judging")


def main(seconds: int, memory: int) -> None:
    """Bytes on standard input: a line of JSON, then the PDF. The verdict as JSON on output."""
    limit(seconds, memory)
    from signing.verify.judging import verify  # not here before it is asked for: it takes long

    head = json.loads(sys.stdin.buffer.readline())
    trust = [bytes.fromhex(anchor) for anchor in head["trust"]]
    lists = [bytes.fromhex(known) for known in head["lists"]]
    at = datetime.fromisoformat(head["at"])
    verdict = verify(sys.stdin.buffer.read(), trust, at, lists=lists)
    sys.stdout.write(json.dumps(verdict.as_json()))
