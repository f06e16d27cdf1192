"""The job that mails a notice. It reads, sends and reports; a repeat has the same Message-ID."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.bus import Bus, Services
from engine.db import reading
from engine.ports import BULK, Action, JobFailed, JobInput, JobOutput
from office.notices import words
from office.notices.listeners import MAIL_ACTION
from office.notices.models import notice
from office.notices.postbox import Letter, MailRefused, Postbox
from office.people.models import agency, person


@dataclass(frozen=True, slots=True)
class MailSettings:
    """`Services.extra["mail"]`: how mail leaves, and where its links lead."""

    postbox: Postbox
    public_url: str


def mail_of(services: Services) -> MailSettings:
    return cast(MailSettings, services.extra["mail"])


_CAUSER = person.alias("causer")
_NOTICE = (
    sa.select(
        notice,
        person.c.email,
        person.c.language,
        agency.c.timezone,
        _CAUSER.c.name.label("causer_name"),
    )
    .join_from(
        notice,
        person,
        sa.and_(person.c.agency_id == notice.c.agency_id, person.c.id == notice.c.person_id),
    )
    .join(agency, agency.c.id == notice.c.agency_id)
    .outerjoin(
        _CAUSER,
        sa.and_(_CAUSER.c.agency_id == notice.c.agency_id, _CAUSER.c.username == notice.c.actor),
    )
    .where(notice.c.agency_id == sa.bindparam("agency", type_=sa.Uuid))
    .where(notice.c.id == sa.bindparam("id", type_=sa.Uuid), person.c.active)
)


def _find(db: Connection, job: JobInput) -> Any:
    binds = {"agency": job.agency_id, "id": UUID(job.payload["notice_id"])}
    return db.execute(_NOTICE, binds).one_or_none()


def _letter(job: JobInput, row: Any, public_url: str) -> Letter:
    told = words.Told(
        kind=row.kind,
        task_name=row.task_name,
        title=row.title,
        reason=row.reason,
        actor_name=row.causer_name or "",
        priority=row.priority,
        due_at=row.due_at,
        url=f"{public_url}{row.page or f'/tasks/{row.task_id}'}",
        settings_url=f"{public_url}/account#notices",
    )
    zone = ZoneInfo(row.timezone)
    return Letter(
        key=f"notice-{job.job_id}",
        to=row.email,
        subject=words.subject(told, row.language),
        text=words.body(told, row.language, zone),
    )


def send_letter(postbox: Postbox, letter: Letter) -> None:
    """Send it, or fail the job: for good when the server will never take it."""
    try:
        postbox.send(letter)
    except MailRefused as refused:
        raise JobFailed(str(refused), retry=not refused.lasting) from None


def actions(bus: Callable[[], Bus]) -> list[Action]:
    """`bus` is asked for when a job runs: actions are made before the bus that holds them."""

    def mail(job: JobInput) -> JobOutput:
        settings = mail_of(bus().services)
        with reading(bus().engine) as db:
            row = _find(db, job)
        if row is not None and row.email:  # else: the person has left, or has no address any more
            send_letter(settings.postbox, _letter(job, row, settings.public_url))
        return JobOutput()

    return [
        Action(
            MAIL_ACTION,
            mail,
            inputs=frozenset({"notice_id"}),
            required=frozenset({"notice_id"}),
            queue=BULK,
        )
    ]
