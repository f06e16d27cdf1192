"""Every page of administrators: importing them registers their views."""

from api.pages.admin import committees, index, persons, positions, roles, units

__all__ = ["committees", "index", "persons", "positions", "roles", "units"]
