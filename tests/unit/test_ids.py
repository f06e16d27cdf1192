"""Identifiers: version 7, later ones larger, none twice."""

from __future__ import annotations

import time

import pytest

from engine.ids import new_id


def test_they_are_of_version_seven_and_tell_their_time() -> None:
    before, made, after = time.time_ns(), new_id(), time.time_ns()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before // 1_000_000 <= made.int >> 80 <= after // 1_000_000


def test_later_ones_are_larger_within_one_millisecond(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = [1_795_000_000_000_000_000 + 300 * n for n in range(3_400)]  # a little over one
    found = []
    for moment in moments:
        monkeypatch.setattr(time, "time_ns", lambda moment=moment: moment)
        found.append(new_id())
    assert found == sorted(found)
    assert len({made.int >> 80 for made in found}) == 2


def test_none_comes_twice_in_one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_795_000_000_000_000_999)
    assert len({new_id() for _ in range(5_000)}) == 5_000
