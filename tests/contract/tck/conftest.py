"""No test of this folder reaches Python from a diagram or expression."""

from support.no_python import no_python  # noqa: F401 - a fixture
