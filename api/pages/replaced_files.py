"""Files that a case was given by its forms and that its data name no more: what took their place.

The rows keep every file; who let go of one, and when, is what the history says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from api.pages.desk import actor, db
from engine.queries import instances
from engine.queries.instances import Event, InstanceView
from forms.files import references
from office.files import cases
from office.files.cases import CaseFile

#: of one page of the history that is read
_EVENTS = 500


@dataclass(frozen=True, slots=True)
class ReplacedFile:
    """`field`: the variable in which it stood. `names`: what stands there since, none where it was
    only taken out.
    """

    file: CaseFile
    href: str
    field: str
    at: datetime
    by: str | None
    names: Sequence[str]


def replaced_files(view: InstanceView) -> list[ReplacedFile]:
    """Those of this instance, as they came. What the reader is not told of is left out, and so is
    what another instance of the case has.
    """
    this, named = UUID(view.instance.id), frozenset(_ids(view.variables))
    came = [one for one in cases.of_case(db(), actor(), this) if str(one.id) not in named]
    if not came:
        return []
    told = [event for event in _history(this) if event.instance_id == view.instance.id]
    return [found for one in came if (found := _let_go(one, told, view.instance.id)) is not None]


def _ids(value: Any) -> Iterator[str]:
    """Wherever it stands: loops gather what was entered into lists of their own."""
    if found := references(value):
        yield from (one["id"] for one in found)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _ids(part)
    elif isinstance(value, list):
        for part in value:
            yield from _ids(part)


def _history(this: UUID) -> Iterator[Event]:
    after = 0
    while events := instances.history(db(), actor(), this, after_seq=after, limit=_EVENTS):
        yield from events
        after = events[-1].seq


def _let_go(one: CaseFile, told: Sequence[Event], instance_id: str) -> ReplacedFile | None:
    """By the first that entered something else there since it came; None: it never stood here."""
    stood, last = False, None
    for event in told:
        given = event.data.get("variables") or {}
        if one.field not in given:
            continue
        there = str(one.id) in _ids(given[one.field])
        stood, last = stood or there, None if there else last or (event if stood else None)
    if last is None:
        return None
    names = [str(file["name"]) for file in references(last.data["variables"][one.field])]
    href = f"/instances/{instance_id}/files/{one.id}"
    return ReplacedFile(one, href, one.field, last.at, last.actor, names)
