"""Migrations that are killed anywhere leave a revision whole, and are taken up again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from support.backups import Fresh, fresh_databases

from api import migrations
from engine.db import metadata

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.faults


@pytest.fixture
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fresh]:
    with fresh_databases(request.getfixturevalue("postgres_server"), tmp_path) as made:
        yield made


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_a_migration_killed_half_way_is_taken_up_again(dialect: str, fresh: Fresh) -> None:
    engine = fresh(dialect)
    url = engine.url.render_as_string(hide_password=False)
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    for last in (30, 60):
        done = subprocess.run(
            [sys.executable, "-m", "support.migrating", url, str(last)],
            env=os.environ | {"PYTHONPATH": path},
            capture_output=True,
            timeout=120,
        )
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]
        assert migrations.present(engine) != migrations.newest()
    migrations.upgrade(engine)
    assert migrations.present(engine) == migrations.newest()
    assert set(metadata.tables) <= set(sa.inspect(engine).get_table_names())
