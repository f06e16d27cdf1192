"""The process library: data, one folder for each system. Nobody imports it; `path()` finds it."""

from __future__ import annotations

from pathlib import Path


def path() -> Path:
    """The folder that holds the shipped .bpmn, .dmn and .form.json files."""
    return Path(__file__).parent
