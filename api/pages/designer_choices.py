"""What a designer can choose from: people's posts, forms and decisions, actions, processes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from api.pages import designer_script_words, designer_words
from api.pages.chain_view import ACTIONS, said
from api.pages.desk import actor, db, system
from api.pages.i18n import language
from api.pages.rule_words import RULES, USES
from api.pages.view import persons
from api.security import csrf_token
from api.told import Finding
from engine import feel
from engine.errors import Problem
from engine.queries import definitions
from engine.runtime import Unreadable, read_xml
from office.connectors import queries as connectors
from office.modeling.queries import DraftRow
from office.people import queries as people

Choice = tuple[str, str]
FORM = ".form.json"
#: an action that designers call by its name, and the composer does not offer
CALLING: Mapping[str, tuple[str, str]] = {
    "http.call": ("เรียกระบบอื่นผ่านตัวเชื่อมต่อ", "Call another system through a connector")
}


def config(
    row: DraftRow, files: Mapping[str, bytes], findings: Sequence[Problem], variables: Sequence[str]
) -> dict[str, Any]:
    """All that the script needs to know, as the page's JSON; `files` are those beside the diagram.

    `findings` and `variables` are of this revision: the script asks for them once it has changed.
    """
    return {
        "id": str(row.id),
        "revision": row.revision,
        "csrf": csrf_token(),
        "language": language(),
        "words": designer_script_words.panel(),
        "editor": designer_script_words.editor(),
        "kinds": designer_words.kinds(),
        "rules": {**RULES, **USES} if language() == "th" else {},
        "choices": _choices(files),
        "actions": _actions(row.key),
        "connectors": _connectors(),
        "functions": feel.builtin_calls(),
        "findings": [asdict(Finding.of(one, actor(), row.id)) for one in findings],
        "variables": variables,
    }


def _choices(files: Mapping[str, bytes]) -> dict[str, Sequence[Choice]]:
    me, english = actor().agency_id, language() == "en"

    def named(rows: Any) -> list[Choice]:
        return [(row.code, (english and row.name_en) or row.name) for row in rows]

    return {
        "position": named(post for post in people.positions(db(), me) if post.active),
        "role": named(people.roles(db(), me)),
        "unit": named(unit for unit in people.units(db(), me) if unit.active),
        "person": [(one.username, (english and one.name_en) or one.name) for one in persons()],
        "form": [(name.removesuffix(FORM), "") for name in files if name.endswith(FORM)],
        "decision": list(_decisions(files)),
        "process": [(row.key, row.name) for row in definitions.latest(db(), me)],
    }


def _decisions(files: Mapping[str, bytes]) -> Iterator[Choice]:
    for name, content in files.items():
        if name.endswith(".dmn"):
            try:
                root = read_xml(content)
            except Unreadable:
                continue  # a finding says so
            for one in root.iter("{*}decision"):
                yield one.get("id") or "", one.get("name") or ""


def _connectors() -> list[dict[str, Any]]:
    """What a diagram may name of them; where they lead to is the administrators' matter."""
    shown = ("name", "title", "methods", "paths", "processes")
    return [
        {name: getattr(one, name) for name in shown}
        for one in connectors.connectors(db(), actor().agency_id)
        if one.active
    ]


def _actions(process: str) -> list[dict[str, Any]]:
    """What the composer offers comes first, by its name; the rest are for those who know them."""
    named = {**ACTIONS, **CALLING}
    known = [one for one in system().services.actions.values() if one.free_for(process)]
    found = sorted(known, key=lambda one: (one.name not in named, one.name))
    return [
        {
            "name": one.name,
            "label": f"{said(named[one.name])} ({one.name})" if one.name in named else one.name,
            "inputs": sorted(one.inputs),
            "required": sorted(one.required),
        }
        for one in found
    ]
