"""/model-drafts/<id>/play: a draft walked through, answer by answer; nothing really happens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from api.mending import page_of
from api.rest.fields import Text
from api.rest.foreseen import TrialWarning, trial_warnings
from api.rest.frame import Resource, execute, read, revision_read, system
from api.rest.model_drafts import SavedModelFile
from api.rest.model_tests import LONGEST_NAME, TestAnswer, texts
from engine.commands import checks
from engine.errors import DeploymentRefused
from office.documents.rules import OPEN_TO_RIGHTS
from office.modeling import cases, checking, foreseeing, playing, queries
from office.modeling.candidates import Candidates, Today
from office.modeling.cases import Answer, Case
from office.modeling.commands import RIGHT, AddModelFiles
from office.modeling.foreseeing import Met, StoredHouse
from office.modeling.playing import Played
from office.modeling.queries import DraftRow
from office.modeling.reaching import never_reached
from office.modeling.testing import Laboratory
from office.people import queries as people
from office.people.queries import Standing
from office.people.rights import demand
from office.people.shortfalls import told

resource = Resource(
    "model-play", __name__, url_prefix="/api/v1/model-drafts/<uuid:model_draft_id>/play",
    description="A draft walked through before it is published.",
)  # fmt: skip

#: tokens of one step whose people are told one by one
MOST_TOKENS = 10


@dataclass(frozen=True, slots=True)
class PlayOutcome:
    id: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class PlayLack:
    """Nobody acts for one of those whom a step names: why (`code`), in Thai and in English, what
    to do, and the page on which that is done (empty: in the diagram).
    """

    principal: str
    code: str
    thai: str
    english: str
    mend_thai: str
    mend_english: str
    page: str


@dataclass(frozen=True, slots=True)
class PlayReach:
    """Who would get a task today. `able`: sign-in names of who could do it; `away`: those of them
    on leave; `barred`: who could, but may not here; `performers`: elements on whose performers,
    unknown in a play, it depends.
    """

    principals: Sequence[str]
    able: Sequence[str]
    away: Sequence[str]
    barred: Sequence[str]
    performers: Sequence[str]
    lacking: Sequence[PlayLack]


@dataclass(frozen=True, slots=True)
class PlayMet:
    """An element to which the play came, where people are asked or something is amiss: who would
    get it today (as in a trial of cards), its warnings, and when its time is up, if each step
    before took all of its own. `process` is that in which it stands, a called one too; `waiting`:
    it waits there now.
    """

    element: str
    process: str
    name: str
    principals: Sequence[str]
    able: Sequence[str]
    away: Sequence[str]
    warnings: Sequence[TrialWarning]
    by: datetime | None
    waiting: bool


@dataclass(frozen=True, slots=True)
class PlayNever:
    """An element of the draft that no case reaches, whatever is answered, or what decides, with
    ways that no case takes.
    """

    element: str
    name: str
    warnings: Sequence[TrialWarning]


@dataclass(frozen=True, slots=True)
class PlayWait:
    """What waits at one element. `kind`: task, job, timer, message or signal; `outcomes`: what a
    task can be answered with, `return` too where it `returns`; `form`: the key of the form that a
    person fills in, `names` its variables; `reaches`: of a task, for each of its first ten tokens
    that reach others; `offered`: what a look-up of people would give today, as FEEL texts.
    """

    element: str
    kind: str
    tokens: int
    outcomes: Sequence[PlayOutcome]
    returns: bool
    form: str | None
    names: Sequence[str]
    reaches: Sequence[PlayReach]
    offered: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlayedAnswer:
    """What happened at one waiting element, its values as FEEL texts."""

    element: str
    outcome: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlayFailure:
    """`code`: value, form, not_waiting, outcome, stuck, refused or too_long; `at`: the element or
    variable, and of a form `expected` names the field; `answer`: which of the answers was not
    taken, from 0, null where it is none of them.
    """

    code: str
    at: str
    expected: str
    found: str
    answer: int | None


@dataclass(frozen=True, slots=True)
class ModelPlay:
    """How far it has come, by the draft's `revision`: `taken` of the answers, and with `agreed`
    those that were given. `end`: of a completed one, the end event; `steps`: elements and flows as
    they were met; `met`: whom it would reach on the way, and what would go wrong; `never`: what no
    play can come to; `failure`: why it came no further.
    """

    revision: int
    status: str
    end: str | None
    taken: int
    answers: Sequence[PlayedAnswer]
    steps: Sequence[str]
    met: Sequence[PlayMet]
    never: Sequence[PlayNever]
    waiting: Sequence[PlayWait]
    variables: Mapping[str, Any]
    failure: PlayFailure | None


class PlaySoFar(Schema):
    """`starter`: the sign-in name of whoever is thought to start the case, yours where it is not
    said; `start`: variables at the start and `answers`: all so far, their values as FEEL texts.
    """

    starter = Text(60, load_default=None)
    start = texts()
    answers = fields.List(
        fields.Nested(TestAnswer), load_default=list,
        validate=validate.Length(max=cases.MOST_ANSWERS),
    )  # fmt: skip


class PlayOn(PlaySoFar):
    """`secrecy`: of the letter that is thought of, where letters start it: 1 ปกติ, 2 ลับ, 3 ลับมาก;
    `agreed`: it goes on as far as it can if everybody agrees, machine work is done and times come.
    """

    secrecy = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, 3))
    agreed = fields.Boolean(load_default=False)


class PlayToKeep(PlaySoFar):
    """What the test is called, and the play that it is made of."""

    name = Text(LONGEST_NAME, required=True)


@resource.post("", takes=PlayOn, gives=ModelPlay, scope="read", asks=True)
def play(body: dict[str, Any], model_draft_id: UUID) -> Any:
    """Walk the draft as far as the answers go, and tell what waits then, whom it would reach today
    on the way and what would go wrong, as a trial of cards does. Nothing is kept, nothing is sent;
    a draft that cannot run is 422, with what is wrong in it.
    """
    return read(_play, model_draft_id, body)


def _play(db: Connection, model_draft_id: UUID, body: Mapping[str, Any]) -> ModelPlay:
    row, files = _draft(db, model_draft_id)
    case, lab = _case(db, body), _laboratory(db, row, files)
    if body["secrecy"] > OPEN_TO_RIGHTS and not lab.bundle.processes[row.key].internal:
        message = "Expected a degree of secrecy for a letter's route alone, but this is none."
        raise checks.refused("secrecy", "no_letter", message)
    house = _house(db)
    if body["agreed"]:
        case = foreseeing.agreed(lab, case, house, body["secrecy"])
    played = playing.play(lab, case)
    met = foreseeing.foreseen(played.run, house, case.starter, body["secrecy"])
    return ModelPlay(
        row.revision,
        played.status,
        played.end or None,
        len(played.case.answers),
        [PlayedAnswer(one.element, one.outcome, one.values) for one in played.case.answers],
        played.steps,
        [*_met(met, played)],
        [
            PlayNever(one.element, one.name, trial_warnings(one.warnings))
            for one in never_reached(lab.bundle, row.key)
        ],
        [*_waiting(db, played, case.starter, met)],
        played.variables,
        _failure(played),
    )


def _house(db: Connection) -> StoredHouse:
    services = system().services
    return StoredHouse(db, g.actor.agency_id, g.now, services.directory, services.calendars)


def _met(met: Sequence[Met], played: Played) -> Iterator[PlayMet]:
    live = played.tokens_now
    for one in met:
        if one.asks or one.warnings:
            yield PlayMet(
                one.element, one.process, one.name, one.principals, one.able, one.away,
                trial_warnings(one.warnings), one.by, not live.isdisjoint(one.tokens),
            )  # fmt: skip


def _draft(db: Connection, model_draft_id: UUID) -> tuple[DraftRow, Mapping[str, bytes]]:
    demand(g.actor, RIGHT)
    row = queries.draft(db, g.actor.agency_id, model_draft_id)
    return row, queries.files(db, g.actor.agency_id, row)


def _is_here(db: Connection, username: str) -> bool:
    found = people.persons_named(db, g.actor.agency_id, [username])
    return username in found and found[username].active


def _laboratory(db: Connection, row: DraftRow, files: Mapping[str, bytes]) -> Laboratory:
    me, services = g.actor.agency_id, system().services
    found = checking.laboratory(db, me, services, files, row.key, g.now)
    if found is None:
        raise DeploymentRefused(checking.findings(db, me, services, files, g.now))
    return found


def _case(db: Connection, body: Mapping[str, Any], name: str = "") -> Case:
    answers = tuple(Answer(**one) for one in body["answers"])
    starter = body["starter"] or g.actor.username
    if body["starter"] and not _is_here(db, starter):
        message = f"Expected the sign-in name of somebody in the agency, but got {starter!r}."
        raise checks.refused("starter", "unknown", message)
    return Case(name, start=body["start"], answers=answers, starter=starter)


def _failure(played: Played) -> PlayFailure | None:
    found = played.failure
    if found is None:
        return None
    taken = len(played.case.answers)
    at = taken if played.began and found.code != "stuck" else None
    return PlayFailure(found.code, found.at, found.expected, found.found, at)


def _waiting(
    db: Connection, played: Played, starter: str, met: Sequence[Met]
) -> Iterator[PlayWait]:
    today = Today(
        db, g.actor.agency_id, system().services.directory, g.now, starter, played.done
    )  # fmt: skip
    for one in played.waiting:
        found = dict.fromkeys(today.candidates(task) for task in one.tasks[:MOST_TOKENS])
        yield PlayWait(
            one.element,
            one.kind,
            one.tokens,
            [PlayOutcome(each.id, each.name, each.name_en) for each in one.outcomes],
            one.returns,
            one.tasks[0].form if one.tasks else None,
            one.names,
            [_reach(each) for each in found],
            playing.as_texts(foreseeing.looked_up(met, one.job) or {}),
        )


def _reach(found: Candidates) -> PlayReach:
    return PlayReach(
        found.principals,
        found.able,
        found.away,
        found.barred,
        found.performers,
        [_lack(one) for one in found.lacking],
    )


def _lack(one: Standing) -> PlayLack:
    kind, _colon, code = one.principal.partition(":")
    (thai, _), mend = told(kind, one.shortfall, one.name or code)
    (_, english), _mend = told(kind, one.shortfall, one.name_en or one.name or code)
    page = page_of(one, one.shortfall)
    return PlayLack(one.principal, one.shortfall, thai, english, *mend, page)


@resource.post("/keep", takes=PlayToKeep, gives=SavedModelFile, guarded=True, scope="deploy")
def keep(body: dict[str, Any], model_draft_id: UUID) -> Any:
    """Make a test of the model of what was played: it asks for the way that was gone. A play that
    cannot be gone to its last answer is refused. If-Match carries the draft's ETag.
    """
    return execute(
        AddModelFiles(model_draft_id, read(_kept, model_draft_id, body), revision_read())
    )


def _kept(db: Connection, model_draft_id: UUID, body: Mapping[str, Any]) -> Mapping[str, bytes]:
    row, files = _draft(db, model_draft_id)
    lab, case = _laboratory(db, row, files), _case(db, body, body["name"])
    failure = _failure(playing.play(lab, case))
    if failure is not None and failure.code != "stuck":
        raise checks.refused(
            _place(failure),
            failure.code,
            f"Expected a play that can be gone, but at {failure.at!r:.80} it is refused"
            f" ({failure.code}): expected {failure.expected or 'nothing'!r:.200},"
            f" found {failure.found or 'nothing'!r:.200}.",
        )
    return playing.kept(lab, case, body["name"], files)


def _place(failure: PlayFailure) -> str:
    """Of what is wrong, in the body."""
    value = {"value": failure.at, "form": failure.expected}.get(failure.code, "")
    if failure.answer is None:
        return f"start.{value}" if value else "start"
    at = f"answers.{failure.answer}"
    return f"{at}.values.{value}" if value else at
