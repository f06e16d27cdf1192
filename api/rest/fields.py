"""Fields of request bodies and queries: strict, exact, and with a cap on everything."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate

#: Line feeds and tabs are the only control characters that belong in a text.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_DURATION = re.compile(
    r"P(?:(?P<weeks>\d{1,6})W|(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,6})S)?)?)",
    re.ASCII,
)
LONGEST_KEY = 255
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2400, 12, 31)
LONGEST_TEXT = 10_000
MOST_VARIABLES = 1_000


class Text(fields.String):
    """Text without control characters, of a bounded length, not empty unless it may be."""

    def __init__(self, longest: int = LONGEST_KEY, *, shortest: int = 1, **options: Any) -> None:
        limits = validate.Length(min=shortest, max=longest)
        super().__init__(validate=limits, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if _CONTROL.search(text):
            raise ValidationError("Expected no control characters.")
        return text


class Day(fields.Date):
    """A date of the office's: years far from ours are mistakes, and no clock reckons with them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=validate.Range(FIRST_DAY, LAST_DAY), **options)


class Duration(fields.Field[timedelta]):
    """An ISO 8601 duration of weeks, days, hours, minutes, seconds (`PT1H`)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_kwargs: Any) -> timedelta:  # noqa: ARG002 - marshmallow's signature
        found = _DURATION.fullmatch(value) if isinstance(value, str) else None
        parts = {k: int(v) for k, v in found.groupdict().items() if v} if found else {}
        if not parts:
            raise ValidationError("Expected an ISO 8601 duration such as PT1H or P7D.")
        return timedelta(**parts)


def variables(**options: Any) -> fields.Dict:
    """A JSON object of any values; numbers in it are exact."""
    names = Text(LONGEST_KEY)
    return fields.Dict(
        keys=names, values=fields.Raw(allow_none=True), load_default=dict,
        validate=validate.Length(max=MOST_VARIABLES), **options,
    )  # fmt: skip


class Paging(Schema):
    """How every list is read: by page number, or by the cursor of the page before."""

    page = fields.Integer(load_default=1, validate=validate.Range(min=1, max=100_000))
    page_size = fields.Integer(load_default=20, validate=validate.Range(min=1, max=100))
    after = Text(2_000, load_default=None)


class Numbered(Schema):
    """How a list that people work off is read: by page number alone."""

    page = fields.Integer(load_default=1, validate=validate.Range(min=1, max=100_000))
    page_size = fields.Integer(load_default=20, validate=validate.Range(min=1, max=100))


class Nothing(Schema):
    """A body that carries nothing: an empty object, or none at all."""


def uuid_or_none(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
