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
from office.documents.rules import OPEN_TO_RIGHTS
from office.notices import words
from office.notices.listeners import MAIL_ACTION
from office.notices.models import notice
from office.notices.postbox import Letter, MailRefused, Postbox
from office.notices.secrets import degrees_of
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


def _is_secret(db: Connection, row: Any) -> bool:
    """Whether it is about a case, or a page, of a letter that is secret by now."""
    (degree,) = degrees_of(db, row.agency_id, [(row.instance_id, row.page)])
    return degree > OPEN_TO_RIGHTS


def _letter(job: JobInput, row: Any, public_url: str, *, secret: bool) -> Letter:
    about_page = row.task_id is None
    told = words.Told(
        kind=row.kind,
        task_name="" if secret and about_page else row.task_name,
        title="" if secret else row.title,
        reason="" if secret else row.reason,
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
        with reading(bus().engine, job.agency_id) as db:
            row = _find(db, job)
            # mail is read on the way, and kept by others: nobody's clearance opens it there
            secret = row is not None and _is_secret(db, row)
        if row is not None and row.email:  # else: the person has left, or has no address any more
            letter = _letter(job, row, settings.public_url, secret=secret)
            send_letter(settings.postbox, letter)
        return JobOutput()

    return [
        Action(
            MAIL_ACTION,
            mail,
            inputs=frozenset({"notice_id"}),
            required=frozenset({"notice_id"}),
            queue=BULK,
            drawn=False,
        )
    ]
