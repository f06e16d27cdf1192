"""The pages of letterhead, emblem and greetings: changed, seen at once, taken back."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from support.browsing import Browser
from support.world import World

from engine.actor import system_actor
from office.documents.commands import SetEmblem, SetGreetings, SetLetterhead, letterhead
from office.people.commands import AddUnit, ChangeUnit

Enter = Callable[[str], Browser]

PAGE = "/admin/letterhead"
EMBLEM = f"{PAGE}/emblem"


@pytest.fixture
def admin(enter: Enter, office: World) -> Iterator[Browser]:
    yield enter("admin")
    for undo in (SetEmblem(None), SetLetterhead(), SetGreetings({})):
        office.system.bus.execute(undo, system_actor(office.home.id))


def red() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 60), "#c00000").save(out, "PNG")
    return out.getvalue()


def emblem_colour(browser: Browser) -> tuple[int, ...]:
    page = Image.open(io.BytesIO(browser.open(f"{PAGE}/trial.png").response.data)).convert("RGB")
    pixel = page.getpixel((472, 128))
    assert isinstance(pixel, tuple)
    return pixel


def test_lines_are_kept_and_taken_away(admin: Browser) -> None:
    page = (
        admin.open(PAGE)
        .form(PAGE)
        .send(name="สำนักเลขานุการ\n\nกระทรวงทดลอง", address="", contact="")
    )
    assert page.form(PAGE).values()["name"][0].split() == ["สำนักเลขานุการ", "กระทรวงทดลอง"]
    assert "แก้ข้อความบนหนังสือ" in page.text
    refused = page.form(PAGE).send(name="\n".join("กขคงจฉ"))
    assert refused.status == 422
    assert refused.error("name") == "พิมพ์ได้ไม่เกิน 5 แถว"
    assert admin.open(PAGE).form(PAGE).send(name="").status == 200


def test_lines_of_a_closed_unit_can_be_taken_away(
    admin: Browser, office: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def do(command: object) -> None:
        office.system.bus.execute(command, system_actor(office.home.id))

    do(AddUnit("closing-soon", "group", "กลุ่มที่จะปิด"))
    do(SetLetterhead("closing-soon", ["ชื่อเดิม"]))
    do(ChangeUnit("closing-soon", active=False))
    monkeypatch.setattr(letterhead, "MOST_UNITS", 1)
    full = admin.open(PAGE).form(PAGE).send(name="สำนัก")
    assert full.status == 422
    assert "ครบ 100 หน่วย" in full.error("unit")
    assert "กลุ่มที่จะปิด ✓ (ปิดแล้ว)" in full.text
    page = admin.open(PAGE, {"unit": "closing-soon"}).form(PAGE)
    assert "(ปิดแล้ว)" not in page.send(name="").text
    assert admin.open(PAGE).form(PAGE).send(name="สำนัก").status == 200


def test_an_emblem_is_seen_at_once_and_taken_back(admin: Browser) -> None:
    assert emblem_colour(admin) == (255, 255, 255)
    page = admin.open(PAGE).form(EMBLEM).send(emblem=("e.png", red()))
    assert page.status == 200, page.text
    assert emblem_colour(admin)[0] > 150
    assert emblem_colour(admin)[1] < 40
    assert page.form(f"{EMBLEM}/remove").send().status == 200
    assert emblem_colour(admin) == (255, 255, 255)


def test_a_hostile_emblem_is_refused_by_line(admin: Browser) -> None:
    hostile = b"<svg xmlns='http://www.w3.org/2000/svg'>\n<script/></svg>"
    page = admin.open(PAGE).form(EMBLEM).send(emblem=("e.svg", hostile))
    assert page.status == 422
    assert "บรรทัดที่ 2: ไฟล์ SVG มีสคริปต์" in page.error("emblem")


def test_words_of_greeting_are_changed_and_reset(admin: Browser) -> None:
    words = "/admin/greetings/words"
    page = admin.open("/admin/greetings").form(words).send(**{"common.closing": "ด้วยความนับถือ"})
    assert page.form(words).values()["common.closing"] == ["ด้วยความนับถือ"]
    assert "แก้คำขึ้นต้นและคำลงท้าย" in page.text
    page = page.form(words).send(reset="1")
    assert page.form(words).values()["common.closing"] == ["ขอแสดงความนับถือ"]


def test_rows_of_greetings_are_added_refused_and_taken_out(
    office: World, admin: Browser, enter: Enter
) -> None:
    rows, row = "/admin/greetings/rows", {"salutation": ["นมัสการ", ""], "closing": ["ขอนมัสการ", ""]}
    form = admin.open("/admin/greetings").form(rows)
    refused = form.send(who=["", ""], purpose=["", ""], **row)
    assert refused.status == 422
    assert refused.error("rows-0-who")
    assert refused.form(rows).values()["closing"][0] == "ขอนมัสการ"
    page = refused.form(rows).send(who=["พระราชาคณะ*", ""], purpose=["", ""], **row)
    assert page.form(rows).values()["purpose"] == ["จึงนมัสการมาเพื่อ", "", ""]
    assert "แก้ตารางคำขึ้นต้นของหน่วยงาน" in page.text
    (found,) = office.get("/letterhead/greetings/rows", as_="thotsop").json["rows"]
    assert found["who"] == "พระราชาคณะ*"
    renamed = {"who": "สภาวัฒนธรรม", "salutation": "เรียนเชิญ", "closing": "ด้วยความนับถือ"}
    office.call("PUT", "/letterhead/greetings/rows", as_="admin", json={"rows": [renamed]})
    offered = enter("thotsop").open("/documents/new", query={"kind": "EXT"})
    choices = offered.tree.xpath("//select[@name='salutation']/option/@value")
    assert choices == ["", "เรียน", "กราบเรียน", "นมัสการ", "เรียนเชิญ"]
    emptied = office.call("PUT", "/letterhead/greetings/rows", as_="admin", json={"rows": []})
    assert emptied.json == {"rows": []}


def test_only_the_registry(enter: Enter) -> None:
    official = enter("wikhro")
    token = official.open("/account").form("/language").values()["csrf_token"][0]
    for path in (PAGE, f"{PAGE}/trial.png"):
        assert official.open(path).status == 403
    for path in (PAGE, EMBLEM, f"{EMBLEM}/remove", "/admin/greetings/words"):
        assert official.post(path, {"csrf_token": token}).status == 403, path


def test_the_same_by_rest(office: World, admin: Browser) -> None:
    assert admin.open(PAGE).status == 200
    body = {"name": ["สำนักเลขานุการ"], "contact": ["โทรสาร ๑"]}
    changed = office.call("PUT", "/letterhead", as_="admin", json=body)
    assert changed.json == {"unit": "", "address": [], **body}
    sent = {"file": (io.BytesIO(red()), "e.png")}
    emblem = office.call("PUT", "/letterhead/emblem", as_="admin", data=sent)
    found = office.get("/letterhead", as_="thotsop").json
    assert found == {"items": [changed.json], "emblem": emblem.json["sha256"]}
    hostile = {"file": (io.BytesIO(b"<svg>\n<script/></svg>"), "e.svg")}
    refused = office.call("PUT", "/letterhead/emblem", as_="admin", data=hostile)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "emblem")
    assert "line 2" in refused.json["errors"][0]["message"]
    reworded = office.call(
        "PUT", "/letterhead/greetings", as_="admin", json={"monk": {"closing": "ด้วยความเคารพ"}}
    )
    assert reworded.json["monk"]["closing"] == "ด้วยความเคารพ"
    assert reworded.json["honour"]["salutation"] == "กราบเรียน"
    assert office.call("PUT", "/letterhead", as_="thotsop", json=body).status_code == 403
    office.post("/letterhead/emblem/remove", {}, as_="admin")
    assert office.get("/letterhead", as_="admin").json["emblem"] is None
