"""Commands carried out, with their answers: what makes a repeated command harmless."""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import insert_once, metadata
from engine.models.columns import agency, moment

command_log = sa.Table(
    "command_log",
    metadata,
    agency(),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("command_id", sa.Uuid, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    # null only inside the transaction that carries the command out
    sa.Column("answer", sa.Text),
    moment("at"),
    sa.PrimaryKeyConstraint("agency_id", "actor", "command_id"),
    sa.Index("ix_command_log_at", "at"),
)

ENTER = insert_once(command_log).values(
    agency_id=sa.bindparam("agency"),
    actor=sa.bindparam("who"),
    command_id=sa.bindparam("command"),
    body=sa.bindparam("body"),
    at=sa.bindparam("at"),
)
_THIS = sa.and_(
    command_log.c.agency_id == sa.bindparam("agency"),
    command_log.c.actor == sa.bindparam("who"),
    command_log.c.command_id == sa.bindparam("command"),
)
FIND = sa.select(command_log.c.body, command_log.c.answer).where(_THIS)
KEEP_ANSWER = command_log.update().where(_THIS).values(answer=sa.bindparam("text"))
