"""The guide for administrators: each matter in steps, with a picture and the page where it is done.

Words between “ and ” are names that stand on the page of their step: a test holds them to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from api.pages.admin_guide_topics import TOPICS
from api.pages.i18n import LazyText
from api.pages.site import site

_NAME = re.compile("“([^”]+)”")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence; `named` where it is a name that stands on a page."""

    text: str
    named: bool


@site.get("/help/admin")
def admin_guide() -> ResponseReturnValue:
    return render_template("admin_guide.html", topics=TOPICS, pieces=pieces)


def pieces(text: LazyText) -> Sequence[Piece]:
    """The sentence in the reader's language, its names apart."""
    return [piece for piece in _cut(str(text)) if piece.text]


def _cut(text: str) -> Iterator[Piece]:
    for n, part in enumerate(_NAME.split(text)):
        yield Piece(part, n % 2 == 1)
