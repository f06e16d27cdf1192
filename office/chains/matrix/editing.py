"""What a person does to the table of a matrix; each answers the card after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from typing import cast

from office.chains.matrix.ways import answer_of, condition
from office.chains.matrix.words import HITS
from office.chains.model import Branch, Cell, Hit, Matrix, Step

#: what a rule names that names no way yet
UNNAMED = "?"
#: what a new way is called until its author says it better
_WAY = ("ทางที่ %d", "Way %d")
OTHERWISE = ("นอกจากนั้น", "Otherwise")


def way_name(number: int, *, english: bool) -> str:
    return _WAY[english] % number


def remove_rule(step: Matrix, number: int) -> Matrix:
    rules = tuple(one for n, one in enumerate(step.rules) if n != number)
    return replace(step, rules=rules)


def move_rule(step: Matrix, number: int, by: int) -> Matrix:
    """Up (-1) or down (1); at the edge nothing changes."""
    if not (0 <= number < len(step.rules) and 0 <= number + by < len(step.rules)):
        return step
    listed = list(step.rules)
    listed.insert(number + by, listed.pop(number))
    return replace(step, rules=tuple(listed))


def with_columns(step: Matrix, columns: Sequence[str]) -> Matrix:
    """Looking at these fields: what rules ask of those that stay is kept."""
    rules = []
    for rule in step.rules:
        asked = dict(zip(step.columns, rule.cells, strict=False))
        rules.append(replace(rule, cells=tuple(asked.get(key, Cell()) for key in columns)))
    return replace(step, columns=tuple(columns), rules=tuple(rules))


def add_way(
    step: Matrix, label: str = "", steps: tuple[Step, ...] = (), *, english: bool = False
) -> Matrix:
    """Before the last. No label: one is made."""
    taken = {branch.label for branch in step.branches}
    numbered = (way_name(n, english=english) for n in count(1))
    if not label:
        label = next(one for one in numbered if one not in taken)
    elif label in taken:
        label = next(one for n in count(2) if (one := f"{label} {n}") not in taken)
    way = Branch(label, steps, condition(step.id, label, step.hit))
    return replace(step, branches=(*step.branches[:-1], way, step.branches[-1]))


def remove_way(step: Matrix, number: int) -> Matrix:
    """With the cards in it; rules that named it name none. The last two ways stay."""
    if len(step.branches) < 3 or not 0 <= number < len(step.branches) - 1:
        return step
    answer = answer_of(step, step.branches[number])
    left = tuple(one for n, one in enumerate(step.branches) if n != number)
    return _renamed(replace(step, branches=left), lambda way: UNNAMED if way == answer else way)


def relabelled(step: Matrix, labels: Sequence[str], hit: str) -> Matrix:
    """Ways with these labels, and rules that name them so.

    Where two labels are the same, or one is empty, rules go on naming ways as before.
    """
    if not step.branches:
        return step
    before = [answer_of(step, branch) or "" for branch in step.branches[:-1]]
    inner = [label.strip() for label in labels[:-1]]
    fit = all(inner) and len(set(inner)) == len(inner)
    answers = inner if fit else before
    made = replace(step, hit=cast(Hit, hit if hit in HITS else "unique"))
    branches = tuple(
        replace(branch, label=label, condition=condition(step.id, answer, made.hit))
        for branch, label, answer in zip(step.branches[:-1], labels, answers, strict=False)
    )
    last = replace(step.branches[-1], label=labels[-1])
    said = dict(zip(before, answers, strict=True))
    return _renamed(replace(made, branches=(*branches, last)), lambda way: said.get(way, way))


def _renamed(step: Matrix, to: Callable[[str], str]) -> Matrix:
    return replace(step, rules=tuple(replace(rule, way=to(rule.way)) for rule in step.rules))
