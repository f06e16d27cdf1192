"""The office's directory, calendars and forms keep the contracts that the twins keep."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from contract.ports.calendars import WorkingTimeContract
from contract.ports.clearances import ClearancesContract, Cleared
from contract.ports.contents import ContentsContract, Kept
from contract.ports.directory import DirectoryContract, Office
from contract.ports.mandates import Lent, MandatesContract
from sqlalchemy import Engine
from support.cheap import CHEAP
from support.rooms import SINCE, make_bus

from engine.actor import system_actor
from engine.clock import SteppedClock
from engine.db import reading
from engine.ids import new_id
from engine.ports import Calendars, Directory, Forms, WorkingTime
from forms.stored import StoredForms
from office.calendar import commands as calendar
from office.calendar.calendars import StoredCalendars
from office.documents.clearing import StoredClearances
from office.documents.contents import StoredContents
from office.documents.mandates import StoredMandates
from office.notices.postbox import RecordingPostbox
from office.people import commands as people
from office.people import queries
from office.people.directory import StoredDirectory

ORDERED = date(2026, 11, 1)

_FOUNDING: tuple[Any, ...] = (
    people.FoundAgency("contract", "หน่วยงานทดสอบ"),
    people.AddUnit("office", "department", "สำนักงาน"),
    people.AddPosition("head", "หัวหน้า", "office", "head"),
    people.AddPosition("second", "รองหัวหน้า", "office", "deputy", "head"),
    people.AddPosition("desk", "เจ้าหน้าที่", "office", "officer", "head"),
    people.AddPosition("empty", "ตำแหน่งว่าง", "office", "officer", "head"),
    people.AddPerson("boss", "Boss"),
    people.AddPerson("deputy", "Deputy"),
    people.AddPerson("clerk", "Clerk"),
    people.AssignPosition("boss", "head", SINCE),
    people.AssignPosition("deputy", "second", SINCE),
    people.AssignPosition("clerk", "desk", SINCE),
    people.RecordInstrument("delegated", "deputy", "head", "ที่ ๑/๒๕๖๙", ORDERED, ORDERED),
    calendar.AddCalendar("office", "เวลาราชการ"),
)


@pytest.fixture
def agency(db_engine: Engine, clock: SteppedClock) -> UUID:
    bus, agency_id = make_bus(db_engine, clock, RecordingPostbox(), CHEAP), new_id()
    for command in _FOUNDING:
        bus.execute(command, system_actor(agency_id))
    return agency_id


class TestStoredDirectory(DirectoryContract):
    @pytest.fixture
    def office(self, db_engine: Engine, clock: SteppedClock, agency: UUID) -> Iterator[Office]:
        with reading(db_engine) as db:
            yield Office(StoredDirectory(), db, agency, clock.now())


class TestStoredMandates(MandatesContract):
    @pytest.fixture
    def lent(self, db_engine: Engine, clock: SteppedClock, agency: UUID) -> Iterator[Lent]:
        with reading(db_engine) as db:
            who = queries.person(db, agency, "deputy")
            actor = queries.actor_for(db, agency, who.id, clock.now())
            yield Lent(StoredMandates(), db, actor, clock.now())


class TestStoredClearances(ClearancesContract):
    @pytest.fixture
    def asked(self, db_engine: Engine, clock: SteppedClock, agency: UUID) -> Iterator[Cleared]:
        with reading(db_engine) as db:
            who = queries.person(db, agency, "deputy")
            actor = queries.actor_for(db, agency, who.id, clock.now())
            yield Cleared(StoredClearances(), db, actor, clock.now())


class TestStoredContents(ContentsContract):
    @pytest.fixture
    def kept(self, db_engine: Engine, agency: UUID) -> Iterator[Kept]:
        with reading(db_engine) as db:
            yield Kept(StoredContents(), db, agency)


class TestStoredWorkingTime(WorkingTimeContract):
    @pytest.fixture
    def working(self, db_engine: Engine, agency: UUID) -> Iterator[WorkingTime]:
        with reading(db_engine) as db:
            yield StoredCalendars().working_time(db, agency)


def test_the_real_ones_have_the_ports_shapes() -> None:
    """mypy holds these lines to the Protocols."""
    directory: Directory = StoredDirectory()
    calendars: Calendars = StoredCalendars()
    forms: Forms = StoredForms()
    assert all((directory, calendars, forms))
