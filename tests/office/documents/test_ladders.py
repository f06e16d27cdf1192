"""The ladder above a post is looked up rung by rung: nobody reads every post of a full house."""

from __future__ import annotations

import sqlalchemy as sa
from support.ministry import Ministry

from engine.db import reading
from office.people import queries


def test_the_posts_above_come_one_by_one(ministry: Ministry) -> None:
    read: list[int] = []

    def count(conn, cursor, statement, parameters, context, many):
        read.append(int(statement.startswith("SELECT")))

    with reading(ministry.bus.engine) as db:
        sa.event.listen(ministry.bus.engine, "after_cursor_execute", count)
        above = queries.chain(db, ministry.agency_id, "general-officer-1")
        sa.event.remove(ministry.bus.engine, "after_cursor_execute", count)
        unknown = queries.chain(db, ministry.agency_id, "no-such-post")
    assert [post.code for post in above] == [
        "general-clerk", "general-head", "central-director", "deputy-2", "permanent-secretary",
    ]  # fmt: skip
    assert sum(read) == 6
    assert unknown == ()
