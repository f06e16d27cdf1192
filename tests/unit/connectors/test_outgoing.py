"""Calls that leave the house: to judged addresses only, within limits, whatever comes back."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from support.far_system import FarSystem, far_system, rude_system

from engine.clock import SystemClock
from office.connectors.outgoing import CallFailed, Outgoing, Received, Sent

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
OPEN = Outgoing(LOOPBACK)


def call(out: Outgoing, base: str, target: str = "/x", **more: Any) -> Received:
    given = {"headers": {}, "body": None, "timeout": 2.0, "max_bytes": 1000} | more
    return out.call(Sent("GET", base, target, **given))


def failed(out: Outgoing, base: str, **more: Any) -> CallFailed:
    with pytest.raises(CallFailed) as caught:
        call(out, base, **more)
    return caught.value


@pytest.fixture(scope="module")
def far() -> Iterator[FarSystem]:
    with far_system() as running:
        yield running


def test_a_call_brings_status_media_and_body(far: FarSystem) -> None:
    far.answers = [(201, {"id": 7})]
    got = call(OPEN, far.url + "/base", "/things?x=1", headers={"X-Mine": "1"})
    assert (got.status, got.media, got.body) == (201, "application/json", b'{"id": 7}')
    asked = far.asked[-1]
    assert (asked.path, asked.headers["X-Mine"]) == ("/base/things?x=1", "1")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "224.0.0.1", "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "0::0",
        "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "::ffff:10.0.0.1", "::10.0.0.1", "::8.8.8.8",
        "::ffff:0:10.0.0.1", "fec0::1", "feff::1",
    ],
)  # fmt: skip
def test_no_address_inside_the_house_is_called(address: str) -> None:
    found = failed(Outgoing(resolve=lambda *_: [address]), "https://api.example.go.th")
    assert (found.code, found.again) == ("http_address", False)


def test_link_local_is_never_called_even_where_a_network_is_open() -> None:
    every = Outgoing((ipaddress.ip_network("0.0.0.0/0"),), resolve=lambda *_: ["169.254.169.254"])
    assert failed(every, "https://api.example.go.th").code == "http_address"


def test_a_name_with_a_good_and_a_bad_address_is_refused() -> None:
    mixed = Outgoing(resolve=lambda *_: ["8.8.8.8", "127.0.0.1"])
    assert failed(mixed, "https://api.example.go.th").code == "http_address"


def test_a_name_is_looked_up_once_and_its_address_kept(far: FarSystem) -> None:
    """DNS rebinding: the second answer would lead elsewhere; nobody asks for it."""
    answers = iter([["127.0.0.1"], ["127.9.9.9"]])
    rebound = Outgoing(LOOPBACK, resolve=lambda *_: next(answers))
    far.answers = [(200, {})]
    assert call(rebound, f"http://localhost:{far.port}").status == 200
    assert next(answers) == ["127.9.9.9"]
    assert far.asked[-1].headers["Host"] == f"localhost:{far.port}"


def test_without_tls_only_this_machine_is_called() -> None:
    inside = (ipaddress.ip_network("10.0.0.0/8"),)
    found = failed(Outgoing(inside, resolve=lambda *_: ["10.0.0.1"]), "http://10.0.0.1")
    assert found.code == "http_address"


def test_a_name_that_nobody_knows_may_be_known_later() -> None:
    def unknown(*_: Any) -> Any:
        raise socket.gaierror

    found = failed(Outgoing(resolve=unknown), "https://nowhere.example.go.th")
    assert (found.code, found.again) == ("http_unreachable", True)


def test_no_redirect_is_followed(far: FarSystem) -> None:
    far.answers, far.more = [(302, {})], {"Location": "/elsewhere"}
    before = len(far.asked)
    assert call(OPEN, far.url).status == 302
    assert len(far.asked) == before + 1
    far.more = {}


def test_no_proxy_is_taken_from_the_environment(
    far: FarSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    far.answers = [(200, {})]
    assert call(OPEN, far.url).status == 200


def _huge(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while True:
        line.sendall(b"x" * 65_536)


def _drip(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
    while True:
        line.sendall(b"x")
        time.sleep(0.05)  # noqa: TID251 - what is tested is how long it takes


def _drip_of_headers(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        line.sendall(b"x")
        time.sleep(0.05)  # noqa: TID251 - what is tested is how long it takes


def _drip_of_a_chunk(line: socket.socket) -> None:
    """What says that it closes is no connection's any more while its body is still read."""
    line.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        line.sendall(b"0")
        time.sleep(0.05)  # noqa: TID251 - what is tested is how long it takes


def _silent(line: socket.socket) -> None:
    line.recv(1)


def _cut(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nshort")


def _garbage(line: socket.socket) -> None:
    line.sendall(b"\x00\x01\x02 not http\r\n\r\n")


def _many_headers(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 5_000 + b"\r\n")


@pytest.mark.parametrize(
    ("behave", "code"),
    [
        (_huge, "http_too_large"),
        (_drip, "http_timeout"),
        (_drip_of_headers, "http_timeout"),
        (_drip_of_a_chunk, "http_timeout"),
        (_silent, "http_timeout"),
        (_cut, "http_unreachable"),
        (_garbage, "http_unreachable"),
        (_many_headers, "http_unreachable"),
    ],
)
def test_whoever_misbehaves_is_cut_off_in_time(
    behave: Callable[[socket.socket], None], code: str
) -> None:
    with rude_system(behave) as url:
        begun = time.monotonic()
        assert failed(OPEN, url, timeout=0.4 if code == "http_timeout" else 30).code == code
        assert time.monotonic() - begun < 20  # the drip alone would last longer


def test_the_look_up_of_a_name_counts(far: FarSystem) -> None:
    def slow(*_: Any) -> list[str]:
        time.sleep(0.3)  # noqa: TID251 - what is tested is how long it takes
        return ["127.0.0.1"]

    before = len(far.asked)
    assert failed(Outgoing(LOOPBACK, resolve=slow), far.url, timeout=0.2).code == "http_timeout"
    assert len(far.asked) == before


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert failed(OPEN, f"http://127.0.0.1:{port}").code == "http_unreachable"


# -- TLS --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of localhost, in one file with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), SystemClock().now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture(scope="module")
def secure(certificate: Path) -> Iterator[FarSystem]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with far_system(context) as running:
        yield running


def test_a_certificate_is_verified(secure: FarSystem, certificate: Path) -> None:
    base = f"https://localhost:{secure.port}"
    assert failed(Outgoing(LOOPBACK), base).code == "http_untrusted"
    assert call(Outgoing(LOOPBACK, trust=str(certificate)), base).status == 200


def test_a_certificate_of_another_name_is_none(secure: FarSystem, certificate: Path) -> None:
    out = Outgoing(LOOPBACK, resolve=lambda *_: ["127.0.0.1"], trust=str(certificate))
    assert failed(out, f"https://api.example.go.th:{secure.port}").code == "http_untrusted"


def test_a_handshake_has_no_time_of_its_own(certificate: Path) -> None:
    """It is over when the call's time is, and what follows it has none either."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def slow_look_up(*_: Any) -> list[str]:
        time.sleep(0.3)  # noqa: TID251 - what is tested is how long it takes
        return ["127.0.0.1"]

    def greet_late(line: socket.socket) -> socket.socket:
        time.sleep(0.4)  # noqa: TID251 - what is tested is how long it takes
        return context.wrap_socket(line, server_side=True)

    out = Outgoing(LOOPBACK, resolve=slow_look_up, trust=str(certificate))
    with rude_system(_drip_of_headers, greet_late) as url:
        base = url.replace("http://127.0.0.1", "https://localhost")
        assert failed(out, base, timeout=0.6).code == "http_timeout"
