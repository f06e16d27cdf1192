"""Random processes of nested blocks, for hypothesis to draw and to shrink."""

from __future__ import annotations

from itertools import count
from typing import Any

from hypothesis import strategies as st
from support.blocks import Again, Both, Choice, Count, Each, Seq, Sub, User, Watched


def any_block(depth: int) -> st.SearchStrategy[Any]:
    return blocks(depth, count(1))


@st.composite
def blocks(make: Any, depth: int, ids: Any) -> Any:
    id_ = f"n{next(ids)}"
    kinds = ["user", "count", "each", "watched"]
    kinds += ["seq", "xor", "some", "both", "again", "sub"] if depth else []
    kind = make(st.sampled_from(kinds))

    def inner(least: int, most: int) -> list[Any]:
        many = make(st.integers(least, most))
        return [make(blocks(depth - 1, ids)) for _ in range(many)]

    if kind == "user":
        return User(id_)
    if kind == "count":
        return Count(id_)
    if kind == "watched":
        return Watched(id_)
    if kind == "each":
        return Each(id_, make(st.integers(0, 3)), make(st.booleans()))
    if kind == "seq":
        return Seq(inner(1, 3))
    if kind in ("xor", "some"):
        ways = inner(2, 3)
        return Choice(id_, kind, ways, [make(st.booleans()) for _ in ways])
    if kind == "both":
        return Both(id_, inner(2, 3))
    return (Again if kind == "again" else Sub)(id_, inner(1, 1)[0])
