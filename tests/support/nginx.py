"""The sample proxy of examples/production, run by real nginx on loopback ports of a test's own."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "examples" / "production" / "nginx" / "saraban.conf"
NGINX = "/usr/sbin/nginx"
NAME = "saraban.example.go.th"
_AROUND = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/saraban.conf;
}}
"""


def write(folder: Path, tls: int, plain: int, behind: Sequence[int]) -> None:
    """The sample with other ports and places and nothing else changed, and its certificate."""
    text = SAMPLE.read_text("utf-8")
    for pattern, new in (
        (r"listen 443", f"listen 127.0.0.1:{tls}"),
        (r"listen 80", f"listen 127.0.0.1:{plain}"),
        (r"/etc/nginx/saraban-servers", f"{folder}/saraban-servers"),
        (r"/etc/saraban/tls", str(folder)),
        (r"/var/log/nginx", str(folder)),
    ):
        text, count = re.subn(pattern, new, text)
        assert count, pattern
    (folder / "saraban.conf").write_text(text, "utf-8")
    lines = [f"server 127.0.0.1:{port};\n" for port in behind]
    (folder / "saraban-servers").write_text("".join(lines), "utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_AROUND.format(folder=folder, user=user), "utf-8")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}",
         "-keyout", folder / "key.pem", "-out", folder / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip


def command(folder: Path, *more: str) -> list[str]:
    return [NGINX, *more, "-e", "stderr", "-c", str(folder / "nginx.conf")]


@contextmanager
def running(folder: Path, tls: int) -> Iterator[None]:
    process = subprocess.Popen(command(folder))
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", tls)) == 0:
                    break
            time.sleep(0.05)  # noqa: TID251 - another process is waited for
        yield
    finally:
        process.terminate()
        process.wait(10)
