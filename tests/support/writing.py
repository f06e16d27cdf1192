"""A letter's body as a person writes it in the browser."""

from __future__ import annotations

from playwright.sync_api import Page


def write_body(page: Page, text: str) -> None:
    """Types over what is there."""
    page.focus("#paragraphs")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    for n, line in enumerate(text.split("\n")):
        if n:
            page.keyboard.press("Enter")
        page.keyboard.insert_text(line)


def body_text(page: Page) -> str:
    """What the form would send."""
    return page.locator("[name=paragraphs]").input_value()
