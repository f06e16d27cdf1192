"""Who heads a unit: pure rules over posts and the tree of units."""

from __future__ import annotations

from uuid import UUID

import pytest

from office.workload.rules import Post, beneath, heads

A, B, C, D = (UUID(int=n) for n in range(1, 5))


@pytest.mark.parametrize(
    ("levels", "head"),
    [
        (("officer", "group", "section"), {"p1"}),
        (("division", "division", "group"), {"p0", "p1"}),
        (("officer", "officer"), set()),
        (("head",), {"p0"}),
    ],
    ids=["the highest rung", "two of one rung", "officers head nothing", "alone"],
)
def test_the_head_holds_the_highest_rung(levels: tuple[str, ...], head: set[str]) -> None:
    posts = [Post(f"p{n}", level, A) for n, level in enumerate(levels)]
    assert heads([*posts, Post("other", "head", B)])[A] == head


def test_a_head_sees_what_lies_beneath() -> None:
    parents = {A: None, B: A, C: B, D: A}
    assert beneath(parents, [B]) == {B, C}
    assert beneath(parents, [A]) == {A, B, C, D}
    assert beneath({A: B, B: A}, [A]) == {A, B}, "a circle ends"
