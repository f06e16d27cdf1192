"""The directory of people: the office's tables and the twin answer alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection
from support.cheap import CHEAP
from support.rooms import SINCE, Rooms, make_bus

from engine.clock import SteppedClock
from engine.db import reading
from engine.ports import Candidate, Directory
from engine.twins import FixedDirectory, Seat
from office.notices.postbox import RecordingPostbox
from office.people import commands as people
from office.people.directory import StoredDirectory

#: ying is the chief, rong her deputy who also acts for her, noi the clerk.
SEATS = (
    Seat("ying", ("position:chief", "unit:office")),
    Seat("rong", ("position:deputy", "unit:office"), {"position:chief": UUID(int=1)},
         superior="position:chief"),
    Seat("noi", ("position:clerk", "unit:records", "role:registrar"),
         superior="position:deputy"),
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A directory in which the story above is true, and what to ask it with."""

    directory: Directory
    db: Connection
    agency_id: UUID
    at: Any

    def able(self, *principals: str) -> frozenset[str]:
        return self.directory.who_can_act(self.db, self.agency_id, principals, self.at)


@pytest.fixture(params=["twin", "stored"])
def case(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path, clock: SteppedClock
) -> Any:
    from support.database import sqlite_clone

    with sqlite_clone(sqlite_template, tmp_path / "saraban.db") as engine:
        make: Callable[..., Case] = _stored if request.param == "stored" else _twin
        with reading(engine) as db:
            yield make(engine, db, clock)


def _twin(_engine: Any, db: Connection, clock: SteppedClock) -> Case:
    return Case(FixedDirectory(*SEATS), db, UUID(int=1), clock.now())


def _stored(engine: Any, db: Connection, clock: SteppedClock) -> Case:
    rooms = Rooms.founded(make_bus(engine, clock, RecordingPostbox(), CHEAP), "office")
    rooms.do(people.AddRole("registrar", "นายทะเบียน"))
    rooms.do(people.GrantRole("noi", "registrar", SINCE))
    order = date(2026, 1, 1)
    rooms.do(people.RecordInstrument("delegated", "rong", "chief", "ที่ ๑/๒๕๖๙", order, order))
    return Case(StoredDirectory(), db, rooms.agency_id, clock.now())


def test_who_can_act(case: Case) -> None:
    assert case.able("position:clerk") == {"noi"}
    assert case.able("position:chief") == {"ying", "rong"}
    assert case.able("person:noi", "position:deputy") == {"noi", "rong"}
    assert case.able("role:registrar") == case.able("unit:records") == {"noi"}
    assert case.able("unit:office") == {"ying", "rong"}


def test_what_nobody_holds_brings_nobody(case: Case) -> None:
    assert case.able() == case.able("position:emperor", "planet:mars", "nonsense") == frozenset()


def test_superiors(case: Case) -> None:
    ask = case.directory.superior
    assert ask(case.db, case.agency_id, "noi", case.at) == "position:deputy"
    assert ask(case.db, case.agency_id, "rong", case.at) == "position:chief"
    assert ask(case.db, case.agency_id, "ying", case.at) is None
    assert ask(case.db, case.agency_id, "nobody", case.at) is None
    assert ask(case.db, case.agency_id, "noi", case.at, 2) == "position:chief"
    assert ask(case.db, case.agency_id, "noi", case.at, 3) is None


def test_describing_leaves_out_what_is_unknown(case: Case) -> None:
    found = case.directory.describe(
        case.db, case.agency_id, ["position:clerk", "person:noi", "position:emperor", "x"]
    )
    assert found.keys() == {"position:clerk", "person:noi"}
    clerk = found["position:clerk"]
    assert isinstance(clerk, Candidate)
    assert (clerk.kind, clerk.id, clerk.principal) == ("position", "clerk", "position:clerk")
