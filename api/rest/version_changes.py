"""What one version of a process says and another does not, as an answer: facts, and their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.pages.difference_words import Said, Tale, Told, Version, tell, verbs
from api.pages.i18n import speaking
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
class _Spoken:
    """All that is told in one language."""

    tale: Tale
    verbs: Mapping[Verb, str]


def changed(
    older: DefinitionRow, newer: DefinitionRow, before: Version, after: Version
) -> VersionChanges:
    thai, english = (_spoken(language, before, after) for language in ("th", "en"))
    pairs = zip(thai.tale.differences, english.tale.differences, strict=True)
    told = [
        _difference(one, {"th": _short(one, thai), "en": _short(its, english)}, its)
        for one, its in pairs
    ]
    return VersionChanges(newer.id, newer.version, older.id, older.version, thai.tale.moved, told)


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
