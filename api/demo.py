"""The demonstration: both agencies, their signing keys, the process library, the sign-ins."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa

from api import first, trust
from api.bootstrap import System
from engine.actor import system_actor
from engine.db import reading
from office.demo import install as office_demo
from office.demo.install import SignIn
from office.documents.commands import EnrolKey
from office.documents.models import signing_key
from office.people import queries as people
from signing.authority import Authority

_ENROLLED = sa.select(signing_key.c.username).where(
    signing_key.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    signing_key.c.retired_at.is_(None),
)


def install(system: System) -> None:
    """Bring in what is missing; installing twice changes nothing."""
    trust.typeface(system.settings)
    authority = trust.authority(system.settings)
    for code, agency_id in office_demo.plant(system.bus).items():
        _enrol_signers(system, authority, code, agency_id)
        first.deploy_library(system, agency_id)


def _enrol_signers(system: System, authority: Authority, code: str, agency_id: UUID) -> None:
    with reading(system.engine) as db:
        agency = people.agency(db, agency_id)
        enrolled = set(db.scalars(_ENROLLED, {"agency": agency_id}))
    for one in office_demo.people():
        if one.agency == code and one.pin and one.username not in enrolled:
            key = authority.enrol(
                one.name, one.pin, system.services.clock.now(), organisation=agency.name
            )
            system.bus.execute(EnrolKey(one.username, key), system_actor(agency_id))


def sign_ins() -> str:
    """The table `user password pin` and what each person is, the leading parts first."""
    everybody = sorted(office_demo.people(), key=lambda one: not one.leading)
    rows = [("user", "password", "pin", "who"), *(_row(one) for one in everybody)]
    widths = [max(len(row[n]) for row in rows) for n in range(3)]
    return "\n".join(_line(row, widths) for row in rows)


def _row(one: SignIn) -> tuple[str, str, str, str]:
    return one.username, one.password, one.pin or "-", f"{one.name} · {one.part}"


def _line(row: tuple[str, ...], widths: Iterable[int]) -> str:
    cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
    return "  ".join([*cells, row[3]])
