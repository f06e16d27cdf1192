"""engine.models.packing: variables come back from storage as they went in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import FeelError, evaluate, parse
from engine.models.packing import dumps, loads, shown

BANGKOK = ZoneInfo("Asia/Bangkok")
HOUR_EAST = timezone(timedelta(hours=1))

RICH = [
    date(2026, 11, 23),
    datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
    datetime(2026, 11, 23, 9, 30, 1, 250, tzinfo=HOUR_EAST),
    datetime(2026, 11, 23, 9, 30),  # noqa: DTZ001 - FEEL has moments without a zone
    time(8, 30),
    time(8, 30, tzinfo=HOUR_EAST),
    timedelta(days=2, microseconds=-1),
]


@pytest.mark.parametrize("value", RICH, ids=str)
def test_dates_and_durations_keep_their_type(value: Any) -> None:
    back = loads(dumps({"at": [value]}))["at"][0]
    assert (back, type(back)) == (value, type(value))


def test_a_zone_keeps_its_name() -> None:
    back = loads(dumps(datetime(2026, 11, 23, 9, tzinfo=BANGKOK)))
    assert (str(back.tzinfo), back.hour) == ("Asia/Bangkok", 9)


@pytest.mark.parametrize("text", ['duration("P1Y2M")', "[1..3]", 'date("10000-01-01")'])
def test_what_only_feel_has_is_kept_and_shown_as_text(text: str) -> None:
    value = evaluate(parse(text), {}, now=datetime(2026, 11, 23, tzinfo=UTC)).value
    assert loads(dumps({"x": value})) == {"x": value}
    assert isinstance(shown({"x": [value]})["x"][0], str)


@pytest.mark.parametrize(
    "value", [{"@": "date", "v": "2026-01-01"}, {"@": 1}, {"a": {"@": "x", "v": {"@": "feel"}}}]
)
def test_an_object_that_looks_like_ours_stays_what_it_is(value: Any) -> None:
    assert loads(dumps(value)) == value


def test_what_variables_cannot_hold_is_refused() -> None:
    with pytest.raises(FeelError):
        dumps({"x": {1, 2}})


def test_shown_leaves_ordinary_values_alone() -> None:
    value = {"a": [1, Decimal("0.10"), None, True, "ก"], "b": date(2026, 1, 1)}
    assert shown(value) == value


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.dates()
    | st.timedeltas(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text() | st.sampled_from(["@", "v", "zone"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(_json)
def test_everything_comes_back(value: Any) -> None:
    assert loads(dumps(value)) == value
