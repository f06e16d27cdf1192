"""The job that makes a signed letter or a certified copy last, and renews that each year: evidence
is asked for and the timestamp taken with no transaction open; the file counts once it is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from engine.bus import Context
from engine.clock import Clock
from engine.db import reading
from engine.ports import JobFailed, JobInput, JobOutput
from office.documents import rules
from office.documents.commands.archiving import KeepCopyRendition, KeepRendition
from office.documents.models import copy_rendition, document, document_copy, rendition
from office.documents.ports import Desk
from office.documents.sealing import PDF
from office.documents.trust import trusted
from office.files.models import blob
from office.files.storage import read
from office.files.uploads import keep
from signing.errors import SigningError, StatusUnavailable, TimestampUnavailable
from signing.lasting import Lasting, lasting
from signing.verify import verify_kept

_AGENCY, _ID = sa.bindparam("agency", type_=sa.Uuid), sa.bindparam("id", type_=sa.Uuid)
_DOCUMENT = (
    sa.select(document.c.state, blob.c.sha256, blob.c.name)
    .join(blob, sa.and_(blob.c.agency_id == document.c.agency_id, blob.c.id == document.c.blob_id))
    .where(document.c.agency_id == _AGENCY, document.c.id == _ID)
)
_NEWEST = sa.select(sa.func.coalesce(sa.func.max(rendition.c.ordinal), 0)).where(
    rendition.c.agency_id == _AGENCY, rendition.c.document_id == _ID
)
#: the copy as it was certified, then each of its renditions
_COPY = (
    sa.select(blob.c.sha256, blob.c.name)
    .join_from(document_copy, blob, blob.c.id == document_copy.c.blob_id)
    .where(document_copy.c.agency_id == _AGENCY, blob.c.agency_id == _AGENCY)
    .where(document_copy.c.id == _ID, document_copy.c.kind == rules.CERTIFIED_COPY)
)
_GROWN_COPY = (
    sa.select(blob.c.sha256, blob.c.name)
    .join_from(copy_rendition, blob, blob.c.id == copy_rendition.c.blob_id)
    .where(copy_rendition.c.agency_id == _AGENCY, blob.c.agency_id == _AGENCY)
    .where(copy_rendition.c.copy_id == _ID)
    .order_by(copy_rendition.c.ordinal)
)


@dataclass(frozen=True, slots=True)
class _Work:
    """The newest file, and how many renditions there are."""

    sha256: str
    name: str
    there: int


class Archive:
    """The next rendition of a document, or of a copy of it (`copy_id`), unless it is there."""

    def __init__(self, engine: Engine, desk: Desk, clock: Clock) -> None:
        self._engine, self._desk, self._clock = engine, desk, clock

    def __call__(self, job: JobInput) -> JobOutput:
        ordinal, copy_id = int(job.payload["ordinal"]), job.payload.get("copy_id")
        of = UUID(copy_id or job.payload["document_id"])
        with reading(self._engine, job.agency_id) as db:
            work = (_of_copy if copy_id else _of_document)(db, job.agency_id, of)
            trust = trusted(db, job.agency_id, self._desk.trust)
        if work is None or work.there + 1 != ordinal:
            return JobOutput()
        sealed = self._sealed(read(self._desk.storage, job.agency_id, work.sha256), trust)
        assert sealed.at is not None
        file = keep(self._desk.storage, job.agency_id, sealed.pdf, work.name, PDF)
        kind = KeepCopyRendition if copy_id else KeepRendition
        command = kind(of, ordinal, sealed.level, sealed.at, file)

        def effect(ctx: Context) -> None:
            ctx.run(command)

        return JobOutput(effect=effect)

    def _sealed(self, pdf: bytes, trust: Sequence[bytes]) -> Lasting:
        """With evidence and timestamp, and found good by our own check before it counts."""
        desk, now = self._desk, self._clock.now()
        if desk.timestamps is None:
            raise JobFailed("Expected SARABAN_TSA_URL for archive timestamps, but it is empty.")
        try:
            sealed = lasting(
                pdf,
                statuses=desk.statuses,
                timestamps=desk.timestamps,
                trust=trust,
                at=now,
            )
        except (StatusUnavailable, TimestampUnavailable) as silent:
            raise JobFailed(str(silent)) from silent
        except SigningError as wrong:
            raise JobFailed(str(wrong), retry=False) from wrong
        verdict = verify_kept(sealed.pdf, trust, now)
        if not verdict.good or any(one.level != sealed.level for one in verdict.signatures):
            raise JobFailed(
                f"Expected an archived letter that our own check finds good at {sealed.level}, but"
                f" it is {verdict.verdict}; the letter stays as it was.",
                retry=False,
            )
        return sealed


def _of_document(db: Connection, agency_id: UUID, document_id: UUID) -> _Work | None:
    given = {"agency": agency_id, "id": document_id}
    row = db.execute(_DOCUMENT, given).one_or_none()
    if row is None or row.state != rules.SIGNED:
        return None
    return _Work(row.sha256, row.name, int(db.execute(_NEWEST, given).scalar_one()))


def _of_copy(db: Connection, agency_id: UUID, copy_id: UUID) -> _Work | None:
    given = {"agency": agency_id, "id": copy_id}
    files = [*db.execute(_COPY, given), *db.execute(_GROWN_COPY, given)]
    return _Work(files[-1].sha256, files[-1].name, len(files) - 1) if files else None
