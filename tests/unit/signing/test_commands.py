"""What the command line asks for: a file rendered, a file verified."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support import pki
from support.samples import sample

from signing.commands import COLUMNS, remarks, render_file, rows, standing, verify_file
from signing.errors import Unrenderable
from signing.sign import sign_letter
from signing.verify import SignatureVerdict, Verdict


def test_a_document_to_a_file(tmp_path: Path) -> None:
    made = render_file(sample("S01"), tmp_path / "letter.pdf")
    assert (tmp_path / "letter.pdf").read_bytes() == made.pdf
    assert [path.name for path in tmp_path.iterdir()] == ["letter.pdf"]


def test_what_cannot_be_rendered_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Unrenderable):
        render_file(sample("S01", subject="😀"), tmp_path / "letter.pdf")
    assert list(tmp_path.iterdir()) == []


def test_what_the_table_has_no_column_for() -> None:
    one = SignatureVerdict("sig_0001", "ก", True, True, True, False, revoked=pki.AT)
    since = "Its certificate is revoked since 2026-11-23 09:00:00."
    (said,) = remarks(Verdict.of((one,)))
    assert said == f"sig_0001: The signature was valid when it was made. {since}"
    wrong = replace(one, valid=False, problem="It is wrong.")
    assert remarks(Verdict.of((wrong, replace(one, revoked=None)))) == ["sig_0001: It is wrong."]
    assert SignatureVerdict.from_json(one.as_json()) == one


def test_a_file_to_a_table(tmp_path: Path) -> None:
    signed = sign_letter(
        pki.letter().pdf,
        field="sig_0001",
        key=pki.unlocked(),
        signer=pki.SIGNER,
        at=pki.AT,
        timestamps=pki.timestamps(),
    )
    (tmp_path / "signed.pdf").write_bytes(signed.pdf)
    verdict = verify_file(tmp_path / "signed.pdf", pki.authority().anchors, pki.AT)
    assert verdict.good
    assert standing(verdict).startswith("not known here")
    (row,) = rows(verdict)
    assert dict(zip(COLUMNS, row, strict=True)) == {
        "field": "sig_0001",
        "signer": "นางสาวสมหญิง รักงานดี",
        "post": "-",
        "by": "person",
        "intact": "yes",
        "valid": "yes",
        "trusted": "yes",
        "modified": "no",
        "time": "2026-11-23 09:00:00",
        "level": "B-T",
    }
