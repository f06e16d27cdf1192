"""Work in a process of its own that begins at once: a nursery, itself begun clean, has imported
what the work needs, and forks a process for each file.

Importing takes longer than judging most files does. The nursery never sees a file: what it forks
reads one, within limits, and ends. It goes when whoever asks it goes, or after an idle minute.
"""

from __future__ import annotations

import atexit
import gc
import io
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

import signing
from signing.apart import Failed
from signing.errors import UnusableFile

_ROOT = Path(signing.__file__).parents[1]
#: Isolated (-I): neither the working directory nor the environment decides what is imported.
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from signing.nursery import live; live(int(sys.argv[2]))"
)
_IDLE = 60.0
#: what the forked process says: it is there; it has answered
_BEGUN, _DONE = b"b", b"d"
#: seconds to begin, imports included; and to end after the time is up
_BEGINNING, _GRACE = 60.0, 5.0


def ask(module: str, question: bytes, *limits: int, seconds: float) -> bytes:
    """What `main(*limits)` of a module of ours says on its output to the question on its input;
    its `warm()` imports all that it needs.

    Raises `Failed`, or `TimeoutError` after so many seconds.
    """
    with os.fdopen(os.memfd_create("question"), "wb") as asked:
        asked.write(question)
        asked.flush()
        for _ in range(2):  # an idle nursery may go just as it is asked
            asked.seek(0)
            with os.fdopen(os.memfd_create("answer"), "rb") as answer:
                if _answered(module, limits, seconds, asked.fileno(), answer.fileno()):
                    answer.seek(0)
                    return answer.read()
    raise OSError(f"Expected a process for {module} to begin, but none did; see the memory left.")


def ask_about(
    file: bytes,
    module: str,
    question: Mapping[str, Any],
    refusal: type[UnusableFile],
    *,
    seconds: int,
    memory: int,
    to_be: str,
) -> tuple[dict[str, Any], bytes]:
    """What a module that answers by `answer_about` says of a PDF, and the bytes that it makes.

    Raises `refusal`. `to_be`: what is done to the file, for whoever is told that it takes too long.
    """
    head = json.dumps(question).encode() + b"\n"
    try:
        said = ask(module, head + file, seconds + 1, memory, seconds=seconds)
    except TimeoutError:
        raise refusal("too_much", f"Expected a PDF {to_be} in {seconds} s.") from None
    except Failed:
        raise refusal("broken", "Expected a PDF that can be read; print it anew.") from None
    first, _, made = said.partition(b"\n")
    answer = json.loads(first)
    if "reason" in answer:
        raise refusal(answer["reason"], answer["message"])
    return answer, made


def _answered(module: str, limits: Sequence[int], seconds: float, asked: int, answer: int) -> bool:
    """False: nothing was begun. Raises as `ask` does."""
    told, tell = os.pipe()
    began = time.monotonic()
    with os.fdopen(told, "rb", 0) as heard:
        try:
            _here.begin(module, limits, seconds, (asked, answer, tell))
        finally:
            os.close(tell)
        if _next(heard, _BEGINNING) != _BEGUN:
            return False
        if _next(heard, seconds + _GRACE) == _DONE:
            return True
    if time.monotonic() - began >= seconds:
        raise TimeoutError(f"Expected an answer in {seconds:g} s.")
    raise Failed(module)


def _next(heard: io.RawIOBase, seconds: float) -> bytes:
    """What the process says next; nothing where it has ended, or says nothing for so long."""
    watched = select.poll()
    watched.register(heard, select.POLLIN)
    return (heard.read(1) or b"") if watched.poll(seconds * 1000) else b""


class _Nursery:
    """The one of this process, begun when it is first asked."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def begin(
        self, module: str, limits: Sequence[int], seconds: float, files: Sequence[int]
    ) -> None:
        request = json.dumps([module, list(limits), seconds]).encode()
        with self._lock:
            try:
                socket.send_fds(self._line or self._opened(), [request], files)
            except (BrokenPipeError, ConnectionError):
                self.forget()
                socket.send_fds(self._opened(), [request], files)

    def _opened(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
                [sys.executable, "-I", "-c", _PROGRAM, str(_ROOT), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"LC_ALL": "C.UTF-8"},  # none of our secrets
            )
        self._line = ours
        return ours

    def forget(self) -> None:
        """It has gone, or is another process's."""
        if self._line is not None and self._process is not None:
            self._line.close()
            self._process.wait(_GRACE)
        self._line = self._process = None


_here = _Nursery()


def _after_fork() -> None:
    """A forked process asks one of its own: two on one line would hear each other's end."""
    global _here  # noqa: PLW0603 - the lock may be held by a thread that is not here
    _here.forget()
    _here = _Nursery()


os.register_at_fork(after_in_child=_after_fork)


@atexit.register
def _leave() -> None:
    _here.forget()


# -- in the nursery ---------------------------------------------------------------------------


def live(line: int) -> None:
    """Fork whenever asked, until nobody is on the line or asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's, meant for who asks
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for what is forked
    with socket.socket(fileno=line) as door:
        door.settimeout(_IDLE)
        while True:
            try:
                request, files, _, _ = socket.recv_fds(door, 4096, 3)
            except TimeoutError:
                return
            if not request:
                return
            _fork(door, files, *json.loads(request))
            for file in files:
                os.close(file)


def _fork(
    door: socket.socket, files: Sequence[int], module: str, limits: Sequence[int], seconds: float
) -> None:
    work = import_module(module)
    work.warm()
    gc.freeze()  # what is shared stays shared
    if os.fork():
        return
    asked, answer, tell = files
    try:
        door.close()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.write(tell, _BEGUN)
        signal.setitimer(signal.ITIMER_REAL, seconds)  # its default action: the end
        os.dup2(asked, 0)
        os.dup2(answer, 1)
        os.close(asked)
        os.close(answer)
        work.main(*limits)
        sys.stdout.flush()
        os.write(tell, _DONE)
    finally:
        os._exit(0)  # whatever went wrong: who asks has not heard that it is done
