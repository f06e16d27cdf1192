"""What every rule of the linter works with: the process at hand and where to put findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.ports import Action, Forms


@dataclass(frozen=True, slots=True)
class Expected:
    """What exists around the files: actions, forms, processes of other deployments."""

    actions: Mapping[str, Action]
    forms: Forms
    processes: Callable[[str], Any]
    #: decisions come from outside: their references can not be checked against the files
    decided_elsewhere: bool = False
