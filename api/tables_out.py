"""A table as a download: written line by line into a file that leaves memory once it grows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from flask import Response

from api.downloads import name_download
from office.people.transfer import tables, xlsx

#: bytes that stay in memory
MOST_HELD = 1_000_000
_CHUNK = 1 << 16


def table_response(lines: Iterable[Sequence[str]], kind: str, name: str) -> Response:
    """`kind`: csv or xlsx."""
    held: IO[bytes] = cast("IO[bytes]", SpooledTemporaryFile(MOST_HELD))  # noqa: SIM115 - closed with the answer
    write: Any = tables.write_csv_into if kind == "csv" else xlsx.write_into
    write(held, lines)
    length = held.tell()
    held.seek(0)
    media = "text/csv; charset=utf-8" if kind == "csv" else xlsx.MEDIA
    response = Response(_chunks(held), content_type=media)
    response.content_length = length
    response.call_on_close(held.close)
    name_download(response, name)
    return response


def _chunks(held: IO[bytes]) -> Iterator[bytes]:
    with held:
        while chunk := held.read(_CHUNK):
            yield chunk
