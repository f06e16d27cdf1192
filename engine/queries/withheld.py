"""Variables that a diagram hides from those who do a step (`saraban:hide`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.models.instance import process_instance
from engine.models.task import task, task_candidate
from engine.queries import definitions
from engine.queries.visibility import mine, sees_all
from engine.runtime.parse import names
from engine.runtime.parse.extensions import extensions
from engine.runtime.reading import read_xml

Hidden = Mapping[str, frozenset[str]]

_AGENCY: sa.BindParameter[Any] = sa.bindparam("agency")
_ROOT: sa.BindParameter[Any] = sa.bindparam("root")
_ME: sa.BindParameter[Any] = sa.bindparam("me")
_DEFINITIONS = (
    sa.select(process_instance.c.definition_id)
    .distinct()
    .where(process_instance.c.agency_id == _AGENCY, process_instance.c.root_id == _ROOT)
    .where(process_instance.c.definition_id.is_not(None))
)
_STARTER = sa.select(process_instance.c.starter).where(
    process_instance.c.agency_id == _AGENCY, process_instance.c.id == _ROOT
)
_asked = sa.exists().where(
    task_candidate.c.agency_id == _AGENCY,
    task_candidate.c.task_id == task.c.id,
    task_candidate.c.principal.in_(sa.bindparam("principals", expanding=True)),
    task_candidate.c.barred.is_(False),
)
_STEPS = (
    sa.select(process_instance.c.definition_id, task.c.element_id)
    .distinct()
    .join_from(
        task,
        process_instance,
        sa.and_(
            process_instance.c.agency_id == task.c.agency_id,
            process_instance.c.id == task.c.instance_id,
        ),
    )
    .where(task.c.agency_id == _AGENCY, task.c.root_id == _ROOT)
    .where(
        sa.or_(
            task.c.assignee == _ME, task.c.completed_by == _ME, task.c.returned_by == _ME, _asked
        )
    )
)
#: of definitions, which never change: read once in the life of a process
_known: dict[UUID, Hidden] = {}
_MOST_KNOWN = 2_000


def hidden_from(
    db: Connection, actor: Actor, root_id: UUID, at: str | None = None
) -> frozenset[str]:
    """What every step hides in which the actor takes part, and what the step `at` hides besides.

    Whoever started the case, and whoever has a right to see all, sees everything.
    """
    if sees_all(actor):
        return frozenset()
    key = {"agency": actor.agency_id, "root": root_id}
    used = {
        one: _hides(db, actor.agency_id, one) for one in db.execute(_DEFINITIONS, key).scalars()
    }
    if not any(used.values()) or db.execute(_STARTER, key).scalar_one_or_none() == actor.username:
        return frozenset()
    steps = db.execute(_STEPS, mine(actor) | key).all()
    each = [used.get(definition, {}).get(element, frozenset()) for definition, element in steps]
    everywhere = frozenset.intersection(*each) if each else frozenset()
    here = (hides.get(at, frozenset()) for hides in used.values()) if at is not None else ()
    return everywhere.union(*here)


def without(variables: Mapping[str, Any], hidden: Collection[str]) -> Mapping[str, Any]:
    if not hidden:
        return variables
    return {name: value for name, value in variables.items() if name not in hidden}


def _hides(db: Connection, agency_id: UUID, definition_id: UUID) -> Hidden:
    found = _known.get(definition_id)
    if found is None:
        found = read_hidden(definitions.xml(db, agency_id, definition_id))
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[definition_id] = found
    return found


def read_hidden(source: bytes) -> Hidden:
    """Element id to the variables that it hides."""
    if b"hide" not in source:
        return {}
    found: dict[str, frozenset[str]] = {}
    for node in read_xml(source).iter(names.bpmn("userTask")):
        hidden = frozenset(one.get("variable") or "" for one in extensions(node, "hide"))
        if hidden:
            found[node.get("id") or ""] = hidden
    return found
