"""What a draft's form offers: who may sign, and whom the directory knows."""

from __future__ import annotations

from typing import Any

from api.pages.desk import actor, db, now
from api.pages.faces import face, meet
from office.documents.kinds import KINDS, SIGNING
from office.people import queries as people
from office.people.rules import position_lines

#: so many of the directory's recipients are offered while one is typed
RECIPIENTS = 300


def with_signer(content: dict[str, Any]) -> dict[str, Any]:
    """The name that stands under the signature, as far as it is known while drafting."""
    known = _signing_posts(content["kind"])
    name = known.get("\n".join(content["position_lines"]))
    return {**content, "signer": name or content.get("signer")}


def _signing_posts(kind: str) -> dict[str, str | None]:
    """Lines under a signature to the name above them: holders of posts, and those who act."""
    agency_id = actor().agency_id
    posts = _posts_that_sign(kind)
    held = people.holders(db(), agency_id, [post.code for post in posts], now())
    orders = [order for order in people.instruments(db(), agency_id, now()) if order.in_force]
    own = people.posts(db(), agency_id, [order.username for order in orders], now())
    meet(name for names in held.values() for name in names)
    found = {p.name: face(held[p.code][0]).name if held[p.code] else None for p in posts}
    for order in orders:
        if own[order.username]:
            lines = position_lines(own[order.username][0].name, order.mode, order.position_name)
            found["\n".join(lines)] = order.name
    return found


def recipients(kind: str) -> list[str]:
    """Whom the directory knows and letters address: heads by their posts, units by name."""
    if not KINDS[kind].recipient:
        return []
    agency_id = actor().agency_id
    if kind == "STAMP":
        named = [unit.name for unit in people.units(db(), agency_id) if unit.active]
    else:
        posts = people.positions(db(), agency_id)
        named = [post.name for post in posts if post.active and post.level in SIGNING]
    return list(dict.fromkeys(named))[:RECIPIENTS]


def _posts_that_sign(kind: str) -> list[people.PositionRow]:
    """Heads of divisions and above; where lower posts sign, those above the drafter, too."""
    allowed = KINDS[kind].signers if kind in KINDS else SIGNING
    everyone = [post for post in people.positions(db(), actor().agency_id) if post.active]
    heads = [post for post in everyone if post.level in allowed & SIGNING]
    own = people.posts(db(), actor().agency_id, [actor().username], now())[actor().username]
    above = people.chain(db(), actor().agency_id, own[0].code) if own else ()
    return [*(post for post in above if post.level in allowed - SIGNING), *heads]


def signers(kind: str, present: str) -> list[tuple[str, str]]:
    """What can be chosen: the lines with the name of whoever signs so; the present choice too."""
    known = _signing_posts(kind)
    if present and present not in known:
        known = {present: None, **known}
    return [
        (lines, lines.replace("\n", " ") + (f" ({name})" if name else ""))
        for lines, name in known.items()
    ]
