"""What a rendered document is, and the way to it: check, lay out, paginate, draw, archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from signing.archive import Associated, Description, finish
from signing.archive.enclosures import Enclosure
from signing.archive.machine import NAME, government_document
from signing.errors import Unrenderable
from signing.fonts import Typeface, built_in
from signing.pdf.document import Document
from signing.render.blocks import BLOCKS
from signing.render.blocks.head import secrecy
from signing.render.emblem import add_emblem
from signing.render.fields import Fields
from signing.render.furniture import Furniture
from signing.render.laying import ONE_AT_A_TIME, Rendered, lay
from signing.render.sheet import CM, Options, Sheet, Window
from signing.render.strips import Strip
from signing.render.template import Template, template_for
from signing.render.verification import Verification


def render(
    document: Mapping[str, Any],
    *,
    typeface: Typeface | None = None,
    emblem: bytes | None = None,
    draft: bool = False,
    preparers: bool = True,
    enclosed: Sequence[Enclosure] = (),
    window: Window | None = None,
) -> Rendered:
    """The official PDF of one document (shape of the sample documents).

    The same content gives the same bytes. `draft` leaves number and date blank, whatever the
    content says; without it both are required. `preparers` prints the names of those who drafted,
    typed and checked. A `verification` {url, place, code} in the content is printed at the foot of
    the last page, with a QR code. `emblem` is the agency's own artwork (PNG, JPEG, SVG or PDF);
    without it a neutral placeholder stands in. `enclosed` files travel inside what is no draft.
    `window`: the PDF of a draft has these pages alone; all of them are laid out and counted.
    Raises `Unrenderable` naming the field.
    """
    template = template_for(document.get("kind"))
    face = typeface or built_in()
    blanks = _blanks(document, template) if draft else {}
    fields = Fields(document, face.printable, blanks)
    for path in template.required:
        fields.require(path)
    with ONE_AT_A_TIME:
        options = Options(draft, preparers, window if draft else None)
        return _printed(template, fields, face, emblem, options, enclosed)


def _blanks(document: Mapping[str, Any], template: Template) -> dict[str, str]:
    """What a draft shows for the fields that the registry will fill."""
    blanks = dict.fromkeys(template.blank_in_draft, "")
    number = document.get("number")
    if "number" in blanks and isinstance(number, str):
        blanks["number"] = _without_running_number(number)
    return blanks


def _without_running_number(number: str) -> str:
    """ตย ๐๒๐๑/ว ๔๕ to ตย ๐๒๐๑/ว; ๙๕/๒๕๖๗ to its year."""
    before, stroke, after = number.strip().rpartition("/")
    if before.isdecimal():
        return f"      /{after}"
    circular = after.partition(" ")[0]
    return f"{before}{stroke}{circular if circular in ('ว', 'ล') else ''}"


def _printed(
    template: Template,
    fields: Fields,
    typeface: Typeface,
    emblem: bytes | None,
    options: Options,
    enclosed: Sequence[Enclosure],
) -> Rendered:
    document = Document()
    sheet = Sheet(fields, typeface, add_emblem(document, emblem), document.root, options)
    furniture = Furniture(document.root, typeface, secrecy(sheet))
    verification = Verification(sheet)
    strips = [strip for entry in template.blocks for strip in _block(sheet, entry)]
    top = template.top_cm * CM
    laid = lay(document, strips, furniture, top, verification.draw, options.window)
    about = _description(template, fields)
    pdf = finish(document, about, laid.signatures, _inside(sheet, enclosed))
    return Rendered(pdf, len(laid.lines), laid.signatures, laid.lines)


def _block(sheet: Sheet, entry: Mapping[str, Any]) -> list[Strip]:
    parameters = dict(entry)
    return BLOCKS[parameters.pop("block")](sheet, **parameters)


def _inside(sheet: Sheet, enclosed: Sequence[Enclosure]) -> list[Associated]:
    """The letter as data, and its enclosures, once everything in it is decided."""
    words = sheet.fields.document
    dated = words.get("date_iso")
    if sheet.options.draft or not isinstance(dated, str):
        return []
    try:
        day = date.fromisoformat(dated)
    except ValueError:
        raise Unrenderable("date_iso", "Expected a date as in 2026-11-23.") from None
    described = "ข้อมูลหนังสือสำหรับระบบ (GovernmentDocument)"
    data = government_document(words, enclosed)
    files = [
        Associated(one.name, one.title, one.media_type, one.data, day, supplement=True)
        for one in enclosed
        if one.data is not None
    ]
    return [Associated(NAME, described, "text/xml", data, day), *files]


def _description(template: Template, fields: Fields) -> Description:
    subject = fields.text("subject")
    return Description(
        title=f"{template.name} {subject}".strip(),
        author=fields.text("owner_agency"),
        subject=subject,
    )
