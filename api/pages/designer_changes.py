"""What one version of a diagram says and another does not, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.pages import designer_words
from api.pages.desk import actor, db, whole_number
from api.pages.i18n import gettext as _
from api.pages.site import site
from engine.errors import NotFound
from engine.ids import parse_id
from engine.queries import definitions
from engine.queries.definitions import DefinitionRow
from office.modeling import queries
from office.modeling.commands import RIGHT
from office.modeling.differences import Change, Comparison, Difference, compare
from office.modeling.table_differences import TableDifference, compare_tables
from office.people.rights import demand


@site.get("/designer/<model_draft_id>/changes")
def draft_changes(model_draft_id: str) -> ResponseReturnValue:
    """The draft beside the version that `?version=` names, or the one that it stands on."""
    demand(actor(), RIGHT)
    me = actor().agency_id
    row = queries.draft(db(), me, parse_id(model_draft_id, "draft"))
    older = _version(row.key, _asked() or row.base_version or 0)
    text = queries.xml(db(), me, row.id)
    found = _compared(older, text.encode(), queries.beside(db(), me, row.id))
    return _page(row.key, row.title, older, None, found, f"/designer/{row.id}")


@site.get("/definitions/<definition_id>/changes")
def definition_changes(definition_id: str) -> ResponseReturnValue:
    """A deployed version beside the one that `?version=` names, or the one before."""
    me = actor().agency_id
    row = definitions.one(db(), me, parse_id(definition_id, "process"))
    older = _version(row.key, _asked() or row.version - 1)
    text = definitions.xml(db(), me, UUID(row.id))
    found = _compared(older, text, definitions.files(db(), me, UUID(row.id)))
    name = row.name or row.key
    return _page(row.key, name, older, row.version, found, f"/definitions/{row.id}")


def _asked() -> int:
    return whole_number(request.args.get("version", ""))


def _version(key: str, version: int) -> DefinitionRow:
    found = definitions.latest(db(), actor().agency_id, key, version) if version else []
    if not found:
        raise NotFound("Expected a published version to compare with, but there is none.")
    return found[0]


def _compared(older: DefinitionRow, text: bytes, files: Mapping[str, bytes]) -> Comparison:
    """The diagrams, then the decision tables beside them, as differences of the same shape."""
    before = definitions.xml(db(), actor().agency_id, UUID(older.id))
    found = compare(before, text)
    tables = compare_tables(definitions.files(db(), actor().agency_id, UUID(older.id)), files)
    return replace(found, differences=[*found.differences, *map(_table, tables)])


def _table(found: TableDifference) -> Difference:
    said = {
        "policy": _("เมื่อตรงหลายข้อ"), "inputs": _("ตารางดูช่องใด"), "outputs": _("ผลที่ตอบ"),
        "text": _("นิพจน์ FEEL"),
    }  # fmt: skip
    changes = [
        Change(said.get(one.what) or _("กฎข้อ %(n)s", n=one.number), one.before, one.after)
        for one in found.changes
    ]
    return Difference(found.verb, f"{found.file} {found.id}", "decision", found.name, changes)


def _page(
    key: str, name: str, older: DefinitionRow, version: int | None, found: Comparison, back: str
) -> str:
    return render_template(
        "designer_changes.html",
        name=name,
        back=back,
        older=older,
        version=version,
        found=found,
        kinds={**designer_words.kinds(), "decision": _("ตารางตัดสินใจ")},
        facts=designer_words.facts(),
        versions=_versions(key),
    )


def _versions(key: str) -> Sequence[int]:
    return [row.version for row in definitions.versions(db(), actor().agency_id, key)]
