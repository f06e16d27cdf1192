"""Dates and spans as people read them, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from api.pages import thdate

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, nine o'clock in Bangkok


class _Clock:
    """Working time that counts every hour."""

    def between(self, start, end):
        return end - start


def test_thai_dates_are_of_the_buddhist_era():
    assert thdate.full(NOW, "th") == "จันทร์ 23 พฤศจิกายน 2569"
    assert thdate.short(NOW, "th") == "23 พ.ย. 2569"
    assert thdate.stamp(NOW, "th", seconds=True) == "23 พ.ย. 2569 09:00:00 น."


def test_english_dates_are_of_the_common_era():
    assert thdate.full(NOW, "en") == "Monday 23 November 2026"
    assert thdate.short(date(2026, 11, 23), "en") == "23 Nov 2026"


def test_this_years_lists_leave_the_year_out():
    assert thdate.short(NOW, "th", date(2026, 1, 1)) == "23 พ.ย."
    assert thdate.short(NOW, "th", date(2025, 12, 31)) == "23 พ.ย. 2569"


def test_the_day_is_thailands_whatever_the_servers():
    late = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # one in the morning of the 24th
    assert thdate.short(late, "th") == "24 พ.ย. 2569"
    assert thdate.when(late, "th", NOW) == "พรุ่งนี้ 01:00 น."


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (-24, "เมื่อวาน 09:00 น."),
        (0, "วันนี้ 09:00 น."),
        (24, "พรุ่งนี้ 09:00 น."),
        (72, "26 พ.ย. 09:00 น."),
    ],
)
def test_near_days_have_names(hours, said):
    assert thdate.when(NOW + timedelta(hours=hours), "th", NOW) == said


@pytest.mark.parametrize(
    ("minutes", "thai", "english"),
    [
        (0, "0 นาที", "0 min"),
        (18, "18 นาที", "18 min"),
        (60, "1 ชม. ทำการ", "1 working hour"),
        (300, "5 ชม. ทำการ", "5 working hours"),
        (480, "1 วันทำการ", "1 working day"),
        (1500, "3 วันทำการ", "3 working days"),
        (-5, "0 นาที", "0 min"),
    ],
)
def test_spans_are_said_in_their_largest_unit(minutes, thai, english):
    length = timedelta(minutes=minutes)
    assert thdate.span(length, "th") == thai
    assert thdate.span(length, "en") == english


def test_a_deadline_says_how_far_it_is_and_how_it_looks():
    assert thdate.due(None, NOW, _Clock(), "th") is None
    late = thdate.due(NOW - timedelta(minutes=18), NOW, _Clock(), "th")
    assert (late.distance, late.tone) == ("เลย 18 นาที", "late")
    soon = thdate.due(NOW + timedelta(hours=5), NOW, _Clock(), "en")
    assert (soon.distance, soon.tone) == ("5 working hours left", "soon")
    far = thdate.due(NOW + timedelta(hours=40), NOW, _Clock(), "th")
    assert (far.distance, far.tone) == ("อีก 5 วันทำการ", "")
