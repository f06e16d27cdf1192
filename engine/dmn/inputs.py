"""What a decision is asked with: the names that somebody has to give values to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.dmn.loading import Model
from engine.dmn.model import Decision, Element, InputData, Key, Knowledge
from engine.feel.analysis import references
from engine.feel.builtins import BUILTINS


def inputs(model: Model, decision: str) -> Mapping[str, str]:
    """Names with the names of their types (empty: any), of the decision and all that it requires,
    in the order in which they are met.
    """
    found: dict[str, str] = {}
    seen: set[Key] = set()
    todo = [model.find(decision)]
    while todo:
        element = todo.pop(0)
        if element.key in seen:
            continue
        seen.add(element.key)
        if isinstance(element, InputData):
            found.setdefault(element.name, element.type.name if element.type else "")
        todo += _required(model, element)
        for name in _free(model, element):
            found.setdefault(name, "")
    return found


def _required(model: Model, element: Element) -> Iterator[Element]:
    if isinstance(element, Decision | Knowledge):
        for key in element.requires:
            file = model.files.get(key[0])
            required = file.definitions.elements.get(key) if file else None
            if required is not None:
                yield required


def _free(model: Model, element: Element) -> Iterator[str]:
    """What a decision reads without requiring it, in a file that declares no inputs."""
    if not isinstance(element, Decision) or element.logic is None:
        return
    if model.files[element.key[0]].definitions.declares_inputs:
        return
    given = {"?", *BUILTINS}
    for one in _required(model, element):
        given |= {one.name, *getattr(one, "outputs", ())}
    yield from sorted(references(element.logic).variables - given)
