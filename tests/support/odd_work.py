"""Work for a process apart, well done or not: the question's first word says how."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from signing.apart import limit


def warm() -> None:
    """Nothing more is needed."""


def main(seconds: int) -> None:
    limit(seconds, 512 << 20)
    question = sys.stdin.buffer.read()
    match question[:4]:
        case b"who":
            say(f"{os.getpid()} {os.getppid()}".encode())
        case b"echo":
            say(question)
        case b"envi":
            say(repr(dict(os.environ)).encode())
        case b"file":
            say("\n".join(_open_files()).encode())
        case b"fail":
            raise ValueError
        case b"exit":
            say(b"half an answer")
            sys.exit(3)
        case b"kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"memo":
            bytearray(1 << 30)
        case b"slee":
            time.sleep(60)  # noqa: TID251 - until it is ended
        case b"spin":
            while True:
                pass


def _open_files() -> list[str]:
    found = []
    for line in Path("/proc/self/fd").iterdir():
        try:
            found.append(str(line.readlink()))
        except FileNotFoundError:
            continue
    return found


def say(answer: bytes) -> None:
    sys.stdout.buffer.write(answer)
