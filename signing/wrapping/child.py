"""The process apart of `wrapping`: limits itself, reads the file, answers with what it adds."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from signing.apart import answer_about, limit


def warm() -> None:
    """Import what `main` needs."""
    import_module("signing.wrapping.working")


def main(seconds: int, memory: int) -> None:
    """The cover, if there is one, then the file: `cover` says where the one ends."""
    limit(seconds, memory)
    from signing.wrapping.working import examined, revision  # not here before it is asked for

    def work(question: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
        if question["verb"] == "examine":
            return examined(data), b""
        at = question["cover"]
        return {}, revision(data[at:], data[:at], question["fields"])

    answer_about(work)
