"""The only wiring: settings in, a whole system out. Every room is named here, once."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import cast
from uuid import UUID

from redis.exceptions import RedisError
from sqlalchemy import Engine

import engine as engine_room
import forms as forms_room
import office as office_room
import signing as signing_room
from api import calling_out, fence, trust
from api.archiving import commands as archiving_commands
from api.archiving import destroying
from api.archiving import listening as archiving_listeners
from api.archiving import working as archiving
from api.auth.oidc.flow import SEALED as SEALED_PROVIDERS
from api.backup import quarantine
from api.bell import COURTESY, RqBell, SilentBell, connect
from api.desk import make_desk, make_storage
from api.presence import Presence
from api.settings import BadSettings, Settings
from engine import commands as engine_commands
from engine import jobs, silence
from engine.bus import Bus, Handler, Services
from engine.clock import Clock, SystemClock
from engine.db import make_engine, reading
from engine.ports import Action, Bell, Listener
from engine.queries.epochs import in_quarantine
from forms.stored import StoredForms
from office.accounts import actions as account_actions
from office.accounts import commands as account_commands
from office.accounts import listeners as account_listeners
from office.accounts import upkeep as account_upkeep
from office.accounts.factors import SEALED as SEALED_FACTORS
from office.accounts.settings import AccountSettings
from office.calendar import commands as calendar_commands
from office.calendar.calendars import StoredCalendars
from office.chains import asking as chain_asking
from office.chains import commands as chain_commands
from office.chains import listeners as chain_listeners
from office.connectors import actions as connector_actions
from office.connectors import commands as connector_commands
from office.connectors.settings import SEALED as SEALED_CONNECTORS
from office.connectors.settings import ConnectorSettings
from office.correspondence import actions as correspondence_actions
from office.correspondence import commands as correspondence_commands
from office.correspondence.numbers import Registry
from office.demo import commands as demo_commands
from office.documents import actions as document_actions
from office.documents import commands as document_commands
from office.documents import listeners as document_listeners
from office.documents import upkeep as document_upkeep
from office.documents.clearing import StoredClearances
from office.documents.contents import StoredContents
from office.documents.lists import StoredHouseLists
from office.documents.mandates import StoredMandates
from office.documents.ports import Desk
from office.documents.seals import SEALED as SEALED_SEALS
from office.files import commands as file_commands
from office.files import upkeep as file_upkeep
from office.files.cases import StoredCaseFiles
from office.files.collect import collect
from office.files.storage import Storage
from office.modeling import commands as modeling_commands
from office.modeling import listeners as modeling_listeners
from office.modeling.judging import StoredModelTests
from office.notices import actions as notice_actions
from office.notices import commands as notice_commands
from office.notices import listeners as notice_listeners
from office.notices.actions import MailSettings
from office.notices.postbox import FolderPostbox, Postbox, SmtpPostbox
from office.people import actions as people_actions
from office.people import commands as people_commands
from office.people import listeners as people_listeners
from office.people.commands.persons import ChooseLanguage
from office.people.directory import StoredDirectory
from office.workload import commands as workload_commands

COMMANDS = (
    engine_commands,
    people_commands,
    account_commands,
    calendar_commands,
    chain_commands,
    modeling_commands,
    document_commands,
    file_commands,
    correspondence_commands,
    notice_commands,
    connector_commands,
    workload_commands,
    demo_commands,
    archiving_commands,
    quarantine,
)
#: What is kept sealed under the installation's secret, of all rooms.
SEALED = (*SEALED_FACTORS, *SEALED_PROVIDERS, *SEALED_CONNECTORS, *SEALED_SEALS)
#: Rooms in which one changes only what is one's own, unless one has a right over others.
OWN_AFFAIRS = (account_commands, notice_commands)
LISTENERS = (
    document_listeners,
    notice_listeners,
    modeling_listeners,
    chain_listeners,
    archiving_listeners,
    account_listeners,
    people_listeners,
)


@dataclass(slots=True)
class System:
    """A running product: what pages, REST, the worker, the clock and the command line share."""

    settings: Settings
    bus: Bus
    storage: Storage
    #: who has which page open
    presence: Presence
    #: what /readyz asks, by name; each raises where it cannot serve
    checks: Mapping[str, Callable[[], None]] = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        return self.bus.engine

    @property
    def services(self) -> Services:
        return self.bus.services

    def sweep_office(self) -> None:
        """Forget attempts and sessions long past."""
        account_upkeep.sweep(self.bus)

    def collect_files(self) -> None:
        """Let go of what was handed in and never sent; delete stored bytes that no row names."""
        file_upkeep.sweep(self.bus)
        collect(self.engine, self.storage, self.services.clock.now())

    def complete_copies(self) -> None:
        """Have copies of earlier versions known and archived as those of this one."""
        document_upkeep.sweep(self.bus, self.storage)

    def archive_cases(self) -> None:
        """Have ended cases put away, once a day in each agency that says how long they stay."""
        archiving.ask_daily(self.bus)

    def in_quarantine(self) -> bool:
        """Whether the database was restored and is not released yet."""
        with reading(self.engine) as db:
            return in_quarantine(db)

    def close(self) -> None:
        self.engine.dispose()


def build(settings: Settings, *, bell: bool = True, clock: Clock | None = None) -> System:
    """A system over the settings' database. `bell=False`: jobs are left to the sweeper."""
    check_one_root()
    database, storage = _database(settings), make_storage(settings)
    made: list[Bus] = []
    desk = make_desk(settings, storage, lambda: made[0])
    ringer = _bell(settings) if bell else SilentBell()
    bus = make_bus(settings, database, desk, ringer, clock or SystemClock(), lambda: made[0])
    made.append(bus)
    checks = _checks(settings, storage) if bell else {}
    here = Presence(connect(settings.redis_url, COURTESY) if bell else None)
    return System(settings, bus, storage, here, checks)


def _database(settings: Settings) -> Engine:
    """A request waits for a connection as long as for a thread."""
    server = not settings.database_url.startswith("sqlite")
    patience = {"pool_timeout": settings.web_patience} if server else {}
    database = make_engine(settings.database_url, **patience)
    silence.listen(database)
    return database


@contextmanager
def opened(settings: Settings, *, bell: bool = True) -> Iterator[System]:
    """A system for the length of one act."""
    system = build(settings, bell=bell)
    try:
        yield system
    finally:
        system.close()


def make_bus(
    settings: Settings,
    database: Engine,
    desk: Desk,
    bell: Bell,
    clock: Clock,
    bus: Callable[[], Bus],
) -> Bus:
    """The bus with every room's handlers and listeners behind it."""
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
        actions=all_actions(database, desk, clock, bus),
        extra={
            "desk": desk,
            "accounts": AccountSettings(
                secret=settings.installation_secret,
                public_url=settings.public_url,
                demo=settings.demo,
            ),
            "sealed": SEALED,
            "mail": MailSettings(make_postbox(settings), settings.public_url),
            "connectors": ConnectorSettings(
                settings.installation_secret, calling_out.outgoing(settings)
            ),
        },
    )
    own = frozenset(chain.from_iterable(room.HANDLERS for room in OWN_AFFAIRS)) | {ChooseLanguage}
    return Bus(database, services, bell, all_handlers(), all_listeners(), own)


def all_handlers() -> dict[type, Handler]:
    """Every command's handler; two rooms that claim one command are a bug."""
    pairs = [pair for room in COMMANDS for pair in room.HANDLERS.items()]
    merged = dict(pairs)
    assert len(merged) == len(pairs), "two rooms handle the same command"
    return merged


def all_listeners() -> dict[type, tuple[Listener, ...]]:
    events = {event for room in LISTENERS for event in room.LISTENERS}
    return {
        event: tuple(chain.from_iterable(room.LISTENERS.get(event, ()) for room in LISTENERS))
        for event in events
    }


def all_actions(
    database: Engine, desk: Desk, clock: Clock, bus: Callable[[], Bus]
) -> dict[str, Action]:
    """Every action by its name: what service tasks may call and rooms do behind the requests."""
    found = (
        jobs.actions(),
        jobs.migration_actions(bus),
        document_actions.actions(database, desk, clock),
        correspondence_actions.actions(database),
        notice_actions.actions(bus),
        account_actions.actions(bus),
        people_actions.actions(bus, fence.longer),
        connector_actions.actions(bus),
        chain_asking.actions(database, clock),
        archiving.actions(database, desk.storage, cast(Registry, desk.numbers), bus),
        destroying.actions(database, bus),
    )
    return {action.name: action for action in chain.from_iterable(found)}


def known_actions(settings: Settings) -> dict[str, Action]:
    """The same for checking diagrams, with no database: only names and inputs are looked at."""

    def no_bus() -> Bus:
        raise LookupError("Expected to check diagrams only, but an action asks for the bus.")

    desk = make_desk(settings, make_storage(settings), no_bus)
    return all_actions(make_engine("sqlite://"), desk, SystemClock(), no_bus)


def make_postbox(settings: Settings) -> Postbox:
    if settings.smtp_url:
        return SmtpPostbox(settings.smtp_url, settings.mail_from)
    return FolderPostbox(settings.home / "outbox", settings.mail_from)


def _bell(settings: Settings) -> Bell:
    if not settings.redis_url:
        raise BadSettings(
            "Expected SARABAN_REDIS_URL to name Redis or Valkey, but it is empty."
            " Set it, or run `saraban serve`, which starts one."
        )
    return RqBell(connect(settings.redis_url, COURTESY))


#: bytes that are free where letters and numbers can still be kept for a while
LEAST_ROOM = 64 * 1024 * 1024


def _checks(settings: Settings, storage: Storage) -> dict[str, Callable[[], None]]:
    redis = connect(settings.redis_url)

    def queue() -> None:
        try:
            redis.ping()
        except RedisError as lost:
            raise ConnectionError("Expected Redis to answer, but it does not.") from lost

    def files() -> None:
        storage.size(UUID(int=0), "0" * 64)
        free = shutil.disk_usage(settings.home).free
        if free < LEAST_ROOM:
            raise OSError(errno.ENOSPC, f"Expected room for files, but {free:,} bytes are left")

    return {"queue": queue, "storage": files}


def check_one_root() -> None:
    """Refuse a foreign package of the same plain name: an installed wheel could shadow ours."""
    here = Path(__file__).parent.parent
    for room in (engine_room, forms_room, office_room, signing_room):
        place = Path(str(room.__file__)).parent.parent
        if place != here:
            raise BadSettings(f"Expected {room.__name__} beside api, but it comes from {place}.")


def timestamp_app(settings: Settings) -> Callable[..., object]:
    """The demo's timestamp authority as a WSGI program."""
    from signing.timestamp import tsa_app

    return tsa_app(trust.local_timestamps(settings))
