"""A twin of every port: small, exact, without a database. They ship, and they serve the tests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine import jsonio
from engine.actor import Actor, Authority, Principal
from engine.ports import Candidate, CleanForm, FilesOf, FormProblem, KnownFile, WorkingTime

if TYPE_CHECKING:
    from engine.runtime import Bundle


@dataclass(frozen=True, slots=True)
class Seat:
    """A person with the posts they hold, in their own right or `acting` under an instrument."""

    username: str
    posts: tuple[Principal, ...] = ()
    acting: Mapping[Principal, UUID] = field(default_factory=dict)
    #: the position above
    superior: Principal | None = None
    rights: frozenset[str] = frozenset()


class FixedDirectory:
    """The people that it is told; a code is its own name."""

    def __init__(self, *seats: Seat) -> None:
        self._seats = {seat.username: seat for seat in seats}

    def actor(self, agency_id: UUID, username: str) -> Actor:
        """The person as an actor, as the office's people room would resolve them."""
        seat = self._seats[username]
        held = {f"person:{username}": Authority()} | {post: Authority() for post in seat.posts}
        acting = {
            post: Authority(instrument, post)
            for post, instrument in seat.acting.items()
            if post not in held
        }
        return Actor(
            agency_id=agency_id,
            person_id=UUID(int=sum(username.encode())),
            username=username,
            name=username,
            principals=held | acting,
            rights=seat.rights,
        )

    def describe(
        self, db: Connection, agency_id: UUID, principals: Sequence[Principal]
    ) -> Mapping[Principal, Candidate]:
        del db, agency_id
        known = self._known()
        return {p: _candidate(p) for p in principals if p in known}

    def _known(self) -> set[Principal]:
        found = {f"person:{name}" for name in self._seats}
        for seat in self._seats.values():
            found |= {*seat.posts, *seat.acting}
            found |= {seat.superior} if seat.superior else set()
        return found

    def superior(
        self, db: Connection, agency_id: UUID, username: str, at: datetime, level: int = 1
    ) -> Principal | None:
        del db, agency_id, at
        seat = self._seats.get(username)
        found = seat.superior if seat else None
        for _ in range(level - 1):
            held = (one.superior for one in self._seats.values() if found in one.posts)
            found = next(held, None) if found else None
        return found

    def who_can_act(
        self, db: Connection, agency_id: UUID, principals: Sequence[Principal], at: datetime
    ) -> frozenset[str]:
        del db, agency_id, at
        wanted = set(principals)
        return frozenset(
            name
            for name, seat in self._seats.items()
            if wanted & {f"person:{name}", *seat.posts, *seat.acting}
        )


class PlainMandates:
    """What the actor has been lent covers every case."""

    def covering(
        self, db: Connection, actor: Actor, at: datetime, authority: Authority, root_id: UUID
    ) -> Authority | None:
        del db, at, root_id
        return actor.principals.get(authority.on_behalf_of or "")


class PlainModelTests:
    """Files bring no tests along."""

    def judge(self, db: Connection, agency_id: UUID, bundle: Bundle, now: datetime) -> None:
        del db, agency_id, bundle, now


class PlainContents:
    """Cases are about nothing but their variables."""

    def changed(
        self, db: Connection, agency_id: UUID, business_key: str | None, task_id: UUID
    ) -> bool:
        del db, agency_id, business_key, task_id
        return False


class PlainCaseFiles:
    """Nobody hands in files."""

    def known(
        self, db: Connection, agency_id: UUID, username: str, root_id: UUID | None,
        ids: Collection[str],
    ) -> Mapping[str, KnownFile]:  # fmt: skip
        del db, agency_id, username, root_id, ids
        return {}

    def hold(
        self, db: Connection, actor: Actor, root_id: UUID, task_id: UUID | None,
        fields: Mapping[str, Collection[str]], now: datetime,
    ) -> None:  # fmt: skip
        del db, actor, root_id, task_id, fields, now


class PlainClearances:
    """No case is secret."""

    def degree(self, db: Connection, agency_id: UUID, business_key: str | None) -> int:
        del db, agency_id, business_key
        return 1

    def check(self, db: Connection, actor: Actor, business_key: str | None) -> None:
        del db, actor, business_key

    def kept_out(
        self,
        db: Connection,
        agency_id: UUID,
        business_key: str | None,
        usernames: frozenset[str],
        at: datetime,
    ) -> frozenset[str]:
        del db, agency_id, business_key, usernames, at
        return frozenset()


def _candidate(principal: Principal) -> Candidate:
    kind, _, code = principal.partition(":")
    return Candidate(kind, code, code)


@dataclass(frozen=True, slots=True)
class PlainWorkingTime:
    """Monday to Friday, 08:30 to 16:30, without holidays."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Bangkok"))
    opens: time = time(8, 30)
    closes: time = time(16, 30)
    holidays: frozenset[date] = frozenset()

    def add(self, start: datetime, duration: timedelta) -> datetime:
        moment = start.astimezone(self.zone)
        days, rest = divmod(duration, timedelta(days=1))
        for _ in range(days):
            moment = self._next_day(moment, at=moment.time())
        while rest > timedelta(0):
            moment = self._into_hours(moment)
            left = datetime.combine(moment.date(), self.closes, self.zone) - moment
            step = min(rest, left)
            moment, rest = moment + step, rest - step
        return moment.astimezone(UTC)

    def _into_hours(self, moment: datetime) -> datetime:
        """The same moment, or the next at which the office is open."""
        if not self.is_working_day(moment) or moment.time() >= self.closes:
            return self._next_day(moment, at=self.opens)
        return max(moment, datetime.combine(moment.date(), self.opens, self.zone))

    def _next_day(self, moment: datetime, at: time) -> datetime:
        day = moment + timedelta(days=1)
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return datetime.combine(day.date(), at, self.zone)

    def between(self, start: datetime, end: datetime) -> timedelta:
        first, last = start.astimezone(self.zone), end.astimezone(self.zone)
        total, day = timedelta(0), first
        while day.date() <= last.date():
            if self.is_working_day(day):
                opens = datetime.combine(day.date(), self.opens, self.zone)
                closes = datetime.combine(day.date(), self.closes, self.zone)
                total += max(min(closes, last) - max(opens, first), timedelta(0))
            day += timedelta(days=1)
        return total

    def is_working_day(self, day: datetime) -> bool:
        local = day.astimezone(self.zone)
        return local.weekday() < 5 and local.date() not in self.holidays


@dataclass(frozen=True, slots=True)
class PlainCalendars:
    """One working time for every agency."""

    hours: WorkingTime = field(default_factory=PlainWorkingTime)

    def working_time(self, db: Connection, agency_id: UUID) -> WorkingTime:
        del db, agency_id
        return self.hours


@dataclass(slots=True)
class PlainHouseLists:
    """The same lists for every agency; without any, nothing is offered but what cases know."""

    lists: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.lists)

    def read(self, db: Connection, agency_id: UUID, name: str) -> Sequence[Mapping[str, str]]:
        del db, agency_id
        return self.lists[name]


class PermissiveForms:
    """Takes any field of the definition's `fields`; `required` ones must have a value.

    A definition without `fields` takes anything.
    """

    def check(self, name: str, source: bytes) -> Sequence[tuple[str, str, str]]:
        try:
            jsonio.loads(source)
        except ValueError as error:
            return [("", f"Expected JSON in {name}, but {error}.", "Correct the file.")]
        return []

    def clean(
        self,
        source: bytes,
        data: Mapping[str, Any],
        known: Mapping[str, Any],
        now: datetime,
        outcome: str | None = None,
        nameable: Callable[[str], bool] | None = None,
        files: FilesOf | None = None,
    ) -> CleanForm:
        del known, now, outcome, nameable, files
        form = jsonio.loads(source)
        errors = [
            FormProblem(name, f"Expected {name}, but it is missing.")
            for name in form.get("required", [])
            if data.get(name) in (None, "")
        ]
        errors += [
            FormProblem(name, f"Expected a field of the form, but {name} is none.")
            for name in data
            if "fields" in form and name not in form["fields"]
        ]
        return CleanForm(errors=errors) if errors else CleanForm(values=dict(data))

    def keys(self, source: bytes) -> Sequence[str]:
        return tuple(jsonio.loads(source).get("fields", ()))

    def files(self, source: bytes) -> Sequence[str]:
        del source
        return ()

    def reads(self, source: bytes) -> Sequence[str]:
        return tuple(jsonio.loads(source).get("reads", ()))


class SilentBell:
    """Rings nobody: whoever needs the jobs looks for them."""

    def ring(self, job_ids: Sequence[UUID]) -> None:
        del job_ids


@dataclass(slots=True)
class CollectingBell:
    """Keeps what was rung for, in order."""

    rung: list[UUID] = field(default_factory=list)

    def ring(self, job_ids: Sequence[UUID]) -> None:
        self.rung += job_ids


@dataclass(slots=True)
class ImmediateBell:
    """Runs each job at once, in the thread that rings, after the commit that wanted it."""

    run: Callable[[UUID], object] | None = None

    def ring(self, job_ids: Sequence[UUID]) -> None:
        if self.run is not None:
            for job_id in job_ids:
                self.run(job_id)
