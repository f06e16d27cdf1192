"""What is judged apart begins in a forked process: its ends, and those of whoever asks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from signing import nursery
from signing.apart import Failed

ROOT = Path(__file__).parents[3]
ODD = "support.odd_work"


@pytest.fixture(autouse=True)
def begun_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A nursery that finds modules of the tests too, and is this test's own."""
    monkeypatch.setattr(
        nursery,
        "_PROGRAM",
        f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests')!r}]; "
        "from signing.nursery import live; live(int(sys.argv[2]))",
    )
    monkeypatch.setattr(nursery, "_here", nursery._Nursery())
    yield
    nursery._here.forget()


def _ask(verb: str, seconds: float = 10) -> bytes:
    return nursery.ask(ODD, verb.encode(), 30, seconds=seconds)


def _gone(pid: int) -> bool:
    for _ in range(500):
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.01)  # noqa: TID251 - nobody tells when another's child has ended
    return False


def test_each_question_has_a_process_of_its_own_and_one_that_begins_them() -> None:
    first, second = _ask("who").split(), _ask("who").split()
    assert first[0] != second[0]
    assert first[1] == second[1] != str(os.getpid()).encode()
    assert _gone(int(second[0]))


def test_large_questions_have_large_answers() -> None:
    question = b"echo" + os.urandom(20_000_000)
    assert nursery.ask(ODD, question, 30, seconds=30) == question


def test_it_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARABAN_SECRET", "of this process alone")
    assert b"SARABAN" not in _ask("environment")
    assert b"LC_ALL" in _ask("environment")


def test_it_has_only_its_own_files() -> None:
    """Input, output, errors, and the line on which it says that it is done."""
    with (ROOT / "README.md").open("rb") as ours:
        os.set_inheritable(ours.fileno(), True)
        files = _ask("files").decode().splitlines()
        assert [file.split(":")[0] for file in files] == ["/memfd", "/memfd", "/dev/null", "pipe"]


@pytest.mark.parametrize("verb", ["fail", "exit", "kill", "memory"])
def test_who_ends_without_an_answer_has_failed(verb: str) -> None:
    with pytest.raises(Failed):
        _ask(verb)
    assert _ask("echo") == b"echo"


@pytest.mark.parametrize("verb", ["sleep", "spin"])
def test_whoever_takes_too_long_is_ended(verb: str) -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        _ask(verb, seconds=0.5)
    assert time.monotonic() - began < 20


def test_many_at_once_do_not_wait_for_each_other() -> None:
    with ThreadPoolExecutor(8) as several:
        slow = several.submit(_ask, "sleep", 3)
        quick = [several.submit(_ask, "echo") for _ in range(7)]
        assert [one.result() for one in quick] == [b"echo"] * 7
        assert not slow.done()
        with pytest.raises(TimeoutError):
            slow.result()


def test_one_that_has_gone_is_begun_anew() -> None:
    nurse = int(_ask("who").split()[1])
    os.kill(nurse, signal.SIGKILL)
    assert int(_ask("who").split()[1]) != nurse


def test_it_goes_when_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    program = nursery._PROGRAM.replace("live(", "import signing.nursery as n; n._IDLE = .3; live(")
    monkeypatch.setattr(nursery, "_PROGRAM", program)
    nurse = int(_ask("who").split()[1])
    nursery._here._process.wait(10)
    assert int(_ask("who").split()[1]) != nurse


def test_a_forked_process_has_one_of_its_own() -> None:
    ours = _ask("who").split()[1]
    read, write = os.pipe()
    if not os.fork():
        os.write(write, _ask("who").split()[1])
        os._exit(0)
    os.wait()
    assert os.read(read, 20) != ours
    assert _ask("who").split()[1] == ours


def test_it_goes_with_whoever_asked() -> None:
    """Killed, so that nothing of it could say so."""
    asking = (
        "import sys, os; sys.path[:0] = sys.argv[1:]; from signing import nursery;"
        f"nursery._PROGRAM = {nursery._PROGRAM!r};"
        f"print(nursery.ask({ODD!r}, b'who', 30, seconds=10).decode().split()[1], flush=True);"
        "os.kill(os.getpid(), 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", asking, str(ROOT), str(ROOT / "tests")],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert _gone(int(done.stdout))
