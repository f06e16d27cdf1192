"""Two people's changes to one draft put together: nobody's words are lost. Pure.

Each started from the same content. What only one changed is taken; what both changed alike, once.
Lists and the body go block by block (a paragraph, a table, an entry). Where both changed the same
blocks, theirs stand first and mine behind them, and the place is named as a conflict: people judge.
A simple field that both changed keeps mine in the content, and theirs in the conflict.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from engine import jsonio
from office.documents import notation

_LISTS = ("refs", "attachments", "cc")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field (the body is `paragraphs`) that both changed, as each left it."""

    field: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    content: dict[str, Any]
    conflicts: Sequence[Conflict]


def merge(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    """Both changes to `base` in one content."""
    content: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for name in dict.fromkeys([*theirs, *mine]):
        if name in {"paragraphs", "extra", *_LISTS}:
            continue
        value, both = _one(base.get(name), mine.get(name), theirs.get(name))
        if value is not None or _stands(name, base, mine, theirs):
            content[name] = value
        if both:
            conflicts.append(Conflict(name, _shown(mine.get(name)), _shown(theirs.get(name))))
    for name in _LISTS:
        found = _entries(name, base, mine, theirs)
        if found.blocks or _stands(name, base, mine, theirs):
            content[name] = [jsonio.loads(one) for one in found.blocks]
        conflicts += found.conflicts
    return Merged(*_with_body(content, conflicts, base, mine, theirs))


def _one(base: Any, mine: Any, theirs: Any) -> tuple[Any, bool]:
    """The field's value, and whether both changed it, each in their way."""
    if mine == base:
        return theirs, False
    return mine, theirs not in (base, mine)


def _stands(
    name: str, base: Collection[str], mine: Collection[str], theirs: Collection[str]
) -> bool:
    """Whether an empty field is there at all: as whoever put it there or took it away left it."""
    return name in (theirs if (name in mine) == (name in base) else mine)


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(str(part) for part in value.values() if part)
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return "" if value is None else str(value)


def _entries(name: str, *contents: Mapping[str, Any]) -> Blocks:
    base, mine, theirs = ([jsonio.dumps(one) for one in c.get(name) or ()] for c in contents)
    found = merge_blocks(base, mine, theirs)
    said = [
        Conflict(name, *(", ".join(_shown(jsonio.loads(one)) for one in side) for side in both))
        for both in found.both
    ]
    return Blocks(found.blocks, found.both, said)


def _with_body(
    content: dict[str, Any],
    conflicts: list[Conflict],
    *three: Mapping[str, Any],
) -> tuple[dict[str, Any], list[Conflict]]:
    """Paragraphs, tables and what else is in `extra`."""
    found = merge_blocks(*(body_blocks(one) for one in three))
    body = notation.read("\n\n".join(found.blocks))
    conflicts += [Conflict("paragraphs", "\n".join(m), "\n".join(t)) for m, t in found.both]
    base, mine, theirs = (dict(one.get("extra") or {}) for one in three)
    extra: dict[str, Any] = {}
    for name in dict.fromkeys([*theirs, *mine]):
        value, both = _one(base.get(name), mine.get(name), theirs.get(name))
        if value is not None or _stands(name, base, mine, theirs):
            extra[name] = value
        if both and name != "tables":
            conflicts.append(Conflict(name, _shown(mine.get(name)), _shown(theirs.get(name))))
    unsaid = [_unsaid(one.get("tables")) for one in (base, mine, theirs)]
    strange, both = _one(*unsaid)
    if body.tables or strange or "tables" in extra:
        extra["tables"] = [*body.tables, *strange]
    if both:
        said = (" ".join(map(jsonio.dumps, one)) for one in unsaid[1:])
        conflicts.append(Conflict("tables", *said))
    return {**content, "paragraphs": body.paragraphs, "extra": extra}, conflicts


def _unsaid(tables: Any) -> list[Any]:
    """What stands among the tables and no text can say: it has no place between paragraphs."""
    if not isinstance(tables, list):
        return [tables] if tables else []
    return [one for one in tables if not notation.is_table(one)]


def body_blocks(content: Mapping[str, Any]) -> list[str]:
    """Each paragraph and each table as its text, in order."""
    paragraphs = content.get("paragraphs") or ()
    tables = (content.get("extra") or {}).get("tables")
    known = [one for one in tables if notation.is_table(one)] if isinstance(tables, list) else []
    return notation.blocks(paragraphs, known)


# -- blocks ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Blocks:
    """`both`: what each made of the blocks that both changed, mine first."""

    blocks: Sequence[str]
    both: Sequence[tuple[Sequence[str], Sequence[str]]]
    conflicts: Sequence[Conflict] = ()


def merge_blocks(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Blocks:
    """The lists put together between the blocks that all three have in common."""
    out: list[str] = []
    both: list[tuple[Sequence[str], Sequence[str]]] = []
    b = m = t = 0
    ends = (len(base), len(mine), len(theirs))
    for place, in_mine, in_theirs in [*_common(base, mine, theirs), ends]:
        part = _between(base[b:place], mine[m:in_mine], theirs[t:in_theirs])
        out += part.blocks
        both += part.both
        if place < len(base):
            out.append(base[place])
        b, m, t = place + 1, in_mine + 1, in_theirs + 1
    return Blocks(out, both)


def _common(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> list[tuple[int, int, int]]:
    """Where blocks of the base stand in both, in order."""
    in_mine, in_theirs = _matches(base, mine), _matches(base, theirs)
    return [
        (place, in_mine[place], in_theirs[place])
        for place in range(len(base))
        if place in in_mine and place in in_theirs
    ]


def _matches(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    matcher = SequenceMatcher(None, base, other, autojunk=False)
    return {
        block.a + step: block.b + step
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    }


def _between(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Blocks:
    if list(mine) == list(base) or list(mine) == list(theirs):
        return Blocks(theirs, ())
    if list(theirs) == list(base):
        return Blocks(mine, ())
    if len(base) == len(mine) == len(theirs) > 1:
        return _one_by_one(base, mine, theirs)
    together = [*theirs, *(block for block in mine if block not in theirs)]
    # Two additions at one place are no conflict: both stand.
    return Blocks(together, ((mine, theirs),) if base else ())


def _one_by_one(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Blocks:
    """Neighbours, of which each changed another one."""
    parts = [_between([b], [m], [t]) for b, m, t in zip(base, mine, theirs, strict=True)]
    return Blocks(
        [one for p in parts for one in p.blocks], [both for p in parts for both in p.both]
    )
