"""The agency's own administration: its units, posts, committees, roles, people and their history.

Everything here has its twin under /api/v1; both carry out the same commands.
"""

from api.pages.admin import committees, index, positions, roles, units

__all__ = ["committees", "index", "positions", "roles", "units"]
