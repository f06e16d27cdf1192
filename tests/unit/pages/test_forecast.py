"""What probably comes: the letter's diagram walked forward with a case's variables."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from support.matrices import APPROVALS
from support.purchase import PURCHASE

import bpmn
from api.pages import diagram
from api.pages.forecast import forecast
from office.chains.compose import compose

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ROUTE = diagram.read((bpmn.path() / "drafting/official-letter.bpmn").read_bytes())
FULL = {
    "proofreader": "position:a", "checker": "position:b", "division_head": "position:c",
    "deputy": "position:d", "signer": "position:e", "consult_units": [], "urgency": 1,
    "resume": None, "return_to": None, "returned_by_element": None, "go_back_to": None,
    "skipped_levels": [],
}  # fmt: skip


def _coming(live, outcome=None, **changes):
    return [step.id for step in forecast(ROUTE, [live], {**FULL, **changes}, NOW, outcome)]


def test_the_usual_way_from_the_draft():
    assert _coming("draft") == [
        "proofread", "check", "division_head", "deputy", "sign", "register", "deliver", "file",
    ]  # fmt: skip


def test_levels_that_a_letter_does_not_pass_are_left_out():
    assert _coming("draft", proofreader=None, deputy=None)[:3] == ["check", "division_head", "sign"]


def test_units_are_consulted_where_some_are_chosen():
    assert _coming("check", consult_units=["unit:finance"])[0] == "consult"


def test_an_outcome_leads_where_the_diagram_says():
    assert _coming("draft", "bypass")[0] == "consent"
    assert _coming("draft", "withdraw") == []
    assert _coming("proofread", "refuse") == []


def test_what_can_not_be_worked_out_ends_the_walk_without_harm():
    assert forecast(ROUTE, ["draft"], {}, NOW) is not None
    assert forecast(ROUTE, ["no-such-element"], FULL, NOW) == []


def test_steps_are_in_reading_order_and_named():
    names = [step.id for step in ROUTE.steps]
    assert names.index("draft") < names.index("proofread") < names.index("sign")
    assert ROUTE.name("sign") == "ลงนาม"
    assert ROUTE.name("unknown") == "unknown"


@pytest.mark.parametrize("xml", [b"<definitions/>", b"<a><b id='x'/></a>"])
def test_a_file_with_nothing_of_bpmn_is_an_empty_diagram(xml):
    assert diagram.read(xml).steps == []


def test_a_composed_chain_is_walked_by_its_own_variables():
    route = diagram.read(compose(PURCHASE)["purchase.bpmn"])

    def coming(live, outcome=None, **variables):
        known = {"subject": "เก้าอี้", "amount": 200_000, **variables}
        return [step.id for step in forecast(route, [live], known, NOW, outcome)]

    assert coming("revise") == ["head", "units", "approve", "told"]
    assert coming("head", amount=5) == ["approve", "told"]
    assert coming("head", "refuse")[0] == "revise"
    assert coming("units", "refuse") == []
    assert route.is_before("revise", "head")
    assert not route.is_before("head", "revise")
    assert {"head_outcome", "units_outcomes"} <= route.answers


@pytest.mark.parametrize(
    ("amount", "kind", "comes"),
    [(5, "งาน", "head"), (250_000, "งาน", "director"), (900_000, "งาน", "top"),
     (900_000, "คอมพิวเตอร์", "computers"), (None, None, "top")],
)  # fmt: skip
def test_an_approval_matrix_is_asked_for_the_way(amount, kind, comes):
    files = compose(APPROVALS)
    drawn = diagram.with_decisions(diagram.read(files["matrix.bpmn"]), files)
    known = {"amount": amount, "kind": kind, "day": None, "hurry": False}
    assert [one.id for one in forecast(drawn, ["start"], known, NOW)] == [comes]
    assert "whose_way" in drawn.answers
