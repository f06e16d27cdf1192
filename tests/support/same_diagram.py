"""Whether two BPMN files say the same: every element, attribute and place, whoever's they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
SCHEMA_PLACE = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
Fact = tuple[str, str, str]


def facts(source: bytes) -> Counter[Fact]:
    """What a file says, as (path, name, value): element by element, in the order that counts.

    Order counts among children of one name; how they are mixed with others does not. Neither do
    prefixes, white space between elements, and how a number is written. Comments and processing
    instructions count with the element that they stand in, and the one that they stand before.
    """
    root = etree.fromstring(source)
    return Counter([*_of(root, f"{root.tag}"), *_around(root)])


def _around(root: Any) -> Iterator[Fact]:
    yield from (("", "before", str(one)) for one in root.itersiblings(preceding=True))
    yield from (("", "after", str(one)) for one in root.itersiblings())


def _remarked(one: Any) -> str:
    following = next((n for n in one.itersiblings() if isinstance(n.tag, str)), None)
    return f"{one} before {'' if following is None else following.tag}"


def _of(element: Any, path: str) -> Iterator[Fact]:
    remarks = [one for one in element if not isinstance(one.tag, str)]
    text = (element.text or "") + "".join(one.tail or "" for one in remarks)
    yield (path, "", text.strip())
    yield from ((path, "remark", _remarked(one)) for one in remarks)
    for name, value in element.attrib.items():
        if not _says_nothing(element, str(name)):
            yield (path, str(name), _value(element, str(name), str(value)))
    seen: Counter[str] = Counter()
    for child in element.iterchildren("*"):
        key = child.get("id") or str(seen[child.tag])
        seen[child.tag] += 1
        yield from _of(child, f"{path}/{child.tag}[{key}]")


def _says_nothing(element: Any, name: str) -> bool:
    """Where a schema lies, and the type of a way point, which can have no other."""
    return name == SCHEMA_PLACE or (name == XSI_TYPE and element.tag.endswith("}waypoint"))


def _value(element: Any, name: str, value: str) -> str:
    prefix, colon, local = value.partition(":")
    if name == XSI_TYPE and (colon or None in element.nsmap):
        return f"{{{element.nsmap.get(prefix if colon else None)}}}{local or prefix}"
    try:
        return repr(float(value))
    except ValueError:
        return value


def differences(before: bytes, after: bytes) -> list[str]:
    """What one says and the other does not: - what is gone, + what is new."""
    old, new = facts(before), facts(after)
    gone = [f"- {fact}" for fact in sorted((old - new).elements())]
    return gone + [f"+ {fact}" for fact in sorted((new - old).elements())]
