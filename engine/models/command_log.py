"""Commands carried out, with their answers: what makes a repeated command harmless."""

from __future__ import annotations

import zlib

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from engine.db import insert_once, metadata
from engine.models.columns import agency, moment

#: Shorter texts (bytes) gain nothing by being squeezed.
_SHORT = 200


class Squeezed(sa.types.TypeDecorator[str]):
    """The text of a JSON object, squeezed where that pays: one is told from the other by its first
    byte, "{" or zlib's "x".
    """

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        raw = value.encode()
        return raw if len(raw) < _SHORT else zlib.compress(raw, 1)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        raw = bytes(value)
        return (raw if raw.startswith(b"{") else zlib.decompress(raw)).decode()


command_log = sa.Table(
    "command_log",
    metadata,
    agency(),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("command_id", sa.Uuid, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    # null only inside the transaction that carries the command out
    sa.Column("answer", Squeezed),
    moment("at"),
    sa.PrimaryKeyConstraint("agency_id", "actor", "command_id"),
    sa.Index("ix_command_log_at", "at"),
)

#: Given by the columns' names, without the answer.
ENTER = insert_once(command_log).values(
    {column.name: sa.bindparam(column.name) for column in command_log.c if column.name != "answer"}
)
_THIS = sa.and_(
    command_log.c.agency_id == sa.bindparam("agency"),
    command_log.c.actor == sa.bindparam("who"),
    command_log.c.command_id == sa.bindparam("command"),
)
FIND = sa.select(command_log.c.body, command_log.c.answer).where(_THIS)
KEEP_ANSWER = command_log.update().where(_THIS).values(answer=sa.bindparam("text"))
