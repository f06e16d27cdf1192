"""What one version of a process, or a draft of it, says and another does not, as an answer: facts,
and their words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import g

from api.pages.difference_words import Said, Tale, Told, Version, tell, verbs
from api.pages.i18n import speaking
from api.rest.frame import read
from engine.commands import checks
from engine.errors import NotFound
from engine.queries import definitions
from engine.queries.definitions import DefinitionRow
from office.modeling.differences import Verb


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """`what`: an attribute, or the tag of what stands inside; of tables, forms and tests the name
    of a fact. `at`: which rule, field, variable or answer. `words`: all of it, `th` and `en`.
    """

    what: str
    at: str
    before: str
    after: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """`verb`: added, removed or changed; `kind`: the BPMN name of an element, or decision, form,
    test; `element_id`: of the element or the decision; `file`: of what stands beside the diagram.
    `words`: in short, `th` and `en`.
    """

    verb: str
    kind: str
    element_id: str | None
    file: str | None
    name: str
    words: Mapping[str, str]
    changes: Sequence[ChangedFact]


@dataclass(frozen=True, slots=True)
class VersionChanges:
    """From the version `against` to this one; `moved`: elements that are only drawn elsewhere."""

    definition_id: str
    version: int
    against_id: str
    against_version: int
    moved: int
    differences: Sequence[VersionDifference]


@dataclass(frozen=True, slots=True)
class DraftChanges:
    """From the published version `against` to this revision of the draft; `moved`: elements that
    are only drawn elsewhere.
    """

    draft_id: str
    revision: int
    against_id: str
    against_version: int
    moved: int
    differences: Sequence[VersionDifference]


@dataclass(frozen=True, slots=True)
class _Spoken:
    """All that is told in one language."""

    tale: Tale
    verbs: Mapping[Verb, str]


def changed(
    older: DefinitionRow, newer: DefinitionRow, before: Version, after: Version
) -> VersionChanges:
    moved, told = _told(before, after)
    return VersionChanges(newer.id, newer.version, older.id, older.version, moved, told)


def drafted(
    older: DefinitionRow, draft_id: UUID, revision: int, before: Version, after: Version
) -> DraftChanges:
    moved, told = _told(before, after)
    return DraftChanges(str(draft_id), revision, older.id, older.version, moved, told)


def of_same(key: str, against: UUID) -> DefinitionRow:
    """The version that `against` names; refused where it is one of another process."""
    older = read(definitions.one, g.actor.agency_id, against)
    if older.key != key:
        raise checks.refused(
            "against",
            "other_process",
            f"Expected another version of {key}, but {against} is one of {older.key}.",
        )
    return older


def of_draft(key: str, against: UUID | None, usual: int | None) -> DefinitionRow:
    """What a draft is compared with: `usual` is the number of the version where none is named."""
    if against is not None:
        return of_same(key, against)
    found = read(definitions.latest, g.actor.agency_id, key, usual) if usual else ()
    if not found:
        raise NotFound(f"Expected a published version of {key} to compare with, but there is none.")
    return found[0]


def deployed(row: DefinitionRow) -> Version:
    me, this = g.actor.agency_id, UUID(row.id)
    return Version(read(definitions.xml, me, this), read(definitions.files, me, this))


def _told(before: Version, after: Version) -> tuple[int, Sequence[VersionDifference]]:
    thai, english = (_spoken(language, before, after) for language in ("th", "en"))
    pairs = zip(thai.tale.differences, english.tale.differences, strict=True)
    return thai.tale.moved, [
        _difference(one, {"th": _short(one, thai), "en": _short(its, english)}, its)
        for one, its in pairs
    ]


def _spoken(language: str, before: Version, after: Version) -> _Spoken:
    with speaking(language):
        return _Spoken(tell(before, after), verbs())


def _difference(thai: Told, words: Mapping[str, str], english: Told) -> VersionDifference:
    pairs = zip(thai.changes, english.changes, strict=True)
    changes = [_fact(one, its) for one, its in pairs]
    return VersionDifference(
        thai.verb, thai.kind, thai.id or None, thai.file or None, thai.title, words, changes
    )


def _short(told: Told, spoken: _Spoken) -> str:
    return f"{spoken.verbs[told.verb]} {told.called} “{told.title}”"


def _fact(thai: Said, english: Said) -> ChangedFact:
    fact, words = thai.fact, {"th": _line(thai), "en": _line(english)}
    return ChangedFact(fact.what, fact.at, fact.before, fact.after, words)


def _line(said: Said) -> str:
    return f"{said.label}: {said.before or '–'} → {said.after or '–'}"
