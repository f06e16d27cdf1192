"""Passwords and PINs at the least cost that their formats know: nobody guesses at a test's.

What they cost in the product is held by `tests/unit/office/test_cost_of_guessing.py`; processes
that tests start are the product, and pay it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher, Type

#: The cheapest argon2id there is.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.ID)
#: One pass of scrypt over 16 KB instead of four over 16 MB.
WORK, COST = 1, 2**4


@pytest.fixture(scope="session", autouse=True)
def cheap_secrets() -> Iterator[None]:
    """For every system that is built in this process. Named, for a conftest imports no room."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("office.accounts.settings.PasswordHasher", lambda **_: CHEAP)
        patch.setattr("signing.keys.WORK", WORK)
        patch.setattr("signing.keys.COST", COST)
        yield
