"""Who is asked before a signed document is withdrawn, and who may ask them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.models.deployment import process_definition
from engine.models.instance import ALIVE, process_instance
from office.documents import rules
from office.documents.access import Row
from office.documents.models import signature

#: the process in which they are asked
PROCESS = "document-withdrawal"


def may_ask(db: Connection, actor: Actor, row: Row) -> bool:
    mine = actor.username in {row.drafter, *signers_of(db, row)}
    return mine or actor.may("registry")


def signers_of(db: Connection, row: Row) -> list[str]:
    """Sign-in names of everybody whose signature is on the document, in order."""
    found = db.execute(
        sa.select(signature.c.username)
        .where(
            signature.c.agency_id == row.agency_id,
            signature.c.document_id == row.id,
            sa.or_(
                signature.c.state == rules.DONE,
                sa.and_(signature.c.state == rules.FIRST, _stands(row)),
            ),
        )
        .order_by(signature.c.signed_at)
    ).scalars()
    return list(dict.fromkeys(found))


def _stands(row: Row) -> sa.ColumnElement[bool]:
    """A first signature over the words that were signed in the end."""
    last = signature.alias()
    return sa.exists().where(
        last.c.agency_id == row.agency_id,
        last.c.document_id == row.id,
        last.c.state == rules.DONE,
        last.c.version_sha256 == signature.c.version_sha256,
    )


def running(db: Connection, row: Row) -> bool:
    """Whether its signers are being asked now."""
    live = (
        sa.select(process_instance.c.id)
        .join(
            process_definition,
            sa.and_(
                process_definition.c.agency_id == process_instance.c.agency_id,
                process_definition.c.id == process_instance.c.definition_id,
            ),
        )
        .where(
            process_instance.c.agency_id == row.agency_id,
            process_instance.c.business_key == str(row.id),
            process_instance.c.status.in_(ALIVE),
            process_definition.c.key == PROCESS,
        )
    )
    return db.execute(live).first() is not None
