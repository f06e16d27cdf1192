"""Advice on a draft's style: shown beside it, and mended by one press of its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages import style_words
from api.pages.desk import actor, db
from office.documents import policy
from office.documents.greetings import Manners
from office.documents.style import Finding, check, mend_all, mend_one

#: findings shown; the rest comes up as these are mended
SHOWN = 40
ALL = "all"


@dataclass(frozen=True, slots=True)
class Advice:
    """What `_letter_style.html` draws."""

    findings: Sequence[FindingView]
    total: int
    mendable: int


@dataclass(frozen=True, slots=True)
class FindingView:
    """`found` and `mend` show a lone space as ␣; `mend` is None where only people can mend."""

    id: str
    why: str
    place: str
    before: str
    found: str
    mend: str | None
    after: str


def advice(content: Mapping[str, Any]) -> Advice:
    found = check(content, _manners())
    return Advice(
        [_view(one) for one in found[:SHOWN]],
        len(found),
        sum(one.mend is not None for one in found),
    )


def _manners() -> Manners:
    return policy.manners(db(), actor().agency_id)


def _view(one: Finding) -> FindingView:
    return FindingView(
        one.id,
        style_words.rule(one.rule),
        style_words.place(one.path),
        one.before,
        _visible(one.found),
        None if one.mend is None else _visible(one.mend),
        one.after,
    )


def _visible(text: str) -> str:
    return "␣" * len(text) if text.isspace() else text


def mended(content: dict[str, Any], wish: str | None) -> tuple[dict[str, Any], bool]:
    """The words with the finding of this id mended, or `ALL`, and whether anything was.

    They are the words as posted: what was typed since the advice was given stays, and a finding
    that it settled is gone.
    """
    if not wish:
        return content, False
    if wish == ALL:
        new = mend_all(content, _manners())
    else:
        mends = {one.id: one for one in check(content, _manners()) if one.mend is not None}
        new = mend_one(content, mends[wish]) if wish in mends else content
    return new, new != content
