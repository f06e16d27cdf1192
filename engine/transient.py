"""Which database errors are lost races that another run settles, and which are bugs."""

from __future__ import annotations

import sqlite3
from enum import Enum
from typing import NoReturn

import sqlalchemy as sa

from engine.errors import Unavailable


class Trouble(Enum):
    """What an error of the database calls for."""

    #: run again: lost to another transaction, or the connection (and the commit's answer) was lost
    RACE = "race"
    #: run again: a unique key was taken meanwhile, the next run sees whose it is
    TAKEN = "taken"
    #: no use running again now: someone holds a lock for long, or the server is overloaded
    BUSY = "busy"
    BUG = "bug"


#: serialization_failure, deadlock_detected
_RACES = frozenset({"40001", "40P01"})
_UNIQUE_VIOLATION = "23505"
#: lock_not_available, query_canceled (statement_timeout), too_many_connections, disk_full
_BUSY = frozenset({"55P03", "57014", "53300", "53100"})
#: SQLITE_BUSY_SNAPSHOT (the whole code), SQLITE_LOCKED
_SQLITE_RACES = frozenset({517, 6})
#: SQLITE_BUSY (after the whole busy_timeout), SQLITE_FULL, SQLITE_IOERR
_SQLITE_BUSY = frozenset({5, 13, 10})
_SQLITE_UNIQUE = frozenset({1555, 2067})


def trouble_of(error: sa.exc.SQLAlchemyError) -> Trouble:
    if isinstance(error, sa.exc.TimeoutError):  # every pooled connection is in use
        return Trouble.BUSY
    if not isinstance(error, sa.exc.DBAPIError):
        return Trouble.BUG
    if error.connection_invalidated:
        return Trouble.RACE
    if isinstance(error.orig, sqlite3.Error):
        return _of_sqlite(getattr(error.orig, "sqlite_errorcode", 0))
    return _of_postgresql(getattr(error.orig, "sqlstate", None), error)


def _of_sqlite(code: int) -> Trouble:
    if code in _SQLITE_UNIQUE:
        return Trouble.TAKEN
    primary = code & 0xFF
    if code in _SQLITE_RACES or primary in _SQLITE_RACES:
        return Trouble.RACE
    return Trouble.BUSY if primary in _SQLITE_BUSY else Trouble.BUG


def _of_postgresql(state: str | None, error: sa.exc.DBAPIError) -> Trouble:
    if state == _UNIQUE_VIOLATION:
        return Trouble.TAKEN
    if state in _RACES:
        return Trouble.RACE
    if state in _BUSY:
        return Trouble.BUSY
    # No state at all: the server could not be reached, which the next try may change.
    lost = state is None and isinstance(error, sa.exc.OperationalError)
    return Trouble.RACE if lost else Trouble.BUG


def raise_unless_transient(error: sa.exc.SQLAlchemyError) -> None:
    """Return where another run may succeed."""
    match trouble_of(error):
        case Trouble.BUG:
            raise error
        case Trouble.BUSY:
            raise _unavailable(error) from error
        case Trouble.RACE | Trouble.TAKEN:
            return


def raise_as_final(error: sa.exc.SQLAlchemyError) -> NoReturn:
    """The last run has failed as well: a key still taken is a bug, all else is the database's."""
    if trouble_of(error) in (Trouble.BUG, Trouble.TAKEN):
        raise error
    raise _unavailable(error) from error


def _unavailable(error: sa.exc.SQLAlchemyError) -> Unavailable:
    detail = type(getattr(error, "orig", error) or error).__name__
    return Unavailable(
        f"Expected the database to take the change, but it could not now ({detail})."
        " Nothing was changed that a repeat with the same key would do twice; try again shortly."
    )
