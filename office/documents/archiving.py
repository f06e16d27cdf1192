"""The job that makes a signed letter last, and renews that each year: evidence is asked for and
the timestamp taken with no transaction open; the file counts once it is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Engine

from engine.bus import Context
from engine.clock import Clock
from engine.db import reading
from engine.ports import JobFailed, JobInput, JobOutput
from office.documents import rules
from office.documents.commands.archiving import KeepRendition
from office.documents.models import document, rendition
from office.documents.ports import Desk
from office.documents.sealing import PDF
from office.documents.trust import trusted
from office.files.models import blob
from office.files.storage import read
from office.files.uploads import keep
from signing.errors import SigningError, StatusUnavailable, TimestampUnavailable
from signing.lasting import Lasting, lasting
from signing.verify import verify

_DOCUMENT = (
    sa.select(document.c.state, blob.c.sha256, blob.c.name)
    .join(blob, sa.and_(blob.c.agency_id == document.c.agency_id, blob.c.id == document.c.blob_id))
    .where(
        document.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        document.c.id == sa.bindparam("id", type_=sa.Uuid),
    )
)
_NEWEST = sa.select(sa.func.coalesce(sa.func.max(rendition.c.ordinal), 0)).where(
    rendition.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    rendition.c.document_id == sa.bindparam("id", type_=sa.Uuid),
)


class Archive:
    """The document's next rendition, unless it is there already."""

    def __init__(self, engine: Engine, desk: Desk, clock: Clock) -> None:
        self._engine, self._desk, self._clock = engine, desk, clock

    def __call__(self, job: JobInput) -> JobOutput:
        document_id, ordinal = UUID(job.payload["document_id"]), int(job.payload["ordinal"])
        given = {"agency": job.agency_id, "id": document_id}
        with reading(self._engine, job.agency_id) as db:
            row = db.execute(_DOCUMENT, given).one_or_none()
            there = int(db.execute(_NEWEST, given).scalar_one())
            trust = trusted(db, job.agency_id, self._desk.trust)
        if row is None or row.state != rules.SIGNED or there + 1 != ordinal:
            return JobOutput()
        sealed = self._sealed(read(self._desk.storage, job.agency_id, row.sha256), trust)
        assert sealed.at is not None
        file = keep(self._desk.storage, job.agency_id, sealed.pdf, row.name, PDF)
        command = KeepRendition(document_id, ordinal, sealed.level, sealed.at, file)

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
        verdict = verify(sealed.pdf, trust, now)
        if not verdict.good or any(one.level != sealed.level for one in verdict.signatures):
            raise JobFailed(
                f"Expected an archived letter that our own check finds good at {sealed.level}, but"
                f" it is {verdict.verdict}; the letter stays as it was.",
                retry=False,
            )
        return sealed
