"""A document's words on paper: with the agency's emblem, and before the file that it wraps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from office.documents.emblems import emblem_of
from office.documents.enclosing import MOST, loaded
from office.documents.thai import thai_digits
from office.files.storage import Storage, read
from signing.errors import Unrenderable, Unwrappable
from signing.fonts import Typeface
from signing.render import Rendered, Window, render
from signing.wrapping import Facts, examine, wrap


def print_pdf(
    storage: Storage,
    agency_id: UUID,
    document: Mapping[str, Any],
    *,
    typeface: Typeface,
    draft: bool = False,
    most_enclosed: int = MOST,
) -> bytes:
    """Raises `Unrenderable` by field; a file that cannot be wrapped is one of `attachments`. Where
    the words name no hash of it, the cover alone is printed. `enclosed` files of the words travel
    inside, up to so many bytes of them; not behind a wrapped file, to whose form nothing is added.
    """
    emblem = emblem_of(storage, agency_id, document)
    file = document.get("wrapped")
    if not file or not file["sha256"]:
        files = tuple(loaded(storage, agency_id, document.get("enclosed") or (), most_enclosed))
        made = render(document, typeface=typeface, emblem=emblem, draft=draft, enclosed=files)
        return made.pdf
    original = read(storage, agency_id, file["sha256"])
    try:
        words = {**document, "wrapped": {**file, "told": told(file, examine(original))}}
        cover = render(words, typeface=typeface, emblem=emblem, draft=draft)
        return wrap(original, cover.pdf, cover.fields)
    except Unwrappable as bad:
        raise Unrenderable("attachments", str(bad)) from bad


def pages_in(
    storage: Storage,
    agency_id: UUID,
    document: Mapping[str, Any],
    typeface: Typeface,
    window: Window,
) -> Rendered:
    """Of a draft that somebody is writing; what it wraps is not among them."""
    emblem = emblem_of(storage, agency_id, document)
    return render(document, typeface=typeface, emblem=emblem, draft=True, window=window)


def told(file: Mapping[str, Any], facts: Facts) -> str:
    """What the cover says of the file, and what it does not vouch for."""
    claim = (
        f"ระบุตนเองว่าเป็น PDF/A-{facts.pdfa} แต่ระบบไม่ได้ตรวจสอบ"
        if facts.pdfa
        else "ไม่ได้ระบุว่าเป็น PDF/A"
    )
    size = thai_digits(f"{file['size']:,}")
    pages = thai_digits(str(facts.pages))
    return (
        f"{pages} หน้า อยู่ถัดจากหน้านี้โดยไม่แก้ไข คือ {size} ไบต์แรกของไฟล์นี้ SHA-256"
        f" {_grouped(file['sha256'])} ต้นฉบับ{claim} ไฟล์ที่ลงนามนี้ไม่เป็น PDF/A"
    )


def _grouped(sha256: str) -> str:
    """Where a line may break."""
    return " ".join(sha256[at : at + 16] for at in range(0, len(sha256), 16))
