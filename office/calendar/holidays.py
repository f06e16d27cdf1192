"""Thailand's public holidays as government offices keep them, from the `holidays` library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import holidays

#: The library's public list has days that government offices work on, or that fall on Saturdays.
_NOT_OURS = ("วันแรงงานแห่งชาติ", "วันเด็กแห่งชาติ")
_CATEGORIES = ("public", "government")


@dataclass(frozen=True, slots=True)
class Holiday:
    day: date
    name: str
    name_en: str


def public_holidays(year: int) -> tuple[Holiday, ...]:
    """The year's holidays in order. The Cabinet adds and moves days: rows stay editable."""
    thai = _named(year, "th")
    english = _named(year, "en_US")
    return tuple(
        Holiday(day, name, english.get(day, name))
        for day, name in sorted(thai.items())
        if day.year == year and _keeps_offices_shut(name)
    )


def _keeps_offices_shut(name: str) -> bool:
    """A date may have several holidays in one name: any of ours is enough."""
    return any(not any(other in one for other in _NOT_OURS) for one in name.split("; "))


def _named(year: int, language: str) -> Mapping[date, str]:
    found = holidays.country_holidays("TH", years=year, language=language, categories=_CATEGORIES)
    return dict(found)
