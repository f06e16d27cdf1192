"""A letter's body as a person writes it in the browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def write_body(page: Page, text: str, *, own_numbers: bool = False) -> None:
    """Types over what is there. The editor goes on with numbers; `own_numbers`: they are typed."""
    page.focus("#paragraphs")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    for n, line in enumerate(text.split("\n")):
        if n:
            page.keyboard.press("Enter")
        if n and own_numbers:
            page.keyboard.press("Shift+Home")
        page.keyboard.insert_text(line)


def expect_body(page: Page, text: str) -> None:
    """What the form would send comes to be `text`."""
    expect(page.locator("[name=paragraphs]")).to_have_value(text)
