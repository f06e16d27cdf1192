"""What the decision tables beside one diagram say and those beside another do not: rule by rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal, TypeAlias

from office.modeling.differences import Verb
from office.modeling.tables import Column, Drawn, Rule, Table, decisions

What: TypeAlias = Literal["rule", "policy", "inputs", "outputs", "text"]
_ANY = frozenset({"", "-"})


@dataclass(frozen=True, slots=True)
class TableChange:
    """`number`: of the rule, as it is now, or where it is gone as it was; empty text: no rule."""

    what: What
    number: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TableDifference:
    verb: Verb
    file: str
    id: str
    name: str
    changes: Sequence[TableChange]


def compare_tables(
    before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> Sequence[TableDifference]:
    """Decisions are the same where their files' names and their ids are."""
    old, new = _decisions(before), _decisions(after)
    found = []
    for at in dict.fromkeys([*old, *new]):
        was, now = old.get(at), new.get(at)
        some = now or was
        assert some is not None, "it stands in one of them"
        changes = [*_changes(was, now)]
        if changes or was is None or now is None:
            verb: Verb = "added" if was is None else "removed" if now is None else "changed"
            found.append(TableDifference(verb, at[0], at[1], some.name, changes))
    return found


def _decisions(files: Mapping[str, bytes]) -> dict[tuple[str, str], Drawn]:
    return {
        (file, drawn.id): drawn
        for file, source in sorted(files.items())
        if file.endswith(".dmn")
        for drawn in decisions(source)
    }


def _changes(was: Drawn | None, now: Drawn | None) -> Iterator[TableChange]:
    old, new = (one.table if one else None for one in (was, now))
    for before, after in zip(_whole(was), _whole(now), strict=True):
        if before[1] != after[1]:
            yield TableChange(before[0], 0, before[1], after[1])
    yield from _rules(old, new)


def _whole(drawn: Drawn | None) -> Sequence[tuple[What, str]]:
    """What is said beside the rules."""
    table = drawn.table if drawn else None
    return [
        ("policy", f"{table.policy} {table.aggregation}".strip() if table else ""),
        ("inputs", _columns(table.inputs) if table else ""),
        ("outputs", _columns(table.outputs) if table else ""),
        ("text", drawn.text if drawn else ""),
    ]


def _rules(old: Table | None, new: Table | None) -> Iterator[TableChange]:
    """Aligned by what they say: a rule that moved is one that went and one that came."""
    was, now = ([_told(one, rule) for rule in one.rules] if one else [] for one in (old, new))
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    for verb, first, last, begin, end in matcher.get_opcodes():
        if verb == "equal":
            continue
        pairs = zip_longest(range(first, last), range(begin, end))
        for gone, come in pairs:
            number = (gone if come is None else come) or 0
            yield TableChange(
                "rule",
                number + 1,
                "" if gone is None else was[gone],
                "" if come is None else now[come],
            )


def _told(table: Table, rule: Rule) -> str:
    """A rule in one line: “วงเงิน <= 100000 → "ผอ."”."""
    tests = zip(table.inputs, rule.tests, strict=False)
    asked = [f"{one.label} {text.strip()}" for one, text in tests if text.strip() not in _ANY]
    note = f" ({rule.note})" if rule.note else ""
    return f"{', '.join(asked) or '–'} → {', '.join(rule.results)}{note}"


def _columns(columns: Sequence[Column]) -> str:
    return ", ".join(f"{one.label} = {one.says} ({one.type or '–'})" for one in columns)
