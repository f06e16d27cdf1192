"""One page of a list that is short enough to be read whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from engine.queries.page import Page, decode_cursor, encode_cursor

T = TypeVar("T")


def window(rows: Sequence[T], query: Mapping[str, Any]) -> Page[T]:
    """The page that `query` (see `fields.Paging`) asks for; its cursor is a position."""
    size = query["page_size"]
    after = query.get("after")
    start = (query["page"] - 1) * size
    if after is not None:
        (start,) = decode_cursor("window", after, tuple[int])
    end = start + size
    following = encode_cursor("window", [end]) if end < len(rows) else None
    return Page(rows[start:end], len(rows), following, query["page"], size)
