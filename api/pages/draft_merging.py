"""A form that somebody else overtook: its words put together with what was saved meanwhile.

The form carries what it started from. Whoever sends another beginning harms only their own saving:
they may overwrite the draft anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.pages import letter_form
from engine import jsonio
from engine.errors import Invalid
from office.documents.merging import Merged, merge
from office.documents.reading import read_content

#: fields that the page can fill anew while somebody types in it
TYPED = ("subject", "to", "closing", "owner_agency", "owner_unit", "address", "paragraphs", "tel",
         "email")  # fmt: skip


def put_together(
    posted_base: str, mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> Merged | None:
    """None without a beginning that can be read."""
    base = _base(posted_base)
    return None if base is None else merge(base, read_content(mine).content, theirs)


def _base(posted: str) -> Mapping[str, Any] | None:
    try:
        return read_content(jsonio.loads(posted)).content
    except (Invalid, ValueError):
        return None


def beginning(content: Mapping[str, Any]) -> str:
    """What the form carries."""
    return jsonio.dumps(read_content(content).content)


def typed_values(content: Mapping[str, Any]) -> dict[str, str]:
    found = letter_form.values(content)
    return {name: found[name] for name in TYPED}


def only_typed_differs(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether a page that shows `one` can show `other` without being loaded anew."""
    first, second = letter_form.values(one), letter_form.values(other)
    return all(first[name] == second[name] for name in first if name not in TYPED)
