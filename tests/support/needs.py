"""Parts of other makers that a test needs: where one is missing, CI fails and others skip."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def lacking(what: str) -> NoReturn:
    """End the test, for this reason."""
    if os.environ.get("CI") == "true":
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


def program(name: str, package: str) -> None:
    """Go on only where Debian's `package` has brought the program."""
    if shutil.which(name) is None:
        lacking(f"Expected the program {name}, but {package} is not installed here.")
