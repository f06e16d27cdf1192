"""Grants of one process: who may start it, see its cases or keep them going, beside whom roles and
diagrams name.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.db import metadata
from engine.errors import Forbidden
from engine.models.columns import agency, moment, own_id

START, SEE, ADMINISTER = "start", "see", "administer"
#: Whoever keeps the cases of a process sees them.
SIGHT = (SEE, ADMINISTER)

process_grant = sa.Table(
    "process_grant",
    metadata,
    own_id(),
    agency(),
    sa.Column("process", sa.Text, nullable=False),
    # START, SEE or ADMINISTER
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
    process_grant.c.matter.in_(sa.bindparam("matters", expanding=True)),
    process_grant.c.ended_at.is_(None),
)


@dataclass(frozen=True, slots=True)
class Reach:
    """Over the cases of which processes somebody may do a thing: None for all of the agency."""

    processes: frozenset[str] | None
    username: str
    #: each of which would reach over all
    rights: tuple[str, ...]

    def over(self, process: str | None) -> bool:
        """`process` is the key of the whole case's; None: what belongs to no case."""
        return self.processes is None or process in self.processes

    def check(self, process: str | None) -> None:
        """Forbidden where it does not go so far."""
        if not self.over(process):
            raise self.refusal

    @property
    def refusal(self) -> Forbidden:
        return Forbidden(
            f"Expected the right {' or '.join(self.rights)}, or a grant to administer the process,"
            f" but {self.username} has neither."
        )


def granted(db: Connection, actor: Actor, *matters: str) -> frozenset[str]:
    """The keys of the processes of which the actor was granted one of the matters."""
    binds = {
        "agency": actor.agency_id,
        "principals": [*actor.principals, f"person:{actor.username}"],
        "matters": matters,
    }
    return frozenset(db.execute(_MINE, binds).scalars())


def reach(db: Connection, actor: Actor, *rights: str) -> Reach:
    """All processes by one of the rights, else those that the actor was granted to administer;
    who only reads administers none.
    """
    processes: frozenset[str] | None = None
    if not (actor.is_system or any(actor.may(right) for right in rights)):
        processes = frozenset() if actor.reads_only else granted(db, actor, ADMINISTER)
    return Reach(processes, actor.username, rights)


def demand_reach(db: Connection, actor: Actor, *rights: str) -> Reach:
    """The same. Forbidden where it is over nothing: asked before anything is looked up."""
    found = reach(db, actor, *rights)
    if found.processes is not None and not found.processes:
        raise found.refusal
    return found
