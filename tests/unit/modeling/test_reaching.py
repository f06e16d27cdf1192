"""Steps that no case reaches are told of a diagram as of the cards that it was composed of."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from support.builders import bpmn, user
from support.composed import ask
from unit.chains.test_reaching import chain, choose

from engine.runtime import load_bundle
from office.chains.compose import compose
from office.chains.model import STARTER, Branch, Call, Chain, Together
from office.chains.reaching import never_taken
from office.foreseen.words import WARNINGS
from office.modeling.reaching import never_reached

INNER = choose("amount <= 50", inner=(ask("deep", "malee"),), id_="d")
EDITS = ask("a", "malee", edits=("amount",))
RETURNED = replace(ask("a", "malee"), refusal="chosen", may=(STARTER,))


def drawn(made: Chain) -> dict[str, list[tuple[str, str]]]:
    """By the element: the codes and details of what is said of it."""
    other = load_bundle(compose(replace(chain(ask("o", "malee")), key="other")))
    found = never_reached(load_bundle(compose(made), processes=lambda _: other), made.key)
    assert all(each.code in WARNINGS for one in found for each in one.warnings)
    return {one.element: [(each.code, each.detail) for each in one.warnings] for one in found}


@pytest.mark.parametrize(
    "step",
    [
        choose("amount > 100", "amount > 500"),
        choose("amount > 500", "amount > 100"),
        choose("amount > 100", "amount <= 100"),
        choose("amount > 100", "amount < 100"),
        choose("amount >= 100", 'kind = "ของ"', "amount < 100"),
        choose('kind = "ของ"', 'kind = "งาน"'),
        choose('kind = "อื่น"'),
        choose('day > date("2026-01-01")', 'day > date("2026-02-01")'),
        choose("hurry = true", "hurry = false"),
        choose("hurry = true", "hurry = true"),
        choose('subject = "ก"', 'subject != "ก"'),
        choose('subject > "ก"', 'subject <= "ก"'),
        choose("amount > 100", inner=(INNER,)),
        choose("amount > 40", inner=(INNER,)),
        choose("amount > 100", inner=(Together("t", "ก", (Branch("1", (INNER,)), Branch("2"))),)),
        choose("amount > 100", inner=(EDITS, INNER)),
        choose("amount > 100", inner=(RETURNED, INNER)),
        choose("amount > 100", inner=(Call("c2", "ย่อย", "other"), INNER)),
    ],
)  # fmt: skip
def test_the_ways_are_those_of_the_cards(step: Any):
    made = chain(step)
    ways = [
        (at, detail) for at, told in drawn(made).items() for code, detail in told
        if code == "way_never"
    ]  # fmt: skip
    assert ways == [*never_taken(made)]


def test_a_step_to_which_only_such_ways_lead_is_told():
    told = drawn(chain(choose("amount > 100", inner=(INNER,))))
    assert told == {"d": [("way_never", "ทาง 1")], "deep": [("unreached", "")]}


def found(flows: str, *elements: str, **files: Any) -> list[str]:
    named = {f"{name}.form.json": json.dumps(form).encode() for name, form in files.items()}
    start = '<bpmn:exclusiveGateway id="g"/><bpmn:exclusiveGateway id="h"/>'
    xml = bpmn("p", start, *elements, flows=flows)
    if "start" in files:
        form = '<bpmn:extensionElements><saraban:start form="start"/></bpmn:extensionElements>'
        xml = xml.replace(b'<bpmn:startEvent id="start"/>', f'{form}<bpmn:startEvent id="start"/>'
                          .encode())  # fmt: skip
    listed = never_reached(load_bundle({"p.bpmn": xml, **named}), "p")
    return [one.element for one in listed]


AMOUNT = {"type": "number", "key": "amount", "label": "วงเงิน"}
FORM = {"type": "default", "components": [AMOUNT]}
TWO = "start>g g>a[=amount>~100~and~x~=~1] g>h! h>b[=amount~>~100] h>end! a>end b>end"


def test_what_a_designer_draws_may_say_more_than_cards():
    one = "start>g g>a[=amount>~100~and~amount<50] g>end! a>end"
    assert found(one, user("a")) == ["g", "a"]
    assert found("start>g g>a[=amount~>~100~or~amount<50] g>end! a>end", user("a")) == []
    # several facts at once say nothing where they do not all hold
    assert found(TWO, user("a"), user("b"), start=FORM) == []
    ways = "start>g g>a[=amount~>~100] g>h! h>b[=amount~>~200] h>end! a>end b>end"
    assert found(ways, user("a"), user("b"), start=FORM) == ["h", "b"]
    # without a form nobody knows what comes in between
    assert found(ways, user("a"), user("b")) == []
    between = ways.replace("g>h!", "g>c! c>h")
    asks = '<saraban:form key="more"/>'
    told = {"start": FORM, "more": {"type": "default", "components": [{**AMOUNT}]}}
    assert found(between, user("a"), user("b"), user("c", asks), **told) == []
    told["more"]["components"][0]["readonly"] = True
    assert found(between, user("a"), user("b"), user("c", asks), **told) == ["h", "b"]
    # one of two ways to it is enough
    assert found(f"{ways} a>h".replace(" a>end", ""), user("a"), user("b"), start=FORM) == []


def test_what_may_be_left_empty_is_none_of_its_choices():
    kind = {"type": "select", "key": "kind", "label": "ชนิด",
            "values": [{"value": one, "label": one} for one in "ab"]}  # fmt: skip
    flows = 'start>g g>a[=kind~=~"a"] g>b[=kind~=~"b"] g>c! a>end b>end c>end'
    steps = [user(one) for one in "abc"]
    assert found(flows, *steps, start={"type": "default", "components": [kind]}) == []
    must = {**kind, "validate": {"required": True}}
    assert found(flows, *steps, start={"type": "default", "components": [must]}) == ["g", "c"]
