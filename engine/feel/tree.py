"""A parsed expression: its text, its syntax tree, what it refers to, and its compiled code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from engine.feel import syntax
from engine.feel.analysis import References, references
from engine.feel.builtins import BUILTINS
from engine.feel.compiler import Code, compiled
from engine.feel.errors import LimitExceeded
from engine.feel.parser import Dictionary, parse_expression, parse_unary

Kind = Literal["expression", "unary", "script"]

_CACHED = 4096
_ALWAYS_KNOWN = Dictionary(BUILTINS)
#: Such names need no introduction: every token of theirs is the whole name.
_ONE_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Tree:
    """Immutable, and safe to share between threads."""

    text: str
    kind: Kind
    root: syntax.Node
    references: References
    code: Code = field(repr=False, compare=False)

    @property
    def variables(self) -> frozenset[str]:
        """Names that must have a value."""
        return self.references.variables

    @property
    def functions(self) -> frozenset[str]:
        """Names that are called."""
        return self.references.functions


def parse(text: str, kind: Kind = "expression", names: Iterable[str] = ()) -> Tree:
    """The tree of a text, from a cache where it was parsed before.

    `names` are the names that may occur in it; only those of several words matter: they are told
    from operators by being known. A script is an expression with higher limits. Raises
    FeelSyntaxError or LimitExceeded.
    """
    long_names = frozenset(name for name in names if not _ONE_WORD.fullmatch(name))
    return _parse(text, kind, long_names)


@lru_cache(maxsize=_CACHED)
def _parse(text: str, kind: Kind, names: frozenset[str]) -> Tree:
    read = parse_unary if kind == "unary" else parse_expression
    try:
        root = read(text, Dictionary(names, _ALWAYS_KNOWN))
        return Tree(text, kind, root, references(root), compiled(root))
    except RecursionError:
        raise LimitExceeded("Expected a less deeply nested expression.") from None
