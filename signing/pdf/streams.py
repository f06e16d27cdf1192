"""Data as reportlab's stream objects, deflated once for all documents that hold it."""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFStream


def stream(data: bytes, **entries: Any) -> PDFStream:
    return PDFStream(PDFDictionary({"Filter": "/FlateDecode", **entries}), deflated(data))


@lru_cache(maxsize=128)
def deflated(data: bytes) -> bytes:
    """Kept, because fonts and emblems repeat from one document to the next."""
    return zlib.compress(data, 6)
