"""How business rule tasks reach decisions: a function, so that others can hand in theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

#: Evaluates a decision: (reference, variables, now) -> value. Raises FeelError where it cannot.
Decide = Callable[[str, Mapping[str, Any], datetime], Any]
