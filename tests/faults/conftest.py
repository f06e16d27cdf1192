"""The ministry for drills that need letters."""

from support.planted import (  # noqa: F401 - fixtures
    authority,
    either_ministry,
    ministry,
    planted_postgres,
    planted_sqlite,
    postgres_ministry,
)
