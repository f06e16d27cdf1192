"""Where it is mended that nobody acts for one of those whom a chain or a diagram names."""

from __future__ import annotations

from office.people.queries import Standing


def page_of(standing: Standing, why: str) -> str:
    """The path of the page; empty where the name itself is wrong, which is mended where it stands.

    `why`: a key of `office.people.shortfalls` without its kind. Whoever goes there needs the right
    to keep people.
    """
    kind, _colon, code = standing.principal.partition(":")
    if why == "unknown":
        return ""
    if why == "away" and kind != "role":
        return "/admin/leaves"
    if kind == "person":
        return f"/people/{standing.of}"
    if kind == "role" or kind == "right":
        return f"/admin/roles/{code}" if kind == "role" else "/admin/roles"
    if standing.of:
        return f"/admin/committees/{standing.of}"
    return f"/admin/{kind}s/{code}"
