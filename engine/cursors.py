"""The driver's cursor, with columns that are described when somebody looks at them.

SQLAlchemy asks after every SELECT whether it has columns, and reads their names once in a process.
Psycopg describes each of them each time, in Python: a tenth of what a short request costs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, overload

import psycopg
from psycopg.pq import ExecStatus


class LeanCursor(psycopg.Cursor[Any]):
    @property
    def description(self) -> Any:
        result = self.pgresult
        if result is None or result.status != ExecStatus.TUPLES_OK:
            return super().description
        return _Columns(self)


class _Columns(Sequence[psycopg.Column]):
    """Those of the result that the cursor has; to be looked at before it asks for another."""

    def __init__(self, cursor: LeanCursor) -> None:
        self._cursor, self._result = cursor, cursor.pgresult

    @cached_property
    def _described(self) -> list[psycopg.Column]:
        if self._cursor.pgresult is not self._result or self._result is None:
            raise LookupError("Expected the cursor to have this result still, but it has another.")
        return [psycopg.Column(self._cursor, n) for n in range(self._result.nfields)]

    @overload
    def __getitem__(self, index: int) -> psycopg.Column: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[psycopg.Column]: ...
    def __getitem__(self, index: int | slice) -> psycopg.Column | Sequence[psycopg.Column]:
        return self._described[index]

    def __iter__(self) -> Iterator[psycopg.Column]:
        return iter(self._described)

    def __len__(self) -> int:
        return len(self._described)
