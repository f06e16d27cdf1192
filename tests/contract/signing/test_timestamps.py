"""Every timestamp authority keeps the same promises: the one in this process, the one over HTTP."""

from __future__ import annotations

import hashlib
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from support import needs, pki

from signing.errors import TimestampRefused, TimestampUnavailable
from signing.timestamp import HttpTimestamps, LocalTimestamps, Timestamps, token_time, tsa_app
from signing.timestamp.tokens import Response

DIGEST = hashlib.sha256(b"a signature").digest()


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        return


@contextmanager
def served(authority: LocalTimestamps) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, tsa_app(authority), handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@contextmanager
def answering(answer: Callable[[BaseHTTPRequestHandler, bytes], None]) -> Iterator[str]:
    """A server that is no timestamp authority."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer(self, self.rfile.read(int(self.headers["Content-Length"])))

        def log_message(self, *_args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["local", "http"])
def authority(request: pytest.FixtureRequest) -> Iterator[Timestamps]:
    local = pki.timestamps(pki.AT.astimezone(timezone(timedelta(hours=7))))
    if request.param == "local":
        yield local
    else:
        with served(local) as url:
            yield HttpTimestamps(url)


class TestEveryAuthority:
    def test_it_says_when_the_digest_existed(self, authority: Timestamps) -> None:
        token = authority.stamp(DIGEST)
        assert token_time(token) == pki.AT
        assert token_time(token).tzinfo is not None
        assert token_time(token).astimezone(UTC) == pki.AT

    def test_each_token_is_another(self, authority: Timestamps) -> None:
        assert authority.stamp(DIGEST) != authority.stamp(DIGEST)

    def test_openssl_agrees(self, authority: Timestamps, tmp_path: Path) -> None:
        needs.program("openssl", "openssl")
        (tmp_path / "token.der").write_bytes(authority.stamp(DIGEST))
        (tmp_path / "root.pem").write_bytes(pem(pki.authority().anchors[0]))
        command = ["openssl", "ts", "-verify", "-digest", DIGEST.hex(), "-token_in"]
        command += ["-in", str(tmp_path / "token.der"), "-CAfile", str(tmp_path / "root.pem")]
        done = subprocess.run(
            [*command, "-attime", str(int(pki.AT.timestamp()))], capture_output=True, check=False
        )
        assert b"Verification: OK" in done.stdout + done.stderr, done.stderr


def pem(der: bytes) -> bytes:
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)


def test_nobody_at_the_address() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(TimestampUnavailable):
        HttpTimestamps(f"http://127.0.0.1:{port}/", timeout=0.5).stamp(DIGEST)


def test_only_http_addresses() -> None:
    with pytest.raises(ValueError, match="http"):
        HttpTimestamps("file:///etc/passwd")


def test_a_silent_server() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(TimestampUnavailable):
            HttpTimestamps(url, timeout=0.3).stamp(DIGEST)


def test_a_server_that_drips() -> None:
    stop = threading.Event()

    def drip(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            if stop.wait(0.05):
                return
            handler.wfile.write(b"x")
            handler.wfile.flush()

    with answering(drip) as url, pytest.raises(TimestampUnavailable):
        HttpTimestamps(url, timeout=0.4).stamp(DIGEST)
    stop.set()


def body(data: bytes, status: int = 200) -> Callable[[BaseHTTPRequestHandler, bytes], None]:
    def answer(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
        handler.send_response(status)
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def test_an_error_page() -> None:
    with answering(body(b"<h1>Sorry</h1>", 503)) as url, pytest.raises(TimestampUnavailable):
        HttpTimestamps(url).stamp(DIGEST)


@pytest.mark.parametrize("data", [b"", b"<h1>Welcome</h1>", b"\x30\x80" * 40, bytes(70_000)])
def test_an_answer_that_is_no_timestamp(data: bytes) -> None:
    with answering(body(data)) as url, pytest.raises(TimestampRefused):
        HttpTimestamps(url).stamp(DIGEST)


def test_a_replayed_answer() -> None:
    """Somebody's earlier token, its nonce another."""
    old = pki.timestamps()
    request = tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": {
                "hash_algorithm": {"algorithm": "sha256"},
                "hashed_message": DIGEST,
            },
            "nonce": 1,
            "cert_req": True,
        }
    )
    replay = old.answer(request.dump())
    with answering(body(replay)) as url, pytest.raises(TimestampRefused, match="nonce"):
        HttpTimestamps(url).stamp(DIGEST)


def test_a_forged_answer() -> None:
    """The right nonce and digest, a signature that does not fit."""
    honest = pki.timestamps()

    def forge(handler: BaseHTTPRequestHandler, request: bytes) -> None:
        answer = bytearray(honest.answer(request))
        answer[-10] ^= 1  # inside the signature
        body(bytes(answer))(handler, request)

    with answering(forge) as url, pytest.raises(TimestampRefused):
        HttpTimestamps(url).stamp(DIGEST)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"req_policy": "1.2.3.4"}, "unaccepted_policy"),
        (
            {
                "message_imprint": {
                    "hash_algorithm": {"algorithm": "md5"},
                    "hashed_message": bytes(16),
                }
            },
            "bad_alg",
        ),
    ],
)
def test_requests_that_are_turned_down(change: dict[str, object], reason: str) -> None:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": DIGEST}
    request = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, **change})
    answer = Response.load(pki.timestamps().answer(request.dump()))
    assert answer["status"]["status"].native == "rejection"
    assert answer["status"]["fail_info"].native == {reason}


def test_garbage_is_turned_down() -> None:
    answer = Response.load(pki.timestamps().answer(b"garbage"))
    assert answer["status"]["fail_info"].native == {"bad_data_format"}


def test_the_server_answers_only_what_it_is_for() -> None:
    app = tsa_app(pki.timestamps())

    def status(**environ: str) -> str:
        answered = []
        app(environ, lambda line, _headers: answered.append(line))
        return answered[0]

    assert status(REQUEST_METHOD="GET", PATH_INFO="/healthz").startswith("200")
    assert status(REQUEST_METHOD="GET", PATH_INFO="/").startswith("405")
    assert status(REQUEST_METHOD="POST", CONTENT_LENGTH="999999").startswith("413")
    assert status(REQUEST_METHOD="POST", CONTENT_LENGTH="x").startswith("413")
