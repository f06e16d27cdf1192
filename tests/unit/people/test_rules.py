"""Periods, circles, scopes and the lines of a signature block."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.people import rules
from office.people.rules import Period

BANGKOK = ZoneInfo("Asia/Bangkok")
MOMENTS = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - the zone is drawn apart
    max_value=datetime(2030, 1, 1),  # noqa: DTZ001 - the zone is drawn apart
    timezones=st.just(UTC),
)


def test_days_begin_at_the_agencys_midnight_and_the_last_is_included() -> None:
    period = rules.period_of_days(date(2026, 11, 16), date(2026, 11, 27), BANGKOK)
    assert period.starts_at == datetime(2026, 11, 15, 17, tzinfo=UTC)
    assert period.ends_at == datetime(2026, 11, 27, 17, tzinfo=UTC)
    assert period.covers(period.starts_at)
    assert not period.covers(period.ends_at)


def test_a_half_day_begins_or_ends_at_noon() -> None:
    day = date(2026, 11, 23)
    morning = rules.period_of_leave(day, day, BANGKOK, from_noon=False, to_noon=True)
    afternoon = rules.period_of_leave(day, day, BANGKOK, from_noon=True, to_noon=False)
    assert morning.ends_at == afternoon.starts_at == datetime(2026, 11, 23, 5, tzinfo=UTC)
    assert not morning.overlaps(afternoon)


@given(MOMENTS, MOMENTS, MOMENTS, st.one_of(st.none(), MOMENTS), MOMENTS)
def test_overlap_means_a_moment_in_both(
    a: datetime, b: datetime, c: datetime, d: datetime | None, probe: datetime
) -> None:
    one, two = Period(min(a, b), max(a, b)), Period(c, d if d is None or d >= c else c)
    assert one.overlaps(two) == two.overlaps(one)
    if one.covers(probe) and two.covers(probe):
        assert one.overlaps(two)


def test_without_an_end_a_period_lasts() -> None:
    assert Period(datetime(2026, 1, 1, tzinfo=UTC)).covers(datetime(2099, 1, 1, tzinfo=UTC))


def test_nobody_becomes_their_own_superior() -> None:
    above = {"clerk": "deputy", "deputy": "chief", "chief": None}
    assert rules.closes_a_circle(above, "chief", "clerk")
    assert rules.closes_a_circle(above, "deputy", "deputy")
    assert not rules.closes_a_circle(above, "clerk", "chief")
    assert not rules.closes_a_circle(above, "clerk", None)


@pytest.mark.parametrize(
    ("kinds", "subjects", "kind", "subject", "covered"),
    [
        ([], [], "ORDER", "ใด ๆ", True),
        (["EXT"], [], "EXT", None, True),
        (["EXT"], [], "ORDER", None, False),
        ([], ["พัสดุ"], "INT", "ขอซื้อพัสดุ", True),
        ([], ["พัสดุ"], "INT", "ขอลา", False),
        (["EXT"], ["พัสดุ"], None, None, True),
    ],
)
def test_scope_of_a_delegation(
    kinds: list[str], subjects: list[str], kind: str | None, subject: str | None, covered: bool
) -> None:
    assert rules.in_scope(kinds, subjects, kind, subject) is covered


@pytest.mark.parametrize("mode", [None, *rules.MODES])
def test_position_lines_are_read_as_they_are_written(mode: str | None) -> None:
    acted_for = "ปลัดกระทรวงตัวอย่าง" if mode else None
    lines = rules.position_lines("รองปลัดกระทรวงตัวอย่าง", mode, acted_for)
    assert rules.read_position_lines(lines) == ("รองปลัดกระทรวงตัวอย่าง", mode, acted_for)


def test_full_powers_are_stronger_than_a_delegation() -> None:
    assert rules.strength("acting") < rules.strength("delegated")
