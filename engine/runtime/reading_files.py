"""The files of a deployment, by what they are: diagrams, decisions, forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine import jsonio
from engine.errors import Problem
from engine.runtime.decisions import Decisions
from engine.runtime.diagram import Diagram, Process
from engine.runtime.parse import read_diagram

FORM = ".form.json"
_DIAGRAMS = (".bpmn", ".bpmn20.xml", ".bpmn2")
_DECISIONS = (".dmn",)
#: what the office keeps with a model, and no instance reads
_KEPT = (".tests.json",)


@dataclass(frozen=True, slots=True)
class Reading:
    diagrams: Sequence[Diagram]
    #: of all diagrams, by id; of two with one id the first
    processes: Mapping[str, Process]
    problems: Sequence[Problem] = ()
    #: form files by name, and the same by the keys that diagrams use for them
    form_files: Mapping[str, bytes] = field(default_factory=dict)
    forms: Mapping[str, bytes] = field(default_factory=dict)
    decisions: Decisions = field(default_factory=lambda: Decisions({}))
    others: Sequence[str] = ()


#: files by name, or what was read of them: who asks several questions reads once
Files = Mapping[str, bytes] | Reading


def read_files(files: Files) -> Reading:
    """What was read already stays as it is."""
    if isinstance(files, Reading):
        return files
    diagrams = [read_diagram(name, files[name]) for name in files if name.endswith(_DIAGRAMS)]
    processes: dict[str, Process] = {}
    for diagram in diagrams:
        for process in diagram.processes:
            processes.setdefault(process.id, process)
    form_files = {name: source for name, source in files.items() if name.endswith(FORM)}
    decisions = Decisions({n: source for n, source in files.items() if n.endswith(_DECISIONS)})
    found = [problem for diagram in diagrams for problem in diagram.problems]
    return Reading(
        diagrams=diagrams,
        processes=processes,
        problems=[*found, *decisions.problems],
        decisions=decisions,
        form_files=form_files,
        forms=_by_key(form_files),
        others=[n for n in files if not n.endswith((*_DIAGRAMS, *_DECISIONS, FORM, *_KEPT))],
    )


def _by_key(form_files: Mapping[str, bytes]) -> dict[str, bytes]:
    """A form is known by its file's name and by the id inside it."""
    found: dict[str, bytes] = {}
    for source in form_files.values():
        id_ = _inner_id(source)
        if id_:
            found[id_] = source
    for name, source in form_files.items():
        found[name.rpartition("/")[2].removesuffix(FORM)] = source
    return found


def _inner_id(source: bytes) -> str | None:
    try:
        content = jsonio.loads(source)
    except ValueError:
        return None
    id_ = content.get("id") if isinstance(content, dict) else None
    return id_ if isinstance(id_, str) else None
