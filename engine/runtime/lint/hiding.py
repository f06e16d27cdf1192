"""Rules about `saraban:hide`: it hides something, and nothing at hand shows it all the same."""

from __future__ import annotations

from collections.abc import Iterator

from engine import feel
from engine.errors import Problem
from engine.runtime.diagram import Named, Node
from engine.runtime.formulas import compile_phrase, names_in
from engine.runtime.lint.expressions import hint
from engine.runtime.lint.rule import Subject, called
from engine.runtime.lint.setters import setters


def unknown(it: Subject) -> Iterator[Problem]:
    """hide_unknown"""
    hides = [*_hides(it)]
    known = setters(it) if hides else None
    for node, one in hides:
        if known and one.text not in known.names and (meant := hint(one.text, known)) is not None:
            yield it.warning(
                "hide_unknown",
                node,
                "Expected a variable that the start form or a step sets, but nothing sets "
                f"“{one.text}”: {called(node)} hides nothing by it.{meant}",
                "Correct the name, or make sure that the variable comes from outside.",
                one.attribute,
                one.line,
            )


def shown(it: Subject) -> Iterator[Problem]:
    """hide_shown"""
    titled = _titled(it)
    for node, one in _hides(it):
        for where in _showing(it, node, one, titled):
            yield it.error(
                "hide_shown",
                node,
                f"Expected {called(node)} to keep “{one.text}” from those who do it, but {where}.",
                "Take the variable out there, or hide it no longer.",
                one.attribute,
                one.line,
            )


def _showing(it: Subject, node: Node, one: Named, titled: frozenset[str]) -> Iterator[str]:
    form = node.settings.form
    source = it.reading.forms.get(form.text) if form else None
    if form and source is not None:
        if one.text in it.expected.forms.keys(source):
            yield f"its form “{form.text}” has it as a field"
        elif one.text in it.expected.forms.reads(source):
            yield f"its form “{form.text}” judges by it"
    if one.text in titled:
        yield "the title of the case reads it"


def _titled(it: Subject) -> frozenset[str]:
    try:
        return names_in(compile_phrase(it.process.title)) if it.process.title else frozenset()
    except feel.FeelError:
        return frozenset()


def _hides(it: Subject) -> Iterator[tuple[Node, Named]]:
    for node in it.nodes:
        for one in node.settings.hidden:
            yield node, one


RULES = (unknown, shown)
