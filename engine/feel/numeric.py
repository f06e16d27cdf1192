"""FEEL's numbers: decimals of 34 digits, half-even (IEEE 754-2008 decimal128)."""

from __future__ import annotations

import decimal
from decimal import Decimal

CONTEXT = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[decimal.Overflow, decimal.InvalidOperation, decimal.DivisionByZero],
)
#: What the operations of CONTEXT raise where there is no result.
NoNumber = decimal.DecimalException

ZERO = Decimal(0)
ONE = Decimal(1)


def is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def text_of(number: Decimal) -> str:
    """Plain digits, never an exponent, no zeros at the end of a fraction."""
    return format(number.normalize(CONTEXT), "f") if number else "0"
