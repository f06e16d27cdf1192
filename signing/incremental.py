"""A revision appended to a document: what was there stays as it was, byte for byte."""

from __future__ import annotations

import hashlib
import io

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


class Revision(IncrementalPdfFileWriter):
    """Leaves the document's description alone: signing is no new edition, and asks no clock.

    The file's second identifier follows from what it was before: so a document prepared again
    for the same signer and time has the same digest, to which a second factor may be bound.
    """

    def __init__(self, pdf: bytes) -> None:
        super().__init__(io.BytesIO(pdf))
        self._document_id[1] = generic.ByteStringObject(hashlib.sha256(pdf).digest()[:16])

    def _update_meta(self) -> None:
        return
