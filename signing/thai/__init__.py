"""Thai text: where a line may end, digits, and clusters."""

from __future__ import annotations

from signing.thai.breaking import between_words, opportunities
from signing.thai.writing import clusters, thai_digits, thai_moment

__all__ = ["between_words", "clusters", "opportunities", "thai_digits", "thai_moment"]
