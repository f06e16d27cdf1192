"""The cases of the DMN Technology Compatibility Kit, read from its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from engine.feel.temporal.text import read_any, read_duration

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_NUMBERS = ("decimal", "double", "integer", "int", "float", "long")
_TEXTS = ("string", "anySimpleType")


@dataclass(frozen=True, slots=True)
class Case:
    """One expected result. `service` names the decision service that is called for it."""

    suite: str
    id: str
    node: str
    model: Path
    inputs: Mapping[str, Any]
    expected: Any
    is_error: bool
    service: str | None


def read_suite(folder: Path) -> Sequence[Case]:
    """The cases of all files in a suite's folder."""
    found: list[Case] = []
    for file in sorted(folder.glob("*.xml")):
        root = etree.parse(file).getroot()
        if etree.QName(root).localname == "testCases":
            found += _cases(file, root)
    return found


def _cases(file: Path, root: etree._Element) -> Iterator[Case]:
    model = file.parent / (root.findtext("{*}modelName") or "").strip()
    for case in root.findall("{*}testCase"):
        inputs = {str(each.get("name")): value_of(each) for each in case.findall("{*}inputNode")}
        is_service = case.get("type") == "decisionService"
        for result in case.findall("{*}resultNode"):
            expected = result.find("{*}expected")
            yield Case(
                file.parent.name,
                case.get("id", ""),
                result.get("name", ""),
                model,
                inputs,
                None if expected is None else value_of(expected),
                result.get("errorResult") == "true",
                case.get("invocableName") if is_service else None,
            )


def value_of(element: etree._Element) -> Any:
    if element.get(_XSI + "nil") == "true":
        return None
    components = element.findall("{*}component")
    if components:
        return {str(each.get("name")): value_of(each) for each in components}
    items = element.find("{*}list")
    if items is not None:
        nil = items.get(_XSI + "nil") == "true"
        return None if nil else [value_of(each) for each in items.findall("{*}item")]
    value = element.find("{*}value")
    return None if value is None else _simple(value)


def _simple(element: etree._Element) -> Any:
    if element.get(_XSI + "nil") == "true":
        return None
    kind = (element.get(_XSI + "type") or "string").rpartition(":")[2]
    text = element.text or ""
    if kind in _TEXTS:
        return text
    text = text.strip()
    if kind in _NUMBERS:
        return Decimal(text)
    if kind == "boolean":
        return text in ("true", "1")
    return read_duration(text) if kind == "duration" else read_any(text)
