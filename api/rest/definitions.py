"""/process-definitions: what can be started, and the diagrams as they were deployed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, g
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from api import bundling, heating
from api.pages import heat_table, printing
from api.pages.i18n import speaking
from api.pages.view import LANGUAGES
from api.rest import answers
from api.rest.fields import LONGEST_TEXT, Day, Paging, Text
from api.rest.frame import Resource, execute, read, system, version_read, with_version
from api.rest.version_changes import VersionChanges, changed, deployed, of_same
from api.rest.window import window
from engine.commands.definitions import RestoreDefinition, WithdrawDefinition, state_of
from engine.commands.deleting import DeleteDefinition
from engine.errors import NotFound
from engine.queries import definitions as queries
from engine.queries.definitions import DefinitionRow
from office.modeling.commands import RIGHT
from office.people.rights import demand

resource = Resource(
    "process-definitions", __name__, url_prefix="/api/v1/process-definitions",
    description="Deployed processes, by key and version.",
)  # fmt: skip


class DefinitionFilter(Paging):
    key = Text(load_default=None)
    version = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**31 - 1))
    withdrawn = fields.Boolean(load_default=False, truthy={"true"}, falsy={"false"})

    @validates_schema
    def _check(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("version") is not None and not data.get("key"):
            raise ValidationError("Expected key together with version.", "key")
        if data.get("version") is not None and data.get("withdrawn"):
            raise ValidationError("Expected either version or withdrawn.", "withdrawn")


class Withdrawal(Schema):
    """`whole_key` withdraws every version of the process: nothing starts it any more."""

    reason = Text(LONGEST_TEXT, required=True)
    whole_key = fields.Boolean(load_default=False, truthy={True}, falsy={False})


class Restoration(Schema):
    reason = Text(LONGEST_TEXT, required=True)


class Period(Schema):
    """The last `days`, or the days from `from` to `to`, both included; and whether this version
    alone is counted, or all of its process.
    """

    days = fields.Integer(load_default=None, validate=validate.Range(min=1, max=heating.MOST_DAYS))
    first = Day(data_key="from", load_default=None)
    last = Day(data_key="to", load_default=None)
    versions = fields.String(
        load_default=heating.THIS, validate=validate.OneOf([heating.THIS, heating.ALL])
    )

    @validates_schema
    def _check(self, data: dict[str, Any], **_: Any) -> None:
        first, last = data.get("first"), data.get("last")
        if data.get("days") is not None and (first or last):
            raise ValidationError("Expected either days, or from and to.", "days")
        if (first is None) != (last is None):
            raise ValidationError("Expected from together with to.", "to" if first else "from")
        if first and last and not heating.fits(first, last):
            raise ValidationError(
                f"Expected to on or after from, and at most {heating.MOST_DAYS} days.", "to"
            )


class PrintedPeriod(Period):
    language = fields.String(load_default="th", validate=validate.OneOf(LANGUAGES))


class Reading(Schema):
    """In which language the house's own words are."""

    language = fields.String(load_default="th", validate=validate.OneOf(LANGUAGES))


class Deletion(Schema):
    reason = Text(LONGEST_TEXT, load_default="")


class Against(Schema):
    """The other version, by its id; where it is not said, the one before."""

    against = fields.UUID(load_default=None)


@resource.get("", query=DefinitionFilter, gives=answers.DefinitionPage)
def listing(query: dict[str, Any]) -> Any:
    """List the newest version of each key that is in use, one version of one key, or what is
    withdrawn.
    """
    if query["withdrawn"]:
        rows = read(queries.withdrawn, g.actor.agency_id, query["key"])
    else:
        rows = read(queries.latest, g.actor.agency_id, query["key"], query["version"])
    return window(_told(rows), query)


@resource.get("/<uuid:definition_id>", gives=answers.Definition, tagged=True)
def one(definition_id: UUID) -> Any:
    """Read one definition. Nothing of it changes but whether it is withdrawn."""
    row = read(queries.one, g.actor.agency_id, definition_id)
    (told,) = _told([row])
    return with_version(told, state_of(row.withdrawn_at))


def _told(rows: Sequence[DefinitionRow]) -> list[answers.Definition]:
    origins = read(queries.origins, g.actor.agency_id, [UUID(row.deployment_id) for row in rows])
    return [answers.Definition.of(row, origins[row.deployment_id]) for row in rows]


@resource.post(
    "/<uuid:definition_id>/withdraw", takes=Withdrawal, gives=answers.ChangedDefinition,
    scope="deploy", guarded=True,
)  # fmt: skip
def withdraw(body: dict[str, Any], definition_id: UUID) -> Any:
    """Start nothing by this version any more; what runs goes on. The newest goes with all."""
    return execute(WithdrawDefinition(definition_id, **body, seen=version_read()))


@resource.post(
    "/<uuid:definition_id>/restore", takes=Restoration, gives=answers.ChangedDefinition,
    scope="deploy", guarded=True,
)  # fmt: skip
def restore(body: dict[str, Any], definition_id: UUID) -> Any:
    """Let a withdrawn version be started again."""
    return execute(RestoreDefinition(definition_id, **body, seen=version_read()))


@resource.get("/<uuid:definition_id>/xml", gives=None, media="application/xml")
def xml(definition_id: UUID) -> Any:
    """The diagram's file, byte for byte as deployed."""
    content = read(queries.xml, g.actor.agency_id, definition_id)
    response = Response(content, content_type="application/xml")
    response.headers["Content-Disposition"] = "attachment"
    return response


@resource.get("/<uuid:definition_id>/zip", gives=None, media=bundling.MEDIA_TYPE)
def whole(definition_id: UUID) -> Any:
    """All files that were deployed together, byte for byte, as one ZIP: to be brought in again by
    /model-drafts/import or /deployments. Right: deploy, as to open them as a draft.
    """
    demand(g.actor, RIGHT)
    row = read(queries.one, g.actor.agency_id, definition_id)
    files = read(queries.files, g.actor.agency_id, definition_id)
    return bundling.sent(files, f"{row.key}-{row.version}")


@resource.get("/<uuid:definition_id>/pdf", query=Reading, gives=None, media="application/pdf")
def paper(query: dict[str, Any], definition_id: UUID) -> Any:
    """The version on paper: its picture, what each step asks of whom, and the versions before."""
    with speaking(query["language"]):
        return printing.paper(definition_id)


@resource.get("/<uuid:definition_id>/heat", query=Period, gives=answers.Heat)
def heat(query: dict[str, Any], definition_id: UUID) -> Any:
    """What waits at each element now, and how long the tasks of a period took: of this version, or
    of all versions where ids of elements agree. No titles and no people. Right: deploy, operate or
    audit, or a grant to administer it.
    """
    asked = _heat_asked(query)
    found = read(heating.look, system().services.calendars, g.actor, definition_id, asked, g.now)
    return answers.Heat(
        str(definition_id),
        asked.since,
        asked.until,
        [one.version for one in found.versions],
        [answers.ElementHeat.of(one) for one in found.elements],
        found.more_running,
        found.more_done,
    )


@resource.get(
    "/<uuid:definition_id>/heat.csv", query=PrintedPeriod, gives=None, media="text/csv"
)  # fmt: skip
def heat_csv(query: dict[str, Any], definition_id: UUID) -> Any:
    """The same as a table, UTF-8 with its mark: a line for each element, lengths in minutes. No
    cell begins a formula.
    """
    with speaking(query["language"]):
        return heat_table.download(definition_id, _heat_asked(query))


def _heat_asked(query: dict[str, Any]) -> heating.Asked:
    every = query["versions"] == heating.ALL
    if query["first"] is not None:
        return heating.between(query["first"], query["last"], every)
    return heating.last_days(query["days"] or heating.USUAL, g.now, every)


@resource.get("/<uuid:definition_id>/changes", query=Against, gives=VersionChanges)
def changes(query: dict[str, Any], definition_id: UUID) -> Any:
    """What this version says and another of the same process does not: diagram, decision tables,
    forms and tests, by element or file, in words of both languages.
    """
    row = read(queries.one, g.actor.agency_id, definition_id)
    other = query["against"]
    older = _before(row) if other is None else of_same(row.key, other)
    return changed(older, row, deployed(older), deployed(row))


def _before(row: DefinitionRow) -> DefinitionRow:
    for one in read(queries.versions, g.actor.agency_id, row.key):
        if one.version < row.version:
            return one
    raise NotFound(f"Expected a version before {row.version} of {row.key}, but there is none.")


@resource.delete(
    "/<uuid:definition_id>", query=Deletion, gives=answers.DeletedDefinition, scope="deploy",
    guarded=True,
)  # fmt: skip
def delete(query: dict[str, Any], definition_id: UUID) -> Any:
    """Delete a withdrawn version to which nothing refers; 409 counts what does."""
    return execute(DeleteDefinition(definition_id, query["reason"], version_read()))
