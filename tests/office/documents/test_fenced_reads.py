"""What is read of documents and notices is read behind the second fence: for one agency each."""

from __future__ import annotations

import ast
from pathlib import Path

import office.documents
import office.notices

#: A sweep asks first whose work there is, and does it in the name of each agency.
SWEEPS = {"upkeep.py"}
ROOMS = [Path(room.__file__).parent for room in (office.documents, office.notices)]


def _readings() -> list[tuple[str, ast.Call]]:
    return [
        (f"{file.name}:{call.lineno}", call)
        for room in ROOMS
        for file in sorted(room.rglob("*.py"))
        if file.name not in SWEEPS
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "reading"
    ]


def test_every_reading_names_its_agency() -> None:
    found = _readings()
    assert len(found) > 10
    assert [where for where, call in found if len(call.args) < 2] == []
