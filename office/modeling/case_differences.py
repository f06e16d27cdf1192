"""What the tests beside one diagram ask and those beside another do not: test by test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal, TypeAlias

from engine.errors import Invalid
from office.modeling import cases
from office.modeling.cases import Case
from office.modeling.differences import Verb

What: TypeAlias = Literal[
    "decision", "starter", "start", "answer", "path", "end", "value", "unreadable"
]


@dataclass(frozen=True, slots=True)
class CaseChange:
    """`at`: the variable, or which answer it is, from 1; empty where there is one only. A `path`
    is told as its elements' ids.
    """

    what: What
    at: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CaseDifference:
    """`name` is empty where the whole file cannot be read: its one change says so."""

    verb: Verb
    name: str
    changes: Sequence[CaseChange]


def compare_cases(
    before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> Sequence[CaseDifference]:
    """Tests are the same where their names are; of several of one name, where their order is."""
    if _source(before) == _source(after):
        return []
    try:
        old, new = _named(before), _named(after)
    except Invalid:
        return [CaseDifference("changed", "", [CaseChange("unreadable", "", "", "")])]
    return [*_compared(old, new)]


def _compared(
    old: Mapping[tuple[str, int], Case], new: Mapping[tuple[str, int], Case]
) -> Iterator[CaseDifference]:
    for at in dict.fromkeys([*new, *old]):
        was, now = old.get(at), new.get(at)
        changes = [*_changes(was or Case(""), now or Case(""))]
        if changes or was is None or now is None:
            verb: Verb = "added" if was is None else "removed" if now is None else "changed"
            yield CaseDifference(verb, at[0], changes)


def _source(files: Mapping[str, bytes]) -> bytes:
    name = cases.file_of(files)
    return b"" if name is None else files[name]


def _named(files: Mapping[str, bytes]) -> Mapping[tuple[str, int], Case]:
    source, met = _source(files), dict[str, int]()
    found = {}
    for one in cases.read(source) if source else ():
        met[one.name] = met.get(one.name, 0) + 1
        found[one.name, met[one.name]] = one
    return found


def _changes(was: Case, now: Case) -> Iterator[CaseChange]:
    if was.decision != now.decision:
        yield CaseChange("decision", "", was.decision, now.decision)
    if was.starter != now.starter:
        yield CaseChange("starter", "", was.starter, now.starter)
    yield from _values("start", was.start, now.start)
    yield from _answers(_lines(was), _lines(now))
    if [*was.path] != [*now.path]:
        yield CaseChange("path", "", " ".join(was.path), " ".join(now.path))
    if was.end != now.end:
        yield CaseChange("end", "", was.end, now.end)
    yield from _values("value", was.values, now.values)


def _values(what: What, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[CaseChange]:
    for name in {**was, **now}:
        if was.get(name) != now.get(name):
            yield CaseChange(what, name, was.get(name, ""), now.get(name, ""))


def _lines(case: Case) -> Sequence[str]:
    return [cases.answers_out([one]) for one in case.answers]


def _answers(was: Sequence[str], now: Sequence[str]) -> Iterator[CaseChange]:
    """Numbered as they are answered now, or where one is gone as it was."""
    for verb, first, last, begin, end in SequenceMatcher(
        None, was, now, autojunk=False
    ).get_opcodes():
        if verb == "equal":
            continue
        for gone, come in zip_longest(range(first, last), range(begin, end)):
            number = (gone if come is None else come) or 0
            yield CaseChange(
                "answer",
                str(number + 1),
                "" if gone is None else was[gone],
                "" if come is None else now[come],
            )
