"""What cards become, before they are published: a diagram, its files, and what it does otherwise
than the version in use.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api import bundling, picture
from api.downloads import name_download
from api.pages import designer_changes
from api.pages.card_changes import CardsTold, tell
from api.pages.chain_view import View
from api.pages.designer_changes import Compared
from api.pages.desk import actor, db
from api.pages.difference_words import Version
from api.pages.site import site
from engine.errors import Invalid, NotFound
from engine.ids import parse_id
from engine.queries.definitions import DefinitionRow
from office.chains import following, queries
from office.chains.commands import RIGHT
from office.chains.compose import file_name
from office.chains.queries import DraftRow
from office.people.rights import demand


@site.get("/chains/<chain_id>/changes")
def chain_changes(chain_id: str) -> ResponseReturnValue:
    """The cards beside the version that `?version=` names, or the newest one in use."""
    row = _draft(chain_id)
    newest = in_use(row)
    wanted = designer_changes.asked() or (newest.version if newest else 0)
    older = designer_changes.published(row.key, wanted)
    try:
        after = _version(row, newest)
    except Invalid:
        return _lacking(row)
    cards, back = told_cards(row, older), f"/chains/{row.id}"
    return designer_changes.page(row.key, row.name, older, None, after, back, cards)


@site.get("/chains/<chain_id>/diagram")
def chain_diagram(chain_id: str) -> ResponseReturnValue:
    row = _draft(chain_id)
    newest, view = in_use(row), View(row.chain)
    try:
        version = _version(row, newest)
    except Invalid:
        return _lacking(row)
    return render_template(
        "chain_diagram.html",
        row=row,
        newest=newest,
        picture=picture.read(version.xml),
        file=file_name(row.chain),
        files=[name for name in sorted(version.files) if name != file_name(row.chain)],
        lines=[(step, view.sentence(step)) for step in row.chain.walk()],
    )


@site.get("/chains/<chain_id>/files/get")
def get_chain_file(chain_id: str) -> ResponseReturnValue:
    """A file of the version that would come of the cards, to be taken elsewhere."""
    row, name = _draft(chain_id), request.args.get("name", "")
    try:
        files = _files(row, in_use(row))
    except Invalid:
        return _lacking(row)
    if name not in files:
        raise NotFound("Expected a file of the chain, but it has none so named.")
    response = Response(files[name], content_type="application/octet-stream")
    name_download(response, name)
    return response


@site.get("/chains/<chain_id>/zip")
def get_whole_chain(chain_id: str) -> ResponseReturnValue:
    """All files of that version as one ZIP."""
    row = _draft(chain_id)
    try:
        files = _files(row, in_use(row))
    except Invalid:
        return _lacking(row)
    return bundling.sent(files, row.key)


def in_use(row: DraftRow) -> DefinitionRow | None:
    return following.newest(db(), actor().agency_id, row.key)


def against_use(row: DraftRow) -> Compared | None:
    """What publishing would change; None where nothing is in use yet. Invalid: the cards have
    faults.
    """
    newest = in_use(row)
    if newest is None:
        return None
    return designer_changes.compared(newest, _version(row, newest))


def told_cards(row: DraftRow, older: DefinitionRow) -> CardsTold | None:
    """What the cards say otherwise than a version; None where cards cannot say that one."""
    before = following.cards_of(db(), actor().agency_id, older)
    return tell(before, row.chain) if before else None


def _draft(chain_id: str) -> DraftRow:
    demand(actor(), RIGHT)
    return queries.draft(db(), actor().agency_id, parse_id(chain_id, "chain"))


def _version(row: DraftRow, newest: DefinitionRow | None) -> Version:
    files = _files(row, newest)
    return Version(files[file_name(row.chain)], files)


def _files(row: DraftRow, newest: DefinitionRow | None) -> Mapping[str, bytes]:
    return following.composed(db(), actor().agency_id, row.chain, newest)


def _lacking(row: DraftRow) -> ResponseReturnValue:
    return redirect(f"/chains/{row.id}/publish", 303)  # which says what the cards lack
