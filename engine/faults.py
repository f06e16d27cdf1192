"""Named points at which a test may kill, stop or fail this process; nothing at all otherwise.

`SARABAN_FAULTS=name:nth:action` (comma-separated) arms them, in test mode (`SARABAN_TEST=1`) only.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Mapping

ACTIONS = ("kill9", "stop", "raise")


class FaultRaised(Exception):
    """Expected only in tests: the failure that was asked for at this point."""


class Faults:
    """The armed points: (name, how often it must be passed) to what happens then."""

    def __init__(self, armed: Mapping[tuple[str, int], str]) -> None:
        self._armed = armed
        self._passed: Counter[str] = Counter()

    def point(self, name: str) -> None:
        self._passed[name] += 1
        match self._armed.get((name, self._passed[name])):
            case "kill9":
                os.kill(os.getpid(), signal.SIGKILL)
            case "stop":
                os.kill(os.getpid(), signal.SIGSTOP)
            case "raise":
                raise FaultRaised(name)
            case _:
                pass


def parse(text: str) -> dict[tuple[str, int], str]:
    armed: dict[tuple[str, int], str] = {}
    for entry in filter(None, text.split(",")):
        name, nth, action = entry.split(":")
        if action not in ACTIONS:
            raise ValueError(f"Expected an action of {ACTIONS}, but got {action!r}.")
        armed[name, int(nth)] = action
    return armed


def from_env(environ: Mapping[str, str]) -> Faults | None:
    text = environ.get("SARABAN_FAULTS", "")
    if not text:
        return None
    if environ.get("SARABAN_TEST") != "1":
        raise RuntimeError("Expected SARABAN_FAULTS in test mode (SARABAN_TEST=1) only. Unset it.")
    return Faults(parse(text))


_faults = from_env(os.environ)


def point(name: str) -> None:
    if _faults is not None:
        _faults.point(name)
