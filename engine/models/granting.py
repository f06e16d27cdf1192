"""Grants of one process: who may start it or see its cases, beside whom roles and diagrams name."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.db import metadata
from engine.models.columns import agency, moment, own_id

START, SEE = "start", "see"

process_grant = sa.Table(
    "process_grant",
    metadata,
    own_id(),
    agency(),
    sa.Column("process", sa.Text, nullable=False),
    # START or SEE
    sa.Column("matter", sa.String(10), nullable=False),
    # as in engine.actor: the role with the code registrar is "role:registrar"
    sa.Column("principal", sa.Text, nullable=False),
    # sign-in names of whoever gave it and took it back
    sa.Column("given_by", sa.Text, nullable=False),
    moment("given_at"),
    sa.Column("ended_by", sa.Text),
    moment("ended_at", optional=True),
    sa.Index("ix_process_grant_principal", "agency_id", "principal"),
)

_MINE = sa.select(process_grant.c.process).where(
    process_grant.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    process_grant.c.principal.in_(sa.bindparam("principals", expanding=True)),
    process_grant.c.matter == sa.bindparam("matter"),
    process_grant.c.ended_at.is_(None),
)


def granted(db: Connection, actor: Actor, matter: str) -> frozenset[str]:
    """The keys of the processes of which the actor was granted the matter, "start" or "see"."""
    binds = {
        "agency": actor.agency_id,
        "principals": [*actor.principals, f"person:{actor.username}"],
        "matter": matter,
    }
    return frozenset(db.execute(_MINE, binds).scalars())
