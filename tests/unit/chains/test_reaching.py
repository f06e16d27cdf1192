"""Ways that no case takes are told before a chain is published."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.composed import ask

from office.chains import words
from office.chains.model import STARTER, Branch, Chain, Choose, Field, Step, Together
from office.chains.reaching import never_taken
from office.chains.rules import remarks

FIELDS = (
    Field("amount", "วงเงิน", "number"),
    Field("day", "วันที่", "date"),
    Field("kind", "ชนิด", "choice", options=("ของ", "งาน")),
    Field("hurry", "ด่วน", "check", required=False),
    Field("subject", "เรื่อง"),
    Field("papers", "เอกสาร", "files", required=False),
)


def choose(*conditions: str, inner: tuple[Step, ...] = (), id_: str = "c") -> Choose:
    ways = [Branch(f"ทาง {n}", inner, one) for n, one in enumerate(conditions, 1)]
    return Choose(id_, "แยก", (*ways, Branch("นอกจากนั้น")))


def chain(*steps: Step) -> Chain:
    return Chain("c1", "ก", steps, FIELDS)


@pytest.mark.parametrize(
    ("conditions", "never"),
    [
        (("amount > 100", "amount > 500"), ["ทาง 2"]),
        (("amount > 500", "amount > 100"), []),
        (("amount > 100", "amount <= 100"), ["นอกจากนั้น"]),
        (("amount > 100", "amount < 100"), []),
        (("amount >= 100", 'kind = "ของ"', "amount < 100"), ["นอกจากนั้น"]),
        (('kind = "ของ"', 'kind = "งาน"'), ["นอกจากนั้น"]),
        (('kind = "อื่น"',), ["ทาง 1"]),
        (('day > date("2026-01-01")', 'day > date("2026-02-01")'), ["ทาง 2"]),
        (('day > date("2026-02-01")', 'day > date("2026-01-01")'), []),
        (("hurry = true", "hurry = false"), []),
        (("hurry = true", "hurry = true"), ["ทาง 2"]),
        (('subject = "ก"', 'subject != "ก"'), ["นอกจากนั้น"]),
        (('subject > "ก"', 'subject <= "ก"'), []),
        (("amount > 100 and hurry", "amount > 100"), []),
        (("count(papers) = 0", "count(papers) >= 1"), ["นอกจากนั้น"]),
        (("count(papers) >= 1", "count(papers) >= 3"), ["ทาง 2"]),
        (("count(papers) >= 3", "count(papers) >= 1"), []),
    ],
)  # fmt: skip
def test_a_way_that_no_values_lead_to(conditions: tuple[str, ...], never: list[str]):
    made = chain(choose(*conditions))
    assert [label for _step, label in never_taken(made)] == never
    assert [(one.step, one.code, one.detail) for one in remarks(made)] == [
        ("c", "way_never", label) for label in never
    ]
    assert "way_never" in words.REMARKS


def test_what_contradicts_the_way_around_it():
    inner = choose("amount <= 50", id_="d")
    made = chain(choose("amount > 100", inner=(inner,)))
    assert [*never_taken(made)] == [("d", "ทาง 1")]
    both = Together("t", "ก", (Branch("1", (inner,)), Branch("2")))
    assert [*never_taken(chain(choose("amount > 100", inner=(both,))))] == [("d", "ทาง 1")]


def test_what_is_changed_on_the_way_may_be_anything():
    inner = choose("amount <= 50", id_="d")
    edits = ask("a", "malee", edits=("amount",))
    assert [*never_taken(chain(choose("amount > 100", inner=(edits, inner))))] == []
    returned = replace(ask("a", "malee"), refusal="chosen", may=(STARTER,))
    assert [*never_taken(chain(choose("amount > 100", inner=(returned, inner))))] == []
