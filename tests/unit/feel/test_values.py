"""Values on their way in, out and into storage."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.feel import value

from engine import feel, jsonio
from engine.feel import values

_KEPT = [
    None,
    True,
    "ลายเซ็น",
    42,
    Decimal("0.10"),
    [1, ["a", None]],
    {"a": {"b": [True]}},
    date(2026, 1, 31),
    time(9, 30, tzinfo=UTC),
    datetime(2026, 1, 31, 9, 30),  # noqa: DTZ001 - a time without a zone is meant
    datetime(2026, 1, 31, 9, 30, tzinfo=UTC),
    datetime(2026, 1, 31, 9, 30, 0, 5, tzinfo=ZoneInfo("Asia/Bangkok")),
    timedelta(days=-1, microseconds=1),
    feel.MonthsDuration(14),
]


@pytest.mark.parametrize("kept", _KEPT, ids=repr)
def test_storage_gives_back_what_it_was_given(kept: Any) -> None:
    stored = jsonio.loads(jsonio.dumps(values.pack({"value": kept})))
    assert values.unpack(stored) == {"value": kept}
    assert type(values.unpack(stored)["value"]) is type(kept)


@pytest.mark.parametrize("kept", _KEPT, ids=repr)
def test_evaluation_gives_back_what_it_was_given(kept: Any) -> None:
    assert value("x", x=kept) == kept


def test_a_range_is_stored_too() -> None:
    kept = value('[@"2026-01-01"..@"2026-12-31")')
    assert values.unpack(jsonio.loads(jsonio.dumps(values.pack(kept)))) == kept
    assert values.to_json(kept) == "[2026-01-01..2026-12-31)"


def test_far_dates_stay_exact() -> None:
    far = value('@"12026-01-31"')
    assert values.to_json(far) == "12026-01-31"
    assert values.unpack(values.pack(far)) == far


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.dates() | st.timedeltas(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text("abc@"), inner),
    )
)
def test_any_nesting_is_stored(kept: Any) -> None:
    assert values.unpack(values.pack(kept)) == kept


def test_the_tag_of_storage_is_reserved() -> None:
    with pytest.raises(feel.UnfitValue):
        values.pack({"a": [{"@feel": ["date", "2026-01-01"]}]})


@pytest.mark.parametrize("damaged", [None, 5, [], ["date"], ["date", "x"], ["range", 1], "date"])
def test_damaged_storage_is_noticed(damaged: Any) -> None:
    with pytest.raises(feel.UnfitValue):
        values.unpack({"@feel": damaged})


@pytest.mark.parametrize(
    "unfit",
    ["a\0b", "\ud800", {"\0": 1}, [["\udfff"]], float("nan"), float("inf"), {1: 2}, {1, 2}, b"x"],
    ids=repr,
)
def test_what_no_database_can_hold_is_refused(unfit: Any) -> None:
    with pytest.raises(feel.UnfitValue):
        values.from_json(unfit)


def test_data_nested_without_end_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(feel.UnfitValue):
        values.from_json(endless)


def test_plain_json_has_numbers_exact_and_times_as_iso_text() -> None:
    plain = values.to_json(
        {
            "n": value("0.1 + 0.2"),
            "whole": value("2.50 * 2"),
            "day": date(2026, 1, 31),
            "at": datetime(2026, 1, 31, 9, tzinfo=ZoneInfo("Asia/Bangkok")),
            "for": timedelta(hours=36),
            "years": feel.MonthsDuration(18),
        }
    )
    assert jsonio.dumps(plain) == (
        '{"n":0.3,"whole":5,"day":"2026-01-31","at":"2026-01-31T09:00:00@Asia/Bangkok",'
        '"for":"P1DT12H","years":"P1Y6M"}'
    )


def test_forms_hand_in_pythons_dates() -> None:
    assert value("due - start", start=date(2026, 1, 1), due=date(2026, 1, 31)) == timedelta(30)
    assert value("start.year", start=datetime(2026, 1, 1, tzinfo=UTC)) == 2026


def test_text_of_a_temporal_value_and_back() -> None:
    for kept in (date(2026, 1, 31), timedelta(hours=5), feel.MonthsDuration(3)):
        assert feel.from_text(feel.to_text(kept)) == kept
