"""The product as people meet it: `saraban serve` in a process tree of its own, and Chromium."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)
from support.nights import by_night

from office.demo.secrets import PASSWORDS

HERE = Path(__file__).parent
AXE = HERE.parents[1] / "api/web/node_modules/axe-core/axe.min.js"
#: what a page comes to show is waited for this long, milliseconds; other tests share the machine
expect.set_options(timeout=30_000)
#: Debian's package chromium-headless-shell
WINDOWLESS = Path("/usr/lib/chromium/chromium-headless-shell")
SARABAN = str(Path(sys.executable).parent / "saraban")
#: what axe finds, as one line each
JUDGE = """axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',
  'best-practice']}).then(r => JSON.stringify(r.violations.map(
  v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | '))))"""


@dataclass(frozen=True, slots=True)
class Served:
    """A running product: where it answers, where its data lies."""

    address: str
    home: Path

    def saraban(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command on the same data."""
        environ = {**os.environ, "SARABAN_HOME": str(self.home)}
        command = [SARABAN, *arguments]
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(address: str, process: subprocess.Popen[bytes], seconds: float = 240) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        assert process.poll() is None, "saraban serve ended by itself"
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2):
                return
        except OSError:
            time.sleep(0.3)  # noqa: TID251 - another process is waited for
    raise AssertionError(f"saraban serve was not ready within {seconds} s")


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home, port = tmp_path_factory.mktemp("served"), _free_port()
    environ = {**os.environ, "SARABAN_HOME": str(home), "SARABAN_DEMO": "1", "PORT": str(port)}
    with (home / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [SARABAN, "serve"], env=environ, stdout=log, stderr=log, cwd=home
        )
        try:
            _wait_until_ready(f"http://127.0.0.1:{port}", process)
            yield Served(f"http://127.0.0.1:{port}", home)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


def _browser() -> str:
    """By day Chromium without its windows, where that is installed: pages are laid out, drawn and
    run by the same engine, and a desk costs two fifths of the processor. At night the whole.
    """
    whole = shutil.which("chromium") or shutil.which("chromium-browser")
    assert whole, "Expected Chromium for the browser tests: apt-get install chromium"
    return by_night(str(WINDOWLESS) if WINDOWLESS.exists() else whole, whole)


#: the browser of this process, while it runs tests of this folder
_RUNNING = ExitStack()


@pytest.fixture(scope="session")
def chromium() -> Browser:
    """One for all: every desk is a context of its own, with nothing of another's in it."""
    playwright = _RUNNING.enter_context(sync_playwright())
    options = ["--no-sandbox", "--disable-gpu"]
    made = playwright.chromium.launch(executable_path=_browser(), args=options)
    _RUNNING.callback(made.close)
    return made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """The browser ends with the last of them, not with the session: as long as Playwright runs,
    no other test could run an event loop.
    """
    try:
        return (yield)
    finally:
        if nextitem is None or not nextitem.path.is_relative_to(HERE):
            _RUNNING.close()


@dataclass
class Desk:
    """One person at a browser. Whatever the console complains about is a failure."""

    served: Served
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.served.address + path)
        return self.page

    def judge(self, name: str = "") -> None:
        """No violation of WCAG 2.2 AA that axe can find, and nothing wider than the window."""
        found = _axe(self.context.new_cdp_session(self.page))
        assert not found, f"{name or self.page.url}: {found}"
        wider = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, f"{name or self.page.url} is {wider} px too wide"

    def done(self) -> None:
        self.context.close()
        assert not self.complaints, self.complaints


SitDown = Callable[..., Desk]


def _axe(session: CDPSession) -> list[str]:
    """Injected beside the page's own policy, as developer tools would."""
    session.send("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
    answer = session.send("Runtime.evaluate", {"expression": JUDGE, "awaitPromise": True})
    return list(json.loads(answer["result"]["value"]))


def _told(message: ConsoleMessage) -> str:
    return f"{message.text} {message.location['url']}"


@contextmanager
def desks(chromium: Browser, served: Served) -> Iterator[SitDown]:
    """People who sit down at desks of their own; all leave at the end, without a complaint."""
    taken: list[Desk] = []

    def sit(username: str | None = None, **options: Any) -> Desk:
        window = {"viewport": {"width": 1440, "height": 900}, **options}
        context = chromium.new_context(locale="th-TH", **window)
        page = context.new_page()
        desk = Desk(served, context, page)
        page.on("console", lambda m: m.type == "error" and desk.complaints.append(_told(m)))
        page.on("pageerror", lambda e: desk.complaints.append(str(e)))
        taken.append(desk)
        if username:
            desk.open("/sign-in")
            page.fill("#username", username)
            page.fill("#password", PASSWORDS[username])
            page.click("form[action='/sign-in'] button[type=submit]")
        return desk

    yield sit
    for desk in taken:
        desk.done()


@pytest.fixture
def sit_down(chromium: Browser, served: Served) -> Iterator[SitDown]:
    """`sit_down("thotsop")`: that person signed in, by the sign-in page."""
    with desks(chromium, served) as sit:
        yield sit


@pytest.fixture(scope="module")
def story_desks(chromium: Browser, served: Served) -> Iterator[SitDown]:
    """The same for a story that the tests of a module share."""
    with desks(chromium, served) as sit:
        yield sit
