"""Random approval matrices over the fields of `random_chains`, for hypothesis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from office.chains.matrix import condition
from office.chains.model import Branch, Cell, Field, Hit, Matrix, Rule, Step

#: “150000” is what the starter fills in
_ENDS = ["-5", "0", "5000.50", "100000", "150000", "500000"]
_DAYS = ["2026-01-01", "2026-12-08", "2027-06-30"]
_LABELS = ['ผอ. "ก"', "ปลัด \\ รอง", "หัวหน้า <&'>"]


@st.composite
def matrices(
    make: Any, id_: str, name: str, note: str, hit: Hit, inside: Sequence[tuple[Step, ...]],
    fields: Sequence[Field],
) -> Matrix:  # fmt: skip
    """A sound one with these ways, the last of them otherwise."""
    labels = _LABELS[: len(inside) - 1]
    named = [Branch(label, steps, condition(id_, label, hit))
             for label, steps in zip(labels, inside, strict=False)]  # fmt: skip
    branches = (*named, Branch("นอกจากนั้น", inside[-1]))
    asked = [one for one in fields if one.kind in ("number", "choice", "check", "date")]
    columns = make(st.lists(st.sampled_from(asked), min_size=1, max_size=3, unique=True))
    if hit == "unique":  # rules that cannot overlap: of an amount
        columns = [one for one in asked if one.kind == "number"]
        tests: list[tuple[Cell, ...]] = [(one,) for one in make(_parted())]
    else:
        row = st.tuples(*(_cells(one) for one in columns))
        tests = make(st.lists(row, min_size=1, max_size=4))
    ways = st.sampled_from(labels if hit == "all" else [*labels, ""])
    notes = st.sampled_from(["", "ข้อ 9 <ก>"])
    rules = tuple(Rule(cells, make(ways), make(notes)) for cells in tests)
    made = Matrix(id_, name, branches, note, tuple(one.key for one in columns), (), hit)
    return replace(made, rules=rules)


@st.composite
def _parted(make: Any) -> list[Cell]:
    ends = sorted(make(st.lists(st.sampled_from(_ENDS), min_size=1, unique=True)), key=float)
    cells = [Cell(low, high) for low, high in zip(["", *ends], [*ends, ""], strict=True)]
    return make(st.permutations(cells))


def _cells(field: Field) -> Any:
    match field.kind:
        case "number":
            given = _ranges(_ENDS, float)
        case "date":
            given = _ranges(_DAYS, str)
        case "check":
            given = st.sampled_from([("true",), ("false",)]).map(lambda one: Cell(values=one))
        case _:
            chosen = st.lists(st.sampled_from(field.options), min_size=1, unique=True)
            given = chosen.map(lambda some: Cell(values=tuple(some)))
    return given | st.just(Cell())


def _ranges(ends: Sequence[str], order: Any) -> Any:
    both = st.lists(st.sampled_from(ends), min_size=2, max_size=2, unique=True).map(
        lambda pair: Cell(*sorted(pair, key=order))
    )
    one = st.sampled_from(ends)
    return both | one.map(lambda end: Cell(low=end)) | one.map(lambda end: Cell(high=end))
