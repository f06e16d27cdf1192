"""What a file is to the letter whose code somebody holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.comparing import ALIKE, likeness
from office.documents.queries import KnownFile
from signing.verify import SignatureVerdict, Verdict

CODE = "7KQ4M2XD9TRB5WHN"
OURS = SignatureVerdict("sig_0001", "x", True, True, True, False, digest="a" * 64)
THEIRS = replace(OURS, digest="b" * 64)
LETTER = (b"%PDF first|second", Verdict.of((OURS,)))


def leads(code: str = CODE, *, copied: bool = False) -> KnownFile:
    return KnownFile("in_force", None, None, {}, frozenset({code}), copied)


@pytest.mark.parametrize(
    ("file", "signatures", "known", "expected"),
    [
        (LETTER[0], (OURS,), leads(), "same"),
        (b"%PDF first", (OURS,), leads(), "earlier"),
        (LETTER[0] + b"|third", (OURS,), leads(), "later"),
        (b"%PDF other", (OURS,), leads(), "form"),
        (b"%PDF other", (OURS, THEIRS), leads(), "form"),
        (LETTER[0] + b"|third", (replace(OURS, modified=True),), leads(), "changed"),
        (b"%PDF other", (replace(OURS, intact=False),), None, "other"),
        (b"%PDF other", (replace(OURS, digest=None),), None, "other"),
        (b"%PDF other", (THEIRS,), None, "other"),
        (b"%PDF other", (THEIRS,), leads("ANOTHER"), "other"),
        (b"%PDF other", (THEIRS,), leads(), "unissued"),
        (b"%PDF other", (THEIRS,), leads(copied=True), "copy"),
        (b"%PDF other", (), leads(copied=True), "copy"),
        (b"%PDF other", (replace(THEIRS, modified=True),), leads(copied=True), "changed"),
        (b"%PDF first", (), None, "other"),
    ],
)
def test_likeness(
    file: bytes, signatures: tuple[SignatureVerdict, ...], known: KnownFile | None, expected: str
) -> None:
    assert likeness(LETTER, (file, Verdict.of(signatures)), known, CODE) == expected


def test_an_authority_that_is_not_trusted_here_makes_no_other_letter_of_it() -> None:
    unknown = Verdict.of((replace(OURS, trusted=False),))
    assert likeness((LETTER[0], unknown), (b"%PDF first", unknown), None, CODE) in ALIKE
