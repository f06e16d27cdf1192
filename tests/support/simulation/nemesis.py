"""What goes wrong on purpose: the process dies at some statement, a commit loses its answer."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event

from engine import bus, faults, ids


class Died(BaseException):
    """The process is gone: nothing that it would have done next happens."""


class Nemesis:
    """At most one fault is armed at a time; what is not armed does nothing."""

    def __init__(self, engine: Engine, chance: random.Random) -> None:
        self._chance = chance
        self._dies_at = 0
        self._point: str | None = None
        self._lost: list[str] = []
        event.listen(engine, "before_cursor_execute", self._statement)
        self._commit = engine.dialect.do_commit
        self._rollback = engine.dialect.do_rollback
        self._sqlite = engine.dialect.name == "sqlite"
        engine.dialect.do_commit = self._committing  # type: ignore[method-assign]

    def arm(self) -> None:
        """Something, some time during the next step."""
        self.rest()
        match self._chance.randrange(4):
            case 0 | 1:
                self._dies_at = self._chance.randint(1, 30)
            case 2:
                self._point = self._chance.choice(["in_transaction", "before_commit",
                                                   "after_commit"])  # fmt: skip
            case _:
                ways = self._chance.choice(["after", "before"]), self._chance.randint(1, 5)
                self._lost = [ways[0]] * ways[1]

    def rest(self) -> None:
        self._dies_at, self._point, self._lost = 0, None, []

    def point(self, name: str) -> None:
        if name == self._point:
            self.rest()
            raise Died(name)

    def _statement(self, *_: Any) -> None:
        if self._dies_at:
            self._dies_at -= 1
            if self._dies_at == 0:
                raise Died("statement")

    def _committing(self, connection: Any) -> None:
        """Both cases look the same to the client, which is the point."""
        if not self._lost:
            self._commit(connection)
            return
        way = self._lost.pop()
        (self._commit if way == "after" else self._rollback)(connection)
        if self._sqlite:
            gone = sqlite3.OperationalError("the answer was lost")
            gone.sqlite_errorcode = sqlite3.SQLITE_BUSY_SNAPSHOT
            raise gone
        raise psycopg.OperationalError("the answer was lost")


@contextmanager
def determined(nemesis: Nemesis, chance: random.Random) -> Iterator[None]:
    """Every id and every pause comes from the seed."""
    moments = iter(range(1_700_000_000_000_000_000, 2**63, 1_000_000))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "urandom", chance.randbytes)
        patch.setattr(ids, "time", SimpleNamespace(time_ns=lambda: next(moments)))
        patch.setattr(bus, "RETRY_WAITS", (0.0, 0.0, 0.0))
        patch.setattr(faults, "_faults", nemesis)
        yield
