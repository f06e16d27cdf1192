"""Built-in functions on contexts (DMN 1.5, 10.3.4.8)."""

from __future__ import annotations

from typing import Any

from engine.feel.builtins.signatures import Library
from engine.feel.errors import Nothing
from engine.feel.kinds import CONTEXT, STRING, expect
from engine.feel.scope import Run

LIBRARY = Library()
define = LIBRARY.define

Entries = dict[str, Any]


@define("get value(m: context, key: string)", "get value(context: context, keys: list)")
def get_value(run: Run, context: Entries, key: str | list[Any]) -> Any:
    if isinstance(key, str):
        return context.get(key)
    if not key:
        raise Nothing("Expected at least one key.")
    found: Any = context
    for part in key:
        run.meter.step()
        found = expect(found, CONTEXT).get(expect(part, STRING))
    return found


@define("get entries(m: context)")
def get_entries(run: Run, context: Entries) -> list[Entries]:
    run.meter.grow(3 * len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@define("context(entries: list)")
def context_of(run: Run, entries: list[Any]) -> Entries:
    run.meter.grow(len(entries))
    made: Entries = {}
    for entry in entries:
        key, value = _entry(entry)
        if key in made:
            raise Nothing(f"Expected each key once, but got {key!r} twice.")
        made[key] = value
    return made


def _entry(entry: Any) -> tuple[str, Any]:
    fields = expect(entry, CONTEXT)
    if "key" not in fields or "value" not in fields:
        raise Nothing("Expected entries with a key and a value.")
    return expect(fields["key"], STRING), fields["value"]


@define(
    "context put(context: context, key: string, value: any)",
    "context put(context: context, keys: list, value: any)",
)
def context_put(run: Run, context: Entries, key: str | list[Any], value: Any) -> Entries:
    run.meter.grow(len(context) + 1)
    if isinstance(key, str):
        return {**context, key: value}
    if not key:
        raise Nothing("Expected at least one key.")
    first = expect(key[0], STRING)
    if len(key) == 1:
        return {**context, first: value}
    inner = context.get(first)
    inner = {} if inner is None else expect(inner, CONTEXT)
    return {**context, first: context_put(run, inner, key[1:], value)}


@define("context merge(contexts: list)")
def context_merge(run: Run, contexts: list[Any]) -> Entries:
    made: Entries = {}
    for context in contexts:
        made.update(expect(context, CONTEXT))
        run.meter.grow(len(context))
    return made
