"""A document as an official types it into the form of its kind, in the browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from playwright.sync_api import Page
from support.writing import write_body

from office.documents.kinds import KINDS, Extra, Form


def type_document(page: Page, document: Mapping[str, Any], otherwise: str) -> None:
    """Fills the form of a new document. Where the form does not offer the sample's post to sign it,
    the one of `otherwise` is chosen.
    """
    kind = KINDS[document["kind"]]
    offered = page.locator("#position_lines option").evaluate_all("all => all.map(o => o.value)")
    lines = "\n".join(document["position_lines"])
    page.select_option("#position_lines", lines if lines and lines in offered else otherwise)
    if kind.before:
        page.select_option("#route", "meeting-minutes")
    page.select_option("#priority", label=document["priority"])
    page.select_option("#secrecy", label=document["secrecy"])
    page.fill("#subject", document["subject"])
    if kind.recipient:
        page.fill("#to", document["to"])
    enclosed = document["attachments"]
    _rows(
        page, "enclosure", [{"enclosure": a["name"], "enclosure_qty": a["qty"]} for a in enclosed]
    )
    if "refs" in kind.head:
        _rows(page, "refs", [{"refs": words} for words in document["refs"]])
    for extra in kind.extras:
        if value := _value(extra, document):
            page.fill(f"#extra-{extra.name}", value)
    write_body(page, "\n".join(document["paragraphs"]), own_numbers=True)
    if "cc" in kind.head and document["cc"]:
        page.click("details.more:has(#cc) > summary")
        _rows(page, "cc", [{"cc": words} for words in document["cc"]])


def _rows(page: Page, name: str, rows: list[dict[str, str]]) -> None:
    for number, fields in enumerate(rows, 1):
        if number > 1:
            page.click(f"#{name} [data-row-add]")
        for field, words in fields.items():
            page.fill(f"#{field}-{number}", words)


def _value(extra: Extra, document: Mapping[str, Any]) -> str:
    """What is typed into a field of the kind's own; samples keep some as words of the number."""
    if extra.name == "meeting":
        return str(document["number_arabic"]).removeprefix("ครั้งที่ ")
    if extra.name == "meeting_date":
        return str(document["date_iso"])
    if extra.name == "edition":
        return str(document["number_arabic"]).removeprefix("(ฉบับที่ ").split(")")[0]
    value = document["extra"].get(extra.name)
    if extra.form is Form.PEOPLE:
        return "\n".join(_person(one, extra.part or "role") for one in value or ())
    return "\n".join(value or ()) if extra.form is Form.LINES else str(value or "")


def _person(one: Mapping[str, Any], part: str) -> str:
    place = f" (แทน {one['substitute_for']})" if one.get("substitute_for") else ""
    return f"{one['name']} | {one['position']}{place} | {one.get(part) or ''}"


def printed(document: Mapping[str, Any]) -> Iterator[str]:
    """What was typed and must stand on the paper."""
    kind = KINDS[document["kind"]]
    if document["kind"] not in ("STAMP", "CERT"):  # their subjects are for the register alone
        yield document["subject"]
    if kind.recipient:
        yield document["to"]
    yield from document["paragraphs"]
    if "refs" in kind.head:
        yield from document["refs"]
        yield from (one["name"] for one in document["attachments"])
    if "cc" in kind.head:
        yield from document["cc"]
    for extra in kind.extras:
        if extra.form is Form.PEOPLE:
            yield from (one["name"] for one in document["extra"].get(extra.name, ()))
