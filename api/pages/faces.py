"""Names and faces of people on a page: sign-in names to cards, fetched together, kept a request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from flask import g

from api.pages.desk import actor, db, now
from api.pages.i18n import gettext, language
from office.people import queries as people


@dataclass(frozen=True, slots=True)
class Face:
    """What a page shows of someone: name, post, and the mark with initials and colour."""

    username: str
    name: str
    position: str
    initials: str
    colour: int


def face(username: str | None) -> Face:
    """The face behind a sign-in name. The engine and unknown names have one too."""
    name = username or "system"
    if name not in _known():
        meet([name])
    return _known()[name]


def meet(usernames: Iterable[str | None]) -> None:
    """Fetch many faces at once: a page calls this before it names a list of people."""
    wanted = {name for name in usernames if name} - _known().keys() - {"system"}
    english = _english()
    if wanted:
        for card in people.cards(db(), actor().agency_id, sorted(wanted), now()).values():
            _known()[card.username] = Face(
                username=card.username,
                name=card.name_en if english else card.name,
                position=card.position_en if english else card.position,
                initials=card.initials,
                colour=card.colour,
            )
    for name in wanted - _known().keys():
        _known()[name] = Face(name, name, "", name[:2].upper(), 0)


def _known() -> dict[str, Face]:
    if "faces" not in g:
        g.faces = {"system": Face("system", gettext("ระบบ"), "", "–", 0)}
    return cast("dict[str, Face]", g.faces)


def _english() -> bool:
    return language() == "en"
