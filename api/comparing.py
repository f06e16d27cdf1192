"""What a file that somebody brings is to the signed letter whose code they hold. Pure."""

from __future__ import annotations

from typing import Literal

from office.documents.queries import KnownFile
from signing.verify import Verdict

#: same: byte for byte. earlier, later: the same letter before something was added behind what was
#: signed, such as an archive timestamp, or after. form: the same signatures in a file that is
#: written otherwise. unissued: signed for this letter, over words that were not issued. copy: made
#: of it, or beside it. changed: it bears the letter's signature, and was altered since. other: none
#: of its signatures is the letter's, or what they cover was altered.
Likeness = Literal["same", "earlier", "later", "form", "unissued", "copy", "changed", "other"]
#: Those in which one reads what was signed.
ALIKE = frozenset({"same", "earlier", "later", "form"})


def likeness(
    kept: tuple[bytes, Verdict], brought: tuple[bytes, Verdict], leads: KnownFile | None, code: str
) -> Likeness:
    """`kept` and `brought`: a file and the verdict on it; `leads`: what the house knows of what was
    brought; `code`: the letter's.
    """
    (letter, judged), (file, verdict) = kept, brought
    if file == letter:
        return "same"
    covered = {one.digest for one in judged.signatures if one.digest}
    if not covered & {one.digest for one in verdict.signatures if one.intact}:
        return _apart(verdict, leads, code)
    if verdict.verdict not in {"valid", "untrusted"}:
        return "changed"
    if letter.startswith(file):
        return "earlier"
    return "later" if file.startswith(letter) else "form"


def _apart(verdict: Verdict, leads: KnownFile | None, code: str) -> Likeness:
    """Of a file without any of the letter's signatures as it is kept."""
    if leads is None or code not in leads.codes:
        return "other"
    if verdict.verdict not in {"valid", "untrusted", "unsigned"}:
        return "changed"
    return "copy" if leads.copied else "unissued"
