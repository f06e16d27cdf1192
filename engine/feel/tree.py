"""A parsed expression: its text, its syntax tree, what it refers to, and its compiled code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from engine.feel import syntax
from engine.feel.analysis import References, references
from engine.feel.builtins import BUILTINS
from engine.feel.compiler import Code, compiled
from engine.feel.errors import LimitExceeded
from engine.feel.parser import Dictionary, parse_expression, parse_unary

Kind = Literal["expression", "unary", "script"]

#: Trees that are kept: a long text's tree can be a hundred times its size.
_SHORT, _SHORT_KEPT, _LONG_KEPT = 200, 2048, 128
#: Longer names are none, and more of them than this are not worth a place in the cache.
_LONGEST_NAME, _MOST_NAMES = 200, 50
#: In endless data the search for names ends.
_MOST_LOOKED_AT = 10_000
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
    several = frozenset(filter(_has_several_words, names))
    if len(several) > _MOST_NAMES:
        return _parse(text, kind, several)
    return (_parse_short if len(text) <= _SHORT else _parse_long)(text, kind, several)


def _has_several_words(name: str) -> bool:
    return len(name) <= _LONGEST_NAME and not _ONE_WORD.fullmatch(name)


def names_of(value: Any) -> frozenset[str]:
    """Names of several words among the keys of data, at any depth: what `parse` must know."""
    found: set[str] = set()
    open_values = [value]
    for _ in range(_MOST_LOOKED_AT):
        if not open_values:
            break
        each = open_values.pop()
        if isinstance(each, Mapping):
            found.update(key for key in each if isinstance(key, str) and _has_several_words(key))
            open_values += each.values()
        elif isinstance(each, list | tuple):
            open_values += each
    return frozenset(found)


def _parse(text: str, kind: Kind, names: frozenset[str]) -> Tree:
    read = parse_unary if kind == "unary" else parse_expression
    try:
        root = read(text, Dictionary(names, _ALWAYS_KNOWN))
        return Tree(text, kind, root, references(root), compiled(root))
    except RecursionError:
        raise LimitExceeded("Expected a less deeply nested expression.") from None


_parse_short = lru_cache(maxsize=_SHORT_KEPT)(_parse)
_parse_long = lru_cache(maxsize=_LONG_KEPT)(_parse)
