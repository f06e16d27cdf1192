"""People and structure as tables: out as a file, in by way of a preview that changes nothing."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.pages import thdate, words
from api.pages.admin import said
from api.pages.admin.acts import say
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db, now, run
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.pages.site import site, takes
from api.tables_out import table_response
from engine.errors import FieldError, Invalid, NotFound, Rejected, TooLarge
from office.people import queries as people
from office.people.commands import BringTable, ImportTable, Rehearsed
from office.people.commands.moves import Move
from office.people.rights import demand
from office.people.transfer import tables
from office.people.transfer.columns import TABLES
from office.people.transfer.exporting import export
from office.people.transfer.planning import plan_of

#: of the rows that a page carries from its preview to the press, squeezed
MOST_CARRIED = 600_000
FRAME = 20_000


@site.get("/admin/transfer")
def transfer_page() -> ResponseReturnValue:
    return _page()


def _page(
    table: str = "units",
    refused: str = "",
    mistakes: Sequence[Mapping[str, str]] = (),
    preview: Mapping[str, Any] | None = None,
) -> str:
    demand(actor(), "people")
    return render_template(
        "admin_transfer.html",
        sections=open_sections(),
        tables=[(key, str(said.TABLES[key])) for key in TABLES],
        columns={key: [said.chosen(TABLES[key], one) for one in TABLES[key]] for key in TABLES},
        table=table,
        refused=refused,
        mistakes=mistakes,
        preview=preview,
        imports=people.table_imports(db(), actor().agency_id),
        states=said.IMPORT_STATES,
    )


def _table(name: str) -> str:
    if name not in TABLES:
        raise NotFound(f"Expected one of {', '.join(TABLES)}, but got another.")
    return name


@site.get("/admin/transfer/<table>.<kind>")
def export_table(table: str, kind: str) -> ResponseReturnValue:
    demand(actor(), "people")
    rows = export(db(), actor().agency_id, _table(table), now())
    lines = tables.streamed(table, rows, language())
    if kind not in ("csv", "xlsx"):
        raise NotFound("Expected csv or xlsx, but got another kind of file.")
    return table_response(lines, kind, f"{table}.{kind}")


@site.post("/admin/transfer")
@takes(tables.MOST_BYTES + FRAME)
def preview_import() -> ResponseReturnValue:
    """Carry it out and undo it: what is shown is exactly what the press will do."""
    demand(actor(), "people")
    table = _table(request.form.get("table", ""))
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(table, refused=_("เลือกไฟล์ CSV หรือ XLSX ก่อน")), 422
    content = file.stream.read()
    try:
        rows = tables.read(table, file.filename, content, tables.SMALL)
        return _rehearsed(table, rows)
    except Invalid as found:
        return _page(table, mistakes=mistakes_of(table, found.errors)), 422
    except TooLarge:
        return _begun(table, file.filename, content)
    except Rejected as found:
        return _page(table, refused=say(found)), words.status(found)


def _begun(table: str, name: str, content: bytes) -> ResponseReturnValue:
    """A file that takes longer than somebody waits: a job looks through it."""
    digest = sha256(content).hexdigest()
    # another file, chosen on the page that was gone back to, is another command
    made = run(BringTable(table, name, digest, content), part=digest)
    return redirect(f"/admin/transfer/imports/{made['id']}", 303)


def _rehearsed(table: str, rows: Sequence[tables.Row]) -> ResponseReturnValue:
    carried = _pack(table, rows)
    if len(carried) > MOST_CARRIED:
        raise TooLarge("Expected rows that a page can carry, but they are too long.")
    try:
        run(ImportTable(table, _bare(rows), rehearsal=True), part="rehearsal")
    except Rehearsed as rehearsed:
        verbs = [line.verb for line in rehearsed.lines]
        counts = {verb: verbs.count(verb) for verb in ("add", "change", "leave")}
        names = {key: said.chosen(TABLES[table], key) for key in TABLES[table]}
        shown = [line for line in rehearsed.lines if line.verb != "leave"]
        preview: dict[str, Any] = {"lines": shown, "counts": counts}
        preview |= {"carried": carried, "names": names}
        preview["plan"] = plan_of(table, rehearsed.lines)
        preview["ends"] = sum(line.ends for line in rehearsed.lines)
        preview["moves"] = _moves([line.move for line in shown if line.move])
        return _page(table, preview=preview)
    raise AssertionError("Expected a rehearsal to be undone, but it was kept.")


def _moves(moves: Sequence[Move]) -> Mapping[str, str]:
    """Sign-in name -> who leaves what and takes up what, and when, in a sentence."""
    posts = {post.code: post for post in people.positions(db(), actor().agency_id)}

    def name(code: str) -> str:
        post = posts.get(code)
        found = post and (post.name_en if language() == "en" and post.name_en else post.name)
        return f"{found} ({code})" if found else code

    return {move.username: _sentence(move, name) for move in moves}


def _sentence(move: Move, name: Callable[[str], str]) -> str:
    first = thdate.short(move.first_day, language())
    last = thdate.short(move.first_day - timedelta(days=1), language())
    if move.old and move.new:
        return _(
            "พ้นจาก %(old)s วันสุดท้าย %(last)s แล้วดำรงตำแหน่ง %(new)s ตั้งแต่ %(first)s",
            old=name(move.old), last=last, new=name(move.new), first=first,
        )  # fmt: skip
    if move.old:
        return _("พ้นจาก %(old)s วันสุดท้าย %(last)s", old=name(move.old), last=last)
    return _("ดำรงตำแหน่ง %(new)s ตั้งแต่ %(first)s", new=name(move.new or ""), first=first)


def _bare(rows: Sequence[tables.Row]) -> tuple[tuple[int, Mapping[str, str]], ...]:
    return tuple((row.number, row.cells) for row in rows)


def _pack(table: str, rows: Sequence[tables.Row]) -> str:
    """The rows as a file of ours again, with empty lines where they were skipped."""
    columns = [key for key in TABLES[table] if rows and key in rows[0].cells]
    lines: list[list[str]] = [columns]
    for row in rows:
        lines += [[] for _line in range(row.number - len(lines) - 1)]
        lines.append([row.cells[key] for key in columns])
    return base64.urlsafe_b64encode(zlib.compress(tables.write_csv(lines), 9)).decode()


def _unpack(carried: str) -> bytes:
    """Bounded like an upload: the field could have been written by anybody."""
    try:
        squeezed = base64.urlsafe_b64decode(carried)
        return zlib.decompressobj().decompress(squeezed, 2 * tables.SMALL.file_bytes)
    except (ValueError, zlib.error):
        raise NotFound("Expected the rows of a preview, but got something else.") from None


@site.post("/admin/transfer/apply")
def apply_import() -> ResponseReturnValue:
    demand(actor(), "people")
    table = _table(request.form.get("table", ""))
    content = _unpack(request.form.get("rows", ""))
    try:
        rows = tables.read(table, "rows.csv", content, tables.SMALL)
        done = run(ImportTable(table, _bare(rows), plan=request.form.get("plan") or None))
    except Invalid as found:
        return _page(table, mistakes=mistakes_of(table, found.errors)), 422
    except Rejected as found:
        return _page(table, refused=say(found)), words.status(found)
    text = _("นำเข้าแล้ว: เพิ่ม %(added)s เปลี่ยน %(changed)s คงเดิม %(left)s", **done)
    flash(text, "ok")
    return redirect("/admin/transfer", 303)


def mistakes_of(table: str, errors: Sequence[FieldError]) -> list[dict[str, str]]:
    """Row and column of each mistake, and what is wrong with it in the reader's words."""
    found = []
    for error in errors:
        row, _dot, column = error.path.partition(".")
        known = said.chosen(TABLES[table], column) if column in TABLES[table] else column
        text = said.MISTAKES.get(error.code) or said.REFUSALS.get(error.code)
        message = str(text) if text else words.say_field(error)
        found.append({"row": row, "column": known, "text": message, "detail": error.message})
    return found
