"""What a migration says: the fate of every token, the tasks that changed, and the advance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from engine.runtime.values import Advance, OpenedTask, Scope, Token

#: kept: it waits on, perhaps with `changes` · set: a listener that only the new version has ·
#: removed: a listener that only the old one had · refused: see `code` and `message`
Outcome = Literal["kept", "set", "removed", "refused"]
#: What of a task can differ between versions.
ASSIGNMENT, DUE, REMINDERS, PRIORITY = "assignment", "due", "reminders", "priority"


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one token.

    `element_id` is where it stands in the old version, `target_id` where it will stand (None:
    nowhere). `changes` names what differs for it there.
    """

    token: Token
    scope: Scope
    element_id: str
    target_id: str | None
    outcome: Outcome
    changes: Sequence[str] = ()
    code: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class RetoldTask:
    """An open task of which the new version says something else.

    Of `task` holds whatever `changes` names; people, deadline and priority are None or empty where
    they stay as they are.
    """

    task: OpenedTask
    changes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Renamed:
    """An element under way that has another id in the new version."""

    scope: Scope
    old_id: str
    new_id: str


@dataclass(frozen=True, slots=True)
class Migration:
    """`advance` is None where a fate is refused: then nothing moves."""

    fates: Sequence[Fate]
    advance: Advance | None = None
    tasks: Sequence[RetoldTask] = field(default_factory=tuple)
    renamed: Sequence[Renamed] = field(default_factory=tuple)

    @property
    def refused(self) -> Sequence[Fate]:
        return [fate for fate in self.fates if fate.outcome == "refused"]
