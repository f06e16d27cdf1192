"""The designers' guide tells every element, action and rule, and its examples are the schema's."""

from __future__ import annotations

from typing import Any

from lxml import etree
from support.world import World

from api.pages.guide import ELEMENTS, OF_CARDS, elements
from engine.runtime.lint.documented import documented
from engine.runtime.parse.shapes import SHAPES
from office.foreseen.words import WARNINGS


def test_every_element_has_words_in_both_languages_and_an_example() -> None:
    told = {one.name: one for one in elements()}
    assert set(told) == set(ELEMENTS) == set(SHAPES)
    for name, one in told.items():
        assert " In: " in one.text
        assert f"<saraban:{name}" in one.example
        assert "xmlns" not in one.example
        wrapped = f'<x xmlns:saraban="urn:saraban:bpmn:1.0">{one.example}</x>'
        assert etree.fromstring(wrapped) is not None
        shape = SHAPES[name]
        assert {a.name for a in one.attributes} == shape.required | shape.optional
        assert {a.name for a in one.attributes if a.required} == shape.required


def test_the_guide_is_found_from_the_help_page(office: World, enter: Any) -> None:
    page = enter("thotsop").open("/help").follow("/help/designer")
    text = page.response.text
    for name in ELEMENTS:
        assert f'id="e-{name}"' in text
    known = office.system.services.actions.values()
    assert {"documents.file", "http.call"} <= {one.name for one in known if one.drawn}
    for action in known:
        free = action.drawn and action.route is None
        assert (f"<code>{action.name}</code>" in text) == free, action.name
    for rule in documented():
        assert f"<code>{rule.code}</code>" in text
    assert "&lt;saraban:due value=" in text
    for code, (thai, _english) in WARNINGS.items():
        told = str(page.tree.xpath("string(//*[@aria-labelledby='playing'])"))
        assert (thai.replace("%s", "…") in told) == (code not in OF_CARDS), code
