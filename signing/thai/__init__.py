"""Thai text: where a line may end, digits, and clusters."""

from __future__ import annotations

from signing.thai.breaking import between_words, opportunities, syllables
from signing.thai.writing import clusters, thai_digits, thai_moment

__all__ = ["between_words", "clusters", "opportunities", "syllables", "thai_digits", "thai_moment"]
