"""A template's diagram under ids of its own: nothing else in it changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api import templating
from engine.runtime import check
from forms.stored import StoredForms
from office.chains import rules as rules_of_chains
from office.chains.compose import compose, file_name
from office.chains.model import Chain
from office.chains.reading import read
from office.chains.samples import samples
from office.modeling import rules
from office.modeling.renaming import renamed

TWO = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="old-1">
<!-- old stays in a comment -->
<bpmn:collaboration id="c"><bpmn:participant id="p" name="old" processRef="old"/>
<bpmn:participant id="q" processRef='helper'/></bpmn:collaboration>
<bpmn:process name="was &gt; &quot;so&quot;" isExecutable="true" id="old">
<bpmn:documentation>id="old"</bpmn:documentation>
<bpmn:callActivity id="old_call" calledElement="helper"/>
<bpmn:callActivity id="x" calledElement="others"/></bpmn:process>
<bpmn:process id="helper" isExecutable="true"/>
<plane bpmnElement="tns:old"/></bpmn:definitions>"""


def test_ids_and_what_refers_to_them_change_and_nothing_else() -> None:
    made = renamed({"a.bpmn": TWO, "f.form.json": '{"id": "old"}'}, "a.bpmn", "new", 'ใหม่ "1" & 2')
    text = made["a.bpmn"]
    assert '<bpmn:process isExecutable="true" id="new" name="ใหม่ &quot;1&quot; &amp; 2">' in text
    for said in (
        'processRef="new"', "processRef='new-2'", 'calledElement="new-2"', 'id="new-2"',
        'bpmnElement="tns:new"', 'id="old_call"', 'calledElement="others"', 'id="old-1"',
        "<!-- old stays in a comment -->", 'name="old"',
    ):  # fmt: skip
        assert said in text, said
    assert made["f.form.json"] == '{"id": "old"}'
    assert rules.identify(text) == rules.Identity("new", 'ใหม่ "1" & 2')


def test_ids_that_change_places_are_renamed_once() -> None:
    text = renamed({"a.bpmn": TWO}, "a.bpmn", "helper", "x")["a.bpmn"]
    assert 'calledElement="helper-2"' in text
    assert rules.identify(text).key == "helper"


@pytest.mark.parametrize("one", templating.shipped(), ids=lambda one: one.id)
def test_every_shipped_template_is_sound_under_another_id(one: templating.Template) -> None:
    made = renamed(one.files, one.file_name, "of-our-own", "ของเราเอง")
    files = {name: text.encode() for name, text in made.items()}
    found = check(files, actions={}, forms=StoredForms())
    assert {one.code for one in found if one.severity == "error"} <= {"action_unknown"}
    assert one.description
    assert rules.identify(made[one.file_name]).key == "of-our-own"


@pytest.mark.parametrize("chain", samples(), ids=lambda chain: chain.key)
def test_a_template_of_cards_opens_as_cards_under_another_id(chain: Chain) -> None:
    texts = {name: content.decode() for name, content in compose(chain).items()}
    made = renamed(texts, file_name(chain), "of-our-own", "ของเราเอง")
    files = {name: text.encode() for name, text in made.items()}
    assert read(files, "of-our-own") == replace(chain, key="of-our-own", name="ของเราเอง")


@pytest.mark.parametrize("chain", samples(), ids=lambda chain: chain.key)
def test_every_sample_is_a_sound_chain(chain: Chain) -> None:
    assert rules_of_chains.faults(chain) == []
    assert read(compose(chain), chain.key) == chain
