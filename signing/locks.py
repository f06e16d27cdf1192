"""What earlier signatures forbid: asked before signing, for pyHanko signs all the same and
leaves a document in which the earlier signature has turned invalid.
"""

from __future__ import annotations

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing.errors import FieldLocked, FieldMissing, FieldTaken


def check_field(reader: PdfFileReader, name: str) -> None:
    """The field exists, is empty, and nobody has locked it."""
    fields = {found: value for found, value, _ in enumerate_sig_fields(reader)}
    if name not in fields:
        known = ", ".join(sorted(fields)) or "none"
        raise FieldMissing(f"Expected a signature field {name}, but the document has {known}.")
    if fields[name] is not None:
        raise FieldTaken(f"Expected {name} to be empty, but it is signed already.")
    check_locks(reader, name)


def check_locks(reader: PdfFileReader, name: str) -> None:
    """Nobody has locked this field, there already or yet to be made."""
    for signature in reader.embedded_signatures:
        _check_against(signature, name)


def _check_against(earlier: EmbeddedPdfSignature, name: str) -> None:
    if earlier.docmdp_level == MDPPerm.NO_CHANGES:
        raise FieldLocked(
            f"Expected {name} to be open for signing, but the signature in {earlier.field_name} "
            "has closed the document."
        )
    lock = earlier.fieldmdp
    if lock is not None and lock.is_locked(name):
        raise FieldLocked(
            f"Expected {name} to be open for signing, but the signature in {earlier.field_name} "
            "has locked it."
        )
