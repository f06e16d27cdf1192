"""The process apart of `copies`: limits itself, reads the file, answers with the copy."""

from __future__ import annotations

from importlib import import_module

from signing.apart import answer_about, limit


def warm() -> None:
    """Import what `main` needs."""
    import_module("signing.copies.working")


def main(seconds: int, memory: int) -> None:
    """The figures to draw, then the file: `drawn` says where the one ends."""
    limit(seconds, memory)
    from signing.copies.working import composed  # not here before it is asked for

    answer_about(
        lambda wish, data: ({}, composed(data[wish["drawn"] :], data[: wish["drawn"]], wish))
    )
