"""Gathers what proves certificates: issuers up to an anchor, and each one's revocation status.

Nothing here decides: what was gathered is judged by validating with it and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import chain

from asn1crypto import crl, ocsp, x509
from pyhanko_certvalidator.authority import AuthorityWithCert
from pyhanko_certvalidator.fetchers.common_utils import format_ocsp_request, unpack_cert_content

from signing.errors import StatusUnavailable
from signing.lasting.statuses import Statuses

_LONGEST_CHAIN = 8
#: Questions to the network for one document: far more than any real one needs.
_MOST_QUESTIONS = 60
_MOST_URLS = 4


class Gathering:
    """Evidence for one document."""

    def __init__(self, statuses: Statuses, anchors: Sequence[x509.Certificate]) -> None:
        self._statuses = statuses
        self._anchors = {anchor.dump() for anchor in anchors}
        self._pool: dict[bytes, x509.Certificate] = {one.dump(): one for one in anchors}
        self._crls: dict[bytes, crl.CertificateList] = {}
        self._ocsps: dict[bytes, ocsp.OCSPResponse] = {}
        self._certificates: dict[bytes, x509.Certificate] = {}
        self._fetched: dict[tuple[str, bytes | None], bytes] = {}
        self._listed = {loaded.issuer.hashable: loaded for loaded in map(_crl, statuses.known())}

    @property
    def certificates(self) -> list[x509.Certificate]:
        return list(self._certificates.values())

    @property
    def crls(self) -> list[crl.CertificateList]:
        return list(self._crls.values())

    @property
    def ocsps(self) -> list[ocsp.OCSPResponse]:
        return list(self._ocsps.values())

    def ask(self, certificate: x509.Certificate, others: Iterable[x509.Certificate]) -> None:
        """Gather for this certificate alone; an authority that is silent says nothing."""
        self._pool.update((one.dump(), one) for one in others)
        issuer = self._issuer(certificate)
        if issuer is not None:
            with suppress(StatusUnavailable):
                self._ask_status(certificate, issuer)

    def prove(self, certificate: x509.Certificate, others: Iterable[x509.Certificate]) -> None:
        """Gather for this certificate and all above it; `others` came beside the signature."""
        self._pool.update((one.dump(), one) for one in others)
        for _ in range(_LONGEST_CHAIN):
            der = certificate.dump()
            if der in self._anchors or der in self._certificates:
                return
            issuer = self._issuer(certificate)
            if issuer is None:
                return  # validating will say so
            self._certificates[der] = certificate
            self._ask_status(certificate, issuer)
            certificate = issuer

    def _issuer(self, certificate: x509.Certificate) -> x509.Certificate | None:
        near = (one for one in self._pool.values() if _issued(one, certificate))
        return next(chain(near, self._issuers_elsewhere(certificate)), None)

    def _issuers_elsewhere(self, certificate: x509.Certificate) -> Iterable[x509.Certificate]:
        for url in _urls(certificate.authority_information_access_value, "ca_issuers"):
            try:
                found = list(unpack_cert_content(self._fetch(url), None, url, permit_pem=True))
            except (StatusUnavailable, ValueError, TypeError):
                continue
            self._pool.update((one.dump(), one) for one in found)
            yield from (one for one in found if _issued(one, certificate))

    def _ask_status(self, certificate: x509.Certificate, issuer: x509.Certificate) -> None:
        listed = self._listed.get(certificate.issuer.hashable)
        if listed is not None:
            self._crls[listed.dump()] = listed
            return
        silent: StatusUnavailable | None = None
        for ask in (self._by_ocsp, self._by_crl):
            try:
                if ask(certificate, issuer):
                    return
            except StatusUnavailable as error:
                silent = error
        if silent is not None:
            raise silent

    def _by_ocsp(self, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
        request = format_ocsp_request(
            certificate, AuthorityWithCert(issuer), certid_hash_algo="sha1", request_nonces=False
        ).dump()
        urls = _urls(certificate.authority_information_access_value, "ocsp")
        for answer in self._answers(urls, request):
            response = _ocsp(answer)
            self._ocsps[response.dump()] = response
            return _good(response)
        return False

    def _by_crl(self, certificate: x509.Certificate, _issuer: x509.Certificate) -> bool:
        points = certificate.crl_distribution_points
        urls = [point.url for point in points if point.url]
        for answer in self._answers(urls[:_MOST_URLS], None):
            loaded = _crl(answer)
            self._crls[loaded.dump()] = loaded
            return True
        return False

    def _answers(self, urls: Sequence[str], body: bytes | None) -> Iterable[bytes]:
        """One answer after another; the last silence is raised when there was none."""
        silent = None
        for url in urls:
            try:
                yield self._fetch(url, body)
            except StatusUnavailable as error:
                silent = error
        if silent is not None:
            raise silent

    def _fetch(self, url: str, body: bytes | None = None) -> bytes:
        asked = (url, body)
        if asked not in self._fetched:
            if len(self._fetched) >= _MOST_QUESTIONS:
                raise StatusUnavailable(
                    f"Expected at most {_MOST_QUESTIONS} questions about the certificates of one"
                    " document, but they ask for more."
                )
            self._fetched[asked] = self._statuses.fetch(url, body)
        return self._fetched[asked]


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """By name and key identifier; the signature is checked when the path is validated."""
    if not issuer.ca or issuer.subject != certificate.issuer:
        return False
    wanted, given = certificate.authority_key_identifier, issuer.key_identifier
    return wanted is None or given is None or wanted == given


def _good(response: ocsp.OCSPResponse) -> bool:
    """Else the list is wanted too: validating takes an answer of a later revocation for none."""
    answers = response.response_data["responses"]
    return all(answer["cert_status"].name == "good" for answer in answers)


def _urls(access: x509.AuthorityInfoAccessSyntax | None, method: str) -> list[str]:
    found = [
        entry["access_location"].native
        for entry in access or ()
        if entry["access_method"].native == method
        and entry["access_location"].name == "uniform_resource_identifier"
    ]
    return found[:_MOST_URLS]


def _crl(der: bytes) -> crl.CertificateList:
    try:
        loaded = crl.CertificateList.load(der, strict=True)
        _ = loaded.issuer.native, loaded["tbs_cert_list"]["this_update"].native  # lazy: do it now
    except (ValueError, TypeError, KeyError) as error:
        raise StatusUnavailable(
            "Expected a revocation list (DER), but the answer is none."
        ) from error
    return loaded


def _ocsp(der: bytes) -> ocsp.OCSPResponse:
    try:
        response = ocsp.OCSPResponse.load(der, strict=True)
        status = response["response_status"].native
        if status == "successful":
            _ = response.response_data["responses"].native
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StatusUnavailable("Expected an OCSP answer, but it cannot be read.") from error
    if status != "successful":
        raise StatusUnavailable(f"Expected an OCSP answer, but the authority says {status}.")
    return response
