"""What a big diagram costs in the designer: until it can be drawn on, and until a change is judged.

`python -m bench designer` prints the figures: Chromium and the product's own process tree on one
machine, by the wall clock.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from lxml import etree
from playwright.sync_api import Page, sync_playwright

from bench import figures
from bench.figures import Figure
from bench.language import NODES, big
from bench.servers import PASSWORD, product

ROUNDS = 9
#: nodes in one line of the drawing
_ACROSS = 20
_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_CONDITION = "a[data-element='f1']"
#: another condition, and the time until the findings are of it
_JUDGED = """text => new Promise(done => {
  const field = document.querySelector('#p-condition'), began = performance.now();
  new MutationObserver((_, seen) => { seen.disconnect(); done(performance.now() - began); })
    .observe(document.documentElement, { attributes: true, attributeFilter: ['data-lint'] });
  field.value = text;
  field.dispatchEvent(new Event('change', { bubbles: true }));
})"""


def run() -> str:
    """The figures, as a Markdown table."""
    with product("") as served, browser() as page:
        draft = _import(page, f"http://127.0.0.1:{served.port}")
        opened = statistics.median(_open(page, draft) for _ in range(ROUNDS))
        judged = [_judge(page, n) for n in range(ROUNDS)]
        small = statistics.median(_open(page, _begin(page, served.port)) for _ in range(ROUNDS))
    beside = figures.beside(1000 * opened, 1000 * small, "one of three nodes")
    return figures.table(
        "Designer",
        [
            Figure(f"a process of {NODES} nodes opens", opened, "s", 1.5, beside),
            Figure("lint shown after a change", statistics.median(judged), "ms", 500),
        ],
    )


@contextmanager
def browser() -> Iterator[Page]:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser.new_page(viewport={"width": 1440, "height": 900})
        browser.close()


def _import(page: Page, address: str) -> str:
    """The address of the draft."""
    page.goto(f"{address}/sign-in")
    page.fill("#username", "bench")
    page.fill("#password", PASSWORD)
    page.click("form[action='/sign-in'] button[type=submit]")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "big.bpmn"
        file.write_bytes(drawn(big()))
        page.goto(f"{address}/designer")
        page.set_input_files("#files", file)
        page.click("form[action='/designer/import'] button")
        page.wait_for_url("**/checklist")
    return page.url.removesuffix("/checklist")


def _begin(page: Page, port: int) -> str:
    """The address of a new draft, left at once."""
    page.goto(f"http://127.0.0.1:{port}/designer")
    page.fill("#name", "ขอใช้รถ")
    page.click("form[action='/designer'] button")
    page.wait_for_selector("[data-designer][data-ready]")
    return page.url


def _open(page: Page, draft: str) -> float:
    began = perf_counter()
    page.goto(draft, wait_until="commit")
    page.wait_for_selector("[data-designer][data-ready]")
    return perf_counter() - began


def _judge(page: Page, turn: int) -> float:
    page.locator(_CONDITION).first.dispatch_event("click")
    page.wait_for_selector("#p-condition")
    return float(page.evaluate(_JUDGED, f"=amount > {turn} +"))


def drawn(xml: bytes) -> bytes:
    """With places: line by line, each flow from the middle of one to the middle of the other."""
    root = etree.fromstring(xml)
    (process,) = root.findall(f"{_BPMN}process")
    nodes = [one for one in process if one.get("id") and not one.tag.endswith("}sequenceFlow")]
    at = {one.get("id"): (n % _ACROSS * 180, n // _ACROSS * 140) for n, one in enumerate(nodes)}
    places = [
        f'<di:BPMNShape id="{name}_di" bpmnElement="{name}">'
        f'<dc:Bounds x="{x}" y="{y}" width="50" height="50"/></di:BPMNShape>'
        for name, (x, y) in at.items()
    ]
    for flow in process.iterfind(f"{_BPMN}sequenceFlow"):
        ends = [at[flow.get(end)] for end in ("sourceRef", "targetRef")]
        points = "".join(f'<dd:waypoint x="{x + 25}" y="{y + 25}"/>' for x, y in ends)
        id_ = flow.get("id")
        places.append(f'<di:BPMNEdge id="{id_}_di" bpmnElement="{id_}">{points}</di:BPMNEdge>')
    picture = (
        '<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"'
        ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
        ' xmlns:dd="http://www.omg.org/spec/DD/20100524/DI" id="diagram">'
        f'<di:BPMNPlane id="plane" bpmnElement="{process.get("id")}">{"".join(places)}'
        "</di:BPMNPlane></di:BPMNDiagram>"
    )
    root.append(etree.fromstring(picture))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
