"""Mends put into a letter's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from office.documents import notation
from office.documents.greetings import REGULATION, Manners
from office.documents.style.checking import check
from office.documents.style.finding import Finding

#: one mend may uncover another, as a full name brings its greeting; more rounds than that is a bug
ROUNDS = 5


def mend_one(content: Mapping[str, Any], finding: Finding) -> dict[str, Any]:
    """The same letter with this one mended; `finding` is of these words."""
    return _put(content, [finding])


def mend_all(content: Mapping[str, Any], manners: Manners = REGULATION) -> dict[str, Any]:
    """The letter with everything mended that can be; mending it again changes nothing."""
    mended = dict(content)
    for _ in range(ROUNDS):
        found = [one for one in check(mended, manners) if one.mend is not None]
        if not found:
            break
        mended = _put(mended, found)
    return mended


def _put(content: Mapping[str, Any], findings: Iterable[Finding]) -> dict[str, Any]:
    mended = deepcopy(dict(content))
    for one in sorted(findings, key=lambda one: (one.start, one.end), reverse=True):
        _put_one(mended, one)
    return mended


def _put_one(content: dict[str, Any], one: Finding) -> None:
    """From the end of each text to its beginning, so that places before stay true."""
    *way, last = one.path.split(".")
    holder: Any = content
    for name in way:
        holder = holder[int(name)] if name.isdecimal() else holder[name]
    key: Any = int(last) if last.isdecimal() else last
    holder[key] = notation.spliced(holder[key], one.start, one.end, one.mend or "") or None
