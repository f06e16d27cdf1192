"""What templates may use everywhere: addresses of files, hidden fields, dates, names, words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask, g, request

from api.mending import drawn_at, mended_on, quoted
from api.pages import thdate, words
from api.pages.assets import asset
from api.pages.desk import actor, db
from api.pages.faces import face
from api.pages.finding_words import finding_in_words, parts_in_words
from api.pages.i18n import language
from api.pages.rule_words import incident_in_words, rule_in_words
from api.pages.shell import shell_of_request
from api.picture import label_words
from engine.ids import new_id
from office.files.uploads import MOST
from office.people import queries as people
from office.people.queries import PersonRow, UnitRow

LANGUAGES = ("th", "en")
LANGUAGE_COOKIE = "saraban_language"
KEYS_COOKIE = "saraban_keys"
#: people that a field offers while somebody types
OFFERED = 100
YEAR = 365 * 24 * 3600


def chosen_language() -> str:
    """The reader's choice, kept in a cookie; else what is known of the person; else Thai."""
    known = getattr(g.get("session"), "language", "th")
    return language_of(request.cookies.get(LANGUAGE_COOKIE), known)


def language_of(chosen: str | None, known: str) -> str:
    """`chosen` by a cookie, else `known` of the person."""
    language = known if chosen is None else chosen
    return language if language in LANGUAGES else "th"


def short_date(value: date | datetime | None) -> str:
    return thdate.short(value, language()) if value else "–"


def last_day(value: datetime | None) -> str:
    """The day that a half-open period still covers."""
    return thdate.short(value - timedelta(microseconds=1), language()) if value else "–"


def begins(value: datetime) -> str:
    """When a period begins: the day, or noon of a half day."""
    whole = thdate.local(value).hour == 0
    return thdate.short(value, language()) if whole else when(value)


def until(value: datetime) -> str:
    """When a half-open period ends, in words: midnight is the end of the day before."""
    whole = thdate.local(value).hour == 0
    return thdate.short(value - timedelta(microseconds=1), language()) if whole else when(value)


def long_date(value: date | datetime) -> str:
    return thdate.full(value, language())


def clock(value: datetime) -> str:
    return thdate.clock(value, language())


def when(value: datetime | None) -> str:
    return thdate.when(value, language(), g.now) if value else "–"


def stamp(value: datetime | None, *, seconds: bool = False) -> str:
    return thdate.stamp(value, language(), seconds=seconds) if value else "–"


def moment(value: datetime) -> str:
    """For long histories: day and time to the second, without the year when it is this year's."""
    local = thdate.local(value)
    return f"{thdate.short(value, language(), thdate.local(g.now).date())} {local:%H:%M:%S}"


def subject_name(distinguished: str) -> str:
    """`CN=…,O=…,C=TH` as people read it: the name, then the organisation."""
    parts = dict(part.split("=", 1) for part in distinguished.split(",") if "=" in part)
    return " · ".join(parts[key] for key in ("CN", "O") if key in parts) or distinguished


def file_size(size: int) -> str:
    if size < 1024 * 1024:
        return f"{max(size // 1024, 1):,} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def persons() -> Sequence[PersonRow]:
    """Whom a field for people offers."""
    return people.people(db(), actor().agency_id, page_size=OFFERED).items


def units() -> Sequence[UnitRow]:
    return [unit for unit in people.units(db(), actor().agency_id) if unit.active]


def _context() -> dict[str, Any]:
    return {
        "persons": persons,
        "units": units,
        "asset": asset,
        "language": language(),
        "command_id": new_id,
        "shell": shell_of_request(),
        "words": words,
        "rule_in_words": rule_in_words,
        "finding_in_words": finding_in_words,
        "parts_in_words": parts_in_words,
        "incident_in_words": incident_in_words,
        "label_words": label_words,
        "drawn_at": drawn_at,
        "quoted": quoted,
        "mended_on": lambda problem, draft_id: mended_on(problem, actor(), draft_id),
        "face": face,
        "now": g.get("now"),
        "most_file": MOST,
        "keys_off": request.cookies.get(KEYS_COOKIE) == "off",
    }


def prepare(app: Flask) -> None:
    app.context_processor(_context)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        shortdate=short_date,
        lastday=last_day,
        until=until,
        begins=begins,
        longdate=long_date,
        clock=clock,
        when=when,
        stamp=stamp,
        moment=moment,
        subjectname=subject_name,
        filesize=file_size,
    )
