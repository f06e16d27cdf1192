"""Fields into which somebody is typed: what they offer, and whom the typed words name.

A field shows “name · principal”; a code, a sign-in name or a name that is one's alone does as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.pages.desk import actor, db, now, system
from api.pages.faces import face, meet
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.pages.site import site
from engine.errors import NotFound
from office.chains.model import OPERATORS
from office.people import queries as people
from office.people.queries import Found

#: offered of each kind while somebody types
OFFERED = 50
#: what is searched no longer than this
LONGEST = 100
#: what a field takes, by its name; a sign-in name alone where it is a person's
AMONG: Mapping[str, Sequence[str]] = {
    "named": ("position", "role", "unit", "person"),
    "head": ("unit",),
    "members": ("role", "unit"),
    "instead": ("position", "role", "unit", "person"),
    "person": ("person",),
    "starter": ("person",),
}
_PRINCIPAL = re.compile(r"(?:^|\s)((?:position|role|unit|person|right):\S+)$")
_BETWEEN = " · "


@site.get("/offers/<among>")
def offers(among: str) -> ResponseReturnValue:
    """The options of a field for those whom what was typed so far may mean, whatever its name."""
    if among not in AMONG:
        raise NotFound(f"Expected one of {', '.join(AMONG)}, but got {among!r:.40}.")
    typed = next(iter(request.args.values()), "").replace("\0", "")[:LONGEST]
    return render_template("_offers.html", options=options(among, typed))


def options(among: str, typed: str = "") -> list[tuple[str, str]]:
    """(what a field takes, what is told of it)."""
    found = people.offered(db(), actor().agency_id, AMONG[among], typed, OFFERED)
    if AMONG[among] == ("person",):
        return [(one.principal.partition(":")[2], _called(one)) for one in found]
    posts = [one.principal.removeprefix("position:") for one in found if one.unit]
    held = people.holders(db(), actor().agency_id, posts, now())
    meet(name for names in held.values() for name in names)
    first = [(shown(OPERATORS, ""), "")] if among == "instead" and not typed else []
    return [*first, *((shown(one.principal, _called(one)), _told(one, held)) for one in found)]


def _called(one: Found) -> str:
    return (language() == "en" and one.name_en) or one.name


def _told(one: Found, held: Mapping[str, Sequence[str]]) -> str:
    kind, _colon, code = one.principal.partition(":")
    if kind == "position":
        names = held.get(code)
        return f"{one.unit} ({face(names[0]).name if names else _('ว่าง')})"
    words = {"role": _("บทบาท"), "unit": _("ทุกคนในหน่วยงานหรือคณะ"), "person": _("บุคคล")}
    return words[kind]


def shown(principal: str, name: str) -> str:
    """How a field shows it."""
    if principal == OPERATORS:
        name = _("ผู้ดูแลเรื่อง")
    return f"{name}{_BETWEEN}{principal}" if name and ":" in principal else principal


def meant(among: str, typed: str) -> str:
    """The principal that was typed, chosen or named; as it was typed where none or several are."""
    typed = " ".join(typed.replace("\0", "").split())[:200]
    found = _PRINCIPAL.search(typed)
    if found or not typed:
        return found[1] if found else ""
    known = people.called(db(), actor().agency_id, AMONG[among], typed)
    if len(known) != 1:
        known = people.called(db(), actor().agency_id, AMONG[among], typed.lower())
    return known[0] if len(known) == 1 else typed


def someone(typed: str) -> str | None:
    """The sign-in name of whoever was typed; None: nobody here, or several."""
    kind, _colon, username = meant("person", typed).partition(":")
    if kind != "person":
        return None
    here = people.persons_named(db(), actor().agency_id, [username])
    return username if username in here and here[username].active else None


def names(principals: Sequence[str]) -> Mapping[str, str]:
    """What these are called; those that there are not are left out."""
    found = system().services.directory.describe(db(), actor().agency_id, principals)
    return {principal: candidate.name for principal, candidate in found.items()}
