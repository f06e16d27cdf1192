"""What service tasks and jobs may ask of documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from engine.bus import Context
from engine.clock import Clock
from engine.db import reading
from engine.ports import (
    BULK,
    DEFAULT,
    URGENT,
    Action,
    ActionHandler,
    JobFailed,
    JobInput,
    JobOutput,
)
from office.documents import rules
from office.documents.affixing import RevokeSealed, Seal, WarnSeal, judge
from office.documents.archiving import Archive
from office.documents.belonging import named_letter, of_case, of_its_withdrawal
from office.documents.certifying_held import StampCopy, settle_copy
from office.documents.commands.archiving import ARCHIVE, ARCHIVE_ATTEMPTS
from office.documents.commands.certifying import SETTLE_COPY, STAMP_COPY
from office.documents.commands.keys import REVOKE, WARN
from office.documents.commands.recording import (
    STAMP,
    STAMP_ATTEMPTS,
    RecordSignature,
    SettleSignature,
)
from office.documents.commands.reserving import SETTLE
from office.documents.commands.seals import REVOKE_SEAL, SEAL, WARN_SEAL
from office.documents.commands.withdrawing import (
    TELL_KEPT,
    WITHDRAW,
    TellKept,
    WithdrawDocument,
)
from office.documents.key_jobs import Revoke, Warn
from office.documents.letters import printable
from office.documents.models import document, document_version
from office.documents.ports import Desk
from office.documents.sealing import PDF, attempt, evidence_of
from office.documents.versions import RENDER
from office.documents.withdrawals import PROCESS
from office.files import blobs
from office.files.storage import read
from office.files.uploads import StoredFile, keep
from office.people import queries as people
from signing.errors import SigningError
from signing.sign import Sealed, finish


def actions(engine: Engine, desk: Desk, clock: Clock) -> list[Action]:
    """`engine` is read only; every change is an effect of the job's own report."""

    def of_withdrawal(db: Connection, job: JobInput) -> None:
        agreed = job.action == WITHDRAW
        of_its_withdrawal(db, job, desk.withdrawal_forms, agreed=agreed)

    version, signature = frozenset({"version_id"}), frozenset({"signature_id"})
    asked = frozenset({"document_id", "requester"})
    key_id, copy = frozenset({"key_id"}), frozenset({"certification_id"})
    document_id, archived = frozenset({"document_id"}), frozenset({"document_id", "ordinal"})
    lasting = archived | {"copy_id"}
    return [
        _own(RENDER, RenderVersion(engine, desk), version, URGENT),
        _own(STAMP, Stamp(engine, desk, clock), signature, attempts=300),
        Action(
            ARCHIVE,
            Archive(engine, desk, clock),
            lasting,
            archived,
            BULK,
            ARCHIVE_ATTEMPTS,
            drawn=False,
        ),
        _own(WARN, Warn(engine), key_id, BULK),
        _own(REVOKE, Revoke(engine, desk), key_id, URGENT),
        _own(WARN_SEAL, WarnSeal(engine), key_id, BULK),
        _own(REVOKE_SEAL, RevokeSealed(engine, desk), key_id, URGENT),
        _own(SETTLE, settle, signature),
        Action(
            SEAL,
            Seal(engine, desk, clock),
            document_id | {"optional"},
            document_id,
            max_attempts=STAMP_ATTEMPTS,
            judge=judge,
            drawn=True,
            bound=of_case,
        ),
        _own(
            STAMP_COPY,
            StampCopy(engine, desk, clock),
            copy,
            attempts=STAMP_ATTEMPTS,
        ),
        _own(SETTLE_COPY, settle_copy, copy),
        Action("documents.file", file_away, document_id, document_id, drawn=True, bound=of_case),
        Action(
            WITHDRAW,
            withdraw,
            asked | {"reason"},
            asked | {"reason"},
            drawn=True,
            route=PROCESS,
            bound=of_withdrawal,
        ),
        Action(TELL_KEPT, kept, asked, asked, drawn=True, route=PROCESS, bound=of_withdrawal),
    ]


def _own(
    name: str,
    handler: ActionHandler,
    inputs: frozenset[str],
    queue: str = DEFAULT,
    attempts: int = 8,
) -> Action:
    """A job that this room asks for itself, with all that it takes."""
    return Action(name, handler, inputs, inputs, queue, attempts, drawn=False)


class RenderVersion:
    """The pages of a frozen version, made once and kept beside it."""

    def __init__(self, engine: Engine, desk: Desk) -> None:
        self._engine, self._desk = engine, desk

    def __call__(self, job: JobInput) -> JobOutput:
        version_id = UUID(job.payload["version_id"])
        with reading(self._engine, job.agency_id) as db:
            frozen = db.execute(
                sa.select(document_version).where(
                    document_version.c.agency_id == job.agency_id,
                    document_version.c.id == version_id,
                )
            ).one()
            if frozen.blob_id is not None:
                return JobOutput()
            words = printable(db, job.agency_id, frozen.document_id, frozen.content)
        pdf = self._desk.papers.render(job.agency_id, words, draft=True)
        file = keep(self._desk.storage, job.agency_id, pdf, f"{version_id}.pdf", PDF)
        return JobOutput(effect=lambda ctx: _hang(ctx, version_id, file))


def _hang(ctx: Context, version_id: UUID, file: StoredFile) -> None:
    """The version's pages, unless a twin of this job was first."""
    blob_id = blobs.insert(ctx, file, held_by=f"version:{version_id}")
    done = ctx.db.execute(
        sa.update(document_version)
        .where(
            document_version.c.agency_id == ctx.actor.agency_id,
            document_version.c.id == version_id,
            document_version.c.blob_id.is_(None),
        )
        .values(blob_id=blob_id)
    )
    if done.rowcount == 0:
        blobs.let_go(ctx, blob_id)


class Stamp:
    """The timestamp that was not to be had when the letter was signed, and then the second commit.

    The key is not needed again: the signature was made, and waits sealed.
    """

    def __init__(self, engine: Engine, desk: Desk, clock: Clock) -> None:
        self._engine, self._desk, self._clock = engine, desk, clock

    def __call__(self, job: JobInput) -> JobOutput:
        with reading(self._engine, job.agency_id) as db:
            begun = attempt(db, job.agency_id, UUID(job.payload["signature_id"]))
        if begun.state != rules.STAMPING or begun.held_sha256 is None:
            return JobOutput()
        held = read(self._desk.storage, job.agency_id, begun.held_sha256)
        sealed = Sealed.from_bytes(held)
        try:
            signed = finish(sealed, self._desk.timestamps)
        except SigningError as error:
            raise JobFailed(str(error)) from error
        evidence = evidence_of(self._engine, self._desk, begun, sealed, signed, self._clock.now())
        return JobOutput(effect=lambda ctx: _record(ctx, begun.username, begun.id, evidence))


def _record(ctx: Context, username: str, signature_id: UUID, evidence: Any) -> None:
    """The task is completed by whoever signed, not by the worker that waited for the time."""
    person = people.person(ctx.db, ctx.actor.agency_id, username)
    signer = people.actor_for(ctx.db, ctx.actor.agency_id, person.id, ctx.now)
    replace(ctx, actor=signer).run(RecordSignature(signature_id, evidence))


def settle(job: JobInput) -> JobOutput:
    command = SettleSignature(UUID(job.payload["signature_id"]))

    def effect(ctx: Context) -> None:
        ctx.run(command)

    return JobOutput(effect=effect)


def withdraw(job: JobInput) -> JobOutput:
    """Everybody who signed has agreed. The reason is the one that was asked with."""
    command = WithdrawDocument(*_withdrawal(job))

    def effect(ctx: Context) -> None:
        ctx.run(command)

    return JobOutput(effect=effect)


def kept(job: JobInput) -> JobOutput:
    """Somebody who signed has refused."""
    command = TellKept(*_withdrawal(job))

    def effect(ctx: Context) -> None:
        ctx.run(command)

    return JobOutput(effect=effect)


def _withdrawal(job: JobInput) -> tuple[UUID, UUID, str]:
    """(case, letter, who asked) as the step names them."""
    assert job.root_id is not None, "bound: a job of no case does not come here"
    return job.root_id, named_letter(job), str(job.payload["requester"])


def file_away(job: JobInput) -> JobOutput:
    """เก็บเข้าแฟ้ม: the end of the route."""
    document_id = named_letter(job)

    def effect(ctx: Context) -> Mapping[str, Any]:
        ctx.db.execute(
            sa.update(document)
            .where(document.c.agency_id == ctx.actor.agency_id, document.c.id == document_id)
            .where(document.c.filed_at.is_(None))
            .values(filed_at=ctx.now)
        )
        return {"filed": True}

    return JobOutput(effect=effect)
