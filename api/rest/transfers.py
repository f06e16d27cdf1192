"""/transfers: people and structure as tables, out and in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, g
from marshmallow import Schema, fields

from api.downloads import name_download
from api.rest.frame import Resource, execute, read
from api.rest.uploads import posted_file
from office.people.commands import ImportTable, Rehearsed
from office.people.rights import demand
from office.people.transfer import tables, xlsx
from office.people.transfer.columns import TABLES
from office.people.transfer.exporting import export

resource = Resource(
    "transfers", __name__, url_prefix="/api/v1/transfers", description="Tables out and in."
)
TABLE = f"<any({', '.join(TABLES)}):table>"
FRAME = 10_000


@dataclass(frozen=True, slots=True)
class ImportedLine:
    """`verb`: add, change or leave; `changes`: column, before, after."""

    row: int
    code: str
    verb: str
    changes: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Import:
    """`lines` of a dry run alone, in which nothing was kept."""

    added: int
    changed: int
    left: int
    dry_run: bool
    lines: Sequence[ImportedLine]


class DryRun(Schema):
    dry_run = fields.Boolean(load_default=False)


def _exported(table: str) -> list[list[str]]:
    demand(g.actor, "people")
    return tables.lines_of(table, read(export, g.actor.agency_id, table, g.now), "key")


def _file(content: bytes, media: str, name: str) -> Response:
    response = Response(content, content_type=media)
    name_download(response, name)
    return response


@resource.get(f"/{TABLE}.csv", gives=None, media="text/csv")
def as_csv(table: str) -> Any:
    """The table as CSV, UTF-8 with its mark (right: people). No cell begins a formula."""
    return _file(tables.write_csv(_exported(table)), "text/csv", f"{table}.csv")


@resource.get(f"/{TABLE}.xlsx", gives=None, media=xlsx.MEDIA)
def as_xlsx(table: str) -> Any:
    """The table as a workbook of one sheet, all cells texts (right: people)."""
    return _file(xlsx.write(_exported(table)), xlsx.MEDIA, f"{table}.xlsx")


@resource.post(
    f"/{TABLE}", query=DryRun, gives=Import, scope="operate",
    max_body=tables.SMALL.file_bytes + FRAME, body_media="multipart/form-data",
)  # fmt: skip
def bring_in(query: dict[str, Any], table: str) -> Any:
    """Add what is new, change what differs, leave the rest: all of it, or nothing (right: people).

    422 names every mistake as `row.column`. `dry_run` does it and undoes it.
    """
    demand(g.actor, "people")
    name, content = posted_file("file")
    rows = tuple((row.number, row.cells) for row in tables.read(table, name, content, tables.SMALL))
    try:
        done = execute(ImportTable(table, rows, rehearsal=query["dry_run"]))
    except Rehearsed as rehearsed:
        return _told(rehearsed)
    return Import(**done, dry_run=False, lines=())


def _told(rehearsed: Rehearsed) -> Import:
    verbs = [line.verb for line in rehearsed.lines]
    lines = [
        ImportedLine(
            line.number, line.code, line.verb, [[key, *pair] for key, pair in line.changes.items()]
        )
        for line in rehearsed.lines
    ]
    counts = (verbs.count("add"), verbs.count("change"), verbs.count("leave"))
    return Import(*counts, dry_run=True, lines=lines)
