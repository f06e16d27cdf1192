"""Every page of administrators: importing them registers their views."""

from api.pages.admin import (
    acting,
    committees,
    index,
    leaves,
    persons,
    positions,
    roles,
    units,
)

__all__ = ["acting", "committees", "index", "leaves", "persons", "positions", "roles", "units"]
