"""Numbered pages as templates show them: where we are, and whether there is more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.queries.page import Page


@dataclass(frozen=True, slots=True)
class Window:
    number: int
    #: None when the list is too long to count
    pages: int | None
    more: bool


def window_of(page: Page[Any]) -> Window:
    pages = None if page.total is None else max(-(-page.total // page.page_size), 1)
    return Window(page.page, pages, page.next is not None)
