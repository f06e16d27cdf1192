"""Every page of administrators: importing them registers their views."""

from api.pages.admin import (
    acting,
    archive,
    calendars,
    committees,
    greetings,
    index,
    leaves,
    numbering,
    permissions,
    persons,
    positions,
    roles,
    sign_in,
    transfer,
    trust,
    units,
)

__all__ = [
    "acting",
    "archive",
    "calendars",
    "committees",
    "greetings",
    "index",
    "leaves",
    "numbering",
    "permissions",
    "persons",
    "positions",
    "roles",
    "sign_in",
    "transfer",
    "trust",
    "units",
]
