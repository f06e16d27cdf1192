"""Letters that serve as patterns: kept by a unit or for the whole agency, and put away again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Actor
from engine.bus import Answer, Context
from engine.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from engine.ids import new_id
from office.documents import access, rules
from office.documents.models import letter_template
from office.documents.replying import check_may_begin, words_of
from office.people.history import record
from office.people.models import agency

#: letters of a name; patterns of a unit, or of the whole agency
LONGEST_NAME, MOST = 120, 200


@dataclass(frozen=True, slots=True)
class KeepTemplate:
    """Keep a document's words as a pattern for new ones, under a name of its own.

    For the actor's `unit` (its code), or for the whole agency where that is None (right:
    registry). A secret document lends no words. Answer: {id, name}.
    """

    document_id: UUID
    name: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class PutTemplateAway:
    """Offer a pattern no longer: for who kept it, and the right registry. Answer: {id}."""

    template_id: UUID


def keep_template(command: KeepTemplate, ctx: Context) -> Answer:
    row = access.find(ctx.db, ctx.actor.agency_id, command.document_id)
    access.check_insider(ctx.db, ctx.actor, row)
    check_may_begin(row.secrecy)
    _check_scope(ctx.actor, command.unit)
    name = " ".join(command.name.split())
    _check_name(ctx, name, command.unit)
    made = new_id()
    ctx.db.execute(
        sa.insert(letter_template),
        {
            "agency_id": row.agency_id,
            "id": made,
            "name": name,
            "kind": row.kind,
            "unit": command.unit,
            "content": words_of(row.content),
            "kept_by": ctx.actor.username,
            "kept_at": ctx.now,
        },
    )
    record(ctx, "template.kept", made, name=name, unit=command.unit)
    return {"id": str(made), "name": name}


def put_template_away(command: PutTemplateAway, ctx: Context) -> Answer:
    found = ctx.db.execute(
        sa.select(letter_template)
        .where(
            letter_template.c.agency_id == ctx.actor.agency_id,
            letter_template.c.id == command.template_id,
            letter_template.c.away_at.is_(None),
        )
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound("Expected a pattern that is offered, but there is none with this id.")
    if found.kept_by != ctx.actor.username and not ctx.actor.may(rules.RIGHT_OVER_TEMPLATES):
        raise Forbidden(
            f"Expected {found.kept_by}, who kept this pattern, or the right registry to put it"
            f" away, but {ctx.actor.username} is neither."
        )
    ctx.db.execute(
        sa.update(letter_template)
        .where(letter_template.c.agency_id == found.agency_id, letter_template.c.id == found.id)
        .values(away_at=ctx.now)
    )
    record(ctx, "template.away", found.id, name=found.name, unit=found.unit)
    return {"id": str(found.id)}


def _check_scope(actor: Actor, unit: str | None) -> None:
    if unit is None and not actor.may(rules.RIGHT_OVER_TEMPLATES):
        raise Forbidden("Expected the right registry to keep a pattern for the whole agency.")
    if unit is not None and unit not in access.units_of(actor):
        raise Forbidden(f"Expected a unit of {actor.username}'s own, but {unit} is not.")


def _check_name(ctx: Context, name: str, unit: str | None) -> None:
    if not name or len(name) > LONGEST_NAME:
        code = "too_long" if name else "required"
        message = f"Write 1 to {LONGEST_NAME} letters."
        raise Invalid("Expected a name, but got none that fits.", [_of_name(message, code)])
    # one at a time: two that are sent at once must not both find the name free
    ctx.db.execute(
        sa.select(agency.c.id).where(agency.c.id == ctx.actor.agency_id).with_for_update()
    )
    offered = ctx.db.execute(
        sa.select(letter_template.c.name, letter_template.c.unit).where(
            letter_template.c.agency_id == ctx.actor.agency_id, letter_template.c.away_at.is_(None)
        )
    ).all()
    if any(one.name == name and one.unit in {unit, None} for one in offered):
        message = "Choose another name: a pattern has this one."
        raise Invalid("Expected a new name, but it is taken.", [_of_name(message, "name_taken")])
    if sum(one.unit == unit for one in offered) >= MOST:
        raise Conflict(
            f"Expected at most {MOST} patterns of a unit, but there are as many; put some away."
        )


def _of_name(message: str, code: str) -> FieldError:
    return FieldError("name", message, code)
