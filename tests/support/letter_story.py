"""Steps of the letter's story as pages see them: draft, decide, return, sign."""

from __future__ import annotations

from typing import Any

from support.browsing import Browser, Page

SUBJECT = "ขอเชิญเป็นวิทยากรบรรยายเรื่องการใช้งานระบบ e-Office"
WORDS = "ตามหนังสือที่อ้างถึง ความละเอียดแจ้งแล้ว นั้น\nจึงเรียนมาเพื่อโปรดพิจารณา"
POST = "ปลัดกระทรวงตัวอย่าง"


def draft(drafter: Browser, subject: str = SUBJECT, **fields: Any) -> Page:
    """A new external letter: answers its editor."""
    form = drafter.open("/documents/new", query={"kind": "EXT"}).form("/documents")
    filled = {"subject": subject, "to": "ปลัดกระทรวงสาธิต", "paragraphs": WORDS,
              "position_lines": POST, **fields}  # fmt: skip
    return form.send(**filled)


def document_id(page: Page) -> str:
    """The letter that an editor or a letter's page is about."""
    return page.path.split("/")[2]


def open_task(browser: Browser, subject: str) -> Page:
    """The person's task about the letter, by way of the inbox."""
    for view in ("mine", "claimable"):
        inbox = browser.open("/", query={"view": view, "q": subject})
        if found := inbox.links("/tasks/"):
            return browser.open(found[0])
    raise AssertionError(f"no task about {subject!r} in the inbox: {inbox.text[:400]}")


def decide(browser: Browser, subject: str, outcome: str, **fields: Any) -> Page:
    task = open_task(browser, subject)
    return task.form(f"{task.path}/decide").send(outcome=outcome, **fields)
