"""Which units of the agency a letter's words address. Pure, over the organisation's names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Delivery:
    """Units that receive inside, by code; and the addressees that are others' to reach."""

    units: Sequence[str]
    outside: Sequence[str]


def deliver_to(
    recipients: Iterable[str], units: Mapping[str, str], posts: Mapping[str, str]
) -> Delivery:
    """`units` are codes by name; `posts` the codes of their units by the posts' names."""
    inside: list[str] = []
    outside: list[str] = []
    for recipient in recipients:
        name = " ".join(recipient.split())
        code = units.get(name) or posts.get(name)
        if code is None:
            outside.append(name)
        elif code not in inside:
            inside.append(code)
    return Delivery(tuple(inside), tuple(outside))
