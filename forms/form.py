"""A compiled form: the one validator, on the server, of what people and programs fill in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema, ValidationError

from engine.ports import FilesOf
from forms.conditions import Condition, ConditionFailed, Situation
from forms.definition import Component, Option
from forms.fields import is_empty, schema
from forms.files import imagined, misfit
from forms.messages import Message
from forms.reading import read

#: "Today" is the day in Thailand, wherever the server stands.
BANGKOK = ZoneInfo("Asia/Bangkok")

Values = Mapping[str, Any]
#: what a field that is left empty holds, where that is not None
_EMPTY: Values = {"check": False, "files": [], "people": []}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One field that is wrong; `message` can be said in Thai and in English."""

    key: str
    message: Message


@dataclass(frozen=True, slots=True)
class Filled:
    """What a filled form came to: clean `values`, or `troubles` (never both)."""

    values: Values
    troubles: Sequence[Trouble] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """Build with `compile_form`, which caches: a form is immutable and safe to share."""

    components: tuple[Component, ...]
    inputs: Mapping[str, Component]
    schema: Schema

    def fill(
        self,
        data: Values,
        known: Values,
        now: datetime,
        outcome: str | None = None,
        nameable: Callable[[str], bool] | None = None,
        files: FilesOf | None = None,
    ) -> Filled:
        """Judge `data` over what the instance knows, whom it names by `nameable`, and which files
        by `files` (None: nobody keeps any, and what is said of them is believed).

        Hidden fields are dropped, read-only ones must not change. A visible field left out is
        None, unless the instance knows a value already: then that stays.
        """
        loaded, messages = self._load(data)
        self._look_up(loaded, messages, files)
        situation = self.situation(loaded, known, now, outcome)
        live = self.visible(situation)
        judged = _Judgement(self, live, loaded, messages, situation, known, nameable)
        troubles = list(judged.troubles(data))
        return Filled({}, troubles) if troubles else Filled(judged.values(data))

    def situation(
        self, values: Values, known: Values, now: datetime, outcome: str | None = None
    ) -> Situation:
        """Every field (None where empty), the instance's variables, the outcome; and the moment."""
        seen = {**dict.fromkeys(self.inputs), **known, **self.clean_part(known), **values}
        return Situation({**seen, "outcome": outcome}, now)

    def visible(self, situation: Situation) -> dict[str, Component]:
        """Inputs that are shown, in order. A hidden field counts as empty for those after it."""
        return {item.key: item for item in _shown(self.components, situation) if item.key}

    def options(self, item: Component, situation: Situation) -> Sequence[Option]:
        if item.options_from is None:
            return item.options
        return tuple(_options(situation.values.get(item.options_from)))

    def clean_part(self, data: Values) -> dict[str, Any]:
        """What is clean already among `data`; the rest is left out without a word."""
        return self._load({key: data[key] for key in self.inputs if key in data})[0]

    def names_read(self) -> frozenset[str]:
        """Inputs that some condition, bound or list of options of this form reads."""
        read = {name for item in self._walk() for name in _names(item)}
        return frozenset(read & self.inputs.keys())

    def variables_read(self) -> frozenset[str]:
        """What conditions, bounds and lists of options need for certain, inputs or not."""
        return frozenset(name for item in self._walk() for name in _needed(item))

    def files(self) -> Sequence[str]:
        """The fields that take files."""
        return [key for key, item in self.inputs.items() if item.kind == "files"]

    def _look_up(
        self, loaded: dict[str, Any], messages: dict[str, Message], files: FilesOf | None
    ) -> None:
        """Put in what is kept of the files instead of what was said of them."""
        for key in self.files():
            named = loaded.get(key) or []
            ids = [one["id"] for one in named]
            if not ids:
                continue
            if files is None:
                loaded[key] = [imagined(one) for one in named]
            elif (found := files(key, ids)).keys() >= set(ids):
                loaded[key] = [found[one] for one in ids]
            else:
                messages[key] = Message("file_gone")
                loaded.pop(key)

    def _walk(self) -> Iterator[Component]:
        return (item for component in self.components for item in component.walk())

    def _load(self, data: Values) -> tuple[dict[str, Any], dict[str, Message]]:
        try:
            return dict(self.schema.load(data)), {}
        except ValidationError as wrong:
            found: dict[str, Any] = wrong.normalized_messages()  # type: ignore[no-untyped-call] # marshmallow's, untyped
            return dict(wrong.valid_data or {}), {k: _message(v) for k, v in found.items()}


@dataclass(frozen=True, slots=True)
class _Judgement:
    """The rules that need more than one value: visibility, options, bounds in FEEL, required."""

    form: Form
    live: Mapping[str, Component]
    loaded: dict[str, Any]
    messages: Mapping[str, Message]
    situation: Situation
    known: Values
    nameable: Callable[[str], bool] | None

    def troubles(self, data: Values) -> Iterator[Trouble]:
        for key in data:
            if key not in self.form.inputs:
                yield Trouble(key, Message("unknown"))
        for key, item in self.live.items():
            if (message := self._judge(key, item)) is not None:
                yield Trouble(key, message)

    def values(self, data: Values) -> dict[str, Any]:
        clean = {}
        for key, item in self.live.items():
            if key in data and not locked(item, self.situation):
                value = self.loaded.get(key)
                lists = item.kind in {"files", "people"} and value is None
                clean[key] = [] if lists else value
            elif key not in self.known:
                clean[key] = _EMPTY.get(item.kind)
        return clean

    def _judge(self, key: str, item: Component) -> Message | None:
        try:
            if locked(item, self.situation):
                return self._unchanged(key)
            if key in self.messages:
                return self.messages[key]
            value = self.loaded.get(key)
            if is_empty(value) or (item.kind == "check" and value is False):
                return Message("required") if item.rules.required else None
            return self._within(item, value)
        except ConditionFailed:
            return Message("condition")

    def _unchanged(self, key: str) -> Message | None:
        if key in self.messages:
            return Message("read_only")
        given = self.loaded.get(key)
        return None if is_empty(given) or given == self._present(key) else Message("read_only")

    def _present(self, key: str) -> Any:
        """The known value as this field would read it (a date is kept as ISO text)."""
        return self.form.clean_part({key: self.known.get(key)}).get(key)

    def _within(self, item: Component, value: Any) -> Message | None:
        if item.kind in {"radio", "select"}:
            return self._chosen(item, [value])
        if item.kind in {"checks", "tags"}:
            return self._chosen(item, value)
        if item.kind == "number":
            return self._bounded(item, value)
        if item.kind == "files":
            return misfit(value, item.accept, several=item.several)
        if item.kind == "person" and self.nameable is not None:
            return None if self.nameable(value) else Message("person")
        if item.kind == "people" and self.nameable is not None:
            odd = next((name for name in value if not self.nameable(name)), None)
            return None if odd is None else Message("people", name=odd)
        if item.kind == "date" and item.rules.not_past:
            return (
                Message("past") if value < self.situation.now.astimezone(BANGKOK).date() else None
            )
        return None

    def _chosen(self, item: Component, values: Sequence[str]) -> Message | None:
        allowed = {option.value for option in self.form.options(item, self.situation)}
        return None if allowed.issuperset(values) else Message("choice")

    def _bounded(self, item: Component, value: int | Decimal) -> Message | None:
        least, most = (self._bound(item.rules.least), self._bound(item.rules.most))
        if least is not None and value < least:
            return Message("too_small", limit=least)
        if most is not None and value > most:
            return Message("too_great", limit=most)
        return None

    def _bound(self, bound: Decimal | int | Condition | None) -> Decimal | int | None:
        if not isinstance(bound, Condition):
            return bound
        value = bound.value(self.situation)
        if value is None or (isinstance(value, int | Decimal) and not isinstance(value, bool)):
            return value
        raise ConditionFailed(bound.text)


def _shown(components: Sequence[Component], situation: Situation) -> Iterator[Component]:
    for item in components:
        if hidden(item, situation):
            situation.values.update((inner.key, None) for inner in item.walk() if inner.key)
            continue
        yield item
        yield from _shown(item.children, situation)


def hidden(item: Component, situation: Situation) -> bool:
    """True only when its condition says exactly true: a doubtful field is shown."""
    try:
        return item.hide is not None and item.hide.holds(situation)
    except ConditionFailed:
        return False


def locked(item: Component, situation: Situation) -> bool:
    """Whether this field may only be read now; ConditionFailed where that cannot be told."""
    if isinstance(item.read_only, Condition):
        return item.read_only.holds(situation)
    return item.read_only


def _names(item: Component) -> Iterator[str]:
    for rule in _conditions(item):
        yield from rule.names
    if item.options_from is not None:
        yield item.options_from


def _needed(item: Component) -> Iterator[str]:
    for rule in _conditions(item):
        yield from rule.tree.references.variables
    if item.options_from is not None:
        yield item.options_from


def _conditions(item: Component) -> Iterator[Condition]:
    for rule in (item.hide, item.read_only, item.rules.least, item.rules.most):
        if isinstance(rule, Condition):
            yield rule


def _options(found: Any) -> Iterator[Option]:
    """Options out of a variable: a list of texts, or of {value, label}."""
    for entry in found if isinstance(found, list) else []:
        if isinstance(entry, str):
            yield Option(entry, entry)
        elif isinstance(entry, dict) and isinstance(entry.get("value"), str):
            yield Option(entry["value"], str(entry.get("label") or entry["value"]))


def _message(found: Any) -> Message:
    first = found[0] if isinstance(found, list) and found else None
    return first if isinstance(first, Message) else Message("unknown")


@lru_cache(maxsize=512)
def compile_form(source: bytes) -> Form:
    """The form behind a definition's bytes; BadForm where it cannot be read. What `check` refuses
    of new forms alone is read: forms in use have it.
    """
    components = read(source)
    every = (item for component in components for item in component.walk())
    inputs = {item.key: item for item in every if item.key}
    return Form(components, inputs, schema(inputs))
