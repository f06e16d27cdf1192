"""The designer's descriptor of our extension elements says exactly what the schema says."""

from __future__ import annotations

import json
from pathlib import Path

from lxml import etree

import bpmn

XS = "{http://www.w3.org/2001/XMLSchema}"
DESCRIPTOR = Path(__file__).parents[2] / "api/web/src/designer/saraban.json"


def _schema():
    """Element name to (attributes, children), as the schema says."""
    root = etree.parse(bpmn.path() / "saraban.xsd").getroot()
    return root.get("targetNamespace"), {
        one.get("name"): (
            {attribute.get("name") for attribute in one.iter(f"{XS}attribute")},
            {child.get("ref").removeprefix("saraban:") for child in one.iter(f"{XS}element")
             if child.get("ref")},
        )
        for one in root.findall(f"{XS}element")
    }  # fmt: skip


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]


def test_the_descriptor_is_the_schema():
    found = json.loads(DESCRIPTOR.read_text("utf-8"))
    told = {
        _lower(one["name"]): (
            {p["name"] for p in one["properties"] if p.get("isAttr")},
            {_lower(p["type"]) for p in one["properties"] if not p.get("isAttr")},
        )
        for one in found["types"]
    }
    assert (found["uri"], told) == _schema()
    assert found["xml"] == {"tagAlias": "lowerCase"}


def test_attributes_are_kept_as_they_are_written():
    """A boolean or a number would be written anew: 1 for true, 0.50 for 0.5."""
    found = json.loads(DESCRIPTOR.read_text("utf-8"))
    attributes = [p for one in found["types"] for p in one["properties"] if p.get("isAttr")]
    assert {p["type"] for p in attributes} == {"String"}
