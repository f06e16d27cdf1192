"""A new official document, and its route started with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context
from engine.commands.instances import StartInstance
from engine.errors import Forbidden
from engine.ids import new_id
from office.documents import access, rules
from office.documents.degrees import check_degree, told_subject
from office.documents.models import document
from office.documents.reading import Reading, read_content
from office.documents.routes import ROUTE, check_kind, check_route
from office.documents.routing import Route, consulted, plan
from office.documents.two_signers import with_checker


@dataclass(frozen=True, slots=True)
class CreateDocument:
    """`content` in the shape of the sample documents. Answer: {id, instance_id, number: null,
    kind, subject, state, revision, next}: `next` are the drafter's open tasks.

    `route` is the key of a process that `routes` offers. Invalid (422) by field: a post that signs
    (`position_lines`) which is unknown, a kind without a route, a degree of secrecy that the
    agency does not take or the drafter is not cleared for, and whatever cannot be printed.
    """

    content: Mapping[str, Any]
    route: str = ROUTE


def create_document(command: CreateDocument, ctx: Context) -> Answer:
    if ctx.actor.is_system:
        raise Forbidden("Expected a person who drafts, but this is the system itself.")
    chosen = check_route(ctx.db, ctx.actor.agency_id, command.route)
    reading = read_content(command.content)
    check_degree(ctx, reading.secrecy)
    check_kind(chosen, reading.content["kind"])
    route = plan(ctx.db, ctx.actor, reading.content, ctx.now)
    reading = _with_checker(ctx, reading, route.signing_post)
    units = consulted(ctx.db, ctx.actor, reading.content.get("extra", {}).get("consult_units", []))
    document_id = new_id()
    _insert(ctx, document_id, reading, route)
    me = f"person:{ctx.actor.username}"
    access.let_read(ctx.db, ctx.actor.agency_id, document_id, [me], "drafter", ctx.now)
    started = ctx.run(
        StartInstance(
            command.route,
            business_key=str(document_id),
            variables=_variables(document_id, reading, route, units),
        )
    )
    _remember_instance(ctx, document_id, UUID(str(started["id"])))
    return {
        "id": str(document_id),
        "instance_id": str(started["id"]),
        "number": None,
        "kind": reading.content["kind"],
        "subject": reading.content["subject"],
        "state": rules.DRAFTING,
        "revision": 1,
        "next": started["next"],
    }


def _with_checker(ctx: Context, reading: Reading, signing_post: str) -> Reading:
    content = with_checker(ctx.db, ctx.actor.agency_id, reading.content, signing_post, ctx.now)
    return replace(reading, content=content)


def _insert(ctx: Context, document_id: UUID, reading: Reading, route: Route) -> None:
    ctx.db.execute(
        sa.insert(document),
        {
            "agency_id": ctx.actor.agency_id,
            "id": document_id,
            "kind": reading.content["kind"],
            "owner_unit": route.owner_unit,
            "subject": reading.content["subject"],
            "content": reading.content,
            "revision": 1,
            "state": rules.DRAFTING,
            "urgency": reading.urgency,
            "secrecy": reading.secrecy,
            "circular": reading.circular,
            "signing_post": route.signing_post,
            "drafter": ctx.actor.username,
            "created_at": ctx.now,
            "updated_at": ctx.now,
        },
    )


def _variables(
    document_id: UUID,
    reading: Reading,
    route: Route,
    units: list[str],
) -> dict[str, Any]:
    return {
        "document_id": str(document_id),
        "kind": reading.content["kind"],
        "subject": told_subject(reading.content["subject"], reading.secrecy),
        "urgency": reading.urgency,
        "circular": reading.circular,
        "consult_units": units,
        **route.variables(),
    }


def _remember_instance(ctx: Context, document_id: UUID, instance_id: UUID) -> None:
    ctx.db.execute(
        sa.update(document)
        .where(document.c.agency_id == ctx.actor.agency_id, document.c.id == document_id)
        .values(instance_id=instance_id)
    )
