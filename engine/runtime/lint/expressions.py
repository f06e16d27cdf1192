"""Rules about FEEL: every text compiles, and names variables that something sets."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from engine import feel
from engine.errors import Problem
from engine.runtime.diagram import Flow, Node, Phrase, Process
from engine.runtime.formulas import compile_phrase, names_in
from engine.runtime.lint.rule import Subject
from engine.runtime.lint.setters import Setters, setters
from engine.runtime.phrases import Said, said


def compiles(it: Subject) -> Iterator[Problem]:
    """Expression"""
    for one in said(it.process):
        try:
            compile_phrase(one.phrase, script=one.script)
        except feel.FeelError as error:
            yield _problem(it, one, error)


def _problem(it: Subject, one: Said, error: feel.FeelError) -> Problem:
    line = one.phrase.line + max(getattr(error, "line", 1) - 1, 0)
    return it.error(
        "expression",
        one.owner,
        f"Expected FEEL, but “{_short(one.phrase.feel)}” is not: {str(error).rstrip('.')}.",
        "Correct the expression.",
        one.phrase.attribute,
        line,
    )


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:77] + "…"


def variables(it: Subject) -> Iterator[Problem]:
    """unknown_variable"""
    known = setters(it)
    for owner, phrase, name in (*_in_expressions(it), *_by_name(it)):
        if name not in known.names and (meant := hint(name, known)) is not None:
            yield it.warning(
                "unknown_variable",
                owner,
                f"Nothing in this process sets “{name}”: the instance stops with an incident "
                f"if it is not there.{meant}",
                "Correct the name, or make sure that the variable comes from outside.",
                phrase.attribute,
                phrase.line,
            )


def _in_expressions(it: Subject) -> Iterator[tuple[Node | Flow | Process, Phrase, str]]:
    for one in said(it.process):
        for name in _names(one) if not one.inside else ():
            yield one.owner, one.phrase, name


def _by_name(it: Subject) -> Iterator[tuple[Node | Flow | Process, Phrase, str]]:
    """Where a variable is simply named: the list of a loop, the field with the people."""
    for node in it.nodes:
        collection = node.repetition.collection if node.repetition else None
        if collection is not None and not collection.is_feel:
            yield node, collection, collection.text
        for rule in (*node.settings.assignments, *node.settings.exclusions):
            if rule.kind == "field" and rule.value is not None:
                yield node, rule.value, rule.value.text.strip()


def _names(one: Said) -> list[str]:
    try:
        return sorted(names_in(compile_phrase(one.phrase, script=one.script)))
    except feel.FeelError:
        return []


def hint(name: str, known: Setters) -> str | None:
    """Where variables may come from outside, only what looks like a typing error is named."""
    close = get_close_matches(name, known.names, n=1, cutoff=0.8)
    if close and abs(len(close[0]) - len(name)) < 2:
        return f" Is “{close[0]}” meant?"
    return "" if known.complete else None


RULES = (compiles, variables)
