"""/transfers: people and structure as tables, out and in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask import Response, g
from marshmallow import Schema, fields
from sqlalchemy import Connection

from api.rest.fields import Text
from api.rest.frame import Resource, execute, read
from api.rest.uploads import posted_file
from api.tables_out import table_response
from engine.errors import FieldError, TooLarge
from office.people.commands import ApplyTable, BringTable, DropTable, ImportTable, Rehearsed
from office.people.queries import table_import_of
from office.people.rights import demand
from office.people.transfer import tables, xlsx
from office.people.transfer.columns import TABLES
from office.people.transfer.exporting import export
from office.people.transfer.planning import plan_of

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
    #: the hash of all that would be done: as `plan`, it is done or refused. None: it was done
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class LargeImport:
    """A file that a job looks through and, once it is confirmed, carries out.

    `state`: checking, ready, unchanged, refused, applying, applied or dropped; `broken`: the job
    gave up, and nothing was changed. `lines`: the first that add or change something, as
    `ends` counts the terms that end. `mistakes`: at `row.column`.
    """

    id: UUID
    table: str
    file_name: str
    sha256: str
    state: str
    broken: bool
    refused: str | None
    plan: str | None
    added: int | None
    changed: int | None
    left: int | None
    ends: int | None
    lines: Sequence[ImportedLine]
    mistakes: Sequence[FieldError]
    asked_by: str
    asked_at: datetime
    done: int | None
    total: int | None


class DryRun(Schema):
    dry_run = fields.Boolean(load_default=False)
    plan = Text(64, load_default=None)


class Confirmed(Schema):
    plan = Text(64, required=True)


def _exported(table: str, kind: str) -> Response:
    demand(g.actor, "people")
    lines = tables.streamed(table, read(export, g.actor.agency_id, table, g.now), "key")
    return table_response(lines, kind, f"{table}.{kind}")


@resource.get(f"/{TABLE}.csv", gives=None, media="text/csv")
def as_csv(table: str) -> Any:
    """The table as CSV, UTF-8 with its mark (right: people). No cell begins a formula."""
    return _exported(table, "csv")


@resource.get(f"/{TABLE}.xlsx", gives=None, media=xlsx.MEDIA)
def as_xlsx(table: str) -> Any:
    """The table as a workbook of one sheet, all cells texts (right: people)."""
    return _exported(table, "xlsx")


@resource.post(
    f"/{TABLE}", query=DryRun, gives=Import, scope="operate",
    max_body=tables.MOST_BYTES + FRAME, body_media="multipart/form-data",
    also={202: LargeImport},
)  # fmt: skip
def bring_in(query: dict[str, Any], table: str) -> Any:
    """Add what is new, change what differs, leave the rest: all of it, or nothing (right: people).

    422 names every mistake as `row.column`. `dry_run` does it and undoes it; with the `plan` of a
    dry run, that is done or nothing (409, changed_since). More than 2,000 rows or 1 MB are looked
    through by a job first (202), whatever was asked: see `imports`.
    """
    demand(g.actor, "people")
    name, content = posted_file("file")
    try:
        found = tables.read(table, name, content, tables.SMALL)
    except TooLarge:
        made = execute(BringTable(table, name, sha256(content).hexdigest(), content))
        return read(_large, UUID(made["id"])), 202
    rows = tuple((row.number, row.cells) for row in found)
    try:
        done = execute(ImportTable(table, rows, rehearsal=query["dry_run"], plan=query["plan"]))
    except Rehearsed as rehearsed:
        return _told(table, rehearsed)
    return Import(**done, dry_run=False, lines=())


def _told(table: str, rehearsed: Rehearsed) -> Import:
    verbs = [line.verb for line in rehearsed.lines]
    lines = [_line(line.number, line.code, line.verb, line.changes) for line in rehearsed.lines]
    counts = (verbs.count("add"), verbs.count("change"), verbs.count("leave"))
    return Import(*counts, dry_run=True, lines=lines, plan=plan_of(table, rehearsed.lines))


def _line(number: int, code: str, verb: str, changes: Mapping[str, Sequence[str]]) -> ImportedLine:
    return ImportedLine(number, code, verb, [[key, *pair] for key, pair in changes.items()])


def _large(db: Connection, import_id: UUID) -> LargeImport:
    row = table_import_of(db, g.actor.agency_id, import_id)
    counts = row.counts or {}
    return LargeImport(
        row.id, row.of_table, row.file_name, row.sha256, row.state, row.broken, row.refused,
        row.plan, counts.get("add"), counts.get("change"), counts.get("leave"), row.ends,
        [_line(*line) for line in row.lines], [FieldError(**one) for one in row.mistakes],
        row.asked_by, row.asked_at, row.done, row.total,
    )  # fmt: skip


@resource.get("/imports/<uuid:import_id>", gives=LargeImport)
def large_import(import_id: UUID) -> Any:
    """How far a large file is, and what it would do or has done (right: people)."""
    demand(g.actor, "people")
    return read(_large, import_id)


@resource.post(
    "/imports/<uuid:import_id>/apply", takes=Confirmed, gives=LargeImport, status=202,
    scope="operate",
)  # fmt: skip
def apply_large(body: dict[str, Any], import_id: UUID) -> Any:
    """Carry out what was shown, all of it or nothing, in a job (right: people). 409,
    changed_since: it is no longer what would be done; look at it again.
    """
    execute(ApplyTable(import_id, body["plan"]))
    return read(_large, import_id)


@resource.delete("/imports/<uuid:import_id>", gives=LargeImport, scope="operate")
def drop_large(import_id: UUID) -> Any:
    """Let go of a file that waits to be confirmed (right: people)."""
    execute(DropTable(import_id))
    return read(_large, import_id)
