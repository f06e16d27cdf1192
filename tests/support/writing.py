"""A letter's body as a person writes it in the browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def write_body(page: Page, text: str) -> None:
    """Types over what is there."""
    page.focus("#paragraphs")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    for n, line in enumerate(text.split("\n")):
        if n:
            page.keyboard.press("Enter")
        page.keyboard.insert_text(line)


def expect_body(page: Page, text: str) -> None:
    """What the form would send comes to be `text`."""
    expect(page.locator("[name=paragraphs]")).to_have_value(text)
