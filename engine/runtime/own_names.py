"""Variables that a process sets by itself: nobody brings them in with work that has no form.

Only what our extension elements name counts. A diagram without them takes any variables, so that
a script may count on from a number that a person gave.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.runtime.diagram import Node, Process

#: what a returned task says: where to, why, how it goes on, and from where
OF_RETURN = ("return_to", "return_reason", "resume", "returned_by_element")


def own_names(process: Process) -> frozenset[str]:
    """Where outcomes, returns, and the results of machine work are kept."""
    return frozenset(name for node in process.nodes.values() for name in _of(node))


def hidden_names(process: Process, element_id: str) -> frozenset[str]:
    """What the element hides from those who do it."""
    return frozenset(one.text for one in process.nodes[element_id].settings.hidden)


def form_keys(process: Process) -> frozenset[str]:
    """The forms that people fill in: the one that it begins with, and those of its steps."""
    forms = (process.start_form, *(node.settings.form for node in process.nodes.values()))
    return frozenset(form.text for form in forms if form is not None)


def _of(node: Node) -> Iterator[str]:
    settings = node.settings
    if settings.outcomes or settings.returns:
        yield settings.outcome_variable
        if node.repetition is not None and node.repetition.output:
            yield node.repetition.output
    if settings.returns:
        yield from OF_RETURN
    if settings.action is not None:
        yield from (output.name for output in settings.action.outputs)
    for result in (settings.action, settings.decision):
        if result is not None and result.result:
            yield result.result
    if settings.result:
        yield settings.result
