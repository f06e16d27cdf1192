"""The approval matrix in the composer: filled in, judged, tried, published, opened again."""

from __future__ import annotations

from typing import Any

import pytest
from support.browsing import Browser, Page, signed_in
from support.world import World


@pytest.fixture(scope="module")
def admin(office: World) -> Browser:
    return signed_in(office.client.application, "admin")


def begun(admin: Browser, name: str) -> Page:
    """A chain whose form asks an amount, a kind and a hurry, with a new matrix."""
    page = admin.open("/chains").form("/chains").send(name=name)
    settings = admin.open(page.path, query={"settings": "1"}).form(f"{page.path}/settings")
    settings.send(**{
        "field-0": "วงเงิน", "kind-0": "number", "field-1": "ชนิด", "kind-1": "choice",
        "options-1": "วัสดุ\nคอมพิวเตอร์",
    })  # fmt: skip
    form = admin.open(page.path).form(f"{page.path}/cards")
    return form.send(button=("act", "add:matrix@:0"))


def filled(page: Page, button: str = "", **typed: Any) -> Page:
    form = next(f for f in page.forms() if "/steps/" in (f.element.get("action") or ""))
    return form.send(button=("table", button), **typed) if button else form.send(**typed)


def row(n: int, low: str = "", high: str = "", way: int | str = "") -> dict[str, str]:
    return {f"low-{n}-field1": low, f"high-{n}-field1": high, f"way-{n}": str(way)}


def table(page: Page) -> list[list[str]]:
    """What the card shows: each rule's cells and its way."""
    rows = page.tree.xpath("//div[contains(@class, 'rules')]//tbody/tr")
    return [[" ".join(cell.itertext()) for cell in one.xpath("td")] for one in rows]


def for_posts(page: Page) -> Page:
    """Two ways, on each of which one post approves, in place of the empty one."""
    for post in ("position:central-director", "position:deputy-2"):
        page = filled(page, "way", way_for=post)
    return filled(page, "unway:0")


def test_rules_are_added_moved_and_removed_by_plain_buttons(admin: Browser) -> None:
    page = for_posts(begun(admin, "ตารางหนึ่ง"))
    page = filled(page, "add", **row(0, "", "100,000", 0), **row(1, "100000", "", 1))
    page = filled(page, "add", **{"in-2-field2": ["คอมพิวเตอร์"]}, **row(2, "", "5", 2))
    ways = ("ผู้อำนวยการกองกลาง", "รองปลัดกระทรวงตัวอย่าง", "นอกจากนั้น")
    assert [one[-1] for one in table(page)] == [*ways]
    page = filled(page, "up:2")
    assert table(page)[1] == ["≤ 5", "คอมพิวเตอร์", "นอกจากนั้น"]
    assert "ข้อ 1 – 2: วงเงิน ≤ 5, ชนิด = คอมพิวเตอร์ ตรงพร้อมกัน" in page.text
    page = filled(page, "drop:1")
    assert table(page) == [["≤ 100,000", "–", ways[0]], ["> 100,000", "–", ways[1]]]
    page = filled(page, **{"label-0": "ผอ."})
    assert table(page)[0][-1] == "ผอ."
    assert "เผยแพร่ได้" in page.text


def test_gaps_are_told_and_the_trial_shows_the_rule(admin: Browser) -> None:
    page = for_posts(begun(admin, "ตารางสอง"))
    page = filled(page, **row(0, "", "100000", 0), **row(1, "500000", "", 1))
    told = "ไม่มีข้อใดตรงเมื่อ วงเงิน > 100,000 ≤ 500,000 เรื่องเดินทางสุดท้าย"
    assert told in page.text
    assert told in admin.open(f"{page.path}/publish").text
    way = page.form(f"{page.path}/try#try").send(starter="thotsop", field1="900000", field2="วัสดุ")
    assert "ข้อ 2 (วงเงิน > 500,000) ไปทาง “รองปลัดกระทรวงตัวอย่าง”" in way.text
    assert "รองปลัดกระทรวงตัวอย่าง" in "".join(
        one.text_content() for one in way.tree.xpath("//ol[@class='route']/li")
    )


def test_typed_mistakes_are_named_by_their_rule(admin: Browser) -> None:
    page = filled(begun(admin, "ตารางสาม"), **row(0, "เก้า", "", 0), **row(1, "5", "", ""))
    assert "ข้อ 1 มีค่าที่ใช้กับช่องนี้ไม่ได้" in page.text
    assert "เลือกทางของข้อ 2" in page.text
    page = filled(page, **row(0, "๑,๐๐๐.๕", "", 0), **row(1, "", "", ""))
    assert table(page) == [["> 1,000.5", "–", "ทางที่ 1"]]
    for typed in (row(0, "-0.5", "", 0), {}):
        page = filled(admin.open(page.path, query={"step": "matrix1"}), **typed)
    assert table(page) == [["> -0.5", "–", "ทางที่ 1"]]


def test_buttons_of_lines_count_those_that_were_emptied(admin: Browser) -> None:
    page = filled(begun(admin, "ตารางห้า"), "add", **row(0, "", "1", 0), **row(1, "1", "2", 0))
    page = filled(page, "add", **row(2, "2", "3", 0))
    page = filled(page, "add", **row(3, "3", "4", 0))
    page = filled(page, "drop:0", **row(0))
    assert [one[0] for one in table(page)] == ["> 1 ≤ 2", "> 2 ≤ 3", "> 3 ≤ 4"]
    page = filled(page, "up:2", **row(0))
    assert [one[0] for one in table(page)] == ["> 3 ≤ 4", "> 2 ≤ 3"]


def test_it_is_a_decision_beside_the_diagram_and_opens_again(admin: Browser) -> None:
    page = for_posts(begun(admin, "ตารางสี่"))
    page = filled(page, **row(0, "", "100000", 0), **row(1, "100000", "", 1))
    chain, before = page.path, table(page)
    asked = admin.open(f"{chain}/publish")
    version = asked.form(f"{chain}/publish").send(note="รุ่นแรก")
    draft = version.form("/designer/open").send()
    file, *_others = draft.links(f"{draft.path}/decisions/")
    decisions = admin.open(file)
    assert "วงเงิน" in decisions.text
    assert decisions.tree.xpath("//*[@value='<= 100000']")
    changed = filled(admin.open(chain, query={"step": "matrix1"}), **row(0, "", "90000", 0))
    assert "ข้อ 1" in changed.text
    asked = admin.open(f"{chain}/publish")
    running = asked.form(f"{chain}/publish").send(note="ลดวงเงิน")
    told = admin.open(running.path.removesuffix("/running") + "/changes")
    assert "กฎข้อ 1" in told.text
    assert 'วงเงิน <= 90000 → "ผู้อำนวยการกองกลาง"' in told.text
    opened = version.form("/chains/open").send()
    assert table(opened) == before
