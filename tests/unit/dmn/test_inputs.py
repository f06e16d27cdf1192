"""What a decision has to be asked with."""

from __future__ import annotations

from support.dmn import decision, definitions, given, literal, table

from engine import dmn


def test_input_data_of_all_that_is_required_with_their_types() -> None:
    model = definitions(
        given("x", "number"),
        given("unused"),
        decision("double", literal("x * 2"), needs=["input x"]),
        decision("quadruple", literal("double * 2"), needs=["decision double"]),
    )
    assert dmn.inputs(dmn.load({"t.dmn": model}), "quadruple") == {"x": "number"}


def test_free_names_where_no_input_data_is_drawn() -> None:
    model = definitions(
        decision("class", table(["amount"], ["class"], [("< limit", "upper case(word)")])),
        decision("who", table(["class", "unit"], ["who"], [("1", "2", "3")]),
                 needs=["decision class"]),
    )  # fmt: skip
    assert dmn.inputs(dmn.load({"t.dmn": model}), "who") == {
        "unit": "", "amount": "", "limit": "", "word": "",
    }  # fmt: skip
