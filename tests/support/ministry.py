"""The whole office around one letter: the demo ministry, its keys, the deployed route, a desk.

`Ministry` says in a sentence what people do: `ministry.letter().at("check").by("tuayang")…`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Engine
from support.cheap import CHEAP, WORK
from support.samples import sample

import bpmn
from api.archiving import commands as archiving_commands
from api.archiving import destroying
from api.archiving import listening as archiving_listeners
from api.archiving import working as archiving
from api.shipped import forms
from engine import commands as engine_commands
from engine import jobs
from engine.actor import Actor, system_actor
from engine.bus import Answer, Bus, Services
from engine.clock import SteppedClock
from engine.commands.deployments import Deploy
from engine.commands.tasks import ClaimTask, CompleteTask, OpenTask, ReturnTask
from engine.db import reading
from engine.ids import new_id
from engine.models.history import history_event
from engine.models.instance import process_instance
from engine.models.job import job
from engine.models.task import task
from engine.ports import Action
from engine.twins import CollectingBell
from forms.stored import StoredForms
from office.accounts import commands as account_commands
from office.accounts.settings import AccountSettings
from office.calendar import commands as calendar_commands
from office.calendar.calendars import StoredCalendars
from office.chains import asking as chain_asking
from office.correspondence import actions as correspondence_actions
from office.correspondence import commands as correspondence_commands
from office.correspondence.journal import FileJournal
from office.correspondence.numbers import Registry
from office.demo import commands as demo_commands
from office.demo import install
from office.documents import actions as document_actions
from office.documents import commands as document_commands
from office.documents import listeners as document_listeners
from office.documents.clearing import StoredClearances
from office.documents.codes import with_address
from office.documents.commands import CreateDocument, EnrolKey
from office.documents.contents import StoredContents
from office.documents.lists import StoredHouseLists
from office.documents.mandates import StoredMandates
from office.documents.models import document, endorsement, signature
from office.documents.ports import Desk
from office.documents.printing import pages_in, print_pdf
from office.documents.signing_act import Authorization, Wish, sign
from office.files import commands as file_commands
from office.files.cases import StoredCaseFiles
from office.files.storage import FolderStorage, Storage
from office.modeling.judging import StoredModelTests
from office.notices import commands as notice_commands
from office.people import commands as people_commands
from office.people import queries as people
from office.people.directory import StoredDirectory
from signing import fonts
from signing.authority import Authority, revoke
from signing.errors import TimestampUnavailable
from signing.keys import SoftwareKey
from signing.render import Rendered, Window
from signing.timestamp import Timestamps

AGENCY = "tuayang"
LIBRARY = Path(bpmn.__path__[0])


@lru_cache(maxsize=1)
def typeface() -> fonts.Typeface:
    return fonts.built_in()


class TestPapers:
    """The real press in the built-in typeface."""

    __test__ = False

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def render(self, agency_id: UUID, document: Mapping[str, Any], *, draft: bool = False) -> bytes:
        printed = with_address(document, "https://saraban.example.go.th")
        return print_pdf(self.storage, agency_id, printed, typeface=typeface(), draft=draft)

    def pages_in(self, agency_id: UUID, document: Mapping[str, Any], window: Window) -> Rendered:
        printed = with_address(document, "https://saraban.example.go.th")
        return pages_in(self.storage, agency_id, printed, typeface(), window)

    def typeface(self) -> fonts.Typeface:
        return typeface()


@dataclass
class Codes:
    """Second factors that a test hands out; each counts once."""

    good: set[str] = field(default_factory=set)

    #: what each was said for
    said: list[Mapping[str, Any]] = field(default_factory=list)

    def check_totp(self, actor: Actor, code: str, said: Mapping[str, Any]) -> bool:
        right = code in self.good
        if right:
            self.said.append(said)
        self.good.discard(code)
        return right


@dataclass
class Stamps:
    """A timestamp authority that can be switched off."""

    real: Timestamps
    away: bool = False

    def stamp(self, digest: bytes) -> bytes:
        if self.away:
            raise TimestampUnavailable("nobody answers")
        return self.real.stamp(digest)


@dataclass
class HouseAuthority:
    """The development authority, at the cost that a test can afford."""

    authority: Authority
    folder: Path

    def enrol(self, name: str, pin: str, at: datetime, *, organisation: str) -> SoftwareKey:
        return self.authority.enrol(name, pin, at, organisation=organisation, work=WORK)

    def enrol_seal(self, organisation: str, code: str, secret: str, at: datetime) -> SoftwareKey:
        identifier = f"GO:TH-{code}"
        return self.authority.enrol_seal(organisation, identifier, secret, at, work=WORK)

    def issued(self, certificate: bytes) -> bool:
        return self.authority.issued(certificate)

    def revoke(self, serial: int, since: datetime) -> None:
        self.folder.mkdir(exist_ok=True)
        revoke(self.folder, serial, since)


@dataclass
class Ministry:
    bus: Bus
    agency_id: UUID
    clock: SteppedClock
    bell: CollectingBell
    desk: Desk
    stamps: Stamps
    codes: Codes
    pins: Mapping[str, str]
    home: Path

    # -- what people do --------------------------------------------------------------------------

    def actor(self, username: str, scopes: frozenset[str] | None = None) -> Actor:
        if username == "system":
            return system_actor(self.agency_id)
        with reading(self.bus.engine) as db:
            who = people.person(db, self.agency_id, username)
            return people.actor_for(db, self.agency_id, who.id, self.now, scopes)

    def do(self, command: Any, by: str = "admin", command_id: UUID | None = None) -> Answer:
        return self.bus.execute(command, self.actor(by), command_id)

    def letter(self, name: str = "S01", by: str = "thotsop", **changes: Any) -> Letter:
        answer = self.do(CreateDocument(sample(name, **changes)), by)
        return Letter(self, UUID(answer["id"]), UUID(answer["instance_id"]), answer)

    def work_off(self, rounds: int = 50) -> int:
        """Run the jobs that are due, and those that follow from them."""
        done = 0
        for _ in range(rounds):
            due = [row.id for row in self.rows(job, job.c.state == "waiting") if self._is_due(row)]
            if not due:
                return done
            done += sum(jobs.run_job(self.bus, job_id) for job_id in due)
        raise AssertionError("jobs follow from jobs without end")

    def _is_due(self, row: Any) -> bool:
        return row.due_at is None or row.due_at <= self.now

    def fire_due(self) -> int:
        return jobs.fire_due(self.bus)

    # -- what can be looked at -------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def rows(self, table: sa.Table, *where: Any) -> Sequence[Any]:
        with reading(self.bus.engine) as db:
            return db.execute(sa.select(table).where(*where)).all()

    def query(self, ask: Any, *arguments: Any, by: str = "admin", **named: Any) -> Any:
        """A query of the office, as this person."""
        with reading(self.bus.engine) as db:
            return ask(db, self.actor(by), *arguments, **named)


@dataclass
class Letter:
    """One document on its way."""

    ministry: Ministry
    id: UUID
    instance_id: UUID
    answer: Answer

    def at(self, element: str) -> Step:
        """The live task of this element; of several, the first."""
        waiting = self._live(task.c.element_id == element)
        assert waiting, f"no task {element}; open are {self.open()}: {self.incidents()}"
        return Step(self, waiting[0].id, element)

    def steps(self, element: str) -> list[Step]:
        return [Step(self, row.id, element) for row in self._live(task.c.element_id == element)]

    def open(self) -> list[str]:
        return sorted(row.element_id for row in self._live())

    def _live(self, *where: Any) -> list[Any]:
        mine = (task.c.root_id == self.instance_id, task.c.state.in_(["open", "claimed"]))
        rows = self.ministry.rows(task, *mine, *where)
        return sorted(rows, key=lambda row: str(row.candidates))

    @property
    def row(self) -> Any:
        return self.ministry.rows(document, document.c.id == self.id)[0]

    @property
    def instance(self) -> Any:
        found = self.ministry.rows(process_instance, process_instance.c.id == self.instance_id)
        return found[0]

    @property
    def signatures(self) -> list[Any]:
        return list(self.ministry.rows(signature, signature.c.document_id == self.id))

    @property
    def said(self) -> list[Any]:
        rows = self.ministry.rows(endorsement, endorsement.c.document_id == self.id)
        return sorted(rows, key=lambda row: row.ordinal)

    @property
    def end(self) -> str | None:
        ends = self._events("instance.completed")
        return json.loads(ends[-1].data).get("end_element") if ends else None

    def incidents(self) -> list[str]:
        return [row.data for row in self._events("incident.raised")]

    def flows(self) -> set[str]:
        """Ids of the sequence flows that were taken."""
        steps = (json.loads(row.data)["steps"] for row in self._events("token.moved"))
        return {name for way in steps for kind, name in way if kind == "flow"}

    def _events(self, kind: str) -> Sequence[Any]:
        return self.ministry.rows(
            history_event, history_event.c.root_id == self.instance_id, history_event.c.type == kind
        )

    # -- short ways ------------------------------------------------------------------------------

    def submitted(self, **variables: Any) -> Letter:
        self.at("draft").by(self.row.drafter).complete("submit", **variables)
        return self

    def passed(self, *elements: str) -> Letter:
        for element in elements:
            self.at(element).by(WHO[element]).complete("pass")
        return self

    def on_the_signers_desk(self) -> Letter:
        return self.submitted().passed("proofread", "check", "division_head", "deputy")

    def signed(self, by: str = "somying") -> Letter:
        self.at("sign").by(by).sign()
        self.ministry.work_off()
        return self


#: Who does which step of a letter of the general administration group.
WHO = {
    "draft": "thotsop",
    "proofread": "sommut",
    "check": "tuayang",
    "division_head": "phatsadu",
    "consent": "phatsadu",
    "deputy": "wichan",
}


@dataclass
class Step:
    """One task, done by `who`."""

    letter: Letter
    id: UUID
    element: str
    who: str = ""

    def by(self, who: str) -> Step:
        return Step(self.letter, self.id, self.element, who)

    def _do(self, command: Any) -> Answer:
        return self.letter.ministry.do(command, self.who or WHO[self.element])

    def complete(self, outcome: str, comment: str | None = None, **variables: Any) -> Answer:
        return self._do(CompleteTask(self.id, outcome, variables, comment))

    def send_back(self, to: str, reason: str = "ขอให้แก้ไข", resume: str = "rerun") -> Answer:
        return self._do(ReturnTask(self.id, to, reason, resume))

    def look(self) -> Answer:
        return self._do(OpenTask(self.id))

    def claim(self) -> Answer:
        return self._do(ClaimTask(self.id))

    def sign(
        self,
        pin: str | None = None,
        command_id: UUID | None = None,
        outcome: str | None = None,
        comment: str | None = None,
        authorization: Authorization | None = None,
    ) -> Answer:
        ministry = self.letter.ministry
        who = self.who or "somying"
        proof = authorization or Authorization("pin", pin or ministry.pins[who])
        wish = Wish(self.id, outcome, comment=comment, authorization=proof)
        return sign(ministry.bus, ministry.actor(who), wish, command_id or new_id())


def make_ministry(
    engine: Engine, clock: SteppedClock, home: Path, authority: Authority
) -> Ministry:
    """Everything wired over a database that may be planted already."""
    made: list[Bus] = []
    stamps = Stamps(authority.timestamps(clock.now))
    codes = Codes()
    desk = Desk(
        storage=FolderStorage(home / "files"),
        numbers=Registry(FileJournal(home / "numbers.log")),
        papers=TestPapers(FolderStorage(home / "files")),
        timestamps=stamps,
        statuses=authority.statuses(home / "authority", clock.now),
        issuer=HouseAuthority(authority, home / "authority"),
        trust=authority.anchors,
        factors=codes,
        secret=b"x" * 32,
        withdrawal_forms=forms("withdrawal"),
    )
    bell = CollectingBell()
    services = Services(
        clock=clock,
        directory=StoredDirectory(),
        calendars=StoredCalendars(),
        forms=StoredForms(),
        mandates=StoredMandates(),
        clearances=StoredClearances(),
        contents=StoredContents(),
        files=StoredCaseFiles(),
        lists=StoredHouseLists(),
        model_tests=StoredModelTests(StoredForms(), StoredCalendars(), StoredDirectory()),
        actions={a.name: a for a in _actions(engine, desk, clock, lambda: made[0])},
        extra={
            "desk": desk,
            "accounts": AccountSettings(
                secret=b"x" * 32, public_url="http://127.0.0.1:8000", demo=True, hasher=CHEAP
            ),
        },
    )
    rooms = (
        engine_commands,
        people_commands,
        account_commands,
        calendar_commands,
        demo_commands,
        document_commands,
        file_commands,
        correspondence_commands,
        notice_commands,
        archiving_commands,
    )
    handlers = {kind: handler for room in rooms for kind, handler in room.HANDLERS.items()}
    heard = dict(document_listeners.LISTENERS)
    for event, listeners in archiving_listeners.LISTENERS.items():
        heard[event] = (*heard.get(event, ()), *listeners)
    made.append(Bus(engine, services, bell, handlers, heard))
    agency_id = _planted(engine) or install.plant(made[0])[AGENCY]
    pins = {one.username: one.pin for one in install.people() if one.pin and one.agency == AGENCY}
    return Ministry(made[0], agency_id, clock, bell, desk, stamps, codes, pins, home)


def _planted(engine: Engine) -> UUID | None:
    with reading(engine) as db:
        found = people.agency_by_code(db, AGENCY)
    return None if found is None else found.id


def _actions(
    engine: Engine, desk: Desk, clock: SteppedClock, bus: Callable[[], Bus]
) -> list[Action]:
    numbers = cast(Registry, desk.numbers)
    return [
        *jobs.actions(),
        *document_actions.actions(engine, desk, clock),
        *correspondence_actions.actions(engine),
        *chain_asking.actions(engine, clock),
        *archiving.actions(engine, desk.storage, numbers, bus),
        *destroying.actions(engine, bus),
    ]


def furnish(ministry: Ministry, authority: Authority, *signers: str) -> None:
    """Keys for the signers, and the route."""
    for username in signers:
        key = authority.enrol(username, ministry.pins[username], ministry.now, work=WORK)
        ministry.do(EnrolKey(username, key), "system")
    for room in ("destruction", "drafting", "meetings", "withdrawal"):
        route = LIBRARY / room
        files = {file.name: file.read_bytes() for file in sorted(route.iterdir()) if file.is_file()}
        ministry.do(Deploy(files, room), "admin")
