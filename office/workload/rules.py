"""Who is the head of a unit, and what lies beneath it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from office.people.rules import LEVELS

_LADDER = tuple(LEVELS)
#: Posts of the lowest rung head nothing, even where a unit has no others.
_LOWEST = _LADDER[0]


class Post(NamedTuple):
    code: str
    level: str
    unit_id: UUID


def heads(posts: Iterable[Post]) -> Mapping[UUID, frozenset[str]]:
    """Of each unit, the posts of its highest rung: whoever holds one of them, or acts for it, is
    its head.
    """
    by_unit: dict[UUID, list[Post]] = {}
    for post in posts:
        by_unit.setdefault(post.unit_id, []).append(post)
    return {unit_id: _highest(found) for unit_id, found in by_unit.items()}


def _highest(posts: Sequence[Post]) -> frozenset[str]:
    rung = max((post.level for post in posts), key=_LADDER.index)
    return frozenset(p.code for p in posts if p.level == rung != _LOWEST)


def beneath(parents: Mapping[UUID, UUID | None], tops: Iterable[UUID]) -> frozenset[UUID]:
    """These units and all below them."""
    found = set(tops)
    below: dict[UUID | None, list[UUID]] = {}
    for unit_id, parent in parents.items():
        below.setdefault(parent, []).append(unit_id)
    waiting = list(found)
    while waiting:
        fresh = [one for one in below.get(waiting.pop(), ()) if one not in found]
        found.update(fresh)
        waiting.extend(fresh)
    return frozenset(found)
