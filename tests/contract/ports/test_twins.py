"""The twins keep the contracts of their ports; the real ones are tested with the same classes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from contract.ports.calendars import WorkingTimeContract
from contract.ports.clearances import ClearancesContract, Cleared
from contract.ports.contents import ContentsContract, Kept
from contract.ports.directory import DirectoryContract, Office
from contract.ports.mandates import Lent, MandatesContract

from engine.actor import Authority
from engine.ports import Forms, WorkingTime
from engine.twins import (
    CollectingBell,
    FixedDirectory,
    ImmediateBell,
    PermissiveForms,
    PlainCalendars,
    PlainClearances,
    PlainContents,
    PlainMandates,
    PlainWorkingTime,
    Seat,
    SilentBell,
)

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
NO_DATABASE: Any = None
INSTRUMENT = UUID(int=9)
SEATS = (
    Seat("boss", ("position:head",)),
    Seat("deputy", ("unit:desk",), acting={"position:head": INSTRUMENT}),
    Seat("clerk", ("unit:desk",), superior="position:head"),
)


class TestFixedDirectory(DirectoryContract):
    @pytest.fixture
    def office(self) -> Office:
        return Office(FixedDirectory(*SEATS), NO_DATABASE, UUID(int=1), NOW)

    def test_an_actor_has_what_the_seat_holds(self) -> None:
        actor = FixedDirectory(*SEATS).actor(UUID(int=1), "deputy")
        assert actor.principals == {
            "person:deputy": Authority(),
            "unit:desk": Authority(),
            "position:head": Authority(INSTRUMENT, "position:head"),
        }


class TestPlainMandates(MandatesContract):
    @pytest.fixture
    def lent(self) -> Lent:
        actor = FixedDirectory(*SEATS).actor(UUID(int=1), "deputy")
        return Lent(PlainMandates(), NO_DATABASE, actor, NOW)


class TestPlainClearances(ClearancesContract):
    @pytest.fixture
    def asked(self) -> Cleared:
        actor = FixedDirectory(*SEATS).actor(UUID(int=1), "deputy")
        return Cleared(PlainClearances(), NO_DATABASE, actor, NOW)


class TestPlainContents(ContentsContract):
    @pytest.fixture
    def kept(self) -> Kept:
        return Kept(PlainContents(), NO_DATABASE, UUID(int=1))


class TestPlainWorkingTime(WorkingTimeContract):
    @pytest.fixture
    def working(self) -> WorkingTime:
        return PlainCalendars().working_time(NO_DATABASE, UUID(int=1))

    def test_a_holiday_is_passed_over(self) -> None:
        from contract.ports.calendars import at

        closed = PlainWorkingTime(holidays=frozenset({at(23, "00:00").date()}))
        assert not closed.is_working_day(at(23, "12:00"))
        assert closed.between(at(22, "09:00"), at(24, "09:30")).total_seconds() == 3600


def test_permissive_forms_take_their_fields() -> None:
    forms: Forms = PermissiveForms()
    form = b'{"fields": ["a", "b"], "required": ["a"]}'
    assert forms.clean(form, {"a": 1}, {}, NOW).values == {"a": 1}
    assert [e.path for e in forms.clean(form, {"b": 1}, {}, NOW).errors] == ["a"]
    assert [e.path for e in forms.clean(form, {"a": 1, "c": 2}, {}, NOW).errors] == ["c"]
    assert forms.clean(b"{}", {"anything": 1}, {}, NOW).values == {"anything": 1}
    assert (forms.keys(form), forms.check("f", form)) == (("a", "b"), [])
    assert (forms.reads(form), forms.reads(b'{"reads": ["c"]}')) == ((), ("c",))
    assert len(forms.check("f", b"{")) == 1


def test_bells_ring_as_their_names_say() -> None:
    ids, heard = [UUID(int=1), UUID(int=2)], []
    collecting, immediate = CollectingBell(), ImmediateBell(heard.append)
    for bell in (SilentBell(), collecting, immediate, ImmediateBell()):
        bell.ring(ids)
    assert collecting.rung == heard == ids
