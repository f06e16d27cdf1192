"""Who would get a task of a play today: the rules of the diagram on the organisation as it is.

In a play nobody in particular does a step: who did it is known where only one person could.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.actor import KINDS, Principal, codes, principals_of
from engine.ports import Directory
from engine.runtime.values import AssignmentRule, OpenedTask
from office.people import queries as people
from office.people.queries import Standing


@dataclass(frozen=True, slots=True)
class Candidates:
    """`able`: sign-in names of who could do it now, `away` those of them on leave; `lacking`:
    those named for whom nobody is there; `barred`: who could, but may not here; `performers`:
    elements on whose unknown performers it depends.
    """

    principals: tuple[Principal, ...] = ()
    able: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    lacking: tuple[Standing, ...] = ()
    barred: tuple[str, ...] = ()
    performers: tuple[str, ...] = ()


@dataclass
class Today:
    """One agency's organisation at one moment, for a case of this starter. `done`: the tasks that
    were completed, the last one of each element.
    """

    db: Connection
    agency_id: UUID
    directory: Directory
    at: datetime
    starter: str
    done: Mapping[str, OpenedTask] = field(default_factory=dict)

    def candidates(self, task: OpenedTask) -> Candidates:
        return self._of(task, frozenset())

    def _of(self, task: OpenedTask, seen: frozenset[str]) -> Candidates:
        rules = task.assignments or (AssignmentRule("starter"),)
        named, unknown = self._named(rules, seen)
        standings = people.standings(self.db, self.agency_id, named, self.at, self.directory)
        able = {name for one in standings.values() for name in one.able}
        away = {name for one in standings.values() for name in one.away}
        out, _unsure = self._named(task.excluded, seen)
        barred = self._holders(out) & able
        return Candidates(
            tuple(named),
            tuple(sorted(able - barred)),
            tuple(sorted(away - barred)),
            tuple(one for one in standings.values() if one.shortfall and not one.able),
            tuple(sorted(barred)),
            tuple(unknown),
        )

    def _named(
        self, rules: Sequence[AssignmentRule], seen: frozenset[str]
    ) -> tuple[list[Principal], list[str]]:
        """Those whom the rules name, and the elements whose performers nobody knows."""
        found: dict[Principal, None] = {}
        unknown = []
        for rule in rules:
            if rule.kind == "performer":
                name = self._performer(str(rule.value), seen)
                found |= {f"person:{name}": None} if name else {}
                unknown += [] if name else [str(rule.value)]
            else:
                found |= dict.fromkeys(self.of_rule(rule))
        return list(found), unknown

    def of_rule(self, rule: AssignmentRule) -> Iterator[Principal]:
        """Those whom a rule names, unless it asks for whoever did a step."""
        kind = rule.kind if rule.kind in KINDS else "person"
        if rule.kind == "starter":
            yield f"person:{self.starter}"
        elif rule.kind == "superior":
            for name in codes(rule.value) or [self.starter]:
                username = name.removeprefix("person:")
                above = self.directory.superior(
                    self.db, self.agency_id, username, self.at, rule.level
                )
                yield from () if above is None else (above,)
        else:
            yield from principals_of(rule.value, kind)

    def _performer(self, element: str, seen: frozenset[str]) -> str | None:
        """Whoever did the step, where only one could have."""
        if element not in self.done or element in seen:
            return None
        found = self._of(self.done[element], seen | {element})
        return found.able[0] if len(found.able) == 1 and not found.performers else None

    def _holders(self, principals: Sequence[Principal]) -> frozenset[str]:
        return self.directory.who_can_act(self.db, self.agency_id, principals, self.at)
