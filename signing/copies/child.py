"""The child process of `copies`: limits itself, reads the file, answers with the copy."""

from __future__ import annotations

from signing.apart import answer_about, limit


def main(seconds: int, memory: int) -> None:
    """The figures to draw, then the file: `drawn` says where the one ends."""
    limit(seconds, memory)
    from signing.copies.working import composed  # after the limits: they bound its import too

    answer_about(
        lambda wish, data: ({}, composed(data[wish["drawn"] :], data[: wish["drawn"]], wish))
    )
