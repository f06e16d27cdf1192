"""How soon the pages beside a draft show what was typed: from the last key to the new picture.

`python -m bench preview` prints the figures: Chromium, `saraban serve` and a letter of three pages
on one machine, by the wall clock. Somebody types words with real keys at a typist's pace and
pauses behind each; a pause ends when the frame with the picture has been painted.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from playwright.sync_api import CDPSession, Page
from support.samples import sample
from support.writing import write_body

from bench import figures
from bench.designer import browser
from bench.figures import Figure
from bench.servers import SARABAN, free_port, running
from office.demo.secrets import PASSWORDS

PAUSES = 48
#: the first ones warm up processes, fonts and the browser
WARM = 6
#: keys before a pause, every sixth time many; and milliseconds between two of them
KEYS, MANY, GAPS = (3, 12), 40, (70, 200)
#: milliseconds that a reader looks at the new page
LOOKS = (400, 1200)
WRITER = "thotsop"
_LETTERS = "ฟหกดเาสวงพนยบลรคตจขช"
#: Notes each key, and the first frame behind it that shows the text as of the last of them.
_WATCH = """() => {
  const watch = window.watched = { key: 0, done: null };
  const pictures = () => [...document.querySelectorAll('.preview img')].map(one => one.src).join();
  let before = pictures();
  addEventListener('keydown', event => {
    if (watch.done) before = pictures();
    watch.key = event.timeStamp;
    watch.done = null;
  }, true);
  performance.setResourceTimingBufferSize(100000);
  new MutationObserver(() => {
    const drawn = performance.getEntriesByName('saraban:preview').at(-1);
    if (!drawn || drawn.startTime < watch.key) return;
    const key = watch.key;
    requestAnimationFrame(() => setTimeout(() => {
      if (key !== watch.key || watch.done) return;
      const asked = performance.getEntriesByType('resource').filter(
        one => one.name.endsWith('/live') && one.startTime >= key && one.responseEnd).at(-1);
      watch.done = { all: performance.now() - key, paused: asked.startTime - key,
        server: asked.responseStart - asked.requestStart, other: pictures() !== before };
    }));
  }).observe(document.querySelector('.preview'),
    { attributes: true, attributeFilter: ['data-drawn'] });
}"""


@dataclass(frozen=True, slots=True)
class Pause:
    """Milliseconds: from the last key to the picture, to the asking, and inside the server."""

    all: float
    paused: float
    server: float


def run() -> str:
    """The figures, as a Markdown table."""
    with _served() as address, browser() as page:
        _draft(page, address)
        pauses = list(_typed(page))[WARM:]
    half, most = _share([one.all for one in pauses])
    server = _share([one.server for one in pauses])
    asked = _share([one.paused for one in pauses])
    beside = f"{len(pauses)} pauses; asked after {asked[0]:.0f}, at most {asked[1]:.0f} in 95 %"
    return figures.table(
        "Preview",
        [
            Figure("last key to the picture of three pages, p50", half, "ms", 300, beside),
            Figure("the same, p95", most, "ms", 300),
            Figure("the server's share of it, p50", server[0], "ms", 150),
            Figure("the same, p95", server[1], "ms", 200),
        ],
    )


def _share(values: list[float]) -> tuple[float, float]:
    """The middle, and what 95 of 100 keep."""
    parts = quantiles(values, n=20, method="inclusive")
    return parts[9], parts[18]


@contextmanager
def _served() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="saraban-bench-") as folder:
        port = free_port()
        environ = {"SARABAN_HOME": folder, "SARABAN_PORT": str(port), "SARABAN_DEMO": "1"}
        with running([SARABAN, "serve"], port, environ, Path(folder) / "log"):
            yield f"http://127.0.0.1:{port}"


def _draft(page: Page, address: str) -> None:
    """A letter of three pages is open, and the cursor stands at its end."""
    letter = sample("S01")
    page.goto(f"{address}/sign-in")
    page.fill("#username", WRITER)
    page.fill("#password", PASSWORDS[WRITER])
    page.click("form[action='/sign-in'] button[type=submit]")
    page.goto(f"{address}/documents/new?kind=EXT")
    page.select_option("#position_lines", letter["position_lines"][0])
    page.fill("#subject", "หนังสือสามหน้า")
    page.fill("#to", letter["to"])
    write_body(page, "\n".join([*letter["paragraphs"][:2] * 9, "จึงเรียนมาเพื่อโปรดพิจารณา"]))
    page.click("text=สร้างร่างหนังสือ")
    page.wait_for_url("**/edit")
    page.wait_for_selector(".preview .sheet:nth-child(3) img")
    page.focus("#paragraphs")
    page.keyboard.press("Control+End")
    page.evaluate(_WATCH)


def _typed(page: Page) -> Iterator[Pause]:
    """Half of the pauses behind the first line, so that what follows it moves; half at the end."""
    keys, chance = page.context.new_cdp_session(page), random.Random(2569)
    for turn in range(WARM + PAUSES):
        page.evaluate("document.querySelector('#paragraphs').focus()")
        page.keyboard.press("Control+Home" if turn % 2 else "Control+End")
        page.keyboard.press("End")
        for _ in range(MANY if turn % 6 == 5 else chance.randint(*KEYS)):
            _press(keys, chance.choice(_LETTERS))
            page.wait_for_timeout(chance.uniform(*GAPS))
        _press(keys, "น")
        found = page.wait_for_function("() => window.watched.done", timeout=30_000).json_value()
        assert found["other"], "The pages that were shown are those from before."
        yield Pause(found["all"], found["paused"], found["server"])
        page.wait_for_timeout(chance.uniform(*LOOKS))


def _press(keys: CDPSession, letter: str) -> None:
    """A key of a Thai keyboard: Playwright's own has Latin ones."""
    for kind in ("keyDown", "keyUp"):
        text = {"text": letter} if kind == "keyDown" else {}
        keys.send("Input.dispatchKeyEvent", {"type": kind, "key": letter, **text})
