"""A verdict says what is true of each signature, and nothing a stranger sends makes it crash."""

from __future__ import annotations

import io
import random
import zlib
from datetime import timedelta
from functools import cache

import pikepdf
import pytest
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SigFieldSpec,
    append_signature_field,
)
from support import pki

from signing import sign
from signing.errors import FieldLocked, Unreadable
from signing.sign import finish, prepare, seal, sign_letter
from signing.verify import Verdict, verify, verify_upload

OURS, THEIRS = pki.authority().anchors, pki.authority("theirs").anchors
CLOSING = FieldMDPSpec(FieldMDPAction.ALL)


@cache
def signed(*, stamped: bool = True) -> bytes:
    return signed_in(pki.letter().pdf, "sig_0001", stamped=stamped)


def signed_in(pdf: bytes, field: str, *, stamped: bool = True) -> bytes:
    return sign_letter(
        pdf,
        field=field,
        key=pki.unlocked(),
        signer=pki.SIGNER,
        at=pki.AT,
        timestamps=pki.timestamps() if stamped else None,
    ).pdf


def with_fields(*specs: SigFieldSpec) -> bytes:
    """The letter with more signature fields, before anyone signs."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pki.letter().pdf))
    for spec in specs:
        append_signature_field(writer, spec)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def judged(pdf: bytes, **more: object) -> Verdict:
    return verify(pdf, more.pop("trust", OURS), more.pop("at", pki.AT))


def test_a_good_letter() -> None:
    verdict = judged(signed())
    assert (verdict.verdict, verdict.good) == ("valid", True)
    (one,) = verdict.signatures
    assert (one.intact, one.valid, one.trusted, one.modified) == (True, True, True, False)
    assert one.issuer == "Development Issuing CA"
    assert one.problem is None


def test_its_json_has_the_agreed_shape() -> None:
    answer = judged(signed()).as_json()
    assert set(answer) == {"signatures", "verdict"}
    (one,) = answer["signatures"]
    agreed = {"field", "signer", "intact", "valid", "trusted", "modified", "time", "level"}
    assert agreed <= set(one)
    assert one["time"] == "2026-11-23T02:00:00Z"
    assert Verdict.from_json(answer) == judged(signed())


def test_an_authority_that_nobody_trusts_here() -> None:
    verdict = judged(signed(stamped=False), trust=THEIRS)
    (one,) = verdict.signatures
    assert (one.intact, one.valid, one.trusted, one.modified) == (True, True, False, False)
    assert verdict.verdict == "untrusted"
    assert judged(signed(), trust=()).verdict == "untrusted"


def test_a_timestamp_that_nobody_trusts_counts_for_nothing() -> None:
    done = finish(
        seal(prepare(pki.letter().pdf, "sig_0001", pki.SIGNER, pki.AT), pki.unlocked()),
        pki.authority("theirs").timestamps(lambda: pki.AT),
    )
    (one,) = judged(done.pdf).signatures
    assert (one.trusted, one.level, one.time_source) == (True, "B-B", "claimed")


def test_a_timestamp_outlives_the_certificate() -> None:
    """Three years on the signer's certificate has ended: the timestamp proves it had not."""
    later = pki.AT + timedelta(days=3 * 365)
    assert judged(signed(), at=later).good
    assert not judged(signed(stamped=False), at=later).good


@pytest.mark.parametrize("days", [-30, 900], ids=["not yet in force", "expired"])
@pytest.mark.parametrize("stamped", [True, False])
def test_a_certificate_that_did_not_count_when_it_signed(
    days: int, stamped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our own signing refuses it; another program may not."""
    monkeypatch.setattr(sign, "_check_in_force", lambda *_: None)
    then = pki.AT + timedelta(days=days)
    done = sign_letter(
        pki.letter().pdf,
        field="sig_0001",
        key=pki.unlocked(),
        signer=pki.SIGNER,
        at=then,
        timestamps=pki.timestamps(then) if stamped else None,
    )
    verdict = judged(done.pdf, at=max(then, pki.AT))
    (one,) = verdict.signatures
    assert (verdict.verdict, one.intact, one.valid) == ("invalid", True, False)
    assert one.problem == "The certificate was not in force at the time of signing."


def test_a_letter_without_signatures() -> None:
    assert judged(pki.letter().pdf) == Verdict((), "unsigned")


def flipped(pdf: bytes, at: int) -> bytes:
    changed = bytearray(pdf)
    changed[at] ^= 0x01
    return bytes(changed)


def test_no_flipped_byte_goes_unseen() -> None:
    """Anywhere but in the certificates beside the signature, which prove themselves."""
    pdf = signed()
    start, end = pdf.index(b"/Contents <"), pdf.index(b">", pdf.index(b"/Contents <"))
    places = [*random.Random(7).sample(range(len(pdf)), 60), start + 200, end - 5, end]
    for at in places:
        verdict = judged(flipped(pdf, at))
        if not start < at < end:
            assert not verdict.good, at
        assert verdict.verdict in ("valid", "untrusted", "modified", "invalid", "unreadable")


def test_a_flipped_byte_in_the_text() -> None:
    (one,) = judged(flipped(signed(), 5000)).signatures
    assert (one.intact, one.modified) == (False, True)
    assert judged(flipped(signed(), 5000)).verdict == "modified"


def test_something_hidden_behind_the_signature() -> None:
    pdf = signed()
    end = pdf.index(b">", pdf.index(b"/Contents <"))
    (one,) = judged(pdf[: end - 4] + b"beef" + pdf[end:]).signatures
    assert one.modified


def rotated(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = NumberObject(90)
    writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_page_changed_afterwards() -> None:
    """The signed bytes are whole; what is shown is no longer what was signed."""
    verdict = judged(rotated(signed()))
    (one,) = verdict.signatures
    assert (one.intact, one.valid, one.modified) == (True, True, True)
    assert verdict.verdict == "modified"
    assert one.problem == "The document has been changed after signing."


def test_a_letter_saved_anew_by_another_program() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed())) as pdf:
        pdf.save(out)
    assert not judged(out.getvalue()).good


def test_twelve_signatures() -> None:
    pdf = pki.letter_with_fields(12)
    start = len(pdf)
    for n in range(1, 13):
        pdf = signed_in(pdf, f"sig_{n:04}")
    verdict = judged(pdf)
    assert verdict.good
    assert [one.field for one in verdict.signatures] == [f"sig_{n:04}" for n in range(1, 13)]
    assert len(pdf) - start < 450 * 1024
    after = judged(rotated(pdf))
    assert all(one.intact and one.modified for one in after.signatures)


def test_a_locked_field_is_not_signed() -> None:
    """pyHanko would sign it, and turn the earlier signature invalid."""
    pdf = with_fields(pki.field_spec(2, field_mdp_spec=CLOSING), pki.field_spec(3))
    pdf = signed_in(signed_in(pdf, "sig_0001"), "sig_0002")
    assert judged(pdf).good
    with pytest.raises(FieldLocked, match="sig_0002"):
        signed_in(pdf, "sig_0003")


def test_a_lock_on_one_field_leaves_others_open() -> None:
    lock = FieldMDPSpec(FieldMDPAction.INCLUDE, fields=["sig_0001"])
    pdf = with_fields(pki.field_spec(2, field_mdp_spec=lock), pki.field_spec(10))
    pdf = signed_in(signed_in(pdf, "sig_0002"), "sig_0010")
    assert judged(pdf).good
    with pytest.raises(FieldLocked):
        signed_in(pdf, "sig_0001")


def test_a_closed_document_is_not_signed() -> None:
    closing = pki.field_spec(2, field_mdp_spec=CLOSING, doc_mdp_update_value=MDPPerm.NO_CHANGES)
    pdf = signed_in(signed_in(with_fields(closing), "sig_0001"), "sig_0002")
    assert judged(pdf).good
    grown = with_one_more(pdf)
    with pytest.raises((FieldLocked, Unreadable)):
        signed_in(grown, "sig_0003")


def with_one_more(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    append_signature_field(writer, pki.field_spec(3))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def encrypted() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pki.letter().pdf)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


def looping() -> bytes:
    """Its page tree bites its own tail."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</FT/Sig/T(a)/Kids[3 0 R]/Parent 3 0 R>>endobj\n"
        b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000087 00000 n \n"
        b"0000000136 00000 n \ntrailer<</Root 1 0 R/Size 4>>\nstartxref\n192\n%%EOF"
    )


HOSTILE = {
    "empty": b"",
    "text": b"Dear sir",
    "head only": b"%PDF-1.7\n",
    "zeros": b"%PDF-1.7\n" + bytes(5000),
    "nested arrays": b"%PDF-1.7\n" + b"[" * 50_000 + b"\nstartxref\n9\n%%EOF",
    "a cross-reference to itself": b"%PDF-1.7\nxref\n0 0\ntrailer<</Prev 9>>\nstartxref\n9\n%%EOF",
    "a looping tree": looping(),
    "truncated": signed()[:20_000],
    "without its end": signed()[:-40],
    "twice": signed() * 2,
    "with something after its end": signed() + b"\n4 0 obj<</Type/Catalog>>endobj\n",
    "no letter at all": random.Random(3).randbytes(4000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_get_a_verdict(name: str) -> None:
    verdict = judged(HOSTILE[name])
    assert not verdict.good
    assert verdict.verdict in ("unreadable", "unsigned", "modified", "invalid")
    assert verdict.verdict != "unreadable" or verdict.problem


def test_an_encrypted_file_says_so() -> None:
    verdict = judged(encrypted())
    assert verdict.verdict == "unreadable"
    assert "encrypted" in str(verdict.problem)


def test_truncated_anywhere_is_a_verdict() -> None:
    pdf = signed()
    for end in range(0, len(pdf), len(pdf) // 25):
        assert not judged(pdf[:end]).good


def test_broken_anywhere_is_a_verdict() -> None:
    source = random.Random(11)
    for _ in range(25):
        pdf = bytearray(signed())
        for _ in range(20):
            pdf[source.randrange(len(pdf))] = source.randrange(256)
        assert judged(bytes(pdf)).verdict in (
            "modified",
            "invalid",
            "untrusted",
            "unreadable",
            "unsigned",
        )


def test_anchors_that_are_no_certificates() -> None:
    for file in (b"", b"garbage", b"-----BEGIN X-----\nAAAA\n-----END X-----\n"):
        with pytest.raises(Unreadable):
            verify(signed(), [file], pki.AT)


def test_strangers_bytes_are_judged_in_a_child_process() -> None:
    assert verify_upload(signed(), OURS, pki.AT) == judged(signed())
    for name in ("empty", "text", "nested arrays", "a looping tree"):
        assert verify_upload(HOSTILE[name], OURS, pki.AT).verdict in ("unreadable", "unsigned")


def test_the_child_has_its_limits() -> None:
    assert "larger" in str(verify_upload(signed(), OURS, pki.AT, max_bytes=10).problem)
    verdict = verify_upload(signed(), OURS, pki.AT, seconds=0.001)
    assert verdict.verdict == "unreadable"
    assert "takes longer" in str(verdict.problem)


def test_a_bomb_of_memory_is_defused() -> None:
    """Streams that grow a thousandfold, twice over."""
    inner = zlib.compress(bytes(64 * 1024 * 1024), 9)
    bomb = zlib.compress(inner * 40, 9)
    body = (
        b"%PDF-1.5\n1 0 obj<</Type/XRef/W[1 2 1]/Index[0 9]/Size 9/Root 2 0 R/Length "
        + str(len(bomb)).encode()
        + b"/Filter[/FlateDecode/FlateDecode]>>stream\n"
        + bomb
        + b"\nendstream endobj\nstartxref\n9\n%%EOF"
    )
    assert verify_upload(body, OURS, pki.AT).verdict == "unreadable"
