"""What a signature of a file that was made here covers, without a verdict on it."""

from __future__ import annotations

import io

from pyhanko.pdf_utils.reader import PdfFileReader

from signing.verify.exhibit import Exhibit


def covered(pdf: bytes, field: str) -> str | None:
    """The digest of the bytes that the signature in `field` covers, in hex, as verdicts name it
    (`SignatureVerdict.digest`); None where there is no such signature, or the file is none.

    For our own files alone: nothing keeps a stranger's from taking time and memory.
    """
    try:
        found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        return next((Exhibit.of(one).digest for one in found if one.field_name == field), None)
    except Exception:  # a damaged file has no digest to be known by
        return None
