"""Jobs in a signing key's life: its owner is warned in time, the authority learns of its end."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Engine

from engine.bus import Context
from engine.db import reading
from engine.ports import JobInput, JobOutput
from office.documents.keys import one_key
from office.documents.ports import Desk
from office.notices.commands import TellPerson


class Warn:
    """A notice to the owner of a key that is still in use: its certificate ends soon."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self, job: JobInput) -> JobOutput:
        with reading(self._engine, job.agency_id) as db:
            key = one_key(db, job.agency_id, UUID(job.payload["key_id"]))
        if key.retired_at is not None:
            return JobOutput()
        command = TellPerson(
            key.username, "certificate", key.subject, due_at=key.not_after, where="/account/key"
        )

        def effect(ctx: Context) -> None:
            ctx.run(command)

        return JobOutput(effect=effect)


class Revoke:
    """The authority of the installation puts the certificate on its list where it has issued it,
    for a key that was made or brought here; one outside is told by people.
    """

    def __init__(self, engine: Engine, desk: Desk) -> None:
        self._engine, self._desk = engine, desk

    def __call__(self, job: JobInput) -> JobOutput:
        with reading(self._engine, job.agency_id) as db:
            key = one_key(db, job.agency_id, UUID(job.payload["key_id"]))
        issuer = self._desk.issuer
        if issuer is None or key.revoked_at is None:
            return JobOutput()
        # nobody gets a certificate revoked by registering it: the key itself must have been here
        if key.token is None and issuer.issued(key.certificate):
            issuer.revoke(int(key.serial, 16), key.revoked_at)
        return JobOutput()
