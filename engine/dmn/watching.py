"""Which rules of decision tables answer, for whoever tries a model out; else nobody counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

#: what a table is called (`reading.tables.table_key`), and the number of a rule, from 1
Hit = tuple[str, int]
_hits: ContextVar[Counter[Hit] | None] = ContextVar("hits", default=None)


@contextmanager
def watched() -> Iterator[Counter[Hit]]:
    """How often each rule answers, of all that is evaluated meanwhile by this thread."""
    hits: Counter[Hit] = Counter()
    token = _hits.set(hits)
    try:
        yield hits
    finally:
        _hits.reset(token)


def note(table: str, numbers: Sequence[int]) -> None:
    hits = _hits.get()
    if hits is not None and table:
        hits.update((table, number) for number in numbers)
