"""The engine's Mandates over orders and letters: an order covers the letters that it names."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor, Authority
from office.documents.models import document
from office.people import queries as people
from office.people import rules

_LETTER = sa.select(document.c.kind, document.c.subject).where(
    document.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    document.c.instance_id == sa.bindparam("root", type_=sa.Uuid),
)


class StoredMandates:
    """Satisfies `engine.ports.Mandates`."""

    def covering(
        self, db: Connection, actor: Actor, at: datetime, authority: Authority, root_id: UUID
    ) -> Authority | None:
        letter = db.execute(_LETTER, {"agency": actor.agency_id, "root": root_id}).first()
        kind, subject = (letter.kind, letter.subject) if letter else (None, None)
        lent = orders_for(db, actor, at, kind, subject)
        return next((one for one in lent if one.on_behalf_of == authority.on_behalf_of), None)


def orders_for(
    db: Connection, actor: Actor, at: datetime, kind: str | None, subject: str | None
) -> tuple[Authority, ...]:
    """What the actor holds by orders in force that cover such a letter, strongest first."""
    if actor.person_id is None:
        return ()
    posts = people.posts_acted_for(db, actor.agency_id, actor.person_id, at)
    return tuple(
        Authority(post.instrument_id, f"position:{post.position_code}")
        for post in posts
        if rules.in_scope(post.kinds, post.subjects, kind, subject)
    )
