"""forms.thai: dates as people in Thailand write them."""

from __future__ import annotations

from datetime import date

import pytest

from forms.thai import parse_date, western


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23", "2569-11-23", "23/11/2569", "23-11-2569", "23.11.2026", "๒๓/๑๑/๒๕๖๙",
        "23 พ.ย. 2569", "23 พฤศจิกายน 2569", "๒๓ พฤศจิกายน ๒๕๖๙", "23 พฤศจิกายน พ.ศ. 2569",
        "23 พย 2569", "23 November 2026", "23 nov 2026", " 23/11/2569 ",
    ],
)  # fmt: skip
def test_one_day_in_many_writings(text: str) -> None:
    if text == "23 พย 2569":
        assert parse_date(text) is None  # the abbreviation's inner point is part of it
    else:
        assert parse_date(text) == date(2026, 11, 23)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "31/2/2569",
        "23/13/2569",
        "23/11/69",
        "0/1/2569",
        "23 xyz 2569",
        "yesterday",
        "23/11/0000",
    ],
)
def test_no_day(text: str) -> None:
    assert parse_date(text) is None


def test_a_leap_day_is_checked_in_the_common_era() -> None:
    assert parse_date("29/2/2567") == date(2024, 2, 29)
    assert parse_date("29/2/2568") is None


def test_thai_digits() -> None:
    assert western("ที่ ๐๑๒๓๔๕๖๗๘๙") == "ที่ 0123456789"
