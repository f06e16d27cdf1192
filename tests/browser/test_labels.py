"""Names on the canvas and on our own pictures: lines end between words, and within their shapes."""

from __future__ import annotations

from itertools import pairwise
from xml.sax.saxutils import quoteattr

import pytest
from support.thai_names import NAMES, NEVER_FIRST, NEVER_LAST, ends

from signing.thai import clusters, opportunities

pytestmark = pytest.mark.browser

WIDE, HIGH = 100, 80
#: each line of each name, and how far it reaches over its shape, pixels
CANVAS = """() => [...document.querySelectorAll('.djs-shape')].flatMap(one => {
  const box = one.querySelector('.djs-visual > rect'), text = one.querySelector('.djs-label');
  if (!box || !text) return [];
  const b = box.getBoundingClientRect(), t = text.getBoundingClientRect();
  const scale = b.width / box.width.baseVal.value;
  const over = Math.max(b.left - t.left, t.right - b.right, b.top - t.top, t.bottom - b.bottom);
  return [[[...text.children].map(line => line.textContent), over / scale]];
})"""
PICTURE = """() => [...document.querySelectorAll('.pic__n')].map(name => {
  const box = name.closest('foreignObject').getBoundingClientRect(), rows = new Map();
  const walk = document.createTreeWalker(name, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let over = 0;
  while (walk.nextNode()) for (let n = 0; n < walk.currentNode.length; n++) {
    range.setStart(walk.currentNode, n); range.setEnd(walk.currentNode, n + 1);
    const at = range.getBoundingClientRect(), y = Math.round(at.top / 4);
    if (!walk.currentNode.data[n].trim() || at.top >= box.bottom) continue;
    over = Math.max(over, box.left - at.left, at.right - box.right, box.top - at.top);
    const row = [...rows.keys()].find(one => Math.abs(one - y) < 2) ?? y;
    rows.set(row, (rows.get(row) ?? '') + walk.currentNode.data[n]);
  }
  return [name.title, [...rows.values()], over];
})"""


def drawn() -> bytes:
    tasks, shapes = "", ""
    for n, name in enumerate(NAMES):
        x, y = 120 + n % 4 * 160, 80 + n // 4 * 140
        tasks += f'<userTask id="t{n}" name={quoteattr(name)}/>'
        shapes += (
            f'<di:BPMNShape id="t{n}_di" bpmnElement="t{n}">'
            f'<dc:Bounds x="{x}" y="{y}" width="{WIDE}" height="{HIGH}"/></di:BPMNShape>'
        )
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        ' xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"'
        ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" id="d" targetNamespace="urn:t">'
        f'<process id="labels" isExecutable="true">{tasks}</process>'
        f'<di:BPMNDiagram id="g"><di:BPMNPlane id="p" bpmnElement="labels">{shapes}'
        "</di:BPMNPlane></di:BPMNDiagram></definitions>"
    ).encode()


def sound(name: str, lines: list[str]) -> None:
    """Every line ends where the printer's own may, or between letters of what no line holds."""
    allowed = opportunities(name)
    cuts = [0, *sorted(allowed), len(name)]
    endless = [
        range(start + 1, end)
        for start, end in pairwise(cuts)
        if len(clusters(name[start:end].strip())) > 8
    ]
    for at in ends(name, lines):
        assert at in allowed or any(at in one for one in endless), (name[:at], name[at:])
    for line in lines[1:]:
        assert not NEVER_FIRST.match(line), lines
    for line in lines[:-1]:
        assert not NEVER_LAST.search(line), lines


@pytest.fixture
def opened(sit_down, tmp_path):
    desk = sit_down("admin")
    page = desk.open("/designer")
    file = tmp_path / "labels.bpmn"
    file.write_bytes(drawn())
    page.set_input_files("#files", file)
    page.click("form[action='/designer/import'] button")
    page.wait_for_url("**/checklist")
    page.goto(page.url.removesuffix("/checklist"))
    page.wait_for_selector("[data-designer][data-ready]")
    return page


def test_names_on_the_canvas_end_lines_between_words_and_stay_in_their_shapes(opened):
    told = opened.evaluate(CANVAS)
    assert len(told) == len(NAMES)
    for name, (lines, over) in zip(NAMES, told, strict=True):
        assert over <= 2, (name, lines, over)  # the typeface's own room above its letters
        assert 2 <= len(lines) <= 5, lines
        sound(name, lines)


def test_names_on_our_own_pictures_end_lines_where_printed_ones_do(opened):
    opened.goto(opened.url.split("?")[0].split("#")[0] + "/play")
    told = {name: (lines, over) for name, lines, over in opened.evaluate(PICTURE)}
    assert set(told) == set(NAMES)
    for name, (lines, over) in told.items():
        assert over <= 1, (name, lines, over)
        sound(name, lines)
