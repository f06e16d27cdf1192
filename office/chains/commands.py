"""Working on chains: begin, open a published one as cards, save, discard, publish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.commands import checks
from engine.commands.deployments import Deploy
from engine.errors import Conflict, Stale
from engine.ids import new_id
from engine.queries import definitions
from engine.queries.definitions import DefinitionRow
from office.chains import editing, following, past, queries, rules
from office.chains.looking import check_cards
from office.chains.model import Chain
from office.chains.models import chain_draft
from office.chains.queries import DraftRow
from office.chains.reading import read
from office.chains.stored import NoChain, dump, load
from office.modeling.commands import ImportModel
from office.modeling.commands.rows import told_already
from office.people.history import record
from office.people.rights import demand

RIGHT = "deploy"
LONGEST_NAME, LONGEST_NOTE, LONGEST_REASON = 200, 190, 500


@dataclass(frozen=True, slots=True)
class CreateChain:
    """A new chain without steps. No key: one is made. `english`: what its diagram has beside the
    cards is named in English. `letter`: a letter's route, which has its draft. Right: deploy.

    Answer: {id, key, revision}.
    """

    name: str
    key: str = ""
    english: bool = False
    letter: bool = False


@dataclass(frozen=True, slots=True)
class BeginChain:
    """A new chain with the cards of another process, `process` of `files`, which stays as it is.

    No key: one is made. Right: deploy. Answer: as CreateChain. NotComposable names the element
    that cards cannot say.
    """

    files: Mapping[str, bytes]
    process: str
    name: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class OpenChain:
    """A published process as cards. Right: deploy. Answer: {id, revision}.

    NotComposable names the element that cards cannot say. A draft of the same process that has
    unpublished changes is answered as it is, unless `over` is its revision: then it goes for what
    was published, as the history tells. Stale where it is another one by now.
    """

    definition_id: UUID
    over: int | None = None


@dataclass(frozen=True, slots=True)
class SaveChain:
    """`content` is what `stored.dump` writes; faults in it may stand until it is published.

    The history tells once a sitting, as of a diagram. Stale where `revision` is not the present
    one. Right: deploy. Answer: {revision}.
    """

    chain_id: UUID
    content: Mapping[str, Any]
    revision: int


@dataclass(frozen=True, slots=True)
class StepBack:
    """The last change of the draft is taken back, and can be made again. Right: deploy.

    One of another person is taken back with `others` alone, which says that it was seen. Conflict:
    it is another's, or there is none. Stale where `revision` is not the present one.
    Answer: {revision}.
    """

    chain_id: UUID
    revision: int
    others: bool = False


@dataclass(frozen=True, slots=True)
class StepForward:
    """What was taken back last is made again. Conflict: there is nothing. Right: deploy.

    Answer: {revision}.
    """

    chain_id: UUID
    revision: int


@dataclass(frozen=True, slots=True)
class DiscardChain:
    """The draft goes; what was published stays. Right: deploy."""

    chain_id: UUID
    revision: int


@dataclass(frozen=True, slots=True)
class PublishChain:
    """A new version of the process, with a note that says why. Right: deploy.

    The tests of the version before, and its forms that no card uses, go along; `without_tests`
    leaves the tests behind, for a `reason` that the history keeps with their names.

    Answer: {id, key, version, warnings} of the definition. Invalid: the cards have faults, or the
    reason is missing. DeploymentRefused: the linter found an error, or a test fails.
    """

    chain_id: UUID
    revision: int
    note: str
    without_tests: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DrawChain:
    """The cards as a diagram's draft, which stands on the version before and has its tests and its
    forms that no card uses: where what it says of itself is mended. The cards stay. Right: deploy.

    Answer: {id, key, name, revision} of that draft. Invalid: the cards have faults. Conflict: as
    PublishChain.
    """

    chain_id: UUID
    revision: int


def create_chain(command: CreateChain, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    made = Chain(command.key.strip(), command.name.strip(), english=command.english)
    if command.letter:
        made = editing.as_letter(made, english=command.english)
    return _begun(ctx, made)


def begin_chain(command: BeginChain, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    chain = read(command.files, command.process)
    return _begun(ctx, replace(chain, key=command.key.strip(), name=command.name.strip()))


def _begun(ctx: Context, chain: Chain) -> Answer:
    """The chain under its key, or under one that is made."""
    name, chain_id = chain.name, new_id()
    if not name or len(name) > LONGEST_NAME:
        raise checks.refused("name", "required", "Expected a name of at most 200 characters.")
    key = chain.key or f"chain-{chain_id.hex[-8:]}"
    if not rules.KEY.fullmatch(key):
        raise checks.refused(
            "key", "key", f"Expected a code of a-z, digits and -, but got {key!r:.80}."
        )
    if queries.draft_of(ctx.db, ctx.actor.agency_id, key) or _published(ctx, key):
        raise checks.refused(
            "key", "taken", f"Expected a code of its own, but {key!r:.80} is taken."
        )
    _add(ctx, chain_id, replace(chain, key=key))
    return {"id": chain_id, "key": key, "revision": 1}


def _published(ctx: Context, key: str) -> bool:
    return bool(definitions.versions(ctx.db, ctx.actor.agency_id, key))


def _add(ctx: Context, chain_id: UUID, chain: Chain, version: int | None = None) -> None:
    ctx.db.execute(
        chain_draft.insert(),
        {
            "agency_id": ctx.actor.agency_id,
            "id": chain_id,
            "key": chain.key,
            "name": chain.name,
            "content": dump(chain),
            "revision": 1,
            "published_version": version,
            "published_revision": None if version is None else 1,
            "published_at": None,
            "created_at": ctx.now,
            "updated_at": ctx.now,
            "updated_by": ctx.actor.username,
        },
    )
    record(ctx, "chain.created", chain_id, key=chain.key, name=chain.name)


def open_chain(command: OpenChain, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    agency_id = ctx.actor.agency_id
    found = definitions.one(ctx.db, agency_id, command.definition_id)
    before = queries.draft_of(ctx.db, agency_id, found.key)
    files = definitions.files(ctx.db, agency_id, command.definition_id)
    if before is not None and following.says(files, before.chain):
        if found.version > (before.published_version or 0):
            _mark(ctx, before, found.version, found.created_at)
        return {"id": before.id, "revision": before.revision}
    if before is not None and command.over is not None:
        _held(ctx, before.id, command.over)
    elif before is not None and before.changed:
        return {"id": before.id, "revision": before.revision}
    chain = read(files, found.key)
    if before is None:
        chain_id = new_id()
        _add(ctx, chain_id, chain, found.version)
        return {"id": chain_id, "revision": 1}
    revision = before.revision + 1
    _change(ctx, before, chain, published_version=found.version, published_revision=revision)
    said = {"key": chain.key, "name": chain.name, "version": found.version}
    past.forget(ctx, before.id)
    record(ctx, "chain.renewed", before.id, **said, unpublished=before.changed)
    return {"id": before.id, "revision": revision}


def save_chain(command: SaveChain, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    before = _held(ctx, command.chain_id, command.revision)
    try:
        chain = load(command.content)
    except NoChain as wrong:
        at = f"content.{wrong.path}".removesuffix(".")
        raise checks.refused(at, "invalid", str(wrong)) from None
    if chain.key != before.key:
        chain = replace(chain, key=before.key)
    if not chain.name.strip() or len(chain.name) > LONGEST_NAME:
        raise checks.refused("name", "required", "Expected a name of at most 200 characters.")
    _change(ctx, before, chain)
    past.follow(ctx, before, chain)
    if chain != before.chain and not told_already(ctx, before):
        said = {"key": chain.key, "name": chain.name, "revision": before.revision + 1}
        record(ctx, "chain.changed", before.id, **said)
    return {"revision": before.revision + 1}


def step_back(command: StepBack, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    before = _held(ctx, command.chain_id, command.revision)
    change = past.around(ctx.db, ctx.actor.agency_id, before).back
    if change is not None and change.by != ctx.actor.username and not command.others:
        raise Conflict(
            f"Expected the last change to be yours, but {change.by} made it;"
            " say “others” if it is to be taken back all the same.",
            code="of_another",
        )
    return _gone_to(ctx, before, change, "chain.undone")


def step_forward(command: StepForward, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    before = _held(ctx, command.chain_id, command.revision)
    change = past.around(ctx.db, ctx.actor.agency_id, before).again
    return _gone_to(ctx, before, change, "chain.redone")


def _gone_to(ctx: Context, before: DraftRow, change: past.Change | None, event: str) -> Answer:
    """The draft as that change has it; the history tells whose it is."""
    if change is None:
        raise Conflict(
            "Expected a change to go back on, but there is none that is kept.", code="no_change"
        )
    _change(ctx, before, change.chain)
    past.moved(ctx, before, change.position)
    revision = before.revision + 1
    said = {"key": before.key, "name": change.chain.name, "revision": revision}
    record(ctx, event, before.id, **said, changed_by=change.by)
    return {"revision": revision}


def _held(ctx: Context, chain_id: UUID, revision: int) -> DraftRow:
    before = queries.draft(ctx.db, ctx.actor.agency_id, chain_id)
    if before.revision != revision:
        raise Stale(
            f"Expected revision {before.revision} of the chain, but you saw {revision};"
            " look at what was changed since, then do it again."
        )
    return before


def _change(ctx: Context, before: DraftRow, chain: Chain, **more: Any) -> None:
    """The row of exactly that revision: who comes second is told."""
    done = ctx.db.execute(
        sa.update(chain_draft)
        .where(chain_draft.c.agency_id == ctx.actor.agency_id, chain_draft.c.id == before.id)
        .where(chain_draft.c.revision == before.revision)
        .values(
            name=chain.name,
            content=dump(chain),
            revision=before.revision + 1,
            updated_at=ctx.now,
            updated_by=ctx.actor.username,
            **more,
        )
    )
    if done.rowcount != 1:
        raise Stale("Expected the chain as you saw it, but somebody has just changed it.")


def discard_chain(command: DiscardChain, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    before = _held(ctx, command.chain_id, command.revision)
    past.forget(ctx, before.id)
    ctx.db.execute(
        sa.delete(chain_draft).where(
            chain_draft.c.agency_id == ctx.actor.agency_id, chain_draft.c.id == before.id
        )
    )
    record(ctx, "chain.discarded", before.id, key=before.key, name=before.name)
    return {"id": before.id}


def publish_chain(command: PublishChain, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    before, note = _held(ctx, command.chain_id, command.revision), command.note.strip()
    if not note or len(note) > LONGEST_NOTE:
        raise checks.refused(
            "note", "required", f"Expected a note of at most {LONGEST_NOTE} characters."
        )
    reason = command.reason.strip()
    if command.without_tests and not 0 < len(reason) <= LONGEST_REASON:
        wanted = f"Expected why the tests are left behind, in at most {LONGEST_REASON} characters."
        raise checks.refused("reason", "required", wanted)
    chain = before.chain
    files, newest = _composed(ctx, before, without_tests=command.without_tests)
    made = ctx.run(Deploy(files, note))
    (definition,) = made["definitions"]
    _mark(ctx, before, definition["version"], ctx.now)
    said: dict[str, Any] = {"key": chain.key, "version": definition["version"], "note": note}
    if command.without_tests:
        said |= {"tests_left": _left(ctx, newest), "tests_reason": reason}
    record(ctx, "chain.published", before.id, **said)
    return {
        "id": definition["id"],
        "key": chain.key,
        "version": definition["version"],
        "warnings": made["warnings"],
    }


def _left(ctx: Context, newest: DefinitionRow | None) -> Sequence[str]:
    """The names of the tests of the version before; none where it had none."""
    if newest is None:
        return []
    return following.tests_of(definitions.files(ctx.db, ctx.actor.agency_id, UUID(newest.id)))


def draw_chain(command: DrawChain, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    before = _held(ctx, command.chain_id, command.revision)
    files, newest = _composed(ctx, before)
    made = ctx.run(ImportModel(files, UUID(newest.id) if newest else None))
    record(ctx, "chain.drawn", before.id, key=before.key, name=before.name)
    return {name: made[name] for name in ("id", "key", "name", "revision")}


def _composed(
    ctx: Context, before: DraftRow, *, without_tests: bool = False
) -> tuple[Mapping[str, bytes], DefinitionRow | None]:
    """(all files of the next version, the version before). Invalid: the cards have faults.

    Conflict where the version before is not the one that the cards stand on and says otherwise.
    """
    db, agency_id, chain = ctx.db, ctx.actor.agency_id, before.chain
    check_cards(chain)
    newest = following.newest(db, agency_id, chain.key)
    if newest is not None and newest.version != (before.published_version or 0):
        found = definitions.files(db, agency_id, UUID(newest.id))
        if not following.says(found, chain):
            raise Conflict(
                f"Expected version {before.published_version or 'none'} of {chain.key} to be the"
                f" newest, but {newest.version} is; open that one as cards first.",
                code="newer_version",
            )
    files = following.composed(db, agency_id, chain, newest, without_tests=without_tests)
    return files, newest


def _mark(ctx: Context, before: DraftRow, version: int, at: datetime) -> None:
    """That the version is what the cards say."""
    ctx.db.execute(
        sa.update(chain_draft)
        .where(chain_draft.c.agency_id == ctx.actor.agency_id, chain_draft.c.id == before.id)
        .values(published_version=version, published_revision=before.revision, published_at=at)
    )


HANDLERS: dict[type, Handler] = {
    CreateChain: create_chain,
    BeginChain: begin_chain,
    OpenChain: open_chain,
    SaveChain: save_chain,
    StepBack: step_back,
    StepForward: step_forward,
    DiscardChain: discard_chain,
    PublishChain: publish_chain,
    DrawChain: draw_chain,
}
