"""The job that mails the way back to a forgotten password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engine.bus import Bus
from engine.db import reading
from engine.ports import URGENT, Action, JobInput, JobOutput
from office.accounts.commands.resets import MAIL_ACTION
from office.accounts.models import password_reset
from office.accounts.secrets import alternatives, reset_token, sha256
from office.accounts.settings import settings_of
from office.notices.actions import mail_of, send_letter
from office.notices.postbox import Letter
from office.notices.words import when
from office.people.models import agency, person

_RESET = (
    sa.select(
        password_reset.c.id,
        password_reset.c.token_sha256,
        password_reset.c.expires_at,
        password_reset.c.used_at,
        person.c.email,
        person.c.username,
        person.c.language,
        agency.c.timezone,
    )
    .join_from(
        password_reset,
        person,
        sa.and_(
            person.c.agency_id == password_reset.c.agency_id,
            person.c.id == password_reset.c.person_id,
        ),
    )
    .join(agency, agency.c.id == person.c.agency_id)
    .where(password_reset.c.agency_id == sa.bindparam("agency", type_=sa.Uuid))
    .where(password_reset.c.id == sa.bindparam("id", type_=sa.Uuid))
)

_TEXTS = {
    "th": (
        "ตั้งรหัสผ่านใหม่",
        "มีผู้ขอตั้งรหัสผ่านใหม่ของบัญชี {username}\n\n{url}\n\nลิงก์ใช้ได้ครั้งเดียว ถึง {until}\n"
        "ถ้าท่านไม่ได้ขอ ไม่ต้องทำอะไร รหัสผ่านเดิมยังใช้ได้\n",
    ),
    "en": (
        "Set a new password",
        "Someone asked to set a new password for the account {username}.\n\n{url}\n\n"
        "The link works once, until {until}.\n"
        "If it was not you, do nothing: your present password stays as it is.\n",
    ),
}


def actions(bus: Callable[[], Bus]) -> list[Action]:
    """`bus` is asked for when a job runs: actions are made before the bus that holds them."""

    def mail(job: JobInput) -> JobOutput:
        with reading(bus().engine) as db:
            binds = {"agency": job.agency_id, "id": UUID(job.payload["reset_id"])}
            row = db.execute(_RESET, binds).one_or_none()
        now = bus().services.clock.now()
        if row is not None and row.email and row.used_at is None and row.expires_at > now:
            send_letter(mail_of(bus().services).postbox, _letter(bus(), job, row))
        return JobOutput()

    fields = frozenset({"reset_id"})
    return [Action(MAIL_ACTION, mail, fields, fields, URGENT, drawn=False)]


def _token(secret: bytes, row: Any) -> str:
    """The one that was asked for, also where the installation's secret has changed since."""
    made = [reset_token(each, row.id) for each in alternatives(secret)]
    return next((token for token in made if sha256(token) == row.token_sha256), made[0])


def _letter(bus: Bus, job: JobInput, row: Any) -> Letter:
    settings = settings_of(bus.services)
    subject, text = _TEXTS["en" if row.language == "en" else "th"]
    body = text.format(
        username=row.username,
        url=f"{settings.public_url}/reset-password?token={_token(settings.secret, row)}",
        until=when(row.expires_at, row.language, ZoneInfo(row.timezone)),
    )
    return Letter(key=f"reset-{job.job_id}", to=row.email, subject=subject, text=body)
