"""What a rendered document is, and the way to it: check, lay out, paginate, draw, archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock
from typing import Any

from signing.archive import Associated, Description, finish
from signing.archive.machine import NAME, government_document
from signing.errors import Unrenderable
from signing.fonts import Typeface, built_in
from signing.pdf.content import Content
from signing.pdf.document import Document
from signing.pdf.structure import Box
from signing.render.blocks import BLOCKS
from signing.render.emblem import add_emblem
from signing.render.fields import Fields
from signing.render.furniture import Furniture
from signing.render.pagination import Placed, paginate
from signing.render.sheet import CM, LEFT, WIDTH, Options, Sheet
from signing.render.strips import Strip
from signing.render.template import Template, template_for
from signing.render.verification import Verification

_BOTTOM = 2 * CM
_NEXT_TOP = 2.5 * CM
_MOST_PAGES = 1000
#: Tried in turn until one gives the fewest pages: how much of the shrinkable space is given up.
_SHRINKING = (0.0, 0.5, 1.0)
#: pikepdf is used by one thread at a time.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True)
class SignatureField:
    """An empty signature field in the PDF; `box` is (left, bottom, right, top) in points."""

    name: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished PDF/A-3a with its empty signature fields.

    `lines` are the text lines of each page in reading order, page furniture left out.
    """

    pdf: bytes
    pages: int
    fields: tuple[SignatureField, ...]
    lines: tuple[tuple[str, ...], ...]


def render(
    document: Mapping[str, Any],
    *,
    typeface: Typeface | None = None,
    emblem: bytes | None = None,
    draft: bool = False,
    preparers: bool = True,
) -> Rendered:
    """The official PDF of one document (shape of the sample documents).

    The same content gives the same bytes. `draft` leaves number and date blank, whatever the
    content says; without it both are required. `preparers` prints the names of those who drafted,
    typed and checked. A `verification` {url, place, code} in the content is printed at the foot of
    the last page, with a QR code. `emblem` is the agency's own artwork (PNG, JPEG, SVG or PDF);
    without it a neutral placeholder stands in. Raises `Unrenderable` naming the field.
    """
    template = template_for(document.get("kind"))
    face = typeface or built_in()
    blanks = _blanks(document, template) if draft else {}
    fields = Fields(document, face.printable, blanks)
    for path in template.required:
        fields.require(path)
    with _ONE_AT_A_TIME:
        return _printed(template, fields, face, emblem, Options(draft, preparers))


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
    template: Template, fields: Fields, typeface: Typeface, emblem: bytes | None, options: Options
) -> Rendered:
    document = Document()
    sheet = Sheet(fields, typeface, add_emblem(document, emblem), document.root, options)
    furniture, verification = Furniture(sheet), Verification(sheet)
    strips = [strip for entry in template.blocks for strip in _block(sheet, entry)]
    pages = _pages(strips, template.top_cm * CM)
    if len(pages) > _MOST_PAGES:
        raise Unrenderable("paragraphs", f"Expected at most {_MOST_PAGES} pages of text.")
    signatures: list[SignatureField] = []
    for number, placed in enumerate(pages):
        top = document.size[1] - (_NEXT_TOP if number else template.top_cm * CM)
        stage = _Stage(document.add_page(), signatures)
        following = pages[number + 1] if number + 1 < len(pages) else None
        furniture.draw(stage, document.size, following, pages=len(pages))
        for item in placed:
            _draw(item, stage, top)
        if following is None:
            verification.draw(stage)
    pdf = finish(document, _description(template, fields), signatures, _for_machines(sheet))
    lines = tuple(tuple(_lines(placed)) for placed in pages)
    return Rendered(pdf, len(pages), tuple(signatures), lines)


def _block(sheet: Sheet, entry: Mapping[str, Any]) -> list[Strip]:
    parameters = dict(entry)
    return BLOCKS[parameters.pop("block")](sheet, **parameters)


def _pages(strips: Sequence[Strip], top: float) -> list[list[Placed]]:
    """The fewest pages that giving up shrinkable space allows, and the most space for those."""
    height = 841.89 - _BOTTOM
    tries = []
    for share in _SHRINKING:
        shrunk = [replace(s, before=s.before - share * s.shrink) if s.shrink else s for s in strips]
        tries.append(paginate(shrunk, height - top, height - _NEXT_TOP))
    return min(tries, key=len)


def _draw(item: Placed, stage: _Stage, top: float) -> None:
    if not item.again:
        item.strip.draw(stage, top - item.down)
        return
    with stage.content.furniture():
        item.strip.draw(stage, top - item.down)


def _lines(placed: Sequence[Placed]) -> list[str]:
    return [item.strip.text for item in placed if item.strip.text and not item.again]


def _for_machines(sheet: Sheet) -> list[Associated]:
    """The letter as data, once everything in it is decided."""
    words = sheet.fields.document
    dated = words.get("date_iso")
    if sheet.options.draft or not isinstance(dated, str):
        return []
    try:
        day = date.fromisoformat(dated)
    except ValueError:
        raise Unrenderable("date_iso", "Expected a date as in 2026-11-23.") from None
    described = "ข้อมูลหนังสือสำหรับระบบ (GovernmentDocument)"
    data = government_document(words)
    return [Associated(NAME, described, "text/xml", data, day)]


def _description(template: Template, fields: Fields) -> Description:
    subject = fields.text("subject")
    return Description(
        title=f"{template.name} {subject}".strip(),
        author=fields.text("owner_agency"),
        subject=subject,
    )


@dataclass(slots=True)
class _Stage:
    """The page being drawn, and the signature fields found so far."""

    content: Content
    signatures: list[SignatureField]
    left: float = field(default=LEFT)
    width: float = field(default=WIDTH)

    def signature(self, name: str, box: Box) -> None:
        self.signatures.append(SignatureField(name, self.content.index, box))
