"""The two copies: a file, what it is to bear, and the file that bears it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from signing.copies.drawing import Certificate, Receipt, certificate_figures, receipt_figures
from signing.copies.measures import FIELD, MOST_BYTES
from signing.errors import Uncopyable
from signing.fonts import Typeface, built_in
from signing.nursery import ask_about
from signing.render.fields import Fields

__all__ = ["About", "Certificate", "Receipt", "certified", "stamped"]

_MEMORY = 1024 * 1024 * 1024
_SECONDS = 30


@dataclass(frozen=True, slots=True)
class About:
    """What a copy says of itself to viewers, and of the file that it was made of on its page.

    `note` are its lines at the foot. `own`: the pages are of our own layout, so that the copy stays
    an archive file with tags (PDF/A-3a, PDF/UA-1); others are drawn anew and claim nothing.
    """

    title: str
    author: str
    subject: str
    note: Sequence[str]
    own: bool


def stamped(
    pdf: bytes, receipt: Receipt, about: About, *, typeface: Typeface | None = None
) -> bytes:
    """A copy whose first page bears the receiving stamp (แบบที่ 12), as near to its top right as
    there is room; a page without any is made smaller to have some.

    Equal files and receipts give equal bytes. Raises `Uncopyable`, or `Unrenderable` naming what
    cannot be printed.
    """
    faces = _checked(receipt.lines(), about, typeface)
    drawn, sizes = receipt_figures(receipt, about.note, faces)
    return _composed("stamp", pdf, drawn, {"sizes": sizes, **_told(about)})


def certified(
    pdf: bytes, certificate: Certificate, about: About, *, typeface: Typeface | None = None
) -> bytes:
    """A copy each page of which says สำเนา above its first line and สำเนาถูกต้อง below its last,
    with the certifier's name, post and day; on the first the empty field `FIELD` waits for their
    signature. The page itself is made smaller to have room. Raises as `stamped`.
    """
    faces = _checked(certificate.lines(), about, typeface)
    drawn, sizes = certificate_figures(certificate, about.note, faces)
    return _composed("certify", pdf, drawn, {"sizes": sizes, "field": FIELD, **_told(about)})


def _checked(lines: Sequence[str], about: About, typeface: Typeface | None) -> Typeface:
    faces = typeface or built_in()
    fields = Fields({}, faces.printable)
    for line in (*lines, *about.note):
        fields.checked("copy", line)
    return faces


def _told(about: About) -> Mapping[str, Any]:
    return {
        "title": about.title,
        "author": about.author,
        "subject": about.subject,
        "own": about.own,
    }


def _composed(verb: str, pdf: bytes, drawn: bytes, wish: Mapping[str, Any]) -> bytes:
    if len(pdf) > MOST_BYTES:
        raise Uncopyable("too_large", f"Expected at most {MOST_BYTES >> 20} MB.")
    if b"%PDF-" not in pdf[:1024]:
        raise Uncopyable("not_pdf", "Expected a PDF; only a PDF can be copied page by page.")
    _, copy = ask_about(
        drawn + pdf,
        "signing.copies.child",
        {"verb": verb, "drawn": len(drawn), **wish},
        Uncopyable,
        seconds=_SECONDS,
        memory=_MEMORY,
        to_be="copied",
    )
    return copy
