"""Whom a draft names and nobody acts for today: what a deployment cannot know, as warnings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.actor import Principal
from engine.errors import Problem
from engine.ports import Directory
from engine.runtime import Assigned, Files, assigned
from office.people import queries as people
from office.people.queries import Standing
from office.people.shortfalls import place, told

_ATTRIBUTE = "saraban:assignment/@value"


def shortfalls(
    db: Connection,
    agency_id: UUID,
    directory: Directory,
    files: Files,
    at: datetime,
) -> list[Problem]:
    """Warnings at user tasks and starts, by the organisation of the moment.

    What depends on a case (its starter, a field, whoever did a step) is not judged.
    """
    found = assigned(files, at)
    starters = {
        one.process: people.starters(db, agency_id, one.process) for one in found if not one.element
    }
    asked = {principal for one in found for principal in (*one.principals, *one.barred)}
    asked |= {principal for each in starters.values() for principal in each}
    standings = people.standings(db, agency_id, sorted(asked), at, directory)
    return [
        problem
        for one in found
        for problem in (_task(one, standings) if one.element else _start(one, standings, starters))
    ]


def _start(
    one: Assigned,
    standings: Mapping[Principal, Standing],
    starters: Mapping[str, Sequence[Principal]],
) -> Iterator[Problem]:
    if not any(standings[each].able for each in (*one.principals, *starters[one.process])):
        lacking = [standings[principal] for principal in one.principals]
        yield from _told(one, "nobody_starts", f"Nobody can start “{one.name}” today", lacking)


def _task(one: Assigned, standings: Mapping[Principal, Standing]) -> Iterator[Problem]:
    named = [standings[principal] for principal in one.principals]
    lacking = [standing for standing in named if standing.shortfall]
    barred = [standings[principal] for principal in one.barred]
    kept = {name for standing in barred for name in standing.able}
    able = {name for standing in named for name in standing.able} - kept
    away = {name for standing in named for name in standing.away}
    if not able and not one.open:
        if lacking:
            yield from _told(one, "nobody_today", f"Nobody can do “{one.name}” today", lacking)
        else:
            yield _kept_away(one, kept)
    elif not one.open and able <= away:
        message = f"Whoever can do “{one.name}” is on leave today"
        yield from _told(one, "away_today", message, lacking)
    else:
        gone = [standing for standing in lacking if standing.shortfall != "away"]
        message = f"Not all whom “{one.name}” names are there today"
        yield from _told(one, "some_missing", message, gone)
    odd = [standing for standing in barred if standing.shortfall == "unknown"]
    message = f"One of those who may not do “{one.name}” is not there"
    yield from _told(one, "barred_unknown", message, odd)


def _told(one: Assigned, code: str, message: str, lacking: Sequence[Standing]) -> Iterator[Problem]:
    for standing in lacking:
        kind, _colon, name = standing.principal.partition(":")
        (_thai, why), (_mend, mend) = told(kind, standing.shortfall, standing.name or name)
        at = place(standing.principal, standing.of, standing.shortfall)
        yield _problem(one, code, f"{message}. {why}.", f"{mend}.", at)


def _kept_away(one: Assigned, kept: set[str]) -> Problem:
    names = ", ".join(sorted(kept))
    return _problem(
        one,
        "nobody_today",
        f"Nobody can do “{one.name}” today, for whoever could may not: {names}.",
        "Choose others.",
    )


def _problem(one: Assigned, code: str, message: str, mend: str, outside: str = "") -> Problem:
    attribute = _ATTRIBUTE if one.element else "saraban:start/@role"
    element = one.element or one.process
    return Problem(one.file, one.line, element, attribute, code, message, mend, "warning", outside)
