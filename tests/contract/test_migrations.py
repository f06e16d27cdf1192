"""The migrations make exactly the models' tables, on both databases, and unmake them again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine
from support import postgres
from support.builders import ROUTE, make_works

from api import migrations
from engine.clock import SteppedClock
from engine.db import make_engine, reading
from engine.queries import instances


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        made = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
        yield made
        made.dispose()
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    url = server.create()
    made = make_engine(url)
    yield made
    made.dispose()
    server.drop(url)


def _differences(database: Engine) -> list[object]:
    with database.connect() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        return list(compare_metadata(context, migrations.all_tables()))


def test_migrated_tables_equal_the_models(empty: Engine) -> None:
    migrations.upgrade(empty)
    assert migrations.present(empty) == migrations.newest()
    assert _differences(empty) == []


def test_no_statement_of_a_migration_is_cut_short(postgres_server: postgres.Server) -> None:
    """A page's statement may take 30 seconds; an index of a large house takes longer."""
    url = postgres_server.create()
    made = make_engine(url)
    migrations.upgrade(made, "0049")
    limits: list[str] = []

    def note(conn, _cursor, statement, *_more):  # type: ignore[no-untyped-def]
        if statement.startswith(("CREATE", "ALTER", "UPDATE")):
            asked = conn.connection.cursor()
            asked.execute("SHOW statement_timeout")
            limits.append(asked.fetchone()[0])

    sa.event.listen(made, "before_cursor_execute", note)
    migrations.upgrade(made)
    assert set(limits) == {"0"}
    with made.connect() as db:
        assert db.exec_driver_sql("SHOW statement_timeout").scalar_one() == "30s"
    made.dispose()
    postgres_server.drop(url)


def test_every_migration_can_be_undone(empty: Engine) -> None:
    migrations.upgrade(empty)
    migrations.downgrade(empty)
    assert set(sa.inspect(empty).get_table_names()) <= {"alembic_version"}
    migrations.upgrade(empty)
    assert _differences(empty) == []


_FENCED = sa.text(
    "SELECT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid"
    " WHERE relrowsecurity AND relforcerowsecurity AND polname = 'one_agency' AND polcmd = '*'"
)


@pytest.mark.parametrize("empty", ["postgresql"], indirect=True)
def test_every_table_of_an_agency_is_fenced(empty: Engine) -> None:
    """A new one forgot `api.migrations.fencing.raise_fences` in its migration."""
    tables = migrations.all_tables().tables.values()
    migrations.upgrade(empty)
    with empty.connect() as db:
        fenced = set(db.scalars(_FENCED))
    assert fenced == {table.name for table in tables if "agency_id" in table.c}
    migrations.downgrade(empty, "0010")
    with empty.connect() as db:
        assert set(db.scalars(_FENCED)) == set()


@pytest.mark.parametrize("empty", ["postgresql"], indirect=True)
def test_grants_of_the_seal_by_key_become_those_of_versions(empty: Engine) -> None:
    """What was published by then may go on: an update takes the seal from nobody."""
    migrations.upgrade(empty, "0029")
    tables, ids = migrations.all_tables().tables, [UUID(int=n) for n in range(1, 5)]
    now = datetime(2026, 11, 30, tzinfo=UTC)
    house = {"id": ids[0], "code": "a", "name": "a", "created_at": now}
    deployment = {
        "id": ids[1], "agency_id": ids[0], "name": "", "bundle_sha": "", "pins": {},
        "deployed_by": "", "deployed_at": now,
    }  # fmt: skip
    version = {
        "agency_id": ids[0], "deployment_id": ids[1], "key": "letter", "name": "", "bundle_sha": "",
        "file_name": "", "startable": True, "created_at": now,
    }  # fmt: skip
    with empty.begin() as db:
        db.execute(sa.insert(tables["agency"]), {**house, "policy": {"x": "ก", "seal": ["letter"]}})
        db.execute(sa.insert(tables["deployment"]), deployment)
        for n in (1, 2):
            row = {**version, "id": ids[n + 1], "version": n}
            db.execute(sa.insert(tables["process_definition"]), row)
    policy = sa.select(tables["agency"].c.policy)
    migrations.upgrade(empty)
    with empty.connect() as db:
        wanted = {"x": "ก", "seal": {"letter": [str(ids[2]), str(ids[3])]}}
        assert db.scalar(policy) == wanted
    migrations.downgrade(empty, "0029")
    with empty.connect() as db:
        assert db.scalar(policy) == {"x": "ก", "seal": ["letter"]}


def test_history_of_before_is_read_and_chained_on(empty: Engine) -> None:
    """What names its root in each event, as 0034 wrote it, and what does not are one chain."""
    migrations.upgrade(empty)
    works = make_works(empty, SteppedClock(datetime(2026, 11, 30, tzinfo=UTC)))
    ended, open_ = works.deploy(ROUTE).start(), works.start()
    for step in ("draft", "review"):
        ended.task(step).complete()
    told = ended.history
    migrations.downgrade(empty, "0034")
    assert {row.instance_id for row in ended.events} == {ended.id}
    assert {row.instance_id for row in open_.events} == {open_.id}
    migrations.upgrade(empty)
    assert (ended.history, works.findings()) == (told, [])
    open_.task("draft").complete()
    assert {row.instance_id for row in open_.events} == {open_.id, None}
    assert works.findings() == []
    with reading(empty) as db:
        events = instances.history(db, works.actor("admin"), open_.id)
        way = instances.progress(db, works.actor("admin"), open_.id)
    assert {event.instance_id for event in events} == {str(open_.id)}
    states = {element.element_id: element.state for element in way.elements}
    assert states == {"start": "completed", "draft": "completed", "review": "active"}
