"""ISO texts and FEEL values to the moments that timers mean."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from engine import feel
from engine.runtime.timers import (
    BadTime,
    Span,
    as_due,
    as_moment,
    as_span,
    parse_cycle,
    parse_duration,
    parse_moment,
)

BANGKOK = "Asia/Bangkok"


@pytest.mark.parametrize(
    ("text", "months", "rest"),
    [
        ("PT8H", 0, timedelta(hours=8)),
        ("P3D", 0, timedelta(days=3)),
        ("P1W", 0, timedelta(weeks=1)),
        ("P1Y6M", 18, timedelta()),
        ("P1DT2H3M4.5S", 0, timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        (" PT0S ", 0, timedelta()),
    ],
)
def test_durations(text: str, months: int, rest: timedelta):
    assert parse_duration(text) == Span(months, rest)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "-PT5M", "1D", "P1.5D", "P11Y", "P9999999999M", "PT99999999H"]
)
def test_bad_durations(text: str):
    with pytest.raises(BadTime):
        parse_duration(text)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-12-15", 2, "2027-02-15"),
    ],
)
def test_months_are_months_of_the_calendar(start: str, months: int, end: str):
    assert Span(months).after(datetime.fromisoformat(start)) == datetime.fromisoformat(end)


def test_moments_are_aware():
    assert parse_moment("2026-01-05T09:00:00", BANGKOK) == datetime(2026, 1, 5, 2, tzinfo=UTC)
    assert parse_moment("2026-01-05", BANGKOK) == datetime(2026, 1, 4, 17, tzinfo=UTC)
    assert parse_moment("2026-01-05T09:00:00Z", BANGKOK) == datetime(2026, 1, 5, 9, tzinfo=UTC)
    with pytest.raises(BadTime):
        parse_moment("tomorrow", BANGKOK)


def test_cycles():
    assert parse_cycle("R3/PT24H", BANGKOK).repeats == 3
    assert parse_cycle("R/P1M", BANGKOK).repeats is None
    assert parse_cycle("R2/2026-01-05T09:00:00Z/P1D", BANGKOK).start == datetime(
        2026, 1, 5, 9, tzinfo=UTC
    )


@pytest.mark.parametrize("text", ["PT1H", "R/PT0S", "R/PT1M", "R-1/PT1H", "R2/PT1S", "R2000/PT1H"])
def test_bad_cycles(text: str):
    with pytest.raises(BadTime):
        parse_cycle(text, BANGKOK)


def value(text: str) -> object:
    return feel.evaluate(text, {}, now=datetime(2026, 1, 5, tzinfo=UTC)).value


def test_feel_values():
    assert as_span(value('duration("PT2H")')) == Span(0, timedelta(hours=2))
    assert as_span(value('duration("P1Y2M")')) == Span(14)
    assert as_moment(value('date("2026-01-05")'), BANGKOK) == datetime(2026, 1, 4, 17, tzinfo=UTC)
    assert as_moment(value('date and time("2026-01-05T09:00:00@Asia/Bangkok")'), "UTC") == datetime(
        2026, 1, 5, 2, tzinfo=UTC
    )
    assert as_due(date(2026, 1, 5), BANGKOK) == datetime(2026, 1, 5, 17, tzinfo=UTC)
    assert as_due("PT8H", BANGKOK) == timedelta(hours=8)


@pytest.mark.parametrize("odd", [None, 5, True, [], {}])
def test_other_values_are_refused(odd: object):
    for read in (as_span, lambda v: as_moment(v, BANGKOK), lambda v: as_due(v, BANGKOK)):
        with pytest.raises(BadTime):
            read(odd)
