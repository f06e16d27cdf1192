"""Hostile files are refused, each with a finding that says where, and soon."""

from __future__ import annotations

import time

import pytest
from redteam import cases
from support.walking import ACTIONS, NoForms

from engine import runtime
from engine.dmn.xml import Unreadable as UnreadableModel
from engine.dmn.xml import read_xml as read_model
from engine.runtime.reading import Unreadable, read_xml
from forms.definition import BadForm
from forms.reading import read

DIAGRAMS = [*cases.diagrams(), *cases.numbers()]
XML = list(cases.xml())
FORMS = list(cases.forms())


def test_there_are_at_least_three_hundred():
    every = [case.id for case in (*DIAGRAMS, *XML, *FORMS)]
    assert len(set(every)) == len(every) >= 300


@pytest.mark.parametrize("case", DIAGRAMS, ids=lambda case: case.id)
def test_a_diagram_with_foreign_code_or_vast_numbers_is_refused(case: cases.Case):
    began = time.monotonic()
    problems = runtime.check({"a.bpmn": case.source}, actions=ACTIONS, forms=NoForms())
    assert any(one.severity == "error" for one in problems)
    assert time.monotonic() - began < 2


GOOD = {"duration": '"PT1H"', "date": '"2030-01-01T00:00:00Z"', "cycle": '"R2/PT1H"',
        "cardinality": "2", "collection": "[1]", "script": "{a: 1}"}  # fmt: skip


@pytest.mark.parametrize("place", [place for place, _ in cases.hosts("true")])
def test_the_same_diagram_with_a_good_expression_is_taken(place: str):
    """Otherwise the cases would be refused for another reason."""
    source = dict(cases.hosts(GOOD.get(place, "true")))[place]
    problems = runtime.check({"a.bpmn": source}, actions=ACTIONS, forms=NoForms())
    assert [one for one in problems if one.severity == "error"] == []


@pytest.mark.parametrize("case", XML, ids=lambda case: case.id)
def test_a_trap_in_xml_is_refused(case: cases.Case):
    with pytest.raises(Unreadable):
        read_xml(case.source)
    with pytest.raises(UnreadableModel):
        read_model(case.source)


@pytest.mark.parametrize("case", FORMS, ids=lambda case: case.id)
def test_a_hostile_form_is_refused(case: cases.Case):
    with pytest.raises(BadForm) as refused:
        read(case.source)
    assert refused.value.findings
