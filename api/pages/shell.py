"""What stands around every page of a signed-in person: name, post, counts, posts acted for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import cast

from flask import g

from api.pages import thdate
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db, now
from api.pages.faces import Face, face
from api.pages.i18n import gettext, language
from engine.models.granting import reach
from engine.queries import incidents, tasks
from office.notices import queries as notices
from office.people import queries as people
from office.people.rules import MODES
from office.workload.scope import heads_any


@dataclass(frozen=True, slots=True)
class Counts:
    mine: int
    claimable: int
    overdue: int
    notices: int
    incidents: int
    #: of one's own and the available tasks: what a poll compares
    newest: str


class Shell:
    """Read piece by piece, so that a page pays only for what its template shows."""

    @cached_property
    def me(self) -> Face:
        return face(actor().username)

    @cached_property
    def agency(self) -> str:
        found = people.agency(db(), actor().agency_id)
        return (language() == "en" and found.name_en) or found.name

    @property
    def operator(self) -> bool:
        return actor().may("operate") or actor().may("deploy") or actor().may("audit")

    @property
    def operates(self) -> bool:
        return actor().may("operate")

    @property
    def composer(self) -> bool:
        return actor().may("deploy")

    @cached_property
    def heads(self) -> bool:
        """Whether they head a unit, or act for who does: every page's menu asks."""
        return heads_any(db(), actor(), now())

    @cached_property
    def keeps(self) -> frozenset[str]:
        """Processes that they were granted to administer: asked for where it is shown alone. An
        operator needs none.
        """
        return reach(db(), actor(), "operate").processes or frozenset()

    @property
    def writes(self) -> bool:
        return not actor().reads_only

    @property
    def administers(self) -> bool:
        return bool(open_sections())

    @cached_property
    def counts(self) -> Counts:
        found = tasks.counts(db(), actor(), now())
        return Counts(
            mine=found.mine,
            claimable=found.claimable,
            overdue=found.overdue,
            notices=self._notices(),
            incidents=self._incidents(),
            newest=found.newest or "",
        )

    def _notices(self) -> int:
        me = actor()
        return notices.unread_count(db(), me.agency_id, me.person_id) if me.person_id else 0

    def _incidents(self) -> int:
        if not (actor().may("operate") or actor().may("audit")):
            return 0
        return incidents.listing(db(), actor(), page_size=1).total or 0

    @cached_property
    def acting(self) -> list[str]:
        """A sentence for each post that the person acts for now: the violet banner."""
        me = actor()
        if me.person_id is None:
            return []
        posts = people.posts_acted_for(db(), me.agency_id, me.person_id, now())
        strongest = {post.position_code: post for post in reversed(posts)}
        return [_sentence(post) for post in posts if post is strongest[post.position_code]]


def _sentence(post: people.ActingPost) -> str:
    speech = language()
    mode = MODES[post.mode][0 if speech == "th" else 1]
    until = thdate.short(post.ends_at, speech) if post.ends_at else ""
    text = (
        gettext("ท่านกำลัง%(mode)s %(post)s ถึง %(until)s ตาม%(order)s")
        if until
        else gettext("ท่านกำลัง%(mode)s %(post)s ตาม%(order)s")
    )
    return text % {
        "mode": mode,
        "post": post.position_name,
        "until": until,
        "order": post.order_ref,
    }


def shell_of_request() -> Shell | None:
    """None where nobody is signed in."""
    if g.get("actor") is None:
        return None
    if "shell" not in g:
        g.shell = Shell()
    return cast(Shell, g.shell)
