"""A piece of work in a process of its own: what it does to itself, it does not do to this one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import signing

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
