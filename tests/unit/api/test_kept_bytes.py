"""What a process keeps has a size, whatever strangers' files lie in it."""

from __future__ import annotations

import pytest

from api.pages.kept_bytes import KeptBytes


def test_the_oldest_gives_way_by_bytes() -> None:
    kept, made = KeptBytes(10, 6), []

    def make(key: str, size: int) -> None:
        assert len(kept.get(key, lambda: made.append(key) or bytes(size))) == size

    for key, size in (("a", 4), ("b", 4), ("a", 4), ("c", 4), ("a", 4), ("b", 4)):
        make(key, size)
        assert kept.size <= 10
    assert made == ["a", "b", "c", "b"]


def test_a_large_one_is_not_kept() -> None:
    kept = KeptBytes(10, 6)
    assert kept.get("a", lambda: bytes(7)) == bytes(7)
    assert kept.size == 0
    assert kept.get("a", lambda: b"new") == b"new"


def test_what_fails_is_tried_again() -> None:
    kept = KeptBytes(10, 6)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: bytes(1 // 0))
    assert kept.get("a", lambda: b"made") == b"made"
