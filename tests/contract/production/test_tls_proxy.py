"""The sample proxy, run: real nginx with a certificate of our own before the real product."""

from __future__ import annotations

import http.client
import socket
import sqlite3
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from support import nginx
from support.nginx import NAME

from bench import servers
from bench.servers import Product

#: another address of loopback: what nginx sees differs from what Saraban sees of nginx
VISITOR, FORGED = "127.0.0.2", "203.0.113.7"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{NAME}"}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass(frozen=True, slots=True)
class Front:
    """The proxy's two doors, and the product behind it."""

    folder: Path
    tls: int
    plain: int
    product: Product

    def ask(
        self, method: str, path: str, body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None, name: str = NAME, host: str = "",
    ) -> Answer:  # fmt: skip
        """One request over TLS, from another address than the proxy's own."""
        context = ssl.create_default_context(cafile=self.folder / "fullchain.pem")
        line = socket.create_connection(("127.0.0.1", self.tls), 30, (VISITOR, 0))
        with context.wrap_socket(line, server_hostname=name) as secured:
            return _exchange(secured, method, path, body, {"Host": host or NAME, **(headers or {})})

    def ask_in_the_clear(self, path: str) -> Answer:
        with socket.create_connection(("127.0.0.1", self.plain), 30) as line:
            return _exchange(line, "GET", path, None, {"Host": NAME})

    def sign_in(self, headers: Mapping[str, str] | None = None) -> Answer:
        body = urlencode({"username": "bench", "password": servers.PASSWORD, "next": "/"})
        return self.ask("POST", "/sign-in", body, {**FORM, **(headers or {})})

    def addresses(self) -> set[str]:
        """Where sessions were opened from, as the product wrote it down."""
        with sqlite3.connect(self.product.home / "saraban.db") as db:
            return {row[0] for row in db.execute("SELECT ip FROM session")}


def _exchange(
    line: socket.socket, method: str, path: str, body: bytes | str | None,
    headers: Mapping[str, str],
) -> Answer:  # fmt: skip
    over = http.client.HTTPConnection("proxy")
    over.sock = line
    over.request(method, path, body, dict(headers))
    answer = over.getresponse()
    return Answer(answer.status, answer.headers, answer.read().decode("utf-8", "replace"))


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    with servers.product(
        "", SARABAN_BEHIND_PROXY="true", SARABAN_PUBLIC_URL=f"https://{NAME}"
    ) as product:
        made = Front(folder, servers.free_port(), servers.free_port(), product)
        with _before(made):
            yield made


def _before(front: Front) -> AbstractContextManager[None]:
    nginx.write(front.folder, front.tls, front.plain, [front.product.port])
    return nginx.running(front.folder, front.tls)


def test_the_sample_is_clean(front: Front) -> None:
    command = nginx.command(front.folder, "-t")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    odd = [line for line in done.stderr.splitlines() if "[warn]" in line or "[emerg]" in line]
    assert (done.returncode, odd) == (0, [])


def test_signing_in_gives_a_cookie_for_this_host_over_tls_alone(front: Front) -> None:
    answer = front.sign_in()
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-saraban=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    inbox = front.ask("GET", "/", headers={"Cookie": cookie.split(";")[0]})
    assert inbox.status == 200
    assert "bench" in inbox.text


def test_every_answer_asks_for_tls_from_now_on_and_tells_no_version(front: Front) -> None:
    for answer in (front.ask("GET", "/sign-in"), front.ask("GET", "/no-such-page"), _large(front)):
        assert answer.headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]
        assert answer.headers["Server"] == "nginx"


def test_who_comes_in_the_clear_is_sent_to_tls_under_our_own_name(front: Front) -> None:
    answer = front.ask_in_the_clear("/tasks?view=mine")
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{NAME}/tasks?view=mine"


def test_the_visitors_address_is_kept_and_a_forged_one_is_not(front: Front) -> None:
    forged = {"X-Forwarded-For": FORGED, "Forwarded": f"for={FORGED}", "X-Real-IP": FORGED}
    assert front.sign_in(forged).status == 303
    assert front.addresses() == {VISITOR}


def test_forged_hosts_and_protocols_change_nothing(front: Front) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http",
              "X-Forwarded-Prefix": "/evil", "X-Forwarded-Port": "1"}  # fmt: skip
    answer = front.sign_in(forged)
    assert answer.status == 303  # another host would be another origin than the form's
    assert answer.headers["Set-Cookie"].startswith("__Host-saraban=")
    assert "evil" not in front.ask("GET", "/sign-in", headers=forged).text


def test_a_form_from_another_site_is_refused(front: Front) -> None:
    assert front.sign_in({"Origin": "https://evil.example"}).status == 403


def test_another_name_gets_no_certificate_and_no_page(front: Front) -> None:
    with pytest.raises(ssl.SSLError):
        front.ask("GET", "/", name="other.example")
    assert front.ask("GET", "/", host="other.example").status == 421


def test_a_body_beyond_every_limit_is_refused_in_words(front: Front) -> None:
    answer = _large(front)
    assert answer.status == 413
    assert "Expected at most 50 MB" in answer.text


def _large(front: Front) -> Answer:
    """Announced alone: it is refused before it is sent."""
    return front.ask("POST", "/verify", headers={"Content-Length": str(60 << 20)})


def test_a_body_beyond_its_pages_limit_is_refused_by_the_product(front: Front) -> None:
    headers = {"Content-Type": "application/json",
               "Authorization": f"Bearer {front.product.token}"}  # fmt: skip
    body = b'{"definition_key": "' + b"x" * (2 << 20) + b'"}'
    answer = front.ask("POST", "/api/v1/process-instances", body, headers)
    assert (answer.status, answer.headers["Content-Type"]) == (413, "application/problem+json")
    assert "1,048,576" in answer.text


def test_the_largest_upload_reaches_the_product(front: Front) -> None:
    body = b"%PDF-1.7\n" + b"\0" * (49 << 20)
    headers = {"Content-Type": "application/pdf",
               "Authorization": f"Bearer {front.product.token}"}  # fmt: skip
    answer = front.ask("POST", "/api/v1/documents/verify", body, headers)
    assert answer.status == 200, answer.text[:300]
    assert '"unreadable"' in answer.text or '"unsigned"' in answer.text


def test_figures_are_not_for_visitors(front: Front) -> None:
    assert front.ask("GET", "/metrics").status == 404


def test_what_follows_a_question_mark_is_not_logged(front: Front) -> None:
    front.ask("GET", "/reset-password?token=a-secret-way-in")
    log = _log_with(front, '"GET /reset-password"')
    assert "a-secret-way-in" not in log


def _log_with(front: Front, line: str) -> str:
    """The proxy writes its line once the answer has gone out."""
    for _ in range(100):
        log = (front.folder / "saraban.log").read_text()
        if line in log:
            return log
        time.sleep(0.05)  # noqa: TID251 - another process is waited for
    raise AssertionError(f"Expected {line} in the proxy's log, but it has {log[-400:]!r}.")


def test_a_product_that_is_away_is_told_in_words(front: Front) -> None:
    with _away(front) as without:
        answer = without.ask("GET", "/sign-in")
    assert answer.status == 503
    assert "Please try again" in answer.text
    assert answer.headers["Retry-After"] == "10"


@contextmanager
def _away(front: Front) -> Iterator[Front]:
    """A second proxy, before a port where nobody listens."""
    folder = front.folder / "away"
    folder.mkdir()
    nowhere = Product(servers.free_port(), "", front.product.home, front.product.pid)
    made = Front(folder, servers.free_port(), servers.free_port(), nowhere)
    with _before(made):
        yield made
