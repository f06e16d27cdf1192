"""Bodies of letters for Hypothesis, with every letter that the notation gives a meaning."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from hypothesis import strategies as st

from office.documents.notation import Body

_LETTERS = "กขค๑() *_|\\#:="


def _stripped(alphabet: str, most: int) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=1, max_size=most).map(str.strip).filter(bool)


def lines() -> st.SearchStrategy[str]:
    return _stripped(_LETTERS, 30)


def plain_paragraphs() -> st.SearchStrategy[str]:
    return st.lists(lines(), min_size=1, max_size=2).map("\n".join)


def marked_paragraphs() -> st.SearchStrategy[dict[str, Any]]:
    run = st.tuples(lines(), st.booleans(), st.booleans())
    return st.lists(run, min_size=1, max_size=4).map(_joined).filter(_has_marks)


def _joined(runs: list[tuple[str, bool, bool]]) -> dict[str, Any]:
    """Neighbours with the same marks are one run, as the notation keeps them."""
    return {
        "runs": [
            {"text": "".join(run[0] for run in same), "bold": marks[0], "underline": marks[1]}
            for marks, same in groupby(runs, key=lambda run: run[1:])
        ]
    }


def _has_marks(paragraph: dict[str, Any]) -> bool:
    return any(run["bold"] or run["underline"] for run in paragraph["runs"])


def paragraphs() -> st.SearchStrategy[Any]:
    return st.one_of(plain_paragraphs(), marked_paragraphs())


@st.composite
def tables(draw: st.DrawFn, after: int) -> dict[str, Any]:
    width = draw(st.integers(1, 3))
    row = st.lists(st.one_of(st.just(""), lines()), min_size=width, max_size=width)
    table: dict[str, Any] = {
        "after_paragraph": after, "columns": draw(row), "rows": draw(st.lists(row, max_size=3)),
    }  # fmt: skip
    if draw(st.booleans()):
        table["caption"] = draw(lines())
    aligns = draw(st.lists(st.sampled_from(["left", "center", "right"]), min_size=width,
                           max_size=width))  # fmt: skip
    if set(aligns) != {"left"}:
        table["align"] = aligns
    foot = draw(row)
    if any(foot):
        table["footer"] = foot
    return table


@st.composite
def bodies(draw: st.DrawFn) -> Body:
    found = draw(st.lists(paragraphs(), min_size=1, max_size=4))
    places = draw(st.lists(st.integers(0, len(found) - 1), max_size=2).map(sorted))
    return Body(found, [draw(tables(place)) for place in places])
