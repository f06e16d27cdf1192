"""Item definitions: the types that a file declares."""

from __future__ import annotations

from engine.dmn import xml
from engine.dmn.model import Item
from engine.dmn.reading.names import normal
from engine.dmn.reading.texts import Texts, type_name
from engine.feel.types import TypeName


def read_item(texts: Texts, element: xml.Element) -> Item:
    components = [read_item(texts, each) for each in xml.children(element, "itemComponent")]
    return Item(
        name=normal(element.get("name")),
        line=xml.line(element),
        base=_function(element) or type_name(element),
        fields={each.name: each for each in components},
        collection=element.get("isCollection") in ("true", "1"),
        allowed=texts.tests(xml.child(element, "allowedValues")),
        constraint=texts.tests(xml.child(element, "typeConstraint")),
    )


def _function(element: xml.Element) -> TypeName | None:
    item = xml.child(element, "functionItem")
    if item is None:
        return None
    parameters = [type_name(each) or _ANY for each in xml.children(item, "parameters")]
    output = normal(item.get("outputTypeRef"))
    return TypeName("function", (*parameters, TypeName(output) if output else _ANY))


_ANY = TypeName("Any")
