"""The house that the load comes upon: the demo ministry, a crowd of people, and their tasks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from api import demo, migrations
from api.bootstrap import opened
from api.settings import Settings
from bench.soak import cases, people
from bench.soak.cases import Planted
from engine.db import make_engine, reading
from office.people import queries

AGENCY = "tuayang"
#: whoever signs, and everybody who takes part in a letter
OFFICIALS = ("thotsop", "sommut", "tuayang", "phatsadu", "wichan", "somying")


@dataclass(frozen=True, slots=True)
class House:
    home: Path
    url: str
    people: int
    waiting: list[Planted]
    tokens: dict[str, str]
    took: float

    @property
    def environ(self) -> dict[str, str]:
        return {"SARABAN_HOME": str(self.home), "SARABAN_DATABASE_URL": self.url,
                "SARABAN_DEMO": "1"}  # fmt: skip


def build(home: Path, url: str, crowd: int, tasks: int) -> House:
    """A database with everything in it; the programs are not started yet."""
    began = perf_counter()
    settings = Settings.from_env({"SARABAN_HOME": str(home), "SARABAN_DATABASE_URL": url,
                                  "SARABAN_DEMO": "1"})  # fmt: skip
    database = make_engine(url)
    migrations.upgrade(database)
    with opened(settings, bell=False) as system:
        demo.install(system)
        with reading(system.engine) as db:
            found = queries.agency_by_code(db, AGENCY)
        assert found is not None
        people.plant(database, found.id, crowd)
        waiting = cases.plant(system, found.id, tasks, crowd)
        from api import first

        tokens = {name: first.issue_token(system, name, AGENCY, 30, ()) for name in OFFICIALS}
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.exec_driver_sql("SET statement_timeout = 0")
        db.exec_driver_sql("VACUUM ANALYZE")
        db.exec_driver_sql("CHECKPOINT")
        db.invalidate()
    database.dispose()
    return House(home, url, crowd, waiting, tokens, perf_counter() - began)
