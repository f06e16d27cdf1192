"""What the forms beside one diagram say and those beside another do not: field by field, pure, and
in no language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from engine.models.forms import SUFFIX
from forms.conditions import Condition
from forms.definition import BadForm, Component, Option
from forms.reading import read
from office.modeling.differences import THERE, Verb

#: of a form that cannot be read, so that nobody can tell its fields
UNREADABLE = "unreadable"
#: of a field that came or went: told by its kind
WHOLE = "field"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """`field`: what it is called; `what`: `WHOLE`, `UNREADABLE`, or a fact: `order` is what it
    stands behind, `group` what is around it. `THERE` is told of what merely holds.
    """

    verb: Verb
    field: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class FormDifference:
    verb: Verb
    file: str
    changes: Sequence[FieldChange]


@dataclass(frozen=True, slots=True)
class _Field:
    """`marks`: what it is known by, the surest first; `facts`: the same ones of every field, empty
    where it says nothing; `options` are told apart one by one.
    """

    marks: Sequence[str]
    name: str
    kind: str
    facts: Mapping[str, str]
    options: Sequence[str]


def compare_forms(
    before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> Sequence[FormDifference]:
    """Forms are the same where their files' names are; fields where their variables are, or else
    their ids.
    """
    files = sorted(name for name in {*before, *after} if name.endswith(SUFFIX))
    found = (_form(name, before.get(name), after.get(name)) for name in files)
    return [one for one in found if one is not None]


def _form(file: str, was: bytes | None, now: bytes | None) -> FormDifference | None:
    if was == now:
        return None
    verb: Verb = "added" if was is None else "removed" if now is None else "changed"
    try:
        changes = [*_changes(_fields_of(was), _fields_of(now))]
    except BadForm:
        changes = [FieldChange("changed", "", UNREADABLE, "", "")]
    return FormDifference(verb, file, changes) if changes or verb != "changed" else None


def _fields_of(source: bytes | None) -> Sequence[_Field]:
    return () if source is None else [*_fields(read(source), "")]


def _changes(old: Sequence[_Field], new: Sequence[_Field]) -> Iterator[FieldChange]:
    same = _same(old, new)
    for at, one in enumerate(new):
        if at not in same:
            yield FieldChange("added", one.name, WHOLE, "", one.kind)
    for at, one in enumerate(old):
        if at not in same.values():
            yield FieldChange("removed", one.name, WHOLE, one.kind, "")
    moved = _moved([same[at] for at in sorted(same)])
    for at, was in same.items():
        yield from _changed(old[was], new[at])
        if was in moved:
            places = (_behind(old, was), _behind(new, at))
            yield FieldChange("changed", new[at].name, "order", *places)


def _same(old: Sequence[_Field], new: Sequence[_Field]) -> Mapping[int, int]:
    """Where each field that stands in both is now, and where it was; in the order of now."""
    found: dict[int, int] = {}
    for mark in range(2):
        known = {one.marks[mark]: at for at, one in enumerate(old) if len(one.marks) > mark}
        for at, one in enumerate(new):
            was = known.get(one.marks[mark]) if len(one.marks) > mark else None
            if was is not None and at not in found and was not in found.values():
                found[at] = was
    return dict(sorted(found.items()))


def _moved(was: Sequence[int]) -> frozenset[int]:
    """The fewest, about, that stand elsewhere, by where they were."""
    blocks = SequenceMatcher(None, sorted(was), was, autojunk=False).get_matching_blocks()
    stayed = {was[at] for block in blocks for at in range(block.b, block.b + block.size)}
    return frozenset(was) - stayed


def _behind(fields: Sequence[_Field], at: int) -> str:
    return fields[at - 1].name if at else ""


def _changed(was: _Field, now: _Field) -> Iterator[FieldChange]:
    for what, before in was.facts.items():
        after = now.facts[what]
        if before != after:
            yield FieldChange("changed", now.name, what, before, after)
    if was.options != now.options:
        told = (_unlike(one, other) for one, other in ((was, now), (now, was)))
        yield FieldChange("changed", now.name, "options", *told)


def _unlike(one: _Field, other: _Field) -> str:
    """The options that only it has; all where both have the same in another order."""
    reordered = {*one.options} == {*other.options}
    return ", ".join(text for text in one.options if reordered or text not in other.options)


def _fields(components: Sequence[Component], around: str) -> Iterator[_Field]:
    for one in components:
        name, options = _name(one), [_option(it) for it in one.options]
        yield _Field(_marks(one), name, one.kind, dict(_facts(one, around)), options)
        yield from _fields(one.children, name)


def _name(one: Component) -> str:
    return one.label or one.key or one.text or one.id


def _marks(one: Component) -> Sequence[str]:
    """An id that the file does not say is only the place: then what it shows has to do."""
    placed = one.pointer.strip("/").replace("/", "-")
    own = [f"id {one.id}"] if one.id != placed else []
    if one.key:
        return [f"key {one.key}", *own]
    return own or [f"{one.kind} {one.label}{one.text}"]


def _facts(one: Component, around: str) -> Iterator[tuple[str, str]]:
    rules = one.rules
    yield from (("kind", one.kind), ("key", one.key or ""), ("label", one.label))
    yield from (("text", one.text), ("description", one.description), ("group", around))
    yield from (("required", _said(rules.required)), ("read_only", _said(one.read_only)))
    yield from (("hide", _said(one.hide)), ("default", _said(one.default)))
    yield from (("least", _said(rules.least)), ("most", _said(rules.most)))
    yield from (("shortest", _said(rules.shortest)), ("longest", _said(rules.longest)))
    yield from (("pattern", rules.pattern.pattern if rules.pattern else ""),)
    yield from (("looks_like", rules.looks_like or ""), ("decimals", _said(rules.decimals)))
    yield from (("not_past", _said(rules.not_past)), ("options_from", one.options_from or ""))
    yield from (("columns", _said(one.columns)),)
    yield from (("prefix", one.prefix), ("suffix", one.suffix))
    others = [f"{name}={text}" for name, text in one.properties.items() if name != "widget"]
    yield "properties", ", ".join(others)


def _said(value: Any) -> str:
    """A condition after its sign, as it is written; a truth as that it holds."""
    if isinstance(value, Condition):
        return f"={value.text}"
    if isinstance(value, bool):
        return THERE if value else ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _option(one: Option) -> str:
    return one.value if one.value == one.label else f"{one.value} = {one.label}"
