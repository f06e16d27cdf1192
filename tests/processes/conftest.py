"""The ministry for every process that it runs; no diagram reaches Python."""

from support.no_python import no_python  # noqa: F401 - a fixture
from support.planted import (  # noqa: F401 - fixtures
    authority,
    either_ministry,
    ministry,
    planted_postgres,
    planted_sqlite,
    postgres_ministry,
)
