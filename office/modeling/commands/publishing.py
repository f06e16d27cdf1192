"""A draft as the next version of its process."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID

from engine.bus import Answer, Context, Handler
from engine.commands import checks
from engine.commands.deployments import Deploy
from engine.errors import Conflict
from engine.queries import definitions
from office.modeling import queries, rules, staffing
from office.modeling.commands.rows import RIGHT, change, held
from office.modeling.queries import DraftRow
from office.people.history import record
from office.people.rights import demand


@dataclass(frozen=True, slots=True)
class PublishModel:
    """The draft as the next version, with a note that says why. Right: deploy.

    `after`: the newest version that was seen (0: none); None: the one that the draft stands on.
    Conflict where there is a newer one.
    Answer: {id, key, version, warnings} of the definition; the warnings tell whom it names who is
    not there today. DeploymentRefused: the linter found an error, or (RedTests) one of the model's
    own tests fails.
    """

    draft_id: UUID
    revision: int
    note: str
    after: int | None


def publish_model(command: PublishModel, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    before, note = held(ctx, command.draft_id, command.revision), command.note.strip()
    if not note or len(note) > rules.LONGEST_NOTE:
        raise checks.refused(
            "note", "required", f"Expected a note of at most {rules.LONGEST_NOTE} characters."
        )
    _demand_newest(ctx, before, command.after)
    files = queries.files(ctx.db, ctx.actor.agency_id, before)
    made = ctx.run(Deploy(files, note))
    published = next(one for one in made["definitions"] if one["key"] == before.key)
    change(
        ctx,
        before,
        base_definition_id=UUID(str(published["id"])),
        published_revision=before.revision + 1,
    )
    version = published["version"]
    record(ctx, "model.published", before.id, key=before.key, version=version, note=note)
    lacking = staffing.shortfalls(
        ctx.db, ctx.actor.agency_id, ctx.services.directory, files, ctx.now
    )
    return {**published, "warnings": [*made["warnings"], *(asdict(one) for one in lacking)]}


def _demand_newest(ctx: Context, before: DraftRow, after: int | None) -> None:
    versions = definitions.versions(ctx.db, ctx.actor.agency_id, before.key)
    newest = versions[0] if versions else None
    present = newest.version if newest else 0
    if after is None:  # ids: the version that it stands on can be another process's
        seen = before.base_version
        fits = newest is None or UUID(newest.id) == before.base_definition_id
    else:
        seen, fits = after, after == present
    if not fits:
        raise Conflict(
            f"Expected version {seen or 'none'} of {before.key!r:.80} to be the newest,"
            f" but it is {present or 'none'}; look what changed in it, then publish.",
            code="newer_version",
        )


HANDLERS: dict[type, Handler] = {
    PublishModel: publish_model,
}
