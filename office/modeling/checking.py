"""What a deployment would say of a draft, asked while it is drawn: the linter's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.bus import Services
from engine.errors import Problem
from engine.ports import judging
from engine.runtime import Bundle, Files, check, load_bundle, read_files
from engine.stored import newest_bundle
from office.chains.asking import Finder
from office.modeling import cases, staffing
from office.modeling.judging import Judged, judged
from office.modeling.looking_up import Today
from office.modeling.testing import Laboratory


def findings(
    db: Connection, agency_id: UUID, services: Services, files: Files, at: datetime
) -> Sequence[Problem]:
    """Errors before warnings, each located and with what mends it; nothing is written.

    Last come warnings of those whom it names and who are not there `at` this moment.
    """
    reading = read_files(files)
    found = _linted(db, agency_id, services, reading)
    return [*found, *staffing.shortfalls(db, agency_id, services.directory, reading, at)]


def _linted(db: Connection, agency_id: UUID, services: Services, files: Files) -> Sequence[Problem]:
    return check(
        files,
        actions=services.actions,
        forms=services.forms,
        processes=lambda process_id: newest_bundle(db, agency_id, process_id),
        judge=judging(db, agency_id),
    )


def tests(
    db: Connection, agency_id: UUID, services: Services, files: Mapping[str, bytes], now: datetime
) -> Judged | None:
    """The model's own tests, run as its deployment runs them; None where it cannot be woven."""
    if cases.file_of(files) is None:
        return {}
    bundle = _woven(db, agency_id, services, files)
    if bundle is None:
        return None
    return judged(
        db, agency_id, bundle, services.forms, services.calendars, services.directory, now
    )


def laboratory(
    db: Connection,
    agency_id: UUID,
    services: Services,
    files: Mapping[str, bytes],
    process_id: str,
    now: datetime,
) -> Laboratory | None:
    """Where the model is tried out; None where it cannot be woven, or has no such process."""
    bundle = _woven(db, agency_id, services, files)
    if bundle is None or process_id not in bundle.processes:
        return None
    working_time = services.calendars.working_time(db, agency_id)
    today = Today(Finder(db, agency_id, now, services.directory))
    return Laboratory(bundle, process_id, services.forms, now, working_time, today)


def _woven(
    db: Connection, agency_id: UUID, services: Services, files: Mapping[str, bytes]
) -> Bundle | None:
    if any(one.severity == "error" for one in _linted(db, agency_id, services, files)):
        return None
    return load_bundle(files, processes=lambda process_id: newest_bundle(db, agency_id, process_id))
