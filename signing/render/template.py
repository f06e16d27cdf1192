"""A kind of document as data: what it requires and the blocks it is made of, in order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from signing.errors import Unrenderable


@dataclass(frozen=True, slots=True)
class Template:
    """`blank_in_draft` are the fields that the registry fills: empty until it does."""

    kind: str
    name: str
    required: Sequence[str]
    blank_in_draft: Sequence[str]
    blocks: Sequence[Mapping[str, Any]]
    top_cm: float = 1.5


@lru_cache(maxsize=1)
def templates() -> Mapping[str, Template]:
    """Every kind that can be rendered, by its code."""
    folder = resources.files("signing.render") / "templates"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".json")), key=lambda f: f.name
    )
    found = (Template(**json.loads(file.read_text("utf-8"))) for file in files)
    return {template.kind: template for template in found}


def template_for(kind: object) -> Template:
    template = templates().get(kind) if isinstance(kind, str) else None
    if template is None:
        known = ", ".join(templates())
        raise Unrenderable("kind", f"Expected one of {known}, but it is {kind!r}.")
    return template
