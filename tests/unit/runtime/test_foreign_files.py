"""Diagrams from outside: hostile ones are answered, other tools' are read and judged in words."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from support.walking import NoForms, Walk

from engine import runtime
from engine.errors import DeploymentRefused

SHARED = Path(__file__).resolve().parents[4] / "shared"
HOSTILE, OTHERS = SHARED / "redteam", SHARED / "diagrams"
#: those that must deploy and then stop or wait
DEPLOYABLE = {"25_infinite_loop_no_user_task.bpmn", "34_xss_labels_docs.bpmn"}


def shared_files(folder: Path, *patterns: str) -> list[Path]:
    return sorted(file for pattern in patterns for file in folder.rglob(pattern))


def needs(folder: Path) -> pytest.MarkDecorator:
    """Others' data is not in the repository: without it CI fails, a developer is told."""
    missing = not folder.exists() and "CI" not in os.environ
    return pytest.mark.skipif(missing, reason=f"{folder.name} is not beside the repository")


hostile = shared_files(HOSTILE, "*.bpmn", "*.dmn")
others = shared_files(OTHERS, "*.bpmn", "*.bpmn20.xml", "*.dmn")


@needs(HOSTILE)
@pytest.mark.parametrize("file", hostile, ids=lambda file: file.name)
def test_hostile_diagrams(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    begun = time.perf_counter()
    try:
        bundle = runtime.compile_bundle({file.name: file.read_bytes()}, actions={}, forms=NoForms())
    except DeploymentRefused as refused:
        errors = [p for p in refused.problems if p.severity == "error"]
        assert file.name not in DEPLOYABLE
        assert all(p.file == file.name and p.message and p.mend for p in errors)
    else:
        assert file.name in DEPLOYABLE
        walk = Walk(bundle)
        assert walk.troubles or walk.open
    assert time.perf_counter() - begun < 2.5
    assert list(tmp_path.glob("pwned*")) == []


@needs(HOSTILE)
def test_the_hostile_diagrams_are_there():
    assert len(hostile) > 20
    assert len(others) > 8


@needs(HOSTILE)
def test_every_hostile_diagram_is_in_the_manifest():
    named = {one["file"] for one in json.loads((HOSTILE / "manifest.json").read_text())}
    assert {file.name for file in hostile} <= named


@needs(OTHERS)
@pytest.mark.parametrize("file", others, ids=lambda file: file.name)
def test_other_tools_diagrams_are_judged_element_by_element(file: Path):
    problems = runtime.check({file.name: file.read_bytes()}, actions={}, forms=NoForms())
    assert all(p.message and p.mend for p in problems)
    assert {"not_bpmn", "not_xml", "not_utf8"}.isdisjoint(p.code for p in problems)
    assert all(p.line > 0 for p in problems if p.code != "not_executable")
