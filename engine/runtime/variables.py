"""Where variables live: with the process, not with the token; iterations have locals of their own.

SpiffWorkflow copies data from task to task and merges it at joins; a branch then overwrites what
another has changed. Here every process (the root, each called one) has one set of variables, and
Spiff's `task.data` stays empty. A multi-instance iteration has a frame of locals above it: its
element variable and loopCounter, and, where the loop collects an output item, whatever the
iteration sets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.errors import FieldError, Invalid
from engine.runtime.errors import Stuck
from engine.runtime.journal import Journal
from engine.runtime.values import Scope

#: internal data of an iteration's token
LOCAL, CLOSED = "local", "closed"
_BAD_NAME = "Expected an ordinary variable name, but got “{}”."
_RESERVED = re.compile(r"__.*|constructor|prototype")


class Variables:
    def __init__(self, scopes: Mapping[Scope, Mapping[str, Any]], journal: Journal) -> None:
        self.scopes: dict[Scope, dict[str, Any]] = {
            scope: dict(variables) for scope, variables in scopes.items()
        }
        self._journal = journal
        #: whether conditional events should look again
        self.dirty = False
        #: roughly how many characters this advance has set
        self.weight = 0

    def scope_of(self, token: Any) -> Scope:
        """The process that a token belongs to."""
        for frame in _frames(token):
            parent = frame.parent
            if parent is not None and parent.task_spec.opens_scope:
                return str(parent.id.hex)
        return ""

    def context(self, token: Any, *, counters: bool = True) -> Mapping[str, Any]:
        """All that an expression at this token can see. Values are never changed in place.

        `counters`: those of loops too, which are nobody's variables.
        """
        overlay: dict[str, Any] = {}
        for frame in _frames(token):
            if LOCAL in frame.internal_data:
                counted = _counters(frame.parent) if counters else {}
                overlay = {**counted, **frame.internal_data[LOCAL], **overlay}
        scope = self.scopes[self.scope_of(token)]
        return {**scope, **overlay} if overlay else scope

    def assign(self, token: Any, values: Mapping[str, Any], element_id: str) -> None:
        for name, value in values.items():
            _check_name(name)
            frame = _home_of(token, name)
            if frame is None:
                self.set(self.scope_of(token), name, value, element_id)
            else:
                frame.internal_data[LOCAL][name] = value
                self.dirty = True
                self.weight += _weight(value)

    def set(self, scope: Scope, name: str, value: Any, element_id: str) -> None:
        variables = self.scopes[scope]
        if name in variables and _same(variables[name], value):
            return
        variables[name] = value
        self.dirty = True
        self.weight += _weight(value)
        self._journal.changed(scope, name, value, element_id)


def _frames(token: Any) -> Iterator[Any]:
    """The token and all around it, up to the process it belongs to."""
    while token is not None:
        yield token
        parent = token.parent
        if parent is None or parent.task_spec.opens_scope:
            return
        token = parent


def _home_of(token: Any, name: str) -> Any | None:
    """The iteration that a name belongs to: one that has it, else one that keeps all it sets."""
    frames = [frame for frame in _frames(token) if LOCAL in frame.internal_data]
    for frame in frames:
        if name in frame.internal_data[LOCAL]:
            return frame
    return next((frame for frame in frames if CLOSED in frame.internal_data), None)


def _counters(loop: Any) -> dict[str, Any]:
    counters: dict[str, Any] = loop.task_spec.counters(loop)
    return counters


def is_reserved(name: str) -> bool:
    return _RESERVED.fullmatch(name) is not None


def _check_name(name: str) -> None:
    if is_reserved(name):
        raise Stuck("reserved_name", _BAD_NAME.format(name))


def check_given(variables: Mapping[str, Any]) -> Mapping[str, Any]:
    """Variables from outside: a reserved name is the caller's fault, not the process's."""
    bad = [name for name in variables if not name or _RESERVED.fullmatch(name)]
    if bad:
        errors = [FieldError(name, _BAD_NAME.format(name), "reserved_name") for name in bad]
        raise Invalid(_BAD_NAME.format(bad[0]), errors)
    return variables


def _same(old: Any, new: Any) -> bool:
    """Equal and of one type: True is not 1, and 1.0 is not 1."""
    return type(old) is type(new) and bool(old == new)


def _weight(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return 8 + sum(len(key) + _weight(inner) for key, inner in value.items())
    if isinstance(value, list | tuple):
        return 8 + sum(map(_weight, value))
    return 8
