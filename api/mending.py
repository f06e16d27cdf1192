"""Where it is mended that a chain or a diagram cannot run as it is: the page, for whoever may."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from engine.actor import Actor
from engine.errors import Problem
from office.people.queries import Standing
from office.people.shortfalls import place

#: by kind of what is mended: the page, which ends with its name, and the right that opens it
PAGES: Mapping[str, tuple[str, str]] = {
    "role": ("/admin/roles/", "people"),
    "roles": ("/admin/roles", "people"),
    "position": ("/admin/positions/", "people"),
    "unit": ("/admin/units/", "people"),
    "committee": ("/admin/committees/", "people"),
    "person": ("/people/", "people"),
    "leaves": ("/admin/leaves", "people"),
    "connector": ("/admin/connectors/", "connectors"),
    "connectors": ("/admin/connectors", "connectors"),
    "seal": ("/admin/seal", "accounts"),
}
#: by ending, the editor of a file beside a diagram: a part of its draft's address
ROOMS = {".dmn": "decisions", ".form.json": "forms"}
_QUOTED = re.compile("“([^“”]+)”")


def page_of(standing: Standing, why: str) -> str:
    """The path of the page; empty where the name itself is wrong, which is mended where it stands.

    `why`: a key of `office.people.shortfalls` without its kind. Whoever goes there needs the right
    to keep people.
    """
    return _page(place(standing.principal, standing.of, why))[0]


def _page(outside: str) -> tuple[str, str]:
    kind, _colon, name = outside.partition(":")
    path, right = PAGES.get(kind, ("", ""))
    return (f"{path}{quote(name)}" if path else ""), right


def outside_of(problem: Problem, actor: Actor) -> str:
    """The page of the agency's set-up; empty where there is none that the actor may open."""
    path, right = _page(problem.outside)
    return path if path and actor.may(right) else ""


def mended_on(problem: Problem, actor: Actor, draft_id: object) -> str:
    """The path of the page on which the actor mends a finding in a draft; empty: its diagram."""
    own = f"/designer/{draft_id}/tests" if problem.file.endswith(".tests.json") else ""
    return outside_of(problem, actor) or own or editor(draft_id, problem.file)


def drawn_at(problem: Problem, draft_id: object) -> str:
    """The designer with the element of a finding, and the field of it that the finding is about."""
    field = {"at": problem.attribute or problem.code, "says": quoted(problem)}
    return f"/designer/{draft_id}?{urlencode(field)}#el-{quote(problem.element or '')}"


def quoted(problem: Problem) -> str:
    """The names in a finding: one of them stands in the field that is meant."""
    return " ".join(_QUOTED.findall(f"{problem.message} “{problem.outside.partition(':')[2]}”"))


def editor(draft_id: object, file: str) -> str:
    """Of a file beside a draft's diagram; empty where it has none."""
    for ending, room in ROOMS.items():
        if file.endswith(ending):
            return f"/designer/{draft_id}/{room}/{quote(file)}"
    return ""
