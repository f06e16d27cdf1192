"""Which books an agency has: of the prefixes of its units, and of the units that keep registers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from engine.actor import Actor
from engine.commands.checks import refused
from office.correspondence import rules
from office.documents.errors import not_cleared
from office.documents.kinds import KINDS
from office.documents.rules import OPEN_TO_RIGHTS
from office.people import queries as people

#: the agency's choice in its policy
CIRCULARS_APART = "circulars_apart"


def kinds_of_books(actor: Actor) -> Sequence[str]:
    """Those whose books the actor may know of: letters, registers, and what is counted by
    department.
    """
    series = [kind for kind, one in KINDS.items() if one.series is not None]
    every = [*rules.BOOKS, *series, *(rules.series_book(kind, secret=True) for kind in series)]
    cleared = actor.is_system or actor.clearance > OPEN_TO_RIGHTS
    return [kind for kind in every if cleared or not rules.is_secret_book(kind)]


def check_book(db: Connection, actor: Actor, kind: str, code: str) -> None:
    """Refuse a book that no letter and no line would ever be counted in."""
    if kind not in kinds_of_books(actor):
        if rules.is_secret_book(kind):
            raise not_cleared(actor.username)
        raise refused("kind", "unknown_book", f"Expected a kind of book, but got {kind!r:.40}.")
    agency = people.agency(db, actor.agency_id)
    if kind == "circular" and not agency.policy.get(CIRCULARS_APART, True):
        message = "Expected circulars to have books of their own, but they count with the letters."
        raise refused("kind", "counts_with_letters", message)
    codes = codes_of(db, actor, kind)
    if code not in codes:
        known = ", ".join(codes[:10]) or "none"
        message = f"Expected the code of a book of this kind ({known}), but got {code!r:.80}."
        raise refused("code", "unknown_book_code", message)


def codes_of(db: Connection, actor: Actor, kind: str) -> Sequence[str]:
    """What books of this kind are told by: the prefixes of units, or the codes of departments, or
    of all units, each of which receives.
    """
    units = [one for one in people.units(db, actor.agency_id) if one.active]
    if kind in {"letter", "circular", "secret"}:
        return sorted({one.number_code for one in units if one.number_code})
    if kind in rules.RECEIVED:
        return sorted(one.code for one in units if one.kind != "committee")
    return sorted({one.department for one in units})
