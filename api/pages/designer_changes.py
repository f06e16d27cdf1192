"""What one version of a diagram says and another does not, in words and on both pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.pages.card_changes import CardsTold
from api.pages.desk import actor, db, whole_number
from api.pages.difference_picture import Side, sides
from api.pages.difference_words import Tale, Version, tell, verbs
from api.pages.site import site
from engine.errors import NotFound
from engine.ids import parse_id
from engine.queries import definitions
from engine.queries.definitions import DefinitionRow
from office.modeling import queries
from office.modeling.commands import RIGHT
from office.modeling.queries import DraftRow
from office.people.rights import demand


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs from the version `older`, and both pictures with it."""

    older: DefinitionRow
    tale: Tale
    before: Side
    after: Side


def compared(older: DefinitionRow, after: Version) -> Compared:
    before = deployed(UUID(older.id))
    tale = tell(before, after)
    return Compared(older, tale, *sides(tale, before, after))


@site.get("/designer/<model_draft_id>/changes")
def draft_changes(model_draft_id: str) -> ResponseReturnValue:
    """The draft beside the version that `?version=` names, or the one that it stands on."""
    demand(actor(), RIGHT)
    me = actor().agency_id
    row = queries.draft(db(), me, parse_id(model_draft_id, "draft"))
    older = published(row.key, asked() or row.base_version or 0)
    return page(row.key, row.title, older, None, drafted(row), f"/designer/{row.id}")


@site.get("/definitions/<definition_id>/changes")
def definition_changes(definition_id: str) -> ResponseReturnValue:
    """A deployed version beside the one that `?version=` names, or the one before."""
    me = actor().agency_id
    row = definitions.one(db(), me, parse_id(definition_id, "process"))
    older = published(row.key, asked() or row.version - 1)
    name, text = row.name or row.key, deployed(UUID(row.id))
    return page(row.key, name, older, row.version, text, f"/definitions/{row.id}")


def asked() -> int:
    """The version that the address names; 0 for none."""
    return whole_number(request.args.get("version", ""))


def published(key: str, version: int) -> DefinitionRow:
    """A version to compare with; NotFound where there is none."""
    found = definitions.latest(db(), actor().agency_id, key, version) if version else []
    if not found:
        raise NotFound("Expected a published version to compare with, but there is none.")
    return found[0]


def deployed(definition_id: UUID) -> Version:
    me = actor().agency_id
    return Version(
        definitions.xml(db(), me, definition_id), definitions.files(db(), me, definition_id)
    )


def drafted(row: DraftRow) -> Version:
    me = actor().agency_id
    return Version(queries.xml(db(), me, row.id).encode(), queries.beside(db(), me, row.id))


def page(
    key: str,
    name: str,
    older: DefinitionRow,
    version: int | None,
    after: Version,
    back: str,
    cards: CardsTold | None = None,
) -> str:
    """`version`: of what is compared, None for a draft; `back`: the page that it stands on;
    `cards`: what is different between cards.
    """
    return render_template(
        "designer_changes.html",
        name=name,
        back=back,
        at_chains=back.startswith("/chains/"),
        cards=cards,
        version=version,
        compared=compared(older, after),
        verbs=verbs(),
        versions=_versions(key),
    )


def _versions(key: str) -> Sequence[int]:
    return [row.version for row in definitions.versions(db(), actor().agency_id, key)]
