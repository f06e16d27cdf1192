"""Signatures outlive their certificates: evidence inside the document, a timestamp over it, and
renewal. The authority is a real one over HTTP (certomancer), at whatever time is needed.
"""

from __future__ import annotations

import asyncio
import io
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from asn1crypto import x509 as asn1
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate, AdESPassed
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.ades import simulate_future_ades_lta_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from support import needs, outside, pki, verapdf
from support.other_readers import openssl, pdfsig
from support.outside import AT, Outside
from support.samples import every_kind

from signing.authority import Authority, revoke
from signing.errors import (
    CertificateRevoked,
    StatusUnavailable,
    TimestampUnavailable,
    Unprovable,
    Unreadable,
)
from signing.lasting import HttpStatuses, Lasting, LocalStatuses, check_not_revoked, lasting
from signing.lasting.gathering import Gathering
from signing.render import render
from signing.sign import SignerBlock, sign_letter
from signing.timestamp import HttpTimestamps
from signing.verify import verify, verify_upload
from signing.verify.trust import anchors

SOON = AT + timedelta(hours=1)


JANUARY = datetime(2027, 1, 15, tzinfo=UTC)
REVOKED, LEFT = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)


def year(number: int) -> datetime:
    return datetime(number, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def served() -> Iterator[Outside]:
    with outside.served() as authority:
        yield authority


@pytest.fixture
def theirs(served: Outside) -> Outside:
    served.travel(AT)
    served.asked.clear()
    return served


def signed(
    theirs: Outside, name: str = "somying", pdf: bytes | None = None, n: int = 1, **more: object
) -> bytes:
    return sign_letter(
        pdf or pki.letter_with_fields(3),
        field=f"sig_{n:04}",
        key=theirs.key(name),
        signer=SignerBlock(outside.SIGNERS[name], ("ผู้อำนวยการ",)),
        at=AT,
        **{"timestamps": theirs.timestamps, **more},
    ).pdf


def archived(theirs: Outside, pdf: bytes, at: datetime = SOON, **more: object) -> Lasting:
    theirs.travel(at)
    how = {"statuses": theirs.statuses, "timestamps": theirs.timestamps, **more}
    return lasting(pdf, trust=theirs.trust, at=at, **how)


def levels(theirs: Outside, pdf: bytes, at: datetime) -> list[str | None]:
    verdict = verify(pdf, theirs.trust, at)
    assert verdict.good, verdict
    return [signature.level for signature in verdict.signatures]


def test_each_level_is_told_for_what_it_is(theirs: Outside) -> None:
    stamped = signed(theirs)
    assert levels(theirs, stamped, AT) == ["B-T"]
    proved = archived(theirs, stamped, timestamps=None)
    assert (proved.level, proved.at) == ("B-LT", None)
    assert levels(theirs, proved.pdf, SOON) == ["B-LT"]
    sealed = archived(theirs, stamped)
    assert (sealed.level, sealed.at) == ("B-LTA", SOON)
    assert levels(theirs, sealed.pdf, SOON) == ["B-LTA"]
    assert sealed.pdf.startswith(stamped)


def test_evidence_is_asked_for_by_ocsp_else_by_revocation_list(theirs: Outside) -> None:
    both = signed(theirs, "kitti", signed(theirs), n=2)
    theirs.asked.clear()
    sealed = archived(theirs, both)
    assert [path for path in theirs.asked if "tsa" not in path] == [
        "/th/ocsp/issuing",
        "/th/crls/root/latest.crl",
        "/th/crls/issuing/latest.crl",
    ]
    store = PdfFileReader(io.BytesIO(sealed.pdf)).root["/DSS"]
    assert (len(store["/OCSPs"]), len(store["/CRLs"])) == (1, 2)
    assert levels(theirs, sealed.pdf, SOON) == ["B-LTA", "B-LTA"]


def test_what_was_archived_outlives_the_signers_certificate(theirs: Outside) -> None:
    sealed = archived(theirs, signed(theirs)).pdf
    assert levels(theirs, sealed, year(2030)) == ["B-LTA"]  # the signer's has ended with 2027
    assert verify_upload(sealed, theirs.trust, year(2030)).good


def test_without_renewal_trust_ends_with_the_timestamps_certificate(theirs: Outside) -> None:
    sealed = archived(theirs, signed(theirs)).pdf
    assert verify(sealed, theirs.trust, year(2032)).verdict == "untrusted"


def test_a_renewed_archive_outlives_the_first_timestamps_certificate(theirs: Outside) -> None:
    first = archived(theirs, signed(theirs)).pdf
    theirs.travel(year(2029))
    theirs.asked.clear()
    ours = pki.authority().timestamps(lambda: year(2029))
    trust = (*theirs.trust, *pki.authority().anchors)
    again = lasting(first, statuses=theirs.statuses, timestamps=ours, trust=trust, at=year(2029))
    assert again.pdf.startswith(first)
    assert "/th/ocsp/issuing" not in theirs.asked  # of the signer everything was there
    verdict = verify(again.pdf, trust, year(2035))  # when the first authority's has ended, 2031
    assert verdict.good, verdict
    assert verdict.signatures[0].level == "B-LTA"
    assert verify(first, trust, year(2035)).verdict == "untrusted"


def test_each_archive_timestamp_carries_the_one_before(theirs: Outside, tmp_path: Path) -> None:
    """When the signer's, the first timestamp's and the first archive's certificates have ended."""
    ours, third = (
        pki.authority(),
        Authority.create(tmp_path / "third", year(2037), organisation="ก"),
    )
    trust = (*theirs.trust, *ours.anchors, *third.anchors)
    proved = archived(theirs, signed(theirs), timestamps=None).pdf
    lists = ours.statuses(pki.folder(), lambda: year(2037)).known()
    statuses = replace(theirs.statuses, lists=lists)
    pdf = proved
    for authority, at in ((ours, year(2030)), (third, year(2037))):
        stamps = authority.timestamps(lambda at=at: at)
        pdf = lasting(pdf, statuses=statuses, timestamps=stamps, trust=trust, at=at).pdf
    verdict = verify(pdf, trust, year(2040))
    assert verdict.good, verdict
    assert verdict.signatures[0].level == "B-LTA"


def test_several_signers_in_order_and_one_timestamp_at_the_end(theirs: Outside) -> None:
    pdf = signed(theirs)
    pdf = signed(theirs, "kitti", pdf, n=2)
    sealed = archived(theirs, signed(theirs, "somying", pdf, n=3)).pdf
    reader = PdfFileReader(io.BytesIO(sealed))
    assert [one.field_name for one in reader.embedded_signatures] == [
        "sig_0001", "sig_0002", "sig_0003", "archive_0001"
    ]  # fmt: skip
    assert reader.embedded_signatures[0].docmdp_level is not None  # the first certifies
    assert levels(theirs, sealed, year(2030)) == ["B-LTA"] * 3


def test_revoked_before_it_signed(theirs: Outside) -> None:
    done = signed(theirs, "revoked")
    with pytest.raises(CertificateRevoked, match=r"ผู้ถูกเพิกถอน was\s+revoked on 2026-03-01"):
        archived(theirs, done)


def test_revoked_after_it_signed(theirs: Outside) -> None:
    """The signature counts as of its timestamp, however late its evidence is gathered."""
    later = datetime(2026, 12, 10, tzinfo=UTC)
    sealed = archived(theirs, signed(theirs, "leaver"), later)
    assert levels(theirs, sealed.pdf, year(2030)) == ["B-LTA"]


def test_a_list_that_is_known_here_convicts_a_signature_without_evidence(theirs: Outside) -> None:
    theirs.travel(datetime(2026, 12, 10, tzinfo=UTC))
    known = theirs.statuses.fetch(f"{theirs.address}/th/crls/issuing/latest.crl")
    theirs.travel(AT)
    done = signed(theirs, "revoked")
    assert verify(done, theirs.trust, SOON).good
    (one,) = verify(done, theirs.trust, SOON, lists=[known]).signatures
    assert not one.good
    assert "revoked on 2026-03-01" in (one.problem or "")
    told = verify_upload(done, theirs.trust, SOON, lists=[known])
    assert told.verdict == "invalid"
    assert told.signatures == (one,)
    assert one.revoked == REVOKED
    assert verify(signed(theirs, "leaver"), theirs.trust, year(2027), lists=[known]).good


@pytest.mark.parametrize("asked", ["OCSP", "a list"])
def test_revoked_since_it_signed_and_told_so(theirs: Outside, asked: str) -> None:
    """Good as of its timestamp, and since when the certificate counts no more is told with it."""
    done, lists = told_by(theirs, asked, signed(theirs, "leaver"))
    if asked == "OCSP":
        done = archived(theirs, done, JANUARY).pdf
    years = (JANUARY + timedelta(hours=3), year(2030 if asked == "OCSP" else 2027))
    for at in years:  # the archive outlives the certificate
        verdict = verify(done, theirs.trust, at, lists=lists)
        (one,) = verdict.signatures
        assert (verdict.verdict, one.problem, one.revoked) == ("valid", None, LEFT)


@pytest.mark.parametrize("asked", ["OCSP", "a list"])
def test_revoked_and_nothing_says_when_it_signed(theirs: Outside, asked: str) -> None:
    """What the signer's machine claims is no proof: it may be turned back."""
    done, lists = told_by(theirs, asked, signed(theirs, "leaver", timestamps=None))
    verdict = verify(done, theirs.trust, JANUARY + timedelta(hours=3), lists=lists)
    (one,) = verdict.signatures
    assert (verdict.verdict, one.valid, one.trusted, one.revoked) == ("invalid", False, True, LEFT)
    assert "revoked on 2026-12-01" in (one.problem or "")


def test_a_revocation_that_is_dated_back_convicts_what_an_answer_had_proved(
    theirs: Outside,
) -> None:
    """An OCSP answer in the document says good; a later list says since when it was not."""
    sealed = archived(theirs, signed(theirs)).pdf
    key = theirs.key("somying")
    serial = x509.load_der_x509_certificate(key.certificate).serial_number
    later = AT + timedelta(days=9)
    for since, good in ((AT - timedelta(days=1), False), (AT + timedelta(days=1), True)):
        lists = LocalStatuses(
            [theirs.pair("issuing")], lambda since=since: {serial: since}, lambda: later
        ).known()
        verdict = verify(sealed, theirs.trust, later, lists=lists)
        assert verdict.good is good
        assert verdict.signatures[0].revoked == since


def told_by(theirs: Outside, asked: str, done: bytes) -> tuple[bytes, list[bytes]]:
    """The same with an OCSP answer of January in it; or as it is, and a list of then."""
    theirs.travel(JANUARY)
    if asked == "a list":
        return done, [theirs.statuses.fetch(f"{theirs.address}/th/crls/issuing/latest.crl")]
    key, out = theirs.key("leaver"), io.BytesIO(done)
    gathering = Gathering(theirs.statuses, anchors(theirs.trust))
    gathering.ask(asn1.Certificate.load(key.certificate), anchors(key.chain))
    assert len(gathering.ocsps) == 1
    DocumentSecurityStore.add_dss(out, sig_contents=None, ocsps=gathering.ocsps)
    return out.getvalue(), []


@pytest.mark.parametrize(
    ("name", "refused"), [("revoked", True), ("somying", False), ("leaver", False)]
)
def test_whether_a_certificate_may_sign_is_asked_before(
    theirs: Outside, name: str, refused: bool
) -> None:
    key = theirs.key(name)
    ask = {"statuses": theirs.statuses, "trust": theirs.trust, "at": AT}
    if refused:
        with pytest.raises(CertificateRevoked, match="2026-03-01"):
            check_not_revoked(key.certificate, key.chain, **ask)
    else:
        check_not_revoked(key.certificate, key.chain, **ask)


def test_an_authority_that_is_silent_stops_archiving_and_not_signing(theirs: Outside) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        gone = HttpTimestamps(f"http://127.0.0.1:{free.getsockname()[1]}/", timeout=0.5)
    done, nobody = signed(theirs), HttpStatuses(frozenset())
    with pytest.raises(StatusUnavailable, match="SARABAN_STATUS_HOSTS"):
        archived(theirs, done, statuses=nobody)
    with pytest.raises(TimestampUnavailable):
        archived(theirs, done, timestamps=gone)
    key = theirs.key("revoked")
    check_not_revoked(key.certificate, key.chain, statuses=nobody, trust=theirs.trust, at=AT)


def test_limits_of_what_is_fetched(theirs: Outside) -> None:
    url = f"{theirs.address}/th/crls/issuing/latest.crl"
    with pytest.raises(StatusUnavailable, match="at most 0 MB"):
        replace(theirs.statuses, max_bytes=100).fetch(url)
    with pytest.raises(StatusUnavailable, match="404"):
        theirs.statuses.fetch(f"{theirs.address}/th/crls/nobody/latest.crl")
    for elsewhere in ("file:///etc/passwd", "http://127.0.0.1:1/", "http://[", "ldap://x/"):
        with pytest.raises(StatusUnavailable, match="among SARABAN_STATUS_HOSTS"):
            theirs.statuses.fetch(elsewhere)


def test_who_is_not_trusted_is_not_archived(theirs: Outside) -> None:
    done = signed(theirs)
    with pytest.raises(Unprovable, match="sig_0001"):
        lasting(
            done,
            statuses=theirs.statuses,
            timestamps=theirs.timestamps,
            trust=pki.authority().anchors,
            at=SOON,
        )


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7\n", pki.letter().pdf, pki.letter().pdf[:9000]])
def test_what_is_not_signed_or_no_pdf(theirs: Outside, pdf: bytes) -> None:
    with pytest.raises((Unreadable, Unprovable)):
        archived(theirs, pdf)


def test_an_unknown_timestamp_at_the_end_proves_nothing_and_harms_nothing(theirs: Outside) -> None:
    strangers = pki.authority("theirs")
    folder = pki.folder("theirs")
    done = signed(theirs)
    both = (*theirs.trust, *strangers.anchors)
    foreign = lasting(
        done,
        statuses=replace(theirs.statuses, lists=strangers.statuses(folder, lambda: AT).known()),
        timestamps=strangers.timestamps(lambda: year(2020)),
        trust=both,
        at=SOON,
    )
    (one,) = verify(foreign.pdf, theirs.trust, SOON).signatures
    assert (one.good, one.level) == (True, "B-LT")
    assert verify(foreign.pdf, theirs.trust, year(2032)).verdict == "untrusted"


def test_evidence_that_is_broken_proves_nothing(theirs: Outside) -> None:
    sealed = archived(theirs, signed(theirs)).pdf
    at = sealed.rindex(b"/DSS")
    broken = sealed[:at] + b"/DSX" + sealed[at + 4 :]
    assert not verify(broken, theirs.trust, year(2030)).good or (
        verify(broken, theirs.trust, year(2030)).signatures[0].level == "B-T"
    )


def test_our_own_authority_proves_its_certificates_too() -> None:
    ours, folder = pki.authority(), pki.folder()
    done = sign_letter(
        pki.letter().pdf,
        field="sig_0001",
        key=pki.unlocked(),
        signer=pki.SIGNER,
        at=pki.AT,
        timestamps=pki.timestamps(),
    )
    sealed = lasting(
        done.pdf,
        statuses=ours.statuses(folder, lambda: pki.AT),
        timestamps=pki.timestamps(SOON),
        trust=ours.anchors,
        at=SOON,
    )
    assert verify(sealed.pdf, ours.anchors, year(2037)).signatures[0].level == "B-LTA"


def test_our_own_authority_convicts_what_was_signed_after_a_revocation(tmp_path: Path) -> None:
    ours, key = pki.authority(), pki.unlocked()
    serial = x509.load_der_x509_certificate(key.certificate).serial_number
    for since, good in ((AT + timedelta(days=1), True), (AT - timedelta(hours=1), False)):
        folder = tmp_path / f"{good}"
        folder.mkdir()
        revoke(folder, serial, since)
        revoke(folder, serial, AT + timedelta(days=9))  # the first counts
        lists = ours.statuses(folder, lambda: SOON).known()
        done = sign_letter(
            pki.letter().pdf,
            field="sig_0001",
            key=key,
            signer=pki.SIGNER,
            at=pki.AT,
            timestamps=pki.timestamps(),
        )
        assert verify(done.pdf, ours.anchors, SOON, lists=lists).good is good


def archive_check(theirs: Outside, pdf: bytes, at: datetime) -> list[object]:
    """What pyHanko's archive check (ETSI EN 319 102-1) will say `at` that time of each signature,
    if the archive is renewed until then. It wants to know the authorities that it trusts.
    """
    roots = [asn1.Certificate.load(der) for der in theirs.trust]
    judged = CertValidationPolicySpec(
        SimpleTrustManager.build(roots), CertRevTrustPolicy(REQUIRE_REVINFO)
    )
    policy = SignatureValidationSpec(judged, local_knowledge=LocalKnowledge(known_certs=roots))
    said = []
    for one in PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures:
        with time_machine.travel(at):
            checking = simulate_future_ades_lta_validation(
                one, PdfSignatureValidationSpec(policy), at, current_reference_time=SOON
            )
            said.append(asyncio.run(checking).ades_subindic)
    return said


def test_the_archive_check_of_others_agrees_after_the_certificates_end(theirs: Outside) -> None:
    stamped = signed(theirs, pdf=signed(theirs), n=2)
    sealed = archived(theirs, stamped).pdf
    assert levels(theirs, sealed, year(2030)) == ["B-LTA", "B-LTA"]
    assert archive_check(theirs, sealed, year(2030)) == [AdESPassed.OK, AdESPassed.OK]
    assert not verify(stamped, theirs.trust, year(2032)).good
    assert AdESPassed.OK not in archive_check(theirs, stamped, year(2032))


@pytest.mark.parametrize("name", every_kind())
def test_others_agree_on_every_kind_of_document(theirs: Outside, name: str, tmp_path: Path) -> None:
    """The archive check after the certificates' end, Poppler, and OpenSSL while they last; and of
    one with a bit changed inside what is signed all say otherwise.
    """
    written = render(every_kind()[name]).pdf
    field = next(iter(enumerate_sig_fields(PdfFileReader(io.BytesIO(written)))))[0]
    stamped = signed(theirs, pdf=written, n=int(field.removeprefix("sig_")))
    sealed = archived(theirs, stamped).pdf
    assert levels(theirs, sealed, year(2030)) == ["B-LTA"]
    assert archive_check(theirs, sealed, year(2030)) == [AdESPassed.OK]
    file = tmp_path / "signed.pdf"
    file.write_bytes(sealed)
    assert pdfsig(file).count("Signature is Valid.") == 1  # it judges no archive timestamp
    (said,) = openssl(sealed, theirs.trust[0], SOON, tmp_path)
    assert "successful" in said.lower()
    half = len(written) // 2
    changed = sealed[:half] + bytes([sealed[half] ^ 1]) + sealed[half + 1 :]
    assert not verify(changed, theirs.trust, year(2030)).good
    file.write_bytes(changed)
    assert "Signature is Valid." not in pdfsig(file)
    assert not any(
        "successful" in one.lower() for one in openssl(changed, theirs.trust[0], SOON, tmp_path)
    )


def test_the_archive_check_of_others_agrees_where_there_are_only_lists(
    theirs: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ETSI EN 319 102-1, 5.6.2 asks past validation for a status of the signer whose issuer's
    certificate is proved to have existed before the signer's ended. The document has both: the list
    and the issuing authority's certificate, under the archive timestamp, while the list is in
    force. pyHanko 0.38 does not find them: it looks for the list in a path that begins with the
    issuing authority, and there asks who issued that. So it takes lists of a root alone; and all
    of them as soon as a path's first authority is allowed to be the list's issuer itself.
    """
    of_root = archived(theirs, signed(theirs, "of_root")).pdf
    assert archive_check(theirs, of_root, year(2030)) == [AdESPassed.OK]
    stamped = signed(theirs, "kitti")
    sealed = archived(theirs, stamped).pdf
    assert levels(theirs, sealed, year(2030)) == ["B-LTA"]
    missed = [AdESIndeterminate.REVOCATION_OUT_OF_BOUNDS_NO_POE]
    assert archive_check(theirs, sealed, year(2030)) == missed  # once it finds them: end this test
    as_is = ValidationPath.truncate_to_issuer_and_append

    def mended(path: ValidationPath, issuer: asn1.Certificate) -> ValidationPath:
        first = path.trust_anchor
        if isinstance(first, CertTrustAnchor) and first.certificate == issuer:
            return ValidationPath(first, interm=[], leaf=None)
        return as_is(path, issuer)

    monkeypatch.setattr(ValidationPath, "truncate_to_issuer_and_append", mended)
    assert archive_check(theirs, sealed, year(2030)) == [AdESPassed.OK]
    assert AdESPassed.OK not in archive_check(theirs, stamped, year(2030))
    assert AdESPassed.OK not in archive_check(theirs, signed(theirs, "revoked"), year(2030))


def test_poppler_still_finds_every_signature_valid(theirs: Outside, tmp_path: Path) -> None:
    needs.program("pdfsig", "poppler-utils")
    pdf = signed(theirs, "kitti", signed(theirs), n=2)
    (tmp_path / "sealed.pdf").write_bytes(archived(theirs, pdf).pdf)
    command = ["pdfsig", "-nocert", str(tmp_path / "sealed.pdf")]
    with time_machine.travel(SOON):
        said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    assert said.count("Signature is Valid.") == 2
    assert "archive_0001" in said


def test_it_stays_an_archive_file(theirs: Outside, tmp_path: Path) -> None:
    sealed = archived(theirs, signed(theirs, pdf=pki.letter().pdf))
    again = archived(theirs, sealed.pdf, SOON + timedelta(days=1))
    files = [tmp_path / "sealed.pdf", tmp_path / "again.pdf"]
    for file, pdf in zip(files, (sealed.pdf, again.pdf), strict=True):
        file.write_bytes(pdf)
    assert verapdf.complaints(files, "3a", "ua1") == {}
