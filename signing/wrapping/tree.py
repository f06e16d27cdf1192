"""The pages of a stranger's PDF, counted where they are and not where the file says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from signing.errors import Unwrappable

_DEEPEST = 50
_MOST_NODES = 10_000


def leaves(root: Any, most: int) -> list[Any]:
    """All pages in order. Raises `Unwrappable` (pages) where a number in the tree, by which other
    readers may go, says anything else.
    """
    found = list(_Walk(most).below(root.raw_get("/Pages"), 0))
    if not found:
        raise _refused(f"Expected 1 to {most} pages, but it has none.")
    return found


class _Walk:
    def __init__(self, most: int) -> None:
        self._most = most
        self._found = 0
        self._seen: set[tuple[int, int]] = set()

    def below(self, place: Any, depth: int) -> Iterator[Any]:
        mark = (place.idnum, place.generation)
        if mark in self._seen or depth > _DEEPEST or len(self._seen) > _MOST_NODES:
            raise _refused("Expected a plain tree of pages, but it goes round in circles.")
        self._seen.add(mark)
        node = place.get_object()
        if "/Kids" in node:
            yield from self._inside(node, depth)
            return
        _check_type(node, "/Page")
        self._found += 1
        if self._found > self._most:
            raise _refused(f"Expected 1 to {self._most} pages, but it has more.")
        yield node

    def _inside(self, node: Any, depth: int) -> Iterator[Any]:
        _check_type(node, "/Pages")
        before, kids = self._found, node["/Kids"]
        for at in range(len(kids)):
            yield from self.below(kids.raw_get(at), depth + 1)
        count = self._found - before
        if node["/Count"] != count:
            said = str(node["/Count"])[:20]
            raise _refused(f"Expected as many pages as it says, but it says {said} of {count}.")


def _check_type(node: Any, wanted: str) -> None:
    """Some readers go by this, some by what lies within."""
    said = node["/Type"] if "/Type" in node else wanted  # noqa: SIM401 - get follows no reference
    if said != wanted:
        raise _refused(f"Expected {wanted} in the tree of pages, but {str(said)[:40]} is there.")


def _refused(message: str) -> Unwrappable:
    return Unwrappable("pages", f"{message} Print it anew.")
