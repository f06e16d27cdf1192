"""Text cut into words, so that a comparison shows words and not letters."""

from __future__ import annotations

from itertools import pairwise

import thaibreak


def split_words(text: str) -> list[str]:
    """Pieces that join to the same text: Thai by dictionary, the rest by white space."""
    cuts = [*thaibreak.boundaries(text), len(text)]  # it stops early at a NUL
    return [text[start:end] for start, end in pairwise(cuts) if start < end]
