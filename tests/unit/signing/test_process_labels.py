"""Names in the printed picture of a process: whole words, in the lines that a shape has."""

from __future__ import annotations

from itertools import accumulate

import pytest
from support.thai_names import NAMES, NEVER_FIRST, NEVER_LAST, ends

from signing.fonts import built_in
from signing.render.lines import Run
from signing.render.process_picture import fitting, spot
from signing.thai import clusters, opportunities

WIDTH, SIZE, MOST = 92.0, 11.0, 5


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stays_within_its_shape_and_ends_lines_between_words(name: str) -> None:
    found = fitting(Run(name, built_in().regular, SIZE), WIDTH, MOST)
    assert len(found) <= MOST
    assert max(line.width for line in found) <= WIDTH + 0.01
    told = [line.text for line in found]
    for at in ends(name, told):
        assert at in opportunities(name) or at in _between_letters(name), (name[:at], name[at:])
    assert not any(NEVER_FIRST.match(line) for line in told[1:]), told
    assert not any(NEVER_LAST.search(line) for line in told[:-1]), told


def _between_letters(name: str) -> set[int]:
    return set(accumulate(len(part) for part in clusters(name)))


def test_a_row_of_dots_is_cut_too() -> None:
    found = fitting(Run("ลงชื่อ" + "." * 120, built_in().regular, SIZE), WIDTH, MOST)
    assert max(line.width for line in found) <= WIDTH + 0.01


def test_what_does_not_fit_is_said_to_go_on() -> None:
    run = Run(NAMES[0] * 4, built_in().regular, SIZE)
    (*_above, last) = fitting(run, WIDTH, MOST)
    assert last.text.endswith("…")
    assert [line.text for line in fitting(Run("ลงนาม", run.face, SIZE), WIDTH, MOST)] == ["ลงนาม"]


@pytest.mark.parametrize(("points", "free"), [
    ([(0, 50), (36, 50)], (-8, 36)),
    ([(36, 50), (0, 50)], (0, 44)),
    ([(0, 50), (99, 50), (99, 200)], (-8, 99)),
    ([(0, 50), (400, 50)], (0, 400)),
])  # fmt: skip
def test_a_name_of_a_way_lies_over_no_step_that_it_leads_to(points, free) -> None:
    at = spot(points)
    assert free[0] <= at.x
    assert at.x + at.width <= free[1]
    assert (at.y + at.height, at.beside) == (50, False)
    assert at.lines == (2 if abs(points[0][0] - points[1][0]) >= 100 else 3)


def test_a_name_of_an_upright_way_stands_beside_it() -> None:
    at = spot([(50, 0), (50, 100), (400, 100)])
    assert (at.x, at.y + at.height / 2, at.beside) == (55, 50, True)
