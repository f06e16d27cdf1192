"""Which name is meant by what is typed into a list of people."""

from __future__ import annotations

import pytest

from api.pages.listed import Listed, named, picked


@pytest.mark.parametrize(
    ("prefix", "text", "item", "who"),
    [
        ("person:", "faem", "person:faem", "person:faem"),
        ("person:", "unit:legal", "unit:legal", "unit:legal"),
        ("", "faem", "faem", "person:faem"),
        # the diagram makes a person of it: it is one, or nobody
        ("", "unit:legal", "unit:legal", "person:unit:legal"),
    ],
)
def test_a_list_of_bare_names_holds_people_alone(
    prefix: str, text: str, item: str, who: str
) -> None:
    found = Listed([], prefix)
    assert (picked(found, text), named(found, text)) == (item, who)
