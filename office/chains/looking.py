"""The organisation as it is at one moment, as a trial asks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.actor import Principal
from engine.errors import FieldError, Invalid
from engine.ports import Calendars, Directory, Forms
from engine.queries import definitions
from office.accounts import queries as accounts
from office.chains import rules
from office.chains.answers import asked_about
from office.chains.asking import Finder
from office.chains.compose.forms import appointment, asking
from office.chains.errors import NotComposable
from office.chains.model import LETTER, Chain, Span, Who, called
from office.chains.reading import read
from office.chains.trying import Called, Met, Trial
from office.documents.rules import OPEN_TO_RIGHTS
from office.documents.thai import BANGKOK
from office.people import queries as people
from office.people.queries import InstrumentRow, Standing
from office.people.rules import strength


@dataclass
class StoredLook:
    """Satisfies `trying.Look` and `staffing.Roster` from the office's tables."""

    db: Connection
    agency_id: UUID
    at: datetime
    directory: Directory
    calendars: Calendars

    def superior(self, username: str, level: int) -> Principal | None:
        return self.directory.superior(self.db, self.agency_id, username, self.at, level)

    def found(self, who: Who, starter: str) -> Sequence[Principal]:
        return self._finder.find(who.kind, who.values, who.rank, starter)

    def others(self, principals: Sequence[Principal]) -> Sequence[Principal]:
        return self._finder.others(principals)

    def heads(self, unit: Principal) -> Sequence[Principal]:
        return self._finder.heads([unit])

    def provable(self, usernames: Sequence[str]) -> frozenset[str]:
        return accounts.with_factor(self.db, self.agency_id, usernames)

    def starters(self, process: str) -> Sequence[Principal]:
        return people.starters(self.db, self.agency_id, process)

    def standings(self, principals: Sequence[Principal]) -> Mapping[Principal, Standing]:
        return people.standings(self.db, self.agency_id, principals, self.at, self.directory)

    def able(self, principals: Sequence[Principal]) -> frozenset[str]:
        return self.directory.who_can_act(self.db, self.agency_id, principals, self.at)

    def cleared(self, usernames: Sequence[str], secrecy: int) -> frozenset[str]:
        levels = people.levels_of(self.db, self.agency_id, usernames, self.at)
        return frozenset(name for name in usernames if levels.get(name, 1) >= secrecy)

    def away(self) -> Mapping[str, date]:
        """Who is on leave, and the last day of it, leaves that follow at once counted in."""
        return self._away

    def acting(self, username: str) -> Sequence[str]:
        """Who acts now for a post that this person holds."""
        held = people.posts(self.db, self.agency_id, [username], self.at)[username]
        return sorted(self.lent([f"position:{one.code}" for one in held]))

    def lent(self, principals: Sequence[Principal]) -> Mapping[str, str]:
        """Who acts for one of these posts now, and in which way; full powers win."""
        found = [one for one in self._orders if f"position:{one.position_code}" in principals]
        found.sort(key=lambda one: strength(one.mode), reverse=True)
        return {one.username: one.mode for one in found}

    def later(self, start: datetime, span: Span) -> datetime:
        """As a deadline is counted."""
        length = timedelta(**{span.unit: span.amount})
        if not span.working:
            return start + length
        return self.calendars.working_time(self.db, self.agency_id).add(start, length)

    def called(self, process: str) -> Called | None:
        """The newest version of a published process."""
        found = definitions.latest(self.db, self.agency_id, process)
        if not found:
            return None
        newest, name = found[0], found[0].name or process
        try:
            chain = read(definitions.files(self.db, self.agency_id, UUID(newest.id)), process)
        except NotComposable as refused:
            return Called(name, None, refused.name or refused.element)
        return Called(name, chain)

    def day(self, moment: datetime) -> date:
        return moment.astimezone(BANGKOK).date()

    @cached_property
    def _finder(self) -> Finder:
        return Finder(self.db, self.agency_id, self.at, self.directory)

    @cached_property
    def _orders(self) -> list[InstrumentRow]:
        found = people.instruments(self.db, self.agency_id, self.at)
        return [one for one in found if one.in_force]

    @cached_property
    def _away(self) -> Mapping[str, date]:
        ends: dict[str, datetime] = {}
        for one in people.leaves(self.db, self.agency_id, self.at):  # by their beginning
            if one.cancelled_at is None and one.starts_at <= ends.get(one.username, self.at):
                ends[one.username] = one.ends_at
        return {name: self.day(end - timedelta(microseconds=1)) for name, end in ends.items()}


def start_form(chain: Chain, *, english: bool = False) -> bytes | None:
    """What a trial asks for: the form that starts a case, or a letter's facts as far as known; and
    whom people choose and what they answer on the way, as far as the case comes there.
    """
    facts = chain.fields
    if chain.letter:
        facts = tuple(
            replace(field, label=called(field, english=english), required=False) for field in LETTER
        )
    named = (appointment(one, english=english, required=False) for one in chain.appointed())
    fields, answers = (*facts, *named), asked_about(chain)
    if not fields and not answers:
        return None
    return asking(chain.start_form, fields, answers, english=english)


def check_cards(chain: Chain) -> None:
    """Invalid, by card or field with the fault's code, where something keeps it from running."""
    found = rules.faults(chain)
    if found:
        errors = [FieldError(one.step or one.field, one.code, one.code) for one in found]
        raise Invalid("Expected cards without faults; mend them first.", errors)


def tried(
    look: StoredLook,
    forms: Forms,
    chain: Chain,
    starter: str,
    values: Mapping[str, Any],
    secrecy: int = OPEN_TO_RIGHTS,
) -> list[Met]:
    """The way of a case that is never started. Invalid: faults, values that the form refuses, or a
    degree of secrecy where there is no letter.
    """
    check_cards(chain)
    if secrecy > OPEN_TO_RIGHTS and not chain.letter:
        message = "Expected a degree of secrecy for a letter's route alone, but this is none."
        raise Invalid(message, [FieldError("secrecy", message, "no_letter")])
    source = start_form(chain)
    clean = forms.clean(source, values, {}, look.at) if source else None
    if clean is not None and clean.errors:
        errors = [FieldError(one.path, one.message) for one in clean.errors]
        raise Invalid("Expected values that the form takes, but some are wrong.", errors)
    known = dict(values) if clean is None else clean.values
    return Trial(chain, starter, known, look.at, look, secrecy).way()
