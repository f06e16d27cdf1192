"""Pages of a list: by number, or by an opaque cursor that stays right while rows come and go."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import FieldError, Invalid
from engine.models.columns import AnyRow

T = TypeVar("T")

MAX_PAGE_SIZE = 100
#: Counting stops here: beyond it the total is None.
MAX_TOTAL = 1_000
#: The largest place in a list, or rank, that a cursor may name.
MOST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    items: Sequence[T]
    #: None beyond MAX_TOTAL
    total: int | None
    #: the cursor of the following page, None on the last
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class Window:
    """What of a list is asked for: by number, or `after` the cursor of the page before. Invalid
    beyond what pages may be.
    """

    page: int
    page_size: int
    after: str | None

    def __post_init__(self) -> None:
        check_window(self.page, self.page_size)


def by_id(
    db: Connection,
    kind: str,
    wanted: sa.Select[Any],
    given: Mapping[str, Any],
    key: sa.Column[Any],
    window: Window,
    shape: Callable[[AnyRow], T],
    *,
    oldest_first: bool = False,
) -> Page[T]:
    """A page of rows in the order of the ids in `key`, the newest first. `kind` names the list, so
    that no other's cursor is taken for one of it.
    """
    page, size, offset = window.page, window.page_size, (window.page - 1) * window.page_size
    total = count_to_limit(db, wanted, given)
    if window.after is not None:
        given = {**given, "after": decode_cursor(kind, window.after, tuple[UUID])[0]}
        last = sa.bindparam("after", type_=sa.Uuid)
        wanted, offset = wanted.where(key > last if oldest_first else key < last), 0
    ordered = wanted.order_by(key if oldest_first else key.desc())
    one_more = ordered.add_columns(key.label("cursor")).limit(size + 1).offset(offset)
    found = db.execute(one_more, given).all()
    shown = found[:size]
    cursor = encode_cursor(kind, [str(shown[-1].cursor)]) if len(found) > size else None
    return Page([shape(row) for row in shown], total, cursor, page, size)


def check_window(page: int, page_size: int) -> None:
    if page < 1 or not 1 <= page_size <= MAX_PAGE_SIZE:
        raise Invalid(
            f"Expected page from 1 and page_size from 1 to {MAX_PAGE_SIZE},"
            f" but got {page} and {page_size}.",
            [FieldError("page_size" if page >= 1 else "page", "out of range", "out_of_range")],
        )


def encode_cursor(kind: str, values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode([kind, *values])).decode().rstrip("=")


def decode_cursor(kind: str, text: str, types: type[Any]) -> tuple[Any, ...]:
    """The values behind a cursor made for the same `kind` of list, as the tuple type `types`."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        found, *values = msgspec.json.decode(raw, type=list[Any])
        if found != kind:
            raise ValueError(found)  # noqa: TRY301 - one answer to every malformed cursor
        return tuple(_checked(msgspec.convert(values, type=types)))
    except (ValueError, OverflowError, binascii.Error, msgspec.MsgspecError, TypeError):
        raise Invalid(
            "Expected `after` to be the `next` of the page before, sorted alike, but it is not."
            " Begin again without it.",
            [FieldError("after", "not a cursor of this list", "bad_cursor")],
            code="bad_cursor",
        ) from None


def _checked(values: Sequence[Any]) -> Iterator[Any]:
    """No cursor of ours has what a database would not take: such are made up."""
    for value in values:
        if isinstance(value, datetime):
            value.astimezone(UTC)  # overflows at the ends of time
            unfit = value.tzinfo is None
        elif isinstance(value, int):
            unfit = abs(value) > MOST
        else:
            unfit = isinstance(value, str) and "\0" in value
        if unfit:
            raise ValueError(value)
        yield value


def total_of(
    rows: int, page_size: int, offset: int | None, count: Callable[[], int | None]
) -> int | None:
    """How many rows a list has, given how many were found from `offset` on (None: from a cursor).

    A page that holds the last row tells it by itself: only longer lists are counted.
    """
    if offset is None or rows > page_size or (rows == 0 and offset > 0):
        return count()
    return to_limit(offset + rows)


def count_to_limit(
    db: Connection, statement: sa.Select[Any], values: Mapping[str, Any] | None = None
) -> int | None:
    """How many rows `statement` has, or None when there are more than MAX_TOTAL."""
    capped = (
        statement.order_by(None)
        .with_only_columns(sa.literal(1), maintain_column_froms=True)
        .limit(MAX_TOTAL + 1)
    )
    counted = sa.select(sa.func.count()).select_from(capped.subquery())
    found = db.execute(counted, values or {}).scalar_one()
    return to_limit(int(found))


def to_limit(total: int) -> int | None:
    """The total as pages tell it."""
    return None if total > MAX_TOTAL else total
