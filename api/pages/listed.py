"""Who takes part while a step goes through a list: while it runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from api.pages.desk import actor, db, system
from api.pages.diagram import Diagram, Element
from api.pages.faces import face
from engine.models.task import LIVE
from engine.queries import tasks
from engine.queries.instances import InstanceView
from engine.queries.tasks import Iteration, TaskView
from engine.queries.visibility import keeps
from office.people import queries as people

KINDS = ("person", "position", "unit", "role")


@dataclass(frozen=True, slots=True)
class Member:
    """One whose turn has come or will come; `value` is what a form sends."""

    value: str
    name: str
    begun: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """Who is still to act in the step. `prefix` stands before a sign-in name in this list; None
    where the list holds something else than people, so that none can be picked.
    """

    members: Sequence[Member]
    prefix: str | None
    choices: Sequence[tuple[str, str]] = field(default=())


def listed(view: TaskView, diagram: Diagram) -> Listed | None:
    """The list that the task's turn is of, for whoever may change it; None where there is none."""
    loop = _loop_around(diagram, view.task.element_id)
    if loop is None or view.task.state not in LIVE or not may_change(view):
        return None
    if loop.item not in view.variables:
        return None  # hidden from this reader
    begun = _begun(view, diagram, loop)
    items = [*(item for item, _one in begun), *_later(view, loop)]
    prefix = _prefix(items)
    members = [Member(sent(item), _name(item, one), True) for item, one in begun]
    members += [Member(sent(item), _name(item, None), False) for item in _later(view, loop)]
    return Listed(members, prefix, _choices(prefix))


def may_change(view: TaskView) -> bool:
    """As the command asks."""
    return actor().may("reassign") or keeps(db(), actor(), UUID(view.task.instance_id))


def _loop_around(diagram: Diagram, element_id: str) -> Element | None:
    here = diagram.elements.get(element_id)
    while here is not None and not here.item:
        here = diagram.elements.get(here.inside or "")
    return here


def rounds(found: InstanceView, diagram: Diagram) -> list[tuple[str, str]]:
    """(name, a task) of each step of a case that goes through a list now, for whoever may change
    who takes part in it.
    """
    may = found.kept or actor().may("reassign")
    live = [one for one in found.tasks if one.state in LIVE] if may else []
    by_loop = {loop.id: one for one in live if (loop := _loop_around(diagram, one.element_id))}
    return [(diagram.name(key), one.id) for key, one in by_loop.items()]


def _begun(view: TaskView, diagram: Diagram, loop: Element) -> list[tuple[Any, Iteration]]:
    """Each item once, with a task of its turn; turns of other rounds around are left out."""
    outer, here = [], diagram.elements.get(loop.inside or "")
    while here is not None:
        outer += [here.item] if here.item else []
        here = diagram.elements.get(here.inside or "")
    found: list[tuple[Any, Iteration]] = []
    for one in tasks.iterations(db(), actor().agency_id, UUID(view.task.instance_id)):
        mine = _loop_around(diagram, one.element_id) is loop and loop.item in one.local
        same = all(one.local.get(name) == view.variables.get(name) for name in outer)
        item = one.local.get(loop.item or "")
        if mine and same and all(item != other for other, _one in found):
            found.append((item, one))
    return found


def _later(view: TaskView, loop: Element) -> list[Any]:
    """Whose turn comes after this one, where they act one after another."""
    items, at = view.variables.get(loop.items or ""), view.variables.get("loopCounter")
    if not loop.in_order or not isinstance(items, list) or not isinstance(at, int):
        return []
    return items[at:]


def sent(item: Any) -> str:
    """An item as a form sends it."""
    return json.dumps(item, ensure_ascii=False, sort_keys=True)


def _principal(text: Any) -> str | None:
    """The principal that the text is, a bare sign-in name included."""
    if not isinstance(text, str):
        return None
    return text if text.partition(":")[0] in KINDS else f"person:{text}"


def _name(item: Any, one: Iteration | None) -> str:
    named = known([item])
    if named:
        return named[0]
    names = [candidate["name"] for candidate in one.candidates] if one else []
    if one and one.assignee:
        names = [face(one.assignee).name]
    return ", ".join(names) or str(item)


def known(items: Sequence[Any]) -> list[str]:
    """Names of those items that name somebody of this agency."""
    wanted = [principal for item in items if (principal := _principal(item))]
    found = system().services.directory.describe(db(), actor().agency_id, wanted)
    return [found[one].name for one in wanted if one in found]


def _prefix(items: Sequence[Any]) -> str | None:
    if not items or len(known(items)) != len(items):
        return None
    return "person:" if any(item.partition(":")[0] in KINDS for item in items) else ""


def _choices(prefix: str | None) -> list[tuple[str, str]]:
    if prefix is None:
        return []
    agency_id = actor().agency_id
    every = people.people(db(), agency_id, page_size=100).items
    found = [(f"{prefix}{one.username}", one.name) for one in every]
    if prefix:
        posts = [one for one in people.positions(db(), agency_id) if one.active]
        found += [(f"position:{one.code}", one.name) for one in posts]
        units = [one for one in people.units(db(), agency_id) if one.active]
        found += [(f"unit:{one.code}", one.name) for one in units]
    return found


def named(found: Listed, text: str) -> str:
    """The principal that is meant; where the list holds bare sign-in names, a person alone."""
    return picked(found, text) if found.prefix else f"person:{text}"


def picked(found: Listed, text: str) -> str:
    """The item that a choice, or a sign-in name as it was typed, stands for."""
    if not found.prefix or text.partition(":")[0] in KINDS:
        return text
    return f"{found.prefix}{text}"
