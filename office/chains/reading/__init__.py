"""A diagram as cards: its patterns are followed from the start, then compared as a whole.

What the walk takes from a diagram is written again and held against it, so that nothing which the
cards cannot say is lost in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.runtime.diagram import Process
from engine.runtime.parse.document import read_diagram
from office.chains.compose import compose, file_name
from office.chains.compose.forms import Read, read_fields, read_form
from office.chains.compose.names import in_english
from office.chains.errors import NotComposable
from office.chains.matrix.reading import Models
from office.chains.model import LETTER, Chain, Field
from office.chains.reading.adopting import former_key, under_key
from office.chains.reading.cards import text_of_field
from office.chains.reading.markup import extras
from office.chains.reading.older import as_written_now
from office.chains.reading.route import Route, without_cards
from office.chains.reading.same import differences

__all__ = ["FORM", "read"]

FORM = ".form.json"


def read(files: Mapping[str, bytes], key: str) -> Chain:
    """The process `key` of a deployment's files as a chain. NotComposable where it is none: it
    names where the reading stopped, and what else has no place among cards, whatever comes of that.
    """
    name = next((name for name in sorted(files) if _holds(name, files[name], key)), None)
    if name is None:
        raise NotComposable(key, "", "no_process")
    process = _process(name, files[name], key)
    former = former_key(process)
    if former not in ("", key):
        files = under_key(files, former, key)
        process = _process(name, files[name], key)
    try:
        refuse(extras(files[name]))
        return _chain(as_written_now(process), files, name, key)
    except NotComposable as first:
        raise first.beside((*extras(files[name]), *without_cards(process))) from None


def _chain(process: Process, files: Mapping[str, bytes], name: str, key: str) -> Chain:
    fields = _fields(process, files)
    models = Models(files, (*fields, *LETTER) if process.internal else fields)
    route = Route(process, _read_forms(files), models)
    steps = route.all()
    unused = models.unused()
    if unused is not None:
        raise NotComposable(unused, "", "file")
    chain = Chain(
        key=key,
        name=process.name,
        steps=steps,
        fields=fields,
        title=text_of_field(process.title),
        start_role=process.start_role or "",
        note=process.documentation,
        letter=process.internal,
        english=in_english(node.name for node in process.nodes.values()),
    )
    _check_forms(chain, files)
    again = _process(name, compose(chain)[file_name(chain)], key)
    refuse(differences(process, again, route.ids))
    return chain


def refuse(found: Iterable[NotComposable]) -> None:
    """With the first and those after it, if there are any."""
    listed = list(found)
    if listed:
        raise listed[0].beside(listed[1:])


def _holds(name: str, content: bytes, key: str) -> bool:
    if not name.endswith((".bpmn", ".bpmn20.xml")):
        return False
    return any(process.id == key for process in read_diagram(name, content).processes)


def _process(file: str, content: bytes, key: str) -> Process:
    diagram = read_diagram(file, content)
    wrong = next((p for p in diagram.problems if p.severity == "error"), None)
    if wrong is not None:
        raise NotComposable(wrong.element or "", "", "faulty", wrong.message)
    others = [process for process in diagram.processes if process.id != key]
    if others:
        raise NotComposable(others[0].id, others[0].name, "several_processes")
    return diagram.processes[0]


def _read_forms(files: Mapping[str, bytes]) -> dict[str, Read]:
    """What each form asks for, as far as it is one of the composer's."""
    found: dict[str, Read] = {}
    for name, content in files.items():
        if name.endswith(FORM):
            try:
                found[name.removesuffix(FORM)] = read_form(content)
            except ValueError:
                continue
    return found


def _fields(process: Process, files: Mapping[str, bytes]) -> tuple[Field, ...]:
    if process.start_form is None:
        return ()
    source = files.get(f"{process.start_form.text}{FORM}")
    try:
        return read_fields(source or b"")
    except ValueError:
        raise NotComposable(process.start_form.text, "", "form") from None


def _check_forms(chain: Chain, files: Mapping[str, bytes]) -> None:
    """The forms of steps show fields of the start form as they are."""
    for name, content in compose(chain).items():
        if not name.endswith(FORM):
            continue
        try:
            same = read_form(files.get(name, b"")) == read_form(content)
        except ValueError:
            same = False
        if not same:
            raise NotComposable(name.removesuffix(FORM), "", "form")
