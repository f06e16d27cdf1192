"""One signed letter's evidence, made once: its bytes are for every test to damage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support import database
from support.evidence import enclose, made_of
from support.ministry import make_ministry
from support.planted import (  # noqa: F401 - fixtures
    MONDAY,
    authority,
    either_ministry,
    ministry,
    planted_postgres,
    planted_sqlite,
    postgres_ministry,
)

from api.evidence import Report, examine
from engine.clock import SteppedClock
from signing.authority import Authority

Judge = Callable[..., Report]


@pytest.fixture(scope="session")
def proof(
    planted_sqlite: Path,  # noqa: F811 - the fixture
    tmp_path_factory: pytest.TempPathFactory,
    authority: Authority,  # noqa: F811 - the fixture
) -> bytes:
    """A letter with an enclosed file that was sent back once, then signed and sent."""
    home = tmp_path_factory.mktemp("proof")
    with database.sqlite_clone(planted_sqlite, home / "saraban.db") as made:
        office = make_ministry(made, SteppedClock(MONDAY), home, authority)
        letter = office.letter()
        enclose(office, letter.id)
        letter.submitted()
        letter.at("proofread").by("sommut").send_back("draft")
        letter.on_the_signers_desk().signed()
        return made_of(office, letter.instance_id)[0]


@pytest.fixture(scope="session")
def judge(
    tmp_path_factory: pytest.TempPathFactory,
    authority: Authority,  # noqa: F811 - the fixture
) -> Judge:
    file = tmp_path_factory.mktemp("judged") / "case.zip"

    def judged(data: bytes, trust: Any = None, **more: Any) -> Report:
        file.write_bytes(data)
        return examine(file, authority.anchors if trust is None else trust, MONDAY, **more)

    return judged
