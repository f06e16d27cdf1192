"""Which posts a letter passes: read from the organisation when the route starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import FieldError, Invalid, Rejected
from office.documents import errors
from office.documents.kinds import HEADS, KINDS
from office.people import queries as people
from office.people import rules as people_rules
from office.people.queries import PositionRow

#: The diagram's variable for each rung below the signer.
LEVELS: Mapping[str, str] = {
    "proofreader": "section",
    "checker": "group",
    "division_head": "division",
    "deputy": "deputy",
}


@dataclass(frozen=True, slots=True)
class Route:
    """The posts as principals ("position:code"); a level that this letter does not pass is None."""

    levels: Mapping[str, str | None]
    signing_post: str
    owner_unit: str

    def variables(self) -> dict[str, Any]:
        return {**self.levels, "signer": f"position:{self.signing_post}"}


def plan(db: Connection, actor: Actor, content: Mapping[str, Any], now: datetime) -> Route:
    """The route of a new letter: the drafter's superiors up to the post that signs."""
    signing, mode = _signing_post(db, actor, content["position_lines"])
    _refuse_rank(content["kind"], signing)
    posts = people.posts(db, actor.agency_id, [actor.username], now)[actor.username]
    above = people.chain(db, actor.agency_id, posts[0].code) if posts else ()
    below = [post for post in above if _rank(post) < _rank(signing)]
    if mode is not None:
        below = [post for post in below if not _signs_itself(db, actor, post, signing, mode, now)]
    return Route(
        levels={name: _post_of(below, level) for name, level in LEVELS.items()},
        signing_post=signing.code,
        owner_unit=_owner_unit(db, actor, content, posts[0].unit_code if posts else None),
    )


def _rank(post: PositionRow) -> int:
    return list(people_rules.LEVELS).index(post.level)


def _signs_itself(
    db: Connection, actor: Actor, post: PositionRow, signing: PositionRow, mode: str, now: datetime
) -> bool:
    """Whether the level's holder is who signs for the head in the end: nobody endorses to
    themselves.
    """
    holders = people.holders(db, actor.agency_id, [post.code], now)[post.code]
    return any(_may_sign(db, actor, name, signing, mode, now) for name in holders)


def _may_sign(
    db: Connection, actor: Actor, username: str, signing: PositionRow, mode: str, now: datetime
) -> bool:
    try:
        people.signing_capacity(db, actor.agency_id, username, signing.code, now, mode=mode)
    except Rejected:
        return False
    return True


def _post_of(below: Sequence[PositionRow], level: str) -> str | None:
    found = next((post for post in below if post.level == level), None)
    return f"position:{found.code}" if found else None


def _signing_post(
    db: Connection, actor: Actor, lines: Sequence[str]
) -> tuple[PositionRow, str | None]:
    """The post, and the way of acting for it that the lines name."""
    found = people.signing_post(db, actor.agency_id, lines)
    if found is None:
        raise errors.field(
            "position_lines",
            f"This agency has no post {' '.join(lines)!r:.200}; name one of its posts.",
            "unknown_post",
        )
    return found


def _refuse_rank(kind: str, post: PositionRow) -> None:
    if KINDS[kind].signers == HEADS and post.level not in HEADS:
        raise errors.field(
            "position_lines",
            f"{KINDS[kind].name} is signed by the head of the agency or a deputy, not by"
            f" {post.name!r:.200}; name another post.",
            "may_not_sign",
        )


def _owner_unit(db: Connection, actor: Actor, content: Mapping[str, Any], own: str | None) -> str:
    """The unit that the letter's words name, else the drafter's own."""
    named = content.get("owner_unit") or ""
    department = content.get("owner_agency")
    found = people.unit_named(db, actor.agency_id, named, department) if named else None
    code = found.code if found else own
    if code is None:
        raise errors.field(
            "owner_unit",
            f"This agency has no unit {named!r:.200}, and you hold no post in another.",
            "unknown_unit",
        )
    return code


def consulted(db: Connection, actor: Actor, codes: Any) -> list[str]:
    """Units to consult as principals, checked against the organisation."""
    if not isinstance(codes, list):
        raise errors.field("extra.consult_units", "Expected a list of unit codes.")
    texts = [code for code in codes if isinstance(code, str)]
    known = people.unit_codes(db, actor.agency_id, texts) if texts else frozenset()
    wrong = [
        FieldError(f"extra.consult_units.{place}", "No unit has this code.", "unknown_unit")
        for place, code in enumerate(codes)
        if not isinstance(code, str) or code not in known
    ]
    if wrong:
        raise Invalid("Expected codes of units to consult, but some are unknown.", wrong)
    return [f"unit:{code}" for code in dict.fromkeys(codes)]
