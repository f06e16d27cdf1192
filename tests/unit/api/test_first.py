"""api.first: an installation without demo data gets an agency that works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api import first
from api.bootstrap import System, build
from api.settings import Settings
from engine.db import reading
from engine.errors import Conflict, Invalid, NotFound
from engine.queries import definitions
from office.calendar.models import calendar_day

PASSWORD = "a long and plain phrase"


@pytest.fixture
def system(sqlite_engine: Engine, tmp_path: Path) -> Iterator[System]:
    url = sqlite_engine.url.render_as_string(hide_password=False)
    environ = {"SARABAN_HOME": str(tmp_path / "home"), "SARABAN_DATABASE_URL": url}
    made = build(Settings.from_env(environ), bell=False)
    yield made
    made.close()


def test_the_administrator_holds_every_right_and_the_calendar_knows_holidays(
    system: System,
) -> None:
    agency = first.make_agency(system, "culture", "กระทรวงวัฒนธรรม", "anong", PASSWORD)
    assert first.actor_named(system, "anong", None).may("deploy")
    with reading(system.engine) as db:
        days = db.execute(calendar_day.select().where(calendar_day.c.agency_id == agency)).all()
    assert len(days) > 3 * 10


def test_a_second_agency_of_the_same_code_is_refused(system: System) -> None:
    first.make_agency(system, "culture", "กระทรวงวัฒนธรรม", "anong", PASSWORD)
    with pytest.raises(Conflict):
        first.make_agency(system, "culture", "อีกแห่ง", "malee", PASSWORD)


def test_a_weak_or_demo_password_founds_nothing(system: System) -> None:
    for password in ("short", "somchai-demo-2569"):
        with pytest.raises(Invalid):
            first.make_agency(system, "culture", "กระทรวงวัฒนธรรม", "anong", password)
    with pytest.raises(NotFound):
        first.actor_named(system, "anong", None)


def test_the_library_is_deployed_once(system: System) -> None:
    agency = first.make_agency(system, "culture", "กระทรวงวัฒนธรรม", "anong", PASSWORD)
    first.deploy_library(system, agency)
    first.deploy_library(system, agency)
    with reading(system.engine) as db:
        rows = definitions.latest(db, agency)
    assert {(row.key, row.version) for row in rows} == {
        ("official-letter", 1),
        ("meeting-minutes", 1),
        ("document-withdrawal", 1),
        ("records-destruction", 1),
    }
