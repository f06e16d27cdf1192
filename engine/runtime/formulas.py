"""FEEL as the runtime uses it: compiled with the diagram, evaluated with a token's variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from engine import feel
from engine.feel.analysis import children
from engine.feel.syntax import ContextOf, Node
from engine.runtime.diagram import Phrase
from engine.runtime.errors import Stuck
from engine.runtime.values import Surroundings


@dataclass(frozen=True, slots=True)
class Formula:
    """A value of the diagram: FEEL, a literal text, or a variable by its name (which need not be
    a name that FEEL can read).
    """

    text: str
    kind: Literal["feel", "text", "variable"]
    tree: feel.Tree | None = None

    def value(self, context: Mapping[str, Any], around: Surroundings) -> Any:
        if self.kind == "text":
            return self.text
        if self.kind == "variable":
            return self._variable(context)
        return self._result(context, around).value

    def computed(self, context: Mapping[str, Any], around: Surroundings) -> Any:
        """The value, for scripts and mappings: null that comes of a mistake (text times two, a
        division by zero) is an incident there, not something to store and go on with.
        """
        if self.kind != "feel":
            return self.value(context, around)
        found = self._result(context, around)
        if mistake := _mistake(self._tree, found):
            message = f"Expected a value from “{self.text}”, but got null ({mistake})."
            raise Stuck("feel_null", message, expression=self.text)
        return found.value

    def _result(self, context: Mapping[str, Any], around: Surroundings) -> feel.Result:
        try:
            return feel.evaluate(
                self._tree,
                context,
                now=around.now,
                working_time=around.working_time,
                budget=_budget(self._tree, around),
                zone=around.zone,
            )
        except feel.FeelError as error:
            raise self._stuck(error) from None

    def truth(self, context: Mapping[str, Any], around: Surroundings) -> bool:
        """Exactly true or false: null, text and numbers are incidents, never the default flow."""
        try:
            return feel.condition(
                self._tree,
                context,
                now=around.now,
                working_time=around.working_time,
                budget=_budget(self._tree, around),
                zone=around.zone,
            )
        except feel.FeelError as error:
            raise self._stuck(error) from None

    @property
    def _tree(self) -> feel.Tree:
        assert self.tree is not None
        return self.tree

    def _variable(self, context: Mapping[str, Any]) -> Any:
        if self.text not in context:
            message = f"Expected the variable “{self.text}”, but it is not set."
            raise Stuck("unknown_variable", message, variable=self.text)
        return context[self.text]

    def _stuck(self, error: feel.FeelError) -> Stuck:
        return Stuck(error.code, str(error), expression=self.text)


def _budget(tree: feel.Tree, around: Surroundings) -> feel.Limits:
    """No expression may take longer than its turn has left."""
    limits = feel.SCRIPT if tree.kind == "script" else feel.EXPRESSION
    left = around.allowance.left
    return limits if left >= limits.seconds else replace(limits, seconds=max(left, 0.0))


def _mistake(tree: feel.Tree, found: feel.Result) -> str | None:
    """What made the value null, or one entry of the context that a script gives."""
    if not found.warnings:
        return None
    entries = tree.root.entries if isinstance(tree.root, ContextOf) else ()
    if not entries or not isinstance(found.value, Mapping):
        return str(found.warnings[0]) if found.value is None else None
    nulls = [entry for key, entry in entries if found.value.get(key, ...) is None]
    places = {(node.place.line, node.place.column) for entry in nulls for node in _within(entry)}
    return next((str(one) for one in found.warnings if (one.line, one.column) in places), None)


def _within(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _within(child)


def compile_phrase(phrase: Phrase, *, script: bool = False) -> Formula:
    """Raises feel.FeelError (with line and column) where the text is not FEEL."""
    tree = feel.parse(phrase.feel, kind="script" if script else "expression")
    return Formula(phrase.feel.strip(), "feel", tree)


def literal_or_formula(phrase: Phrase) -> Formula:
    return compile_phrase(phrase) if phrase.is_feel else Formula(phrase.text, "text")


def variable_or_formula(phrase: Phrase) -> Formula:
    return compile_phrase(phrase) if phrase.is_feel else Formula(phrase.text.strip(), "variable")


def formula_or_text(phrase: Phrase | None) -> Formula | str | None:
    if phrase is None:
        return None
    return compile_phrase(phrase) if phrase.is_feel else phrase.text


def names_in(formula: Formula) -> frozenset[str]:
    """The variables that an expression needs for certain."""
    return frozenset() if formula.tree is None else formula.tree.references.variables


def keys_of(script: Phrase) -> set[str] | None:
    """The variables that a script sets, where it is a context literal."""
    try:
        tree = compile_phrase(script, script=True).tree
    except feel.FeelError:
        return set()
    root = tree.root if tree is not None else None
    return {key for key, _ in root.entries} if isinstance(root, ContextOf) else None
