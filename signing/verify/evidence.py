"""What a document carries to prove its signatures: the document security store (PAdES)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

#: Of each kind; more than any document of a hundred signers needs.
_MOST = 400


@dataclass(frozen=True, slots=True)
class Evidence:
    """Certificates, revocation lists and OCSP answers; each proves itself when it is used."""

    certificates: Sequence[x509.Certificate] = ()
    crls: Sequence[crl.CertificateList] = ()
    ocsps: Sequence[ocsp.OCSPResponse] = ()

    def __bool__(self) -> bool:
        return bool(self.crls or self.ocsps)

    @classmethod
    def of(cls, reader: PdfFileReader, lists: Iterable[bytes] = ()) -> Evidence:
        """Of the document, with revocation lists that are known here; what is broken is left out:
        a signature that needed it will not be proved.
        """
        try:
            store = reader.root["/DSS"]
        except (PdfError, KeyError, TypeError):
            store = {}
        known = [crl.CertificateList.load(der) for der in lists]
        return cls(
            list(_loaded(store, "/Certs", x509.Certificate)),
            [*_loaded(store, "/CRLs", crl.CertificateList), *known],
            list(_loaded(store, "/OCSPs", ocsp.OCSPResponse)),
        )


def _loaded(store: Any, name: str, kind: Any) -> Iterable[Any]:
    try:
        entries = list(store.get(name, ()))[:_MOST]
    except (PdfError, AttributeError, TypeError):
        return
    for entry in entries:
        try:
            loaded = kind.load(entry.get_object().data, strict=True)
            _ = loaded.native  # parsed lazily: do it now
        except Exception:  # noqa: S112 - a stranger's bytes may be anything
            continue
        yield loaded
