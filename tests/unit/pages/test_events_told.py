"""Every type of event that any room records has a sentence on the page of the history."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from api.pages.admin.said import EVENTS, FIELDS

ROOT = Path(__file__).parents[3]
ROOMS = (ROOT / "office", ROOT / "api" / "archiving")
RECORDERS = {"record", "record_change", "_record", "_record_change"}
#: kept, but everybody comes in every day: the page leaves these out
UNTOLD = {"session.opened", "session.proved"}


@cache
def recorded() -> frozenset[str]:
    """The types written out in the code: the second argument of a call that records."""
    found: set[str] = set()
    for text in (one.read_text() for room in ROOMS for one in room.rglob("*.py")):
        if "record" not in text:
            continue  # half of the files: to read them all takes each test process a second
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.Call) or len(node.args) < 2:
                continue
            if isinstance(node.func, ast.Name) and node.func.id in RECORDERS:
                for part in ast.walk(node.args[1]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        found.add(part.value)
    return frozenset(found)


def test_the_code_is_read() -> None:
    assert len({one for one in recorded() if "." in one}) > 60


@pytest.mark.parametrize(
    "kind", sorted({one for one in recorded() if "." in one.strip(".")} - UNTOLD)
)
def test_each_has_a_sentence(kind: str) -> None:
    assert kind in EVENTS, f"Expected words of {kind} in EVENTS."


def test_publishing_says_which_version_of_what_and_why() -> None:
    assert {"key", "version", "note"} <= FIELDS.keys()
