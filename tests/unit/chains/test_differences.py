"""Two chains are compared card by card."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.purchase import PURCHASE

from office.chains import editing
from office.chains.differences import compare
from office.chains.model import Chain, Choose, Inform, Who

TOLD = Inform("note", "แจ้งพัสดุ", Who("starter"))


def _told(after: Chain) -> list[tuple[str, str, bool]]:
    return [(one.verb, one.id, one.moved) for one in compare(PURCHASE, after).cards]


def _ways(wide: str) -> Chain:
    size = PURCHASE.step("size")
    assert isinstance(size, Choose)
    first, *rest = size.branches
    branches = (replace(first, condition=wide), *rest)
    return editing.change(PURCHASE, replace(size, branches=branches))


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (PURCHASE, []),
        (editing.insert(PURCHASE, ":1", TOLD), [("added", "note", False)]),
        (editing.insert(PURCHASE, "size.1:0", TOLD), [("added", "note", False)]),
        (editing.remove(PURCHASE, "told"), [("removed", "told", False)]),
        (editing.move(PURCHASE, "head", -1), [("moved", "head", True)]),
        # what stands inside is told for itself, its ways with the card
        (editing.change(PURCHASE, replace(PURCHASE.step("units"), name="ถามคลัง")),
         [("changed", "units", False)]),
        (_ways("amount > 200000"), [("changed", "size", False)]),
        (editing.insert(editing.remove(PURCHASE, "told"), "size.0:1", PURCHASE.step("told")),
         [("moved", "told", True)]),
    ],
)  # fmt: skip
def test_each_card_is_told_once(after: Chain, told: list[tuple[str, str, bool]]) -> None:
    assert _told(after) == told


def test_what_stands_beside_the_cards_is_told_by_its_name() -> None:
    after = replace(PURCHASE, note="ใหม่", fields=PURCHASE.fields[:1])
    assert compare(PURCHASE, after).facts == ["fields", "note"]
