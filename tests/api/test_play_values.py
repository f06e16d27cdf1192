"""Values that a form gives are written as FEEL that means the same, each in one line."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from api.pages.play_forms import feel
from engine.feel import evaluate

MOMENT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        'a "b" \\ c; d = 1', "บรรทัด\nสอง\tสาม\u2028สี่\x85ห้า", "", True, False, None,
        Decimal("7000.50"), Decimal("1E+3"), date(2026, 11, 23), time(9, 30), MOMENT,
        ["a", Decimal(1), [None]], {"ก ข": {"x": date(2026, 1, 1)}},
    ],
)  # fmt: skip
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    text = feel(value)
    assert len(text.splitlines()) == 1
    assert evaluate(text, {}, now=MOMENT).value == value
