"""A list's total: told by the page that holds its end, counted else."""

from __future__ import annotations

import pytest

from engine.queries.page import MAX_TOTAL, total_of


def never() -> int:
    raise AssertionError("counted, but the page held the end")


@pytest.mark.parametrize(
    ("rows", "offset", "told"), [(0, 0, 0), (3, 0, 3), (20, 0, 20), (1, 20, 21), (20, 980, 1000)]
)
def test_the_page_with_the_end_tells_the_total(rows: int, offset: int, told: int) -> None:
    assert total_of(rows, 20, offset, never) == told


def test_beyond_the_most_that_is_counted_no_total_is_told() -> None:
    assert total_of(5, 20, MAX_TOTAL, never) is None


@pytest.mark.parametrize(("rows", "offset"), [(21, 0), (0, 20), (5, None), (0, None)])
def test_else_it_is_counted(rows: int, offset: int | None) -> None:
    assert total_of(rows, 20, offset, lambda: 77) == 77
