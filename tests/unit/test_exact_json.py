"""engine.jsonio: numbers exact both ways, and none that only costs memory."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine import jsonio


@pytest.mark.parametrize("text", ["1.10", "12345678901234567890.123456789", "-0.5", "[1,2.50]"])
def test_numbers_come_out_as_they_went_in(text: str) -> None:
    assert jsonio.dumps(jsonio.loads(text)) == text


def test_fractions_are_decimals() -> None:
    assert jsonio.loads("0.1") + jsonio.loads("0.2") == Decimal("0.3")
    assert jsonio.loads("1e6144") == Decimal("1e6144")


@pytest.mark.parametrize(
    "text", ["1e6145", "1e-6145", "-1e999999999", "0e999999999", '{"a": [1e99999999999999999999]}']
)
def test_a_number_that_no_arithmetic_holds_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="out of range"):
        jsonio.loads(text)
