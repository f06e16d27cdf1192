"""What is wrong with a matrix, what it leaves open, and which rules answer for given values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import dmn
from office.chains.matrix.cells import KINDS, sound
from office.chains.matrix.tables import table
from office.chains.matrix.telling import region
from office.chains.matrix.ways import answer_of, way_of
from office.chains.model import Chain, Matrix

MOST_RULES, MOST_COLUMNS, LONGEST = 60, 6, 200
#: gaps that are told of one matrix
MOST_TOLD = 5

Found = tuple[str, str, str]


def faults(step: Matrix, chain: Chain) -> Iterator[Found]:
    """(field, code, detail) of what keeps it from running; codes are of `words.FAULTS`."""
    wrong = [*_shape(step, chain)] or [*_rules(step, chain)]
    if wrong:
        yield from wrong
        return
    covered = _coverage(step, chain)
    for one in covered.overlaps if covered else ():
        where = region(one.region, step, chain)
        yield "rules", "matrix_overlap", f"{one.first} – {one.second}: {where}"


def _shape(step: Matrix, chain: Chain) -> Iterator[Found]:
    if len(step.branches) < 2 or step.branches[-1].condition:
        yield "branches", "branches", ""
    answers = [answer_of(step, branch) for branch in step.branches[:-1]]
    labels = [branch.label.strip() for branch in step.branches]
    if any(not all(names) or len(set(names)) < len(names) for names in (answers, labels)):
        yield "branches", "matrix_ways", ""
    else:
        # a trial and the history would tell another way than the table names
        other = (pair for pair in zip(labels, answers, strict=False) if pair[0] != pair[1])
        yield from (("branches", "matrix_named", label) for label, _answer in other)
    if not 0 < len(step.columns) <= MOST_COLUMNS or len(set(step.columns)) < len(step.columns):
        yield "columns", "matrix_columns", ""
    for key in step.columns:
        field = chain.field(key)
        if field is not None and field.kind == "files":
            yield "columns", "files_column", field.label
        elif field is None or field.kind not in KINDS:
            yield "columns", "field_unknown", key
        elif not field.required and field.kind != "check":
            yield "columns", "optional", field.label
    if not 0 < len(step.rules) <= MOST_RULES:
        yield "rules", "matrix_rules", ""


def _rules(step: Matrix, chain: Chain) -> Iterator[Found]:
    fields = [chain.field(key) for key in step.columns]
    for number, rule in enumerate(step.rules, 1):
        pairs = zip(rule.cells, fields, strict=False)
        fits = len(rule.cells) == len(fields) and all(
            field is not None and sound(cell, field) for cell, field in pairs
        )
        if not fits or len(rule.note) > LONGEST:
            yield "rules", "matrix_cell", str(number)
        if way_of(step, rule) is None:
            yield "rules", "matrix_way", str(number)
        elif not rule.way and step.hit == "all":
            # the last way is taken only where no other is
            yield "rules", "matrix_last", str(number)


def remarks(step: Matrix, chain: Chain) -> Iterator[Found]:
    """What may be meant, and should be known before it is published; none of a faulty one."""
    if next(faults(step, chain), None) is not None:
        return
    covered = _coverage(step, chain)
    if covered is None:
        return
    for gap in covered.gaps[:MOST_TOLD]:
        yield "rules", "matrix_gap", region(gap.region, step, chain)
    for number in covered.hidden:
        yield "rules", "matrix_hidden", str(number)
    named = {way_of(step, rule) for rule in step.rules}
    for number, branch in enumerate(step.branches[:-1]):
        if number not in named:
            yield "branches", "matrix_unused", branch.label


def _coverage(step: Matrix, chain: Chain) -> dmn.Coverage | None:
    return dmn.coverage(_model(step, chain), step.id)


def _model(step: Matrix, chain: Chain) -> dmn.Model:
    return dmn.load({"matrix.dmn": table(chain, step)})


@dataclass(frozen=True, slots=True)
class Decided:
    """`answer` is what the variable gets; `rules` those that gave it, counted from 1."""

    answer: Any
    rules: Sequence[int]


def decided(step: Matrix, chain: Chain, known: Mapping[str, Any], now: datetime) -> Decided:
    """FeelError where it cannot be told from these values."""
    with dmn.watched() as hits:
        answer = _model(step, chain).evaluate(step.id, known, now=now, strict=True)
    return Decided(answer, sorted(number for _decision, number in hits))
