"""Who may do what with a task: rules over its row and the actor, asked by commands and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.actor import Actor, Authority
from engine.models.task import CLAIMED, LIVE


def authority_for(actor: Actor, row: Mapping[str, Any]) -> Authority | None:
    """By what the actor is a candidate: in their own right, where several would do."""
    found = [
        actor.principals[principal]
        for candidate in row["candidates"]
        if (principal := f"{candidate['kind']}:{candidate['id']}") in actor.principals
    ]
    own = [authority for authority in found if authority.instrument_id is None]
    return next(iter(own or found), None)


def may_act(actor: Actor, row: Mapping[str, Any]) -> bool:
    """Whether this task is the actor's to do, as its holder or as one of its candidates."""
    if row["state"] not in LIVE or actor.username in row["excluded"] or actor.reads_only:
        return False
    if row["state"] == CLAIMED:
        return bool(row["assignee"] == actor.username)
    return authority_for(actor, row) is not None


def verbs(actor: Actor, row: Mapping[str, Any]) -> frozenset[str]:
    """What the actor may do with the task now."""
    if actor.reads_only:
        return frozenset()
    if row["state"] not in LIVE:
        return frozenset({"comment"})
    found = {"comment"}
    holds = row["assignee"] == actor.username
    if may_act(actor, row):
        found |= {"complete", "delegate"}
        found |= {"return"} if row["returns"] else set()
        found |= set() if holds else {"claim"}
    if holds and row["candidates"]:
        found.add("unclaim")
    if holds or actor.may("operate") or actor.may("reassign"):
        found.add("reassign")
    return frozenset(found)
