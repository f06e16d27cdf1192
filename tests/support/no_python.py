"""Watches whether anything runs Python text while diagrams, models, forms or FEEL are at work.

The interpreter itself tells of each eval, exec and compile, by whatever name it was called. What
lies beneath a frame of these rooms or of SpiffWorkflow is refused there and kept in `reached`;
whatever has nothing to do with them (a test's own `ast.parse`, say) goes on.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import pytest
import SpiffWorkflow
from SpiffWorkflow.bpmn.script_engine import python_engine, python_environment

import engine
import forms

_ENGINE = Path(engine.__file__).parent
ROOMS = tuple(
    f"{folder}/"
    for folder in (
        *(_ENGINE / room for room in ("runtime", "feel", "dmn")),
        Path(forms.__file__).parent,
        Path(SpiffWorkflow.__file__).parent,
    )
)
_RUNS = frozenset({"compile", "exec"})
_SPIFFS_OWN = (
    python_engine.PythonScriptEngine,
    python_environment.BasePythonScriptEngineEnvironment,
    python_environment.TaskDataEnvironment,
)

#: where what is reached is kept; none while nobody watches
_watching: list[list[str]] = []


def _hear(event: str, given: tuple[Any, ...]) -> None:
    if _watching and event in _RUNS and _in_a_room(sys._getframe(1)):
        _refuse(f"{event} of {given[0]!r:.80}")


def _refuse(what: str) -> NoReturn:
    _watching[-1].append(what)
    raise AssertionError(f"Expected no Python from a diagram, but: {what}.")


def _in_a_room(frame: FrameType | None) -> bool:
    """Modules that are imported late are run as well, by the import and by what they import."""
    found = False
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith("<frozen importlib"):
            return False
        found = found or file.startswith(ROOMS)
        frame = frame.f_back
    return found


# Hooks cannot be taken away again: one for all tests of the process, deaf until somebody watches.
sys.addaudithook(_hear)


@contextmanager
def watched() -> Iterator[list[str]]:
    """What is reached in here, also where an incident has swallowed the refusal."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in _SPIFFS_OWN:
            for name in ("evaluate", "execute", "call_service"):
                patch.setattr(kind, name, _spiffs_own, raising=False)
        _watching.append([])
        try:
            yield _watching[-1]
        finally:
            _watching.pop()


def _spiffs_own(*given: Any, **_: Any) -> NoReturn:
    _refuse(f"SpiffWorkflow's script engine with {given[1:]!r:.80}")


@pytest.fixture(autouse=True)
def no_python() -> Iterator[None]:
    """For a folder whose tests run diagrams, models or FEEL: none of them reaches Python."""
    with watched() as reached:
        yield
    assert reached == []
