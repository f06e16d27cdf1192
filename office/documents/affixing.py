"""The service task that seals a signed document in the name of the agency, and the jobs in the
life of the seal's key. The key is used with no transaction open; the sealed file counts once it is
kept. Number, register and journal keep naming the file that was signed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, Engine

from engine.bus import Context
from engine.clock import Clock
from engine.db import reading
from engine.errors import Unavailable
from engine.ports import ActionUse, JobFailed, JobInput, JobOutput, UseProblem
from office.documents import rules, seals
from office.documents.access import Row
from office.documents.belonging import named_letter
from office.documents.commands.seals import AffixSeal, MarkSealFaulty, TellKeepers
from office.documents.models import document, document_seal, rendition, seal_key
from office.documents.ports import Desk
from office.documents.sealing import PDF
from office.documents.seals import Standing
from office.documents.trust import trusted
from office.files.models import blob
from office.files.storage import read
from office.files.uploads import keep
from signing.affixing import affix, awaits_seal
from signing.errors import (
    RemoteRefused,
    RemoteUnavailable,
    SigningError,
    TimestampUnavailable,
    TokenLocked,
    TokenUnavailable,
    WrongPin,
)
from signing.keys import KeyProvider
from signing.lasting import check_not_revoked
from signing.stages import Signed
from signing.verify import verify_kept

#: what may be there a little later
_PASSING = (RemoteUnavailable, TimestampUnavailable, TokenUnavailable)
_AGENCY, _ID = sa.bindparam("agency", type_=sa.Uuid), sa.bindparam("id", type_=sa.Uuid)
_DOCUMENT = (
    sa.select(
        *(document.c[name] for name in ("agency_id", "state", "kind", "instance_id")),
        blob.c.sha256,
        blob.c.name,
    )
    .join(blob, sa.and_(blob.c.agency_id == document.c.agency_id, blob.c.id == document.c.blob_id))
    .where(document.c.agency_id == _AGENCY, document.c.id == _ID)
)
_NEWEST = sa.select(sa.func.coalesce(sa.func.max(rendition.c.ordinal), 0)).where(
    rendition.c.agency_id == _AGENCY, rendition.c.document_id == _ID
)
_SEALED = sa.select(document_seal.c.id).where(
    document_seal.c.agency_id == _AGENCY, document_seal.c.document_id == _ID
)


@dataclass(frozen=True, slots=True)
class _Work:
    """The file to be sealed, and whether it is to be."""

    sha256: str
    name: str
    ordinal: int
    standing: Standing
    trust: Sequence[bytes]


class Seal:
    """`document_id`: of the same case. `optional`: true lets the document go on without where the
    agency has no seal in force, or has not granted it to this version of the process. Where the
    signed page shows room for it, it does not. Sets `sealed`.
    """

    def __init__(self, engine: Engine, desk: Desk, clock: Clock) -> None:
        self._engine, self._desk, self._clock = engine, desk, clock

    def __call__(self, job: JobInput) -> JobOutput:
        document_id = named_letter(job)
        with reading(self._engine, job.agency_id) as db:
            work = _work(db, self._desk, job, document_id, self._clock.now())
        if work is None:
            return JobOutput({"sealed": True})
        if work.standing.lacks is not None:
            return self._without(job, work, *work.standing.lacks)
        key, process = work.standing.key, work.standing.process
        assert key is not None
        done = self._done(job.agency_id, work, key)
        file = keep(self._desk.storage, job.agency_id, done.pdf, work.name, PDF)
        command = AffixSeal(
            document_id,
            key.id,
            process,
            work.ordinal,
            done.field,
            done.level,
            done.at,
            done.timestamp,
            file,
        )

        def effect(ctx: Context) -> dict[str, Any]:
            ctx.run(command)
            return {"sealed": True}

        return JobOutput(effect=effect)

    def _without(
        self, job: JobInput, work: _Work, code: str, expected: str, seen: str
    ) -> JobOutput:
        """Goes on, unless it must be sealed or its page would show an empty place."""

        def tell(ctx: Context) -> None:
            if work.standing.renewed:
                ctx.run(TellKeepers("seal", f"{work.standing.process} {work.standing.version}"))

        def effect(ctx: Context) -> dict[str, Any]:
            tell(ctx)
            return {"sealed": False}

        if job.payload.get("optional") is not True:
            failed = f"Expected {expected}, but {seen}."
            raise JobFailed(failed, retry=False, code=code, effect=tell)
        if awaits_seal(read(self._desk.storage, job.agency_id, work.sha256)):
            raise JobFailed(
                f"Expected {expected}, for the signed page shows room for the seal, but {seen}."
                " Then try this step again; or revoke the letter and issue it anew.",
                retry=False,
                code="seal_place_empty",
                effect=tell,
            )
        return JobOutput(effect=effect)

    def _done(self, agency_id: UUID, work: _Work, row: Row) -> Signed:
        """Sealed, and found good by our own check before it counts."""
        desk, now = self._desk, self._clock.now()
        pdf = read(desk.storage, agency_id, work.sha256)
        try:
            key = _open(desk, work, row, now)
            done = affix(
                pdf,
                key,
                organisation=row.organisation,
                at=now,
                timestamps=desk.timestamps,
                typeface=desk.papers.typeface(),
            )
        except (WrongPin, TokenLocked) as closed:
            # each try brings the device nearer to locking itself: the next one asks it nothing
            raise JobFailed(str(closed), code=closed.code, effect=_out_of_use(row)) from closed
        except RemoteRefused as refused:
            raise JobFailed(str(refused), retry=False, code=refused.code) from refused
        except _PASSING as away:
            raise JobFailed(str(away), code=away.code) from away
        except SigningError as wrong:
            raise JobFailed(str(wrong), retry=False, code=wrong.code) from wrong
        verdict = verify_kept(done.pdf, work.trust, now)
        if not verdict.good or verdict.signatures[-1].by != "organisation":
            raise JobFailed(
                f"Expected a seal that our own check finds valid, but it is {verdict.verdict}; the"
                " document stays as it was. Look at the certificate and its chain.",
                retry=False,
                code="own_signature_invalid",
            )
        return done


def _out_of_use(key: Row) -> Callable[[Context], None]:
    def effect(ctx: Context) -> None:
        ctx.run(MarkSealFaulty(key.id))

    return effect


def _work(
    db: Connection, desk: Desk, job: JobInput, document_id: UUID, now: datetime
) -> _Work | None:
    """What is to be done; None: it is done already."""
    given = {"agency": job.agency_id, "id": document_id}
    row = db.execute(_DOCUMENT, given).one_or_none()
    if row is None or row.state != rules.SIGNED:
        raise _refused("seal_unsigned", "a signed document of this case", "there is none")
    if db.execute(_SEALED, given).first() is not None:
        return None
    there = int(db.execute(_NEWEST, given).scalar_one())
    trust = trusted(db, job.agency_id, desk.trust)
    return _Work(row.sha256, row.name, there + 1, seals.standing(db, row, now), trust)


def _refused(code: str, expected: str, seen: str) -> JobFailed:
    return JobFailed(f"Expected {expected}, but {seen}.", retry=False, code=code)


def _open(desk: Desk, work: _Work, row: Row, now: datetime) -> KeyProvider:
    try:
        key = seals.opened(desk, row)
    except InvalidTag as other:
        raise JobFailed(
            "Expected what opens the seal to be kept under this installation's secret, but it is"
            " kept under another. Enrol the seal again.",
            retry=False,
            code="seal_secret",
        ) from other
    except Unavailable as away:
        raise JobFailed(away.message, code=away.code) from away
    check_not_revoked(key.certificate, key.chain, statuses=desk.statuses, trust=work.trust, at=now)
    return key


# -- for the linter ---------------------------------------------------------------------------


def judge(db: Connection, agency_id: UUID, use: ActionUse) -> Sequence[UseProblem]:
    """That the process may use the seal, unless it can do without. Of the version that is about to
    be deployed nobody can have granted it yet: one before it will do here, and it alone later.
    """
    optional = use.inputs.get("optional", "").replace(" ", "") == "=true"
    if optional or use.process_id in seals.granted(db, agency_id):
        return ()
    return [
        UseProblem(
            "seal_not_granted",
            "document_id",
            f"Expected a process that may use the agency's seal, but {use.process_id} may not.",
            "Have an administrator grant it at “The agency's seal”, or add the input"
            " optional “=true” so that it goes on without.",
            "seal:",
        )
    ]


# -- the life of its key ----------------------------------------------------------------------


def _key(db: Connection, job: JobInput) -> Row:
    statement = sa.select(seal_key).where(
        seal_key.c.agency_id == job.agency_id, seal_key.c.id == UUID(job.payload["key_id"])
    )
    return db.execute(statement).one()


class WarnSeal:
    """A notice to everybody who keeps accounts: the certificate of the seal in use ends soon."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self, job: JobInput) -> JobOutput:
        with reading(self._engine, job.agency_id) as db:
            key = _key(db, job)
        if key.retired_at is not None:
            return JobOutput()

        def effect(ctx: Context) -> None:
            ctx.run(TellKeepers("certificate", key.subject, key.not_after))

        return JobOutput(effect=effect)


class RevokeSealed:
    """As `key_jobs.Revoke`, for the seal's certificate."""

    def __init__(self, engine: Engine, desk: Desk) -> None:
        self._engine, self._desk = engine, desk

    def __call__(self, job: JobInput) -> JobOutput:
        with reading(self._engine, job.agency_id) as db:
            key = _key(db, job)
        issuer = self._desk.issuer
        if issuer is None or key.revoked_at is None or key.token is not None:
            return JobOutput()
        if issuer.issued(key.certificate):
            issuer.revoke(int(key.serial, 16), key.revoked_at)
        return JobOutput()
