"""What follows a restore: the world before is fenced off, and an operator lets the new one go.

Numbers that the journal knows and the database lost are never given again; leases, sessions and
tokens of before are void; no job, timer or mail runs until the release.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from engine.actor import system_actor
from engine.bus import Answer, Bus, Context, Handler
from engine.commands.epochs import BeginEpoch, EndQuarantine, FenceLeases
from engine.db import reading
from engine.errors import Conflict
from engine.queries.epochs import in_quarantine
from office.accounts.recovery import Revoked, revoke_everything
from office.correspondence.entered import Entered
from office.correspondence.journal import Journal
from office.correspondence.recovery import Account, Missed, account_for, unaccounted
from office.correspondence.registers_recovery import account_for_lines, unentered
from office.correspondence.started import Started
from office.correspondence.starts_recovery import unstarted
from office.documents import rules
from office.documents.commands.recording import FailSignature
from office.documents.models import signature
from office.files.storage import Storage

#: All agencies were restored together.
EVERYBODY = system_actor(UUID(int=0))
_UNFINISHED = sa.select(signature.c.id).where(
    signature.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    signature.c.number_id == sa.bindparam("number", type_=sa.Uuid),
    signature.c.state.in_([rules.RESERVED, rules.WAITING_DEVICE, rules.STAMPING]),
)


@dataclass(frozen=True, slots=True)
class FenceEpoch:
    """Begin the epoch that a restore opened. Answer: as `Fenced`.

    Again, it only accounts for numbers that a fuller journal has by now.
    """

    missed: tuple[Missed, ...] = field(default=(), compare=False)
    unentered: tuple[Entered, ...] = field(default=(), compare=False)
    unstarted: tuple[Started, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Fenced:
    """What of the world before does not count any more."""

    jobs: int
    sessions: int
    tokens: int
    resets: int
    #: numbers as printed, on letters that the database does not have
    lost: tuple[str, ...]
    #: numbers below those, used for nobody knows what
    unknown: int
    #: signed files of lost letters that storage still has
    files: int
    #: printed on two letters, long before
    twice: tuple[str, ...]
    #: lines of registers, on letters that the database does not have or for nobody knows what
    lines: int = 0
    #: books and registers that went on from paper, and do so again
    starts: int = 0


def fence(bus: Bus, storage: Storage, journal: Journal) -> Fenced:
    """Read the journal beside the restored database, and begin the epoch in one transaction."""
    missed = tuple(_missed(bus, storage, journal))
    with reading(bus.engine) as db:
        lines = unentered(db, journal.lines())
        starts = unstarted(db, journal.lines())
    answer = bus.execute(FenceEpoch(missed, lines, starts), EVERYBODY)
    return msgspec.convert(answer, Fenced)


def hold(bus: Bus, cause: str) -> bool:
    """Quarantine a database that is an older one now, though nobody restored it; whether it was not
    held already.
    """
    return bool(bus.execute(BeginEpoch(cause), EVERYBODY)["begun"])


def release(bus: Bus) -> int:
    """Let jobs, timers and mail go; answers the epoch's number."""
    return int(bus.execute(EndQuarantine(), EVERYBODY)["epoch"])


def _missed(bus: Bus, storage: Storage, journal: Journal) -> Iterator[Missed]:
    with reading(bus.engine) as db:
        for one in unaccounted(db, journal.lines()):
            yield Missed(one, storage.size(one.agency, one.sha256))


def fence_epoch(command: FenceEpoch, ctx: Context) -> Answer:
    if not in_quarantine(ctx.db):
        # a number that is just being signed is in the journal, but final only in a moment
        raise Conflict(
            "Expected a restored database in quarantine, but this one is at work; nothing is held.",
            code="no_quarantine",
        )
    leases = ctx.run(FenceLeases())
    revoked = revoke_everything(ctx.db, ctx.now) if leases["begun"] else Revoked(0, 0, 0)
    account = account_for(ctx, command.missed, command.unstarted)
    account_for_lines(ctx, account, command.unentered, command.unstarted)
    _fail_unfinished(ctx, account)
    fenced = Fenced(
        jobs=leases["jobs"],
        **asdict(revoked),
        lost=tuple(account.lost),
        unknown=account.unknown,
        files=account.files,
        twice=tuple(account.twice),
        lines=account.lines,
        starts=account.starts,
    )
    answer: dict[str, Any] = asdict(fenced)
    return answer


def _fail_unfinished(ctx: Context, account: Account) -> None:
    """A signature that waited in the backup was recorded in the world before: sign again."""
    for agency_id, number_id in account.reserved:
        ours = replace(ctx, actor=system_actor(agency_id))
        for row in ctx.db.execute(_UNFINISHED, {"agency": agency_id, "number": number_id}).all():
            with suppress(Conflict):
                ours.run(FailSignature(row.id, "ออกเลขแล้วก่อนการกู้คืนระบบ", sealed_too=True))


HANDLERS: dict[type, Handler] = {FenceEpoch: fence_epoch}
