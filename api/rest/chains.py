"""/approval-chains: routes put together from cards, before and while they are published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, g
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from api import bundling, templating
from api.downloads import name_download
from api.mending import page_of
from api.pages.difference_words import Version
from api.rest.answers import DeploymentWarning
from api.rest.fields import Nothing, Paging, Text, variables
from api.rest.foreseen import TrialWarning, trial_warnings
from api.rest.frame import Resource, Tagged, execute, read, revision_read, system
from api.rest.model_drafts import BegunModelDraft, begun
from api.rest.version_changes import DraftChanges, deployed, drafted, of_draft
from api.rest.window import window
from engine.errors import NotFound
from engine.queries import definitions
from engine.queries.definitions import DefinitionRow
from engine.queries.page import Window
from office.chains import following, queries, rules, words
from office.chains.commands import (
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_REASON,
    RIGHT,
    BeginChain,
    CreateChain,
    DiscardChain,
    DrawChain,
    OpenChain,
    PublishChain,
    SaveChain,
    StepBack,
    StepForward,
)
from office.chains.compose import file_name
from office.chains.differences import CardDifference, compare
from office.chains.looking import StoredLook, tried
from office.chains.model import Ask, Chain, Inform, Step
from office.chains.queries import DraftRow
from office.chains.rules import Fault
from office.chains.staff_words import CONSEQUENCES
from office.chains.staffing import Lack, Staffed, staffed
from office.chains.trying import Met
from office.modeling.commands import KeepTemplate
from office.modeling.commands.templates import LONGEST
from office.people import queries as people
from office.people.queries import OrgEvent
from office.people.rights import demand
from office.people.shortfalls import told

resource = Resource(
    "approval-chains", __name__, url_prefix="/api/v1/approval-chains",
    description="Routes put together from cards.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChainRow:
    """`key` is the process's; `changed`: whether the cards differ from what was published."""

    id: str
    key: str
    name: str
    revision: int
    published_version: int | None
    published_at: datetime | None
    changed: bool
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True, slots=True)
class ChainPage:
    items: Sequence[ChainRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class CardSentence:
    """What one card does, in Thai and in English."""

    step: str
    name: str
    thai: str
    english: str


@dataclass(frozen=True, slots=True)
class CardFault:
    """What keeps the chain from running: at a card (`step`), or at the chain itself."""

    step: str
    field: str
    code: str
    thai: str
    english: str


@dataclass(frozen=True, slots=True)
class ApprovalChain(ChainRow):
    """`content`: the cards, as they are saved; `cards`: each as a sentence, in reading order.
    `remarks`: ways that no case takes and what a matrix leaves open: it keeps nothing from running.
    """

    content: Mapping[str, Any]
    cards: Sequence[CardSentence]
    faults: Sequence[CardFault]
    remarks: Sequence[CardFault]


@dataclass(frozen=True, slots=True)
class BegunChain:
    id: str
    revision: int


@dataclass(frozen=True, slots=True)
class KeptTemplate:
    """The template's id, by which a chain or a diagram begins from it."""

    id: str


@dataclass(frozen=True, slots=True)
class SavedChain:
    revision: int


@dataclass(frozen=True, slots=True)
class DiscardedChain:
    id: str


@dataclass(frozen=True, slots=True)
class Lacking:
    """Nobody acts for one of those whom a step names: why (`code`) in Thai and in English, what to
    do, and the page on which that is done (empty: at the card).
    """

    principal: str
    code: str
    thai: str
    english: str
    mend_thai: str
    mend_english: str
    page: str


@dataclass(frozen=True, slots=True)
class StaffedStep:
    """Who would get a step today, whoever starts the case. `step` is empty for the start, told
    where nobody can start it. `depends`: starter, values, performer or appointed, where that is
    known in a case alone. `consequence`: what comes of it that nobody acts for those that are
    `lacking`. `unproven`: of whom it demands a proof that they cannot give yet. `waiting`: for whom
    of several it would wait, as a trial tells it.
    """

    step: str
    name: str
    depends: str
    principals: Sequence[str]
    able: Sequence[str]
    away: Sequence[str]
    consequence: str
    thai: str
    english: str
    lacking: Sequence[Lacking]
    unproven: Sequence[str]
    waiting: Sequence[TrialWarning]


@dataclass(frozen=True, slots=True)
class ChainStaffing:
    items: Sequence[StaffedStep]


@dataclass(frozen=True, slots=True)
class PublishedChain:
    """The new version of the process; `id` is its definition's. `staffing`: the steps for which
    somebody is lacking today, which kept it from nothing.
    """

    id: str
    key: str
    version: int
    warnings: Sequence[DeploymentWarning]
    staffing: Sequence[StaffedStep]


@dataclass(frozen=True, slots=True)
class TriedStep:
    """One step on the way. `able`: who can do it today; `away`: those of them on leave; `taken`:
    the way of a condition, or the name of the process that runs there; `rules`: the numbers of a
    matrix's rules that hold; `by`: when its time is up, if each step before took all of its own;
    `within`: the steps that run the process it is in, the outermost first.
    """

    step: str
    name: str
    principals: Sequence[str]
    able: Sequence[str]
    away: Sequence[str]
    taken: str
    rules: Sequence[int]
    by: datetime | None
    within: Sequence[str]
    warnings: Sequence[TrialWarning]


@dataclass(frozen=True, slots=True)
class TriedWay:
    items: Sequence[TriedStep]


@dataclass(frozen=True, slots=True)
class ChangedCard:
    """`verb`: added, removed, changed or moved; `before` and `after`: what the card says in the
    version and in the draft, null where it is not there. `moved`: it stands elsewhere too.
    """

    verb: str
    step: str
    moved: bool
    before: CardSentence | None
    after: CardSentence | None


@dataclass(frozen=True, slots=True)
class ChainChanges(DraftChanges):
    """`cards`: the same card by card, null where cards cannot say the version; `facts`: what else
    the chain says otherwise: name, fields, title, start_role, letter, note, english.
    """

    cards: Sequence[ChangedCard] | None
    facts: Sequence[str]


@dataclass(frozen=True, slots=True)
class ChainHistory:
    """`data` of an item is what was said."""

    items: Sequence[OrgEvent]
    total: int | None
    next: str | None
    page: int
    page_size: int


class NewChain(Schema):
    """A chain without steps; no key: one is made. `english`: so are its diagram's words.

    `letter`: a letter's route, which has the step of its draft.
    """

    name = Text(LONGEST_NAME, required=True)
    key = Text(60, load_default="")
    english = fields.Boolean(load_default=False)
    letter = fields.Boolean(load_default=False)


class ChainOfAnother(Schema):
    """A chain with the cards of a template (its code) or of a published process; no key: one is
    made.
    """

    name = Text(LONGEST_NAME, required=True)
    key = Text(60, load_default="")
    template = Text(60, load_default="")
    definition_id = fields.UUID(load_default=None)

    @validates_schema
    def one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        if bool(data["template"]) == (data["definition_id"] is not None):
            raise ValidationError("Expected a template or a definition_id.", "template")


class ChainTemplate(Schema):
    """What the template is called."""

    name = Text(LONGEST_NAME, required=True)
    description = Text(LONGEST, shortest=0, load_default="")


class PublishedProcess(Schema):
    """A process that was deployed, to be opened as cards. `over`: the revision of a draft with
    unpublished changes that is thrown away for it; without it, such a draft is answered as it is.
    """

    definition_id = fields.UUID(required=True)
    over = fields.Integer(load_default=None, allow_none=True)


class Cards(Schema):
    """The cards, in the shape in which they are read."""

    content = fields.Dict(keys=Text(60), values=fields.Raw(allow_none=True), required=True)


class AgainstInUse(Schema):
    """A published version of the process, by its id; where it is not said, the newest in use."""

    against = fields.UUID(load_default=None)


class ChainTrial(Schema):
    """Who starts the case that is tried, and what they fill in; of a letter's route, the degree of
    secrecy: 1 ปกติ, 2 ลับ, 3 ลับมาก.
    """

    starter = Text(60, required=True)
    values = variables()
    secrecy = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, 3))


class TakenBack(Schema):
    """`others`: though the last change is another person's, whom the answer to a refusal names."""

    others = fields.Boolean(load_default=False)


class Publication(Schema):
    """`without_tests`: the tests of the version before are left behind; else a red one refuses.

    `reason` says why they are, and is asked for then; the history keeps it with their names.
    """

    note = Text(LONGEST_NOTE, required=True)
    without_tests = fields.Boolean(load_default=False)
    reason = Text(LONGEST_REASON, load_default="")


@resource.get("", query=Paging, gives=ChainPage)
def listing(query: dict[str, Any]) -> Any:
    """List the chains of your agency, the one changed last first."""
    demand(g.actor, RIGHT)
    rows = read(queries.drafts, g.actor.agency_id)
    return window([ChainRow(**_row(row)) for row in rows], query)


def _row(row: DraftRow) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ChainRow.__dataclass_fields__}
    return {**told, "id": str(row.id)}


@resource.post("", takes=NewChain, gives=BegunChain, status=201, scope="deploy")
def create(body: dict[str, Any]) -> Any:
    """Begin a chain without steps."""
    made = execute(CreateChain(**body))
    return BegunChain(str(made["id"]), made["revision"])


@resource.post("/open", takes=PublishedProcess, gives=BegunChain, scope="deploy")
def open_process(body: dict[str, Any]) -> Any:
    """Open a published process as cards; refused at the first element that cards cannot say."""
    made = execute(OpenChain(**body))
    return BegunChain(str(made["id"]), made["revision"])


@resource.post("/begin", takes=ChainOfAnother, gives=BegunChain, status=201, scope="deploy")
def begin(body: dict[str, Any]) -> Any:
    """Begin a chain with the cards of a template, or of a published process, which stays."""
    demand(g.actor, RIGHT)
    files, process = read(_source, body)
    made = execute(BeginChain(files, process, body["name"], body["key"]))
    return BegunChain(str(made["id"]), made["revision"])


def _source(db: Any, body: Mapping[str, Any]) -> tuple[Mapping[str, bytes], str]:
    me, published = g.actor.agency_id, body["definition_id"]
    if published is not None:
        found = definitions.one(db, me, published)
        return definitions.files(db, me, published), found.key
    template = templating.find(db, me, body["template"])
    return templating.as_bytes(template), templating.process_of(template)


@resource.post(
    "/<uuid:chain_id>/template", takes=ChainTemplate, gives=KeptTemplate, status=201, scope="deploy"
)
def keep(body: dict[str, Any], chain_id: UUID) -> Any:
    """Keep the cards as a template of your agency, among the model-templates."""
    row = _draft(chain_id)
    files, drawn = templating.of_chain(row.chain)
    made = execute(KeepTemplate(files, drawn, row.key, body["name"], body["description"]))
    return KeptTemplate(made["id"])


@resource.get("/<uuid:chain_id>", gives=ApprovalChain, tagged=True)
def one(chain_id: UUID) -> Any:
    """Read one chain with its cards, each as a sentence, and what is wrong with them."""
    row = _draft(chain_id)
    chain = row.chain
    names = _names(chain)
    found = ApprovalChain(
        **_row(row),
        content=row.content,
        cards=[_sentence(step, chain, names) for step in chain.walk()],
        faults=[_fault(fault, words.FAULTS) for fault in rules.faults(chain)],
        remarks=[_fault(one, words.REMARKS) for one in rules.remarks(chain)],
    )
    return Tagged(found, row.revision)


def _draft(chain_id: UUID) -> DraftRow:
    demand(g.actor, RIGHT)
    return read(queries.draft, g.actor.agency_id, chain_id)


def _names(chain: Chain) -> dict[str, str]:
    asked = (step.who for step in chain.walk() if isinstance(step, Ask | Inform))
    wanted = sorted({one for who in asked for one in who.principals})
    found = read(system().services.directory.describe, g.actor.agency_id, wanted)
    return {principal: candidate.name for principal, candidate in found.items()}


def _sentence(step: Step, chain: Chain, names: Mapping[str, str]) -> CardSentence:
    def name(principal: str) -> str:
        return names.get(principal) or principal.partition(":")[2]

    thai, english = (words.sentence(step, chain, name, spoken) for spoken in (False, True))
    return CardSentence(step.id, step.name, thai, english)


def _fault(fault: Fault, said: Mapping[str, words.Pair]) -> CardFault:
    thai, english = words.filled(said[fault.code], fault.detail)
    return CardFault(fault.step, fault.field, fault.code, thai, english)


@resource.put("/<uuid:chain_id>", takes=Cards, gives=SavedChain, guarded=True, scope="deploy")
def save(body: dict[str, Any], chain_id: UUID) -> Any:
    """Replace the cards. If-Match carries the ETag of those that were changed; faults may stand
    until it is published.
    """
    return execute(SaveChain(chain_id, body["content"], revision_read()))


@resource.post(
    "/<uuid:chain_id>/undo", takes=TakenBack, gives=SavedChain, guarded=True, scope="deploy"
)
def undo(body: dict[str, Any], chain_id: UUID) -> Any:
    """Take the last change back. If-Match carries the ETag of the cards as they are."""
    return execute(StepBack(chain_id, revision_read(), **body))


@resource.post("/<uuid:chain_id>/redo", gives=SavedChain, guarded=True, scope="deploy")
def redo(chain_id: UUID) -> Any:
    """Make the change again that was taken back last. If-Match carries the ETag."""
    return execute(StepForward(chain_id, revision_read()))


@resource.delete("/<uuid:chain_id>", gives=DiscardedChain, guarded=True, scope="deploy")
def discard(chain_id: UUID) -> Any:
    """Throw the cards away; what was published stays. If-Match carries the ETag."""
    made = execute(DiscardChain(chain_id, revision_read()))
    return DiscardedChain(str(made["id"]))


@resource.post("/<uuid:chain_id>/try", takes=ChainTrial, gives=TriedWay, scope="read", asks=True)
def try_out(body: dict[str, Any], chain_id: UUID) -> Any:
    """The way of a case with today's names and warnings. Nothing is started."""
    chain = _draft(chain_id).chain
    return TriedWay([_tried(met) for met in read(_way, chain, body)])


def _look(db: Any) -> StoredLook:
    services = system().services
    return StoredLook(db, g.actor.agency_id, g.now, services.directory, services.calendars)


def _way(db: Any, chain: Chain, body: Mapping[str, Any]) -> Sequence[Met]:
    look, forms = _look(db), system().services.forms
    return tried(look, forms, chain, body["starter"], body["values"], body["secrecy"])


def _tried(met: Met) -> TriedStep:
    return TriedStep(
        met.step.id,
        met.step.name,
        met.principals,
        met.able,
        met.away,
        met.taken,
        met.rules,
        met.by,
        [call.id for call in met.within],
        trial_warnings(met.warnings),
    )


@resource.get("/<uuid:chain_id>/xml", gives=None, media="application/xml", unready=True)
def xml(chain_id: UUID) -> Any:
    """The diagram that would come of the cards. Cards with faults are refused, each at its card."""
    name, found = _drawn(_draft(chain_id))
    response = Response(found.xml, content_type="application/xml")
    name_download(response, name)
    return response


@resource.get("/<uuid:chain_id>/zip", gives=None, media=bundling.MEDIA_TYPE, unready=True)
def whole(chain_id: UUID) -> Any:
    """All files of the version that would come of the cards, as one ZIP: to be brought in again by
    /model-drafts/import or /deployments. Cards with faults are refused, each at its card.
    """
    row = _draft(chain_id)
    return bundling.sent(_drawn(row)[1].files, row.key)


@resource.get("/<uuid:chain_id>/changes", query=AgainstInUse, gives=ChainChanges)
def changes(query: dict[str, Any], chain_id: UUID) -> Any:
    """What would come of the cards and a published version does not say: card by card, and diagram,
    decision tables, forms and tests, by element or file, in words of both languages. Cards with
    faults are refused.
    """
    row = _draft(chain_id)
    newest = _in_use(row)
    older = of_draft(row.key, query["against"], newest.version if newest else None)
    _name, after = _drawn(row)
    found = drafted(older, row.id, row.revision, deployed(older), after)
    before = read(following.cards_of, g.actor.agency_id, older)
    said: dict[str, Any] = {
        name: getattr(found, name) for name in DraftChanges.__dataclass_fields__
    }
    if before is None:
        return ChainChanges(**said, cards=None, facts=())
    cards, names = compare(before, row.chain), _names(before) | _names(row.chain)
    told = [_changed(one, before, row.chain, names) for one in cards.cards]
    return ChainChanges(**said, cards=told, facts=cards.facts)


def _changed(
    one: CardDifference, before: Chain, after: Chain, names: Mapping[str, str]
) -> ChangedCard:
    was = _sentence(one.before, before, names) if one.before else None
    now = _sentence(one.after, after, names) if one.after else None
    return ChangedCard(one.verb, one.id, one.moved, was, now)


def _in_use(row: DraftRow) -> DefinitionRow | None:
    return read(following.newest, g.actor.agency_id, row.key)


def _drawn(row: DraftRow) -> tuple[str, Version]:
    """(the name of the diagram's file, the version that would come of the cards)."""
    files = read(following.composed, g.actor.agency_id, row.chain, _in_use(row))
    name = file_name(row.chain)
    return name, Version(files[name], files)


@resource.get("/<uuid:chain_id>/staffing", gives=ChainStaffing)
def staffing(chain_id: UUID) -> Any:
    """Who would get each step today, and why nobody would: before it is published. Cards with
    faults are told as far as they go.
    """
    return ChainStaffing(read(_staffing, _draft(chain_id).chain))


def _staffing(db: Any, chain: Chain) -> Sequence[StaffedStep]:
    return [_staffed(one) for one in staffed(chain, _look(db))]


def _staffed(one: Staffed) -> StaffedStep:
    thai, english = CONSEQUENCES[one.consequence] if one.consequence else ("", "")
    return StaffedStep(
        one.step.id if one.step else "",
        one.step.name if one.step else "",
        one.depends,
        one.principals,
        one.able,
        one.away,
        one.consequence,
        thai,
        english,
        [_lacking(lack) for lack in one.lacks],
        one.unproven,
        trial_warnings(one.waiting),
    )


def _lacking(lack: Lack) -> Lacking:
    (thai, english), mend = told(lack.kind, lack.why, lack.called)
    page = page_of(lack.standing, lack.why)
    return Lacking(lack.standing.principal, lack.why, thai, english, *mend, page)


@resource.post(
    "/<uuid:chain_id>/publish", takes=Publication, gives=PublishedChain, guarded=True,
    scope="deploy",
)  # fmt: skip
def publish(body: dict[str, Any], chain_id: UUID) -> Any:
    """Make a new version of the process. If-Match carries the ETag of the cards that were read."""
    made = execute(PublishChain(chain_id, revision_read(), **body))
    found: Sequence[StaffedStep] = ()
    with suppress(NotFound):  # asked again, for its answer, when the cards are thrown away
        found = read(_staffing, _draft(chain_id).chain)
    warned = [one for one in found if one.consequence or one.unproven]
    return PublishedChain(**made, staffing=warned)


@resource.post(
    "/<uuid:chain_id>/draw", takes=Nothing, gives=BegunModelDraft, status=201, guarded=True,
    scope="deploy",
)  # fmt: skip
def draw(body: dict[str, Any], chain_id: UUID) -> Any:
    """Make a diagram's draft of the cards, with the tests of the version before: where tests that
    the cards made red are mended and published. If-Match carries the ETag of the cards.
    """
    del body
    return begun(execute(DrawChain(chain_id, revision_read())))


@resource.get("/<uuid:chain_id>/history", query=Paging, gives=ChainHistory)
def history(query: dict[str, Any], chain_id: UUID) -> Any:
    """What was done to the chain, newest first."""
    row = _draft(chain_id)
    window = Window(query["page"], query["page_size"], query["after"])
    return read(people.history, g.actor.agency_id, window, subject_id=row.id)
