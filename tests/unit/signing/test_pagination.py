"""Pages end only where they may, whatever is to be kept together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from signing.render.pagination import Placed, paginate
from signing.render.strips import Strip, beside, glue, spaced


def strip(text: str = "", *, height: float = 10, **more: object) -> Strip:
    return Strip(height, lambda _stage, _top: None, text=text, **more)


def texts(pages: list[list[Placed]]) -> list[str]:
    return ["".join(item.strip.text for item in page) for page in pages]


def test_a_page_takes_what_fits() -> None:
    pages = paginate([strip(letter) for letter in "abcdefg"], 30, 40)
    assert texts(pages) == ["abc", "defg"]


def test_space_before_counts_but_not_on_top_of_a_page() -> None:
    pages = paginate([strip(letter, before=10) for letter in "abcd"], 50, 50)
    assert texts(pages) == ["abc", "d"]
    assert [item.down for item in pages[0]] == [0, 20, 40]
    assert pages[1][0].down == 0


def test_glued_strips_move_together() -> None:
    strips = [*(strip(letter) for letter in "ab"), *glue([strip(letter) for letter in "cde"])]
    assert texts(paginate(strips, 40, 40)) == ["ab", "cde"]


def test_what_is_too_much_for_a_page_is_divided_all_the_same() -> None:
    assert texts(paginate(glue([strip(letter) for letter in "abcde"]), 20, 20)) == ["ab", "cd", "e"]
    assert texts(paginate([strip("a", height=99)], 20, 20)) == ["a"]


def test_a_head_is_repeated_where_its_rows_go_on() -> None:
    head = strip("H")
    rows = [strip(letter, head=head) for letter in "abcd"]
    pages = paginate([head, *rows], 30, 30)
    assert texts(pages) == ["Hab", "Hcd"]
    assert [item.again for item in pages[1]] == [True, False, False]
    assert [item.down for item in pages[1]] == [0, 10, 20]


def test_two_columns_stand_side_by_side() -> None:
    rows = beside([strip("a"), strip("b")], [strip("1", height=15)])
    assert [(row.text, row.height) for row in rows] == [("a 1", 15), ("b", 10)]
    rows = beside([strip("a"), strip("b")], [strip("1")], bottom=True)
    assert [row.text for row in rows] == ["a", "b 1"]


def test_space_goes_before_the_first_of_several() -> None:
    assert [s.before for s in spaced([strip("a"), strip("b")], 6)] == [6, 0]


@given(
    st.lists(
        st.builds(
            Strip,
            height=st.floats(1, 40),
            draw=st.just(lambda _stage, _top: None),
            before=st.floats(0, 20),
            glued=st.booleans(),
        ),
        max_size=60,
    )
)
def test_every_strip_stands_on_one_page_in_order(strips: list[Strip]) -> None:
    pages = paginate(strips, 100, 120)
    assert [item.strip for page in pages for item in page] == strips
    for number, page in enumerate(pages):
        end = page[-1].down + page[-1].strip.height
        assert end <= (120 if number else 100) + 0.02
