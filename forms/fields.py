"""One marshmallow field for each kind of input: raw JSON or a posted text to a clean value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from marshmallow import Schema, ValidationError, fields

from engine.feel.limits import MAX_SEARCH
from forms.definition import Component, Rules
from forms.files import REFERENCE
from forms.messages import Message
from forms.thai import citizen_number, parse_date, western

#: Caps for texts whose definition sets none, in UTF-16 units.
LONGEST_LINE = 2_000
LONGEST_TEXT = 100_000
MOST_CHOICES = 200
#: FEEL's decimals carry 34 digits: what is longer would be rounded.
MOST_DIGITS = 34

#: Line feeds and tabs are the only control characters that belong in a text.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d+)?([eE][+-]?\d{1,3})?", re.ASCII)
#: What browsers accept in <input type=email>, with letters of any script and a dotted domain.
_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\\\]]{1,64}@[^\s@.,/]+(\.[^\s@.,/]+)+")
_PHONE = re.compile(r"\+?[\d() .-]{3,30}", re.ASCII)
_TRUE = frozenset({"true", "on", "1", "yes"})
_FALSE = frozenset({"false", "off", "0", "no", ""})


def utf16_length(text: str) -> int:
    """Length as browsers count it: an emoji is two."""
    return len(text) + sum(character > "\uffff" for character in text)


def is_empty(value: Any) -> bool:
    """Nothing was filled in: None, white space, no choice."""
    return value is None or (isinstance(value, str) and not value.strip()) or value == []


def _fail(key: str, **values: Any) -> ValidationError:
    return ValidationError(Message(key, **values))


class _Input(fields.Field[Any]):
    """A field that turns an empty value into None and leaves `required` to the form."""

    def __init__(self, rules: Rules) -> None:
        super().__init__(allow_none=True, required=False)
        self.rules = rules

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super().deserialize(None if value == "" else value, *args, **kwargs)

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> Any:
        return self.clean(value)

    def clean(self, value: Any) -> Any:
        """The clean value of what was filled in, or ValidationError with a Message."""
        raise NotImplementedError


class Text(_Input):
    cap = LONGEST_LINE

    def clean(self, value: Any) -> Any:
        if not isinstance(value, str):
            raise _fail("text")
        text = self.convert(value.replace("\r\n", "\n"))
        self.check(text)
        return text

    def convert(self, text: str) -> str:
        if _CONTROL.search(text):
            raise _fail("control")
        return text

    def check(self, text: str) -> None:
        rules, length = self.rules, utf16_length(text)
        longest = self.cap if rules.longest is None else rules.longest
        if rules.shortest is not None and length < rules.shortest:
            raise _fail("too_short", limit=rules.shortest)
        if length > longest:
            raise _fail("too_long", limit=longest)
        self.fit(text, rules.pattern)
        if rules.looks_like == "email" and not _EMAIL.fullmatch(text):
            raise _fail("email")
        if rules.looks_like == "phone" and not _PHONE.fullmatch(western(text)):
            raise _fail("phone")

    def fit(self, text: str, pattern: Any) -> None:
        """RE2 may take as many steps as the text has characters, times the pattern's size."""
        if pattern is None:
            return
        if len(text) > (most := MAX_SEARCH // pattern.programsize):
            raise _fail("too_long", limit=most)
        if not pattern.search(text):
            raise _fail("pattern")


class LongText(Text):
    cap = LONGEST_TEXT


class CitizenNumber(Text):
    def convert(self, text: str) -> str:
        digits = citizen_number(text)
        if digits is None:
            raise _fail("citizen")
        return digits


class Number(_Input):
    """An exact number. Bounds that are FEEL are the form's to check, with the other values."""

    def clean(self, value: Any) -> Any:
        number = self.convert(value)
        if self.rules.decimals is not None and _decimals(number) > self.rules.decimals:
            raise _fail("decimals", limit=self.rules.decimals)
        return number

    def convert(self, value: Any) -> int | Decimal:
        if isinstance(value, str):
            value = _parse_number(value)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise _fail("number")
        decimal = Decimal(value)
        if not decimal.is_finite() or _too_big(decimal):
            raise _fail("number")
        return int(decimal) if decimal == decimal.to_integral_value() else decimal


def _parse_number(text: str) -> Decimal:
    text = western(text).strip()
    if not text or not _NUMBER.fullmatch(text):
        raise _fail("number")
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise _fail("number") from None


def _too_big(number: Decimal) -> bool:
    return len(number.as_tuple().digits) > MOST_DIGITS or abs(number.adjusted()) > MOST_DIGITS


def _decimals(number: int | Decimal) -> int:
    exponent = Decimal(number).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


class Check(_Input):
    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return False if value == "" else super().deserialize(value, *args, **kwargs)

    def clean(self, value: Any) -> Any:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in _TRUE | _FALSE:
            return value.lower() in _TRUE
        raise _fail("boolean")


class Day(_Input):
    def clean(self, value: Any) -> Any:
        if isinstance(value, date):
            return value
        day = parse_date(value) if isinstance(value, str) else None
        if day is None:
            raise _fail("date")
        return day


class Choice(_Input):
    """One option's value. Which options there are is the form's to check, with all values."""

    def clean(self, value: Any) -> Any:
        if not isinstance(value, str):
            raise _fail("choice")
        return value


class Choices(_Input):
    def clean(self, value: Any) -> Any:
        if not isinstance(value, list) or len(value) > MOST_CHOICES:
            raise _fail("list")
        if not all(isinstance(item, str) for item in value):
            raise _fail("choice")
        if len(set(value)) < len(value):
            raise _fail("repeated")
        return value


class People(_Input):
    """A list of those who are named; several may stand in one text, with commas between them. Who
    can be named is asked of the organisation; each is named once.
    """

    def clean(self, value: Any) -> Any:
        given = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) for item in given):
            raise _fail("list")
        named = [part.strip() for item in given for part in item.split(",")]
        found = list(dict.fromkeys(name for name in named if name))
        if len(found) > MOST_CHOICES:
            raise _fail("list")
        return found


class Files(_Input):
    """A list of what names files: ids, or what a variable holds of each (of which the id counts).
    Which files there are is asked of whoever keeps them; each is named once.
    """

    def clean(self, value: Any) -> Any:
        if not isinstance(value, list):
            value = [value]
        if len(value) > MOST_CHOICES:
            raise _fail("list")
        return list({one["id"]: one for one in map(_named, value)}.values())


def _named(item: Any) -> dict[str, Any]:
    if isinstance(item, str) and item:
        return {"id": item}
    if isinstance(item, Mapping) and isinstance(item.get("id"), str):
        return {name: item[name] for name in REFERENCE if name in item}
    raise _fail("file_gone")


FIELDS: Mapping[str, Callable[[Rules], _Input]] = {
    "line": Text, "lines": LongText, "number": Number, "check": Check, "radio": Choice,
    "select": Choice, "checks": Choices, "tags": Choices, "date": Day, "person": Text,
    "unit": Text, "attachment": Text, "citizen": CitizenNumber,
    "files": Files, "people": People,
}  # fmt: skip


def schema(inputs: Mapping[str, Component]) -> Schema:
    """A schema that knows exactly these inputs; anything else is refused."""
    made = {key: FIELDS[item.kind](item.rules) for key, item in inputs.items()}
    return Schema.from_dict(dict(made), name="SubmittedForm")(unknown="raise")
