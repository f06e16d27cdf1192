"""Reads hostile files with little memory: `python -m support.caged FOLDER`, FOLDER that of the
shared ones. A line of JSON for each case: its id, whether it was refused, and how long it took.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

MEMORY = 512 << 20


def main(folder: Path) -> None:
    # Before anything of ours is loaded: what the imports take counts too.
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    from support.walking import ACTIONS

    from engine import runtime
    from forms.stored import StoredForms

    forms = StoredForms()
    for id_, name, source in _cases(folder):
        began = time.monotonic()
        found = runtime.check({name: source}, actions=ACTIONS, forms=forms)
        took = time.monotonic() - began
        refused = any(problem.severity == "error" for problem in found)
        print(json.dumps({"id": id_, "refused": refused, "seconds": took}), flush=True)  # noqa: T201


def _cases(folder: Path) -> Iterator[tuple[str, str, bytes]]:
    """Each with an id and the name under which it is uploaded."""
    from redteam import cases

    for file in sorted(folder.glob("*.bpmn")) + sorted(folder.glob("*.dmn")):
        yield file.name, file.name, file.read_bytes()
    for file in sorted(folder.glob("*.json")):
        yield file.name, "a.form.json", file.read_bytes()
    for case in (*cases.diagrams(), *cases.numbers()):
        yield case.id, "a.bpmn", case.source
    for case in cases.xml():
        yield f"{case.id} as diagram", "a.bpmn", case.source
        yield f"{case.id} as model", "a.dmn", case.source
    for case in cases.forms():
        yield case.id, "a.form.json", case.source


if __name__ == "__main__":
    main(Path(sys.argv[1]))
