"""Writing a case's evidence file: rows in one snapshot, then the bytes that they name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import BinaryIO, cast
from uuid import UUID

from sqlalchemy import Connection, Engine

from api.evidence import manifest as manifests
from api.evidence.container import Writer
from api.evidence.gathering import Case, gather
from api.evidence.manifest import HISTORY, MANIFEST, SEAL, SUMMARY, FileFact, Manifest
from api.evidence.summary import summarize
from engine.actor import Actor
from engine.bus import Bus
from engine.errors import NotFound
from office.correspondence.numbers import Registry
from office.documents.ports import Desk
from office.files.storage import Storage


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a case's rows, bytes and journal lines are."""

    database: Engine
    storage: Storage
    numbers: Registry

    @classmethod
    def of(cls, bus: Bus) -> Sources:
        desk = cast(Desk, bus.services.extra["desk"])
        return cls(bus.engine, desk.storage, cast(Registry, desk.numbers))


@dataclass(frozen=True, slots=True)
class Made:
    """`seal` stands for every byte: note it elsewhere, and later copies are compared with it."""

    manifest: Manifest
    seal: str


def make(sources: Sources, actor: Actor, out: BinaryIO, find: Callable[[Connection], UUID]) -> Made:
    """Write the evidence of the case that `find` answers. Right: audit."""
    with _snapshot(sources.database) as db:
        case = gather(db, sources.numbers, actor, find(db))
    writer = Writer(out)
    facts = {name: _fact(data) for name, data in case.late.items()}
    missing = []
    for name in sorted({*case.early, *case.stored, HISTORY}):
        data = _bytes(sources.storage, case, name)
        if data is None:
            missing.append(name)
        else:
            made = writer.add(name, data)
            facts[name] = FileFact(made.sha256, made.size)
    told = replace(case.manifest, missing=tuple(missing))
    summary = summarize(told, case.events).encode()
    facts[SUMMARY] = _fact(summary)
    told = replace(told, files=dict(sorted(facts.items())))
    data = manifests.encode(told)
    seal = manifests.seal_of(data)
    for name, late in ((MANIFEST, data), (SEAL, seal.encode()), (SUMMARY, summary)):
        writer.add(name, late)
    for name in sorted(case.late):
        writer.add(name, case.late[name])
    writer.close()
    return Made(told, seal.split()[0])


def _bytes(storage: Storage, case: Case, name: str) -> bytes | None:
    """An entry's bytes; as they lie in storage, damaged or not: that is for the examiner to say."""
    if name == HISTORY:
        return b"".join(map(manifests.event_line, case.rows))
    if name in case.early:
        return case.early[name]
    try:
        with storage.open(case.manifest.agency.id, case.stored[name]) as stream:
            return stream.read()
    except NotFound:
        return None


def _fact(data: bytes) -> FileFact:
    return FileFact(hashlib.sha256(data).hexdigest(), len(data))


@contextmanager
def _snapshot(database: Engine) -> Iterator[Connection]:
    """All reads see one moment: a history and its head belong together."""
    with database.connect() as db:
        if database.dialect.name == "postgresql":
            db = db.execution_options(  # noqa: PLW2901 - same connection
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        yield db
