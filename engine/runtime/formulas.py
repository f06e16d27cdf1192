"""FEEL as the runtime uses it: compiled with the diagram, evaluated with a token's variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine import feel
from engine.feel.syntax import ContextOf
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
        try:
            return feel.evaluate(
                self._tree,
                context,
                now=around.now,
                working_time=around.working_time,
                zone=around.zone,
            ).value
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
