"""The job that mails a notice. It reads, sends and reports; a repeat has the same Message-ID."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.bus import Bus, Services
from engine.db import reading
from engine.models.instance import process_instance
from engine.ports import BULK, Action, JobFailed, JobInput, JobOutput
from office.documents.models import document
from office.documents.rules import OPEN_TO_RIGHTS
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


_AGENCY = sa.bindparam("agency", type_=sa.Uuid)
_CASE = sa.select(process_instance.c.root_id, process_instance.c.business_key).where(
    process_instance.c.agency_id == _AGENCY,
    process_instance.c.id == sa.bindparam("instance", type_=sa.Uuid),
)
_SECRET = sa.select(document.c.id).where(
    document.c.agency_id == _AGENCY,
    document.c.secrecy > OPEN_TO_RIGHTS,
    sa.or_(
        document.c.instance_id == sa.bindparam("case", type_=sa.Uuid),
        document.c.id.in_(sa.bindparam("letters", expanding=True)),
    ),
)
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _find(db: Connection, job: JobInput) -> Any:
    binds = {"agency": job.agency_id, "id": UUID(job.payload["notice_id"])}
    return db.execute(_NOTICE, binds).one_or_none()


def _is_secret(db: Connection, row: Any) -> bool:
    """Whether it is about a case, or a page, of a letter that is secret by now: mail is read on the
    way, and kept by others.
    """
    asked = {"agency": row.agency_id, "instance": row.instance_id}
    case = db.execute(_CASE, asked).one_or_none()
    texts = [case.business_key if case else None, *(row.page or "").split("/")]
    about = {"case": case.root_id if case else None, "letters": list(map(UUID, _ids(texts)))}
    return db.execute(_SECRET, {"agency": row.agency_id, **about}).first() is not None


def _ids(texts: Iterable[str | None]) -> list[str]:
    return [text for text in texts if text and _ID.fullmatch(text)]


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
        )
    ]
