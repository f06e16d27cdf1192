"""An authority of others, as a country has one: root, issuing, OCSP, revocation lists and
timestamps over HTTP on this machine, at whatever time the test says (certomancer).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from wsgiref.simple_server import WSGIRequestHandler, make_server

from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, KeyLabel
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from signing.certificates import Pair
from signing.keys import UnlockedKey
from signing.lasting import HttpStatuses
from signing.timestamp import HttpTimestamps

#: When its letters are signed; the signers' certificates count for 2025 to 2027.
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SIGNERS = {"somying": "นางสาวสมหญิง รักงานดี", "kitti": "นายกิตติ ฐานะดี", "revoked": "ผู้ถูกเพิกถอน",
           "leaver": "ผู้ย้ายไป", "of_root": "ผู้มีใบรับรองจากราก"}  # fmt: skip
_FOLDER = TemporaryDirectory(prefix="saraban-outside-")


@dataclass
class Outside:
    """The authority while it serves; `at` is its present."""

    address: str
    animator: Animator
    asked: list[str] = field(default_factory=list)

    def travel(self, at: datetime) -> None:
        self.animator.fixed_time = at

    @property
    def timestamps(self) -> HttpTimestamps:
        return HttpTimestamps(f"{self.address}/th/tsa/tsa")

    @property
    def statuses(self) -> HttpStatuses:
        return HttpStatuses(frozenset({self.address.removeprefix("http://")}))

    @property
    def trust(self) -> tuple[bytes, ...]:
        return (self._certificate("root"),)

    def key(self, name: str) -> UnlockedKey:
        arch = self.animator.architectures[ArchLabel("th")]
        private = load_der_private_key(arch.key_set.get_private_key(KeyLabel(name)).dump(), None)
        return UnlockedKey(private, self._certificate(name), (self._certificate("issuing"),))

    def pair(self, name: str) -> Pair:
        """The key of one of its authorities, to say what it has not said."""
        key = self.key(name)
        return Pair(key.key, x509.load_der_x509_certificate(key.certificate))

    def _certificate(self, name: str) -> bytes:
        arch = self.animator.architectures[ArchLabel("th")]
        return bytes(arch.get_cert(CertLabel(name)).dump())


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        return


@contextmanager
def served() -> Iterator[Outside]:
    server = make_server("127.0.0.1", 0, None, handler_class=_Quiet)
    address = f"http://127.0.0.1:{server.server_port}"
    config = CertomancerConfig(_configuration(address), _keys(), config_search_dir=_keys())
    animator = Animator(AnimatorArchStore(config.pki_archs), at_time=AT, with_web_ui=False)
    outside = Outside(address, animator)

    def app(environ, start_response):
        outside.asked.append(environ["PATH_INFO"])
        return animator(environ, start_response)

    server.set_app(app)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield outside
    server.shutdown()
    server.server_close()


@cache
def _keys() -> str:
    for name in ("root", "issuing", "ocsp", "tsa", *SIGNERS):
        key = (
            rsa.generate_private_key(65537, 2048)
            if name in ("somying", "tsa")
            else ec.generate_private_key(ec.SECP256R1())
        )
        file = Path(_FOLDER.name) / f"{name}.pem"
        file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return _FOLDER.name


def _configuration(address: str) -> dict:
    names = {"root": "Root CA", "issuing": "Issuing CA", "ocsp": "OCSP", "tsa": "TSA", **SIGNERS}
    return {
        "external-url-prefix": address,
        "keysets": {"keys": {"path-prefix": ".", "keys": {n: {"path": f"{n}.pem"} for n in names}}},
        "pki-architectures": {
            "th": {
                "keyset": "keys",
                "entity-defaults": {"country-name": "TH", "organization-name": "หน่วยงานอื่น"},
                "entities": {name: {"common-name": said} for name, said in names.items()},
                "certs": _certificates(),
                "services": {
                    "ocsp": {
                        "issuing": {
                            "for-issuer": "issuing",
                            "responder-cert": "ocsp",
                            "signing-key": "ocsp",
                        }
                    },
                    "crl-repo": {name: _lists(name) for name in ("root", "issuing")},
                    "cert-repo": {"root": {"for-issuer": "root"}},
                    "time-stamping": {"tsa": {"signing-key": "tsa", "signing-cert": "tsa"}},
                },
            }
        },
    }


def _lists(issuer: str) -> dict:
    return {"for-issuer": issuer, "signing-key": issuer, "simulated-update-schedule": "P30D"}


def _certificates() -> dict:
    authority = [_basic(), _usage("digital_signature", "key_cert_sign", "crl_sign")]
    purpose = lambda name: {"id": "extended_key_usage", "critical": True, "value": [name]}  # noqa: E731
    answering = [_usage("digital_signature"), purpose("ocsp_signing"), {"id": "ocsp_no_check"}]
    found = {
        "root": _certificate("root", "root", 2020, 2050, authority),
        "issuing": _certificate("issuing", "root", 2020, 2045, [*authority, _points("root")]),
        "ocsp": _certificate("ocsp", "issuing", 2020, 2040, answering),
        "tsa": _certificate(
            "tsa",
            "root",
            2020,
            2031,
            [_usage("digital_signature"), purpose("time_stamping"), _points("root")],
        ),
    }
    asks = {
        "id": "authority_information_access",
        "smart-value": {"schema": "aia-urls", "params": {"ocsp-responder-names": ["issuing"]}},
    }
    for name in SIGNERS:
        uses = [_usage("digital_signature", "non_repudiation"), _points("issuing")]
        found[name] = _certificate(name, "issuing", 2025, 2028, [*uses, asks])
    found["kitti"]["extensions"].remove(asks)  # by revocation list alone
    alone = [_usage("digital_signature", "non_repudiation"), _points("root")]
    found["of_root"] = _certificate("of_root", "root", 2025, 2028, alone)
    for name, since in (("revoked", "2026-03-01"), ("leaver", "2026-12-01")):
        found[name]["revocation"] = {
            "revoked-since": f"{since}T00:00:00+0000",
            "reason": "key_compromise",
        }
    return found


def _certificate(name: str, issuer: str, first: int, last: int, extensions: list) -> dict:
    span = {"valid-from": f"{first}-01-01T00:00:00+0000", "valid-to": f"{last}-01-01T00:00:00+0000"}
    return {"subject": name, "issuer": issuer, "validity": span, "extensions": extensions}


def _basic() -> dict:
    return {"id": "basic_constraints", "critical": True, "value": {"ca": True}}


def _usage(*names: str) -> dict:
    smart = {"schema": "key-usage", "params": list(names)}
    return {"id": "key_usage", "critical": True, "smart-value": smart}


def _points(repository: str) -> dict:
    smart = {"schema": "crl-dist-url", "params": {"crl-repo-names": [repository]}}
    return {"id": "crl_distribution_points", "smart-value": smart}
