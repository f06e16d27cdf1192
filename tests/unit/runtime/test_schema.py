"""`bpmn/saraban.xsd` says to editors exactly what the linter demands of diagrams."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from engine.runtime.parse.shapes import SHAPES

XS = "{http://www.w3.org/2001/XMLSchema}"
FILE = Path(__file__).resolve().parents[3] / "bpmn" / "saraban.xsd"
TREE = etree.parse(FILE)
SCHEMA = etree.XMLSchema(TREE)
ELEMENTS = {e.get("name"): e for e in TREE.getroot().findall(f"{XS}element")}


def test_the_same_elements():
    assert set(ELEMENTS) == set(SHAPES)


@pytest.mark.parametrize("name", SHAPES)
def test_the_same_attributes(name: str):
    declared = ELEMENTS[name].findall(f"{XS}complexType/{XS}attribute")
    assert {a.get("name") for a in declared if a.get("use") == "required"} == SHAPES[name].required
    assert {a.get("name") for a in declared if a.get("use") is None} == SHAPES[name].optional
    for attribute in declared:
        values = {v.get("value") for v in attribute.iter(f"{XS}enumeration")}
        if attribute.get("type") == "xs:boolean":
            values = {"true", "false"}
        assert values == SHAPES[name].values.get(attribute.get("name"), set())


@pytest.mark.parametrize("name", SHAPES)
def test_documented_with_an_example_that_is_valid(name: str):
    element = ELEMENTS[name]
    text = element.findtext(f"{XS}annotation/{XS}documentation")
    assert all(place.lstrip("*") in text for place in SHAPES[name].on)
    (example,) = element.find(f"{XS}annotation/{XS}appinfo")
    SCHEMA.assertValid(etree.fromstring(etree.tostring(example)))
    assert f"saraban:{name}" in etree.tostring(example).decode()
