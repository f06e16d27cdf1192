"""What a withdrawal's own case says of it: who asked, for which letter and why, and who agreed.

Its history is believed and its variables in nothing: whoever operates can set those, and whoever
draws a diagram chooses them. Only the route as it is shipped asks the signers in words that they
can rely on.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine import jsonio
from engine.errors import Conflict, NotFound
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.history import history_event, process_of
from engine.models.instance import process_instance
from office.documents import rules
from office.documents.models import document
from office.documents.withdrawals import PROCESS
from office.people import queries as people

#: the step in which a signer answers, and the answer that lets the letter go
CONSENT, AGREED = "consent", "agree"
_MIGRATED = "instance.migrated"

_event, _definition = history_event.c, process_definition.c
_AGENCY = sa.bindparam("agency", type_=sa.Uuid)
_THIS = sa.bindparam("this", type_=sa.Uuid)
_VERSIONS = sa.select(_definition.version).where(
    _definition.agency_id == _AGENCY, _definition.key == PROCESS
)
_SHIPPED = (
    _VERSIONS.where(
        _definition.bundle_sha.in_(sa.bindparam("forms", expanding=True)),
        _definition.withdrawn_at.is_(None),
    )
    .order_by(_definition.version.desc())
    .limit(1)
)
_CASE = (
    sa.select(process_instance.c.id, process_instance.c.business_key, process_instance.c.started_at)
    .join(process_definition, _definition.id == process_instance.c.definition_id)
    .where(
        process_instance.c.agency_id == _AGENCY,
        process_instance.c.id == _THIS,
        process_instance.c.root_id == _THIS,
        _definition.key == PROCESS,
        _definition.bundle_sha.in_(sa.bindparam("forms", expanding=True)),
    )
)
_TOLD = (
    sa.select(_event.type, _event.element_id, _event.task_id, _event.actor, _event.data)
    .where(
        _event.agency_id == _AGENCY,
        _event.root_id == _THIS,
        process_of == _THIS,
    )
    .order_by(_event.seq)
)
#: what the letter's history says of the moment at which a case began
_THEN = (
    sa.select(_event.data)
    .join(document, document.c.instance_id == _event.root_id)
    .where(
        document.c.agency_id == _AGENCY,
        document.c.id == _THIS,
        _event.agency_id == _AGENCY,
        _event.type == rules.WITHDRAWAL_ASKED,
        _event.at == sa.bindparam("at", type_=_event.at.type),
    )
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A withdrawal as it was asked for, and all that its case has seen; `replaced_by`: the letter
    that is to count in its place.
    """

    document_id: UUID
    asker: str
    reason: str
    replaced_by: UUID | None
    seen: Sequence[AnyRow]


def version(db: Connection, agency_id: UUID, forms: Collection[str]) -> int:
    """The newest version in a form in which a letter may be withdrawn. NotFound or Conflict
    (withdrawal_route) where the agency has none.
    """
    key = {"agency": agency_id}
    found: int | None = db.execute(_SHIPPED, {**key, "forms": list(forms)}).scalar()
    if found is not None:
        return found
    if db.execute(_VERSIONS.limit(1), key).first() is not None:
        raise _another_route()
    raise NotFound(
        f"Expected the process {PROCESS!r}, but this agency has none. Deploy the folder"
        " bpmn/withdrawal.",
        code="definition_not_found",
    )


def asked(db: Connection, agency_id: UUID, case_id: UUID | None, forms: Collection[str]) -> Wish:
    """Conflict (withdrawal_route, withdrawal_not_asked) for every other case."""
    key = {"agency": agency_id, "this": case_id}
    case = db.execute(_CASE, {**key, "forms": list(forms)}).first()
    if case is None:
        raise _another_route()
    seen = db.execute(_TOLD, key).all()
    if any(one.type == _MIGRATED for one in seen):
        raise _another_route()
    told = next((one.data for one in seen if one.type == rules.WITHDRAWAL_ASKED), None)
    told = told or _told_then(db, agency_id, case)
    if told is None:
        raise Conflict(
            "Expected a withdrawal that was asked for on the page of its letter, but this case was"
            " started otherwise. Cancel it and ask there.",
            code="withdrawal_not_asked",
        )
    said: dict[str, Any] = jsonio.loads(told)
    other = UUID(str(said["replaced_by"])) if said.get("replaced_by") else None
    return Wish(UUID(str(said["document_id"])), said["by"], said["reason"], other, seen)


def _told_then(db: Connection, agency_id: UUID, case: AnyRow) -> str | None:
    """A case that began before its own history said what it is about: the letter's has it, of the
    same moment.
    """
    try:
        letter = UUID(case.business_key or "")
    except ValueError:
        return None
    key = {"agency": agency_id, "this": letter, "at": case.started_at}
    found: str | None = db.execute(_THEN, key).scalar()
    return found


def _another_route() -> Conflict:
    return Conflict(
        f"Expected the process {PROCESS!r} as it is shipped, from its start to its end, but this is"
        " another. Deploy the folder bpmn/withdrawal as it is, cancel this case and ask again.",
        code="withdrawal_route",
    )


def check_named(wish: Wish, document_id: UUID, requester: str) -> None:
    """Conflict (withdrawal_not_asked) where the step names another letter or another person."""
    if (wish.document_id, wish.asker) != (document_id, requester):
        raise Conflict(
            f"Expected the letter and the person that were asked for, {wish.document_id} and"
            f" {wish.asker}, but the step names {document_id} and {requester!r:.80}."
            " Cancel the case and ask again.",
            code="withdrawal_not_asked",
        )


def check_agreed(db: Connection, agency_id: UUID, wish: Wish, signers: Sequence[str]) -> None:
    """Conflict (withdrawal_not_agreed) unless each signer has agreed in a step that was theirs."""
    steps = _steps(wish.seen)
    known = people.persons_named(db, agency_id, signers)
    left = {name for name, one in known.items() if not one.active}
    missing = [
        name
        for name in signers
        if not any(one.agreed_for(name, left=name in left) for one in steps)
    ]
    if missing or not signers:
        raise Conflict(
            f"Expected everybody who signed to agree, but {', '.join(missing) or 'nobody'} has not,"
            " as the case's history has it. Cancel the case and ask again.",
            code="withdrawal_not_agreed",
        )


@dataclass(slots=True)
class _Step:
    """One signer's task: for whom it was made, who answered, and to whom it was handed by whom."""

    made_for: Sequence[str]
    handed: dict[str, str]
    outcome: str | None = None
    by: str = ""

    def agreed_for(self, signer: str, *, left: bool) -> bool:
        """They did so themselves, or whom they had chosen for it; for one who works here no more,
        whoever was given the task.
        """
        if self.outcome != AGREED or f"person:{signer}" not in self.made_for:
            return False
        return left or self.by == signer or self.handed.get(f"person:{self.by}") == signer


def _steps(seen: Sequence[AnyRow]) -> Sequence[_Step]:
    found: dict[UUID, _Step] = {}
    for one in seen:
        if one.element_id != CONSENT or one.task_id is None:
            continue
        said: dict[str, Any] = jsonio.loads(one.data)
        if one.type == "task.created":
            found[one.task_id] = _Step(said["candidates"], {})
        elif one.task_id not in found:
            continue
        elif one.type in ("task.delegated", "task.reassigned"):
            found[one.task_id].handed[said["to"]] = one.actor
        elif one.type == "task.completed":
            found[one.task_id].outcome, found[one.task_id].by = said.get("outcome"), one.actor
    return list(found.values())
