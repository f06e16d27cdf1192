"""A piece of work in a process of its own: what it does to itself, it does not do to this one."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import signing
from signing.errors import UnusableFile

_ROOT = Path(signing.__file__).parents[1]
#: Isolated (-I): neither the working directory nor the environment decides what is imported.
_PROGRAM = (
    "import sys; from importlib import import_module; sys.path.insert(0, sys.argv[1]); "
    "import_module(sys.argv[2]).main(*map(int, sys.argv[3:]))"
)


class Failed(Exception):
    """The process ended with an error, or was ended by its limits."""


def ask(module: str, question: bytes, *limits: int, seconds: float) -> bytes:
    """What `main(*limits)` of a module of ours says on its output to the question on its input.

    Raises `Failed`, or `TimeoutError` after so many seconds.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and program
            [sys.executable, "-I", "-c", _PROGRAM, str(_ROOT), module, *map(str, limits)],
            input=question,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"Expected an answer in {seconds:g} s.") from error
    if done.returncode:
        raise Failed(module)
    return done.stdout


# -- in the process apart ---------------------------------------------------------------------


def limit(seconds: int, memory: int) -> None:
    """So many seconds of a processor, so many bytes, and no core dump. What is imported after it is
    bounded too.
    """
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer_about(work: Callable[[dict[str, Any], bytes], tuple[dict[str, Any], bytes]]) -> None:
    """Carry out `work(question, file)` of what is asked on standard input: a line of JSON, then the
    file; on output the same of the answer, or why the file cannot be used.
    """
    question = json.loads(sys.stdin.buffer.readline())
    try:
        answer, made = work(question, sys.stdin.buffer.read())
    except UnusableFile as bad:
        answer, made = {"reason": bad.reason, "message": str(bad)}, b""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + made)
