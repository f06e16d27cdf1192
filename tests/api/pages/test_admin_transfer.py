"""Import and export on pages: a preview that keeps nothing, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from support.browsing import Browser, Form, Page
from support.world import World

from engine.db import reading
from engine.jobs import run_job
from office.people import queries
from office.people.models import table_import
from office.people.transfer import tables, xlsx

Enter = Callable[[str], Browser]


@pytest.fixture
def admin(enter: Enter) -> Browser:
    return enter("admin")


def uploading(page: Page) -> Form:
    return page.form("/admin/transfer")


def table(code: str, name: str = "กลุ่มนำเข้า") -> bytes:
    lines = [["รหัสหน่วย", "ชื่อ", "ชนิด", "อยู่ใต้รหัส"], [code, name, "group", "central"]]
    return tables.write_csv(lines)


def units(office: World) -> dict[str, str]:
    with reading(office.system.engine) as db:
        return {row.code: row.name for row in queries.units(db, office.home.id)}


def test_a_preview_shows_what_a_press_does(admin: Browser, office: World) -> None:
    code = f"u{uuid4().hex[:8]}"
    page = uploading(admin.open("/admin/transfer")).send(
        table="units", file=("หน่วย.csv", table(code))
    )
    assert page.status == 200, page.text
    assert code in page.text
    assert "กลุ่มนำเข้า" in page.text
    assert code not in units(office)
    done = page.form("/admin/transfer/apply").send()
    assert "เพิ่ม 1 เปลี่ยน 0 คงเดิม 0" in done.text
    assert units(office)[code] == "กลุ่มนำเข้า"
    changed = xlsx.write([["code", "name"], [code, "ชื่อใหม่"], ["central", "กองกลาง"]])
    page = uploading(done).send(table="units", file=("x.xlsx", changed))
    assert "กลุ่มนำเข้า" in page.text
    assert page.form("/admin/transfer/apply").send().status == 200
    assert units(office)[code] == "ชื่อใหม่"
    page = uploading(done).send(table="units", file=("x.xlsx", changed))
    assert "ทุกแถวตรงกับที่มีอยู่แล้ว" in page.text
    assert "นำเข้าตาราง" in admin.open("/admin/history").text


def test_mistakes_are_located_and_nothing_is_kept(admin: Browser, office: World) -> None:
    before = units(office)
    form = uploading(admin.open("/admin/transfer"))
    wrong = b"code,name,kind,parent\ngood1,x,group,central\nbad1,y,galaxy,nowhere\n"
    page = form.send(table="units", file=("x.csv", wrong))
    assert page.status == 422
    assert "nowhere" in page.text
    rows = page.tree.xpath("//tbody/tr[th='3']")
    assert rows
    assert form.send(table="units", file=("x.csv", b"")).status == 422
    assert form.send(table="units", file=("", b"")).status == 422
    assert form.send(table="units", file=("x.xlsx", b"PK\x03\x04")).status == 422
    assert form.send(table="secrets", file=("x.csv", wrong)).status == 404
    token = form.values()["csrf_token"][0]
    for carried in ("", "!!!", "eJw", "x" * 1000):
        sent = {"csrf_token": token, "table": "units", "rows": carried}
        assert admin.post("/admin/transfer/apply", sent).status in {404, 422}
    assert units(office) == before


def test_exports_are_files_that_come_in_again(admin: Browser, office: World) -> None:
    for name, fewest in (("units", 20), ("positions", 20), ("people", 20), ("grants", 3)):
        for kind in ("csv", "xlsx"):
            answer = admin.client.get(f"/admin/transfer/{name}.{kind}")
            assert answer.status_code == 200
            assert f"{name}.{kind}" in answer.headers["Content-Disposition"]
            rows = tables.read(name, f"{name}.{kind}", answer.data)
            assert len(rows) > fewest
            page = uploading(admin.open("/admin/transfer")).send(
                table=name, file=(f"{name}.{kind}", answer.data)
            )
            if len(rows) > 2_000:  # other tests have made the house large
                job_of(office, page.path)
                page = admin.open(page.path)
            assert "ทุกแถวตรงกับที่มีอยู่แล้ว" in page.text, page.text[:500]
    assert admin.open("/admin/transfer/units.exe").status == 404


def test_others_neither_take_nor_bring(enter: Enter, office: World) -> None:
    official, stranger = enter("faem"), enter("tambon")
    assert official.open("/admin/transfer").status == 403
    assert official.client.get("/admin/transfer/people.csv").status_code == 403
    theirs = stranger.client.get("/admin/transfer/people.csv").data.decode("utf-8-sig")
    assert "somying" not in theirs
    assert "tambon" in theirs
    token = official.open("/account").form("/language").values()["csrf_token"][0]
    for path in ("/admin/transfer", "/admin/transfer/apply"):
        assert official.post(path, {"csrf_token": token, "table": "units"}).status == 403


def test_a_move_to_another_post_is_previewed_in_words(admin: Browser, office: World) -> None:
    who, code = f"m{uuid4().hex[:8]}", f"p{uuid4().hex[:8]}"
    posts = [["code", "name", "unit", "level"], [code, "นักทดลอง", "central", "officer"]]
    page = uploading(admin.open("/admin/transfer")).send(
        table="positions", file=("x.csv", tables.write_csv(posts))
    )
    page.form("/admin/transfer/apply").send()
    lines = [["username", "given_name", "position", "since"], [who, "ย้าย", code, "1/12/2570"]]
    page = uploading(admin.open("/admin/transfer")).send(
        table="people", file=("x.csv", tables.write_csv(lines))
    )
    assert f"ดำรงตำแหน่ง นักทดลอง ({code}) ตั้งแต่ 1 ธ.ค. 2570" in page.text
    assert "เพิ่ม 1" in page.form("/admin/transfer/apply").send().text


def test_second_posts_and_roles_are_previewed_by_pair(admin: Browser, office: World) -> None:
    who, code = f"m{uuid4().hex[:8]}", f"p{uuid4().hex[:8]}"
    for table_name, lines in (
        (
            "positions",
            [["code", "name", "unit", "level"], [code, "ตำแหน่งรองทดลอง", "central", "officer"]],
        ),
        ("people", [["username", "given_name"], [who, "สองตำแหน่ง"]]),
        ("posts", [["ชื่อผู้ใช้", "รหัสตำแหน่งรอง", "ตั้งแต่"], [who, code, "1/12/2570"]]),
    ):
        page = uploading(admin.open("/admin/transfer")).send(
            table=table_name, file=("x.csv", tables.write_csv(lines))
        )
        assert page.status == 200, page.text
        done = page.form("/admin/transfer/apply").send()
        assert "เพิ่ม 1" in done.text
    assert f"{who} · {code}" in page.text
    assert "2027-12-01" in page.text
    wrong = tables.write_csv([["username", "role"], [who, "no-such-role"]])
    page = uploading(done).send(table="grants", file=("x.csv", wrong))
    assert page.status == 422
    assert page.tree.xpath("//tbody/tr[th='2'][contains(td, 'รหัสบทบาท')]")


def test_members_of_committees_come_in_with_a_preview(admin: Browser, office: World) -> None:
    page = admin.open("/admin/transfer").form("/admin/transfer")
    wrong = page.send(
        table="seats", file=("x.csv", "username,committee,seat\nobrom,stocktake,ที่ปรึกษา\n".encode())
    )
    assert wrong.status == 422
    assert "ในฐานะ" in wrong.text
    assert "รหัสที่นั่งของคณะนั้น" in wrong.text
    good = "username,committee,seat,since\nlekha,stocktake,กรรมการ,1/12/2570\n"
    preview = page.send(table="seats", file=("x.csv", good.encode()))
    assert "lekha · stocktake · กรรมการ" in preview.text
    assert "lekha" not in admin.open("/admin/transfer/seats.csv").response.data.decode()
    done = preview.form("/admin/transfer/apply").send()
    assert "เพิ่ม 1" in done.text
    assert "lekha" in admin.open("/admin/transfer/seats.csv").response.data.decode()


def job_of(office: World, address: str) -> None:
    """Run the job of the import that is open there."""
    this = UUID(address.rpartition("/")[2])
    with reading(office.system.engine) as db:
        found = sa.select(table_import.c.job_id).where(table_import.c.id == this)
        job_id = db.execute(found).scalar_one()
    assert run_job(office.system.bus, job_id)


def many(prefix: str, size: int = 2_001) -> bytes:
    lines = [["code", "name", "kind", "parent"]]
    lines += [[f"{prefix}{n}", f"กลุ่มที่ {n}", "group", "central"] for n in range(size)]
    return tables.write_csv(lines)


def test_a_large_file_is_looked_through_by_a_job(admin: Browser, office: World) -> None:
    prefix = f"l{uuid4().hex[:8]}-"
    sent = uploading(admin.open("/admin/transfer")).send(
        table="units", file=("หน่วย.csv", many(prefix))
    )
    place = sent.path
    assert "กำลังตรวจทุกแถว" in sent.text
    assert "กำลังตรวจทุกแถว" in admin.open(f"{place}/progress").text
    job_of(office, place)
    assert "เสร็จแล้ว" in admin.open(f"{place}/progress").text
    ready = admin.open(place)
    assert "เพิ่ม 2001" in " ".join(ready.text.split())
    assert "แสดง 500 แถวแรก จาก 2001 แถวที่จะเพิ่มหรือเปลี่ยน" in ready.text
    assert f"{prefix}7" not in units(office)
    assert "กำลังนำเข้า" in ready.form(f"{place}/apply").send().text
    job_of(office, place)
    assert "นำเข้าแล้ว: เพิ่ม 2001 เปลี่ยน 0 คงเดิม 0" in admin.open(place).text
    assert f"{prefix}7" in units(office)
    history = admin.open("/admin/history")
    assert f"{prefix}1999" not in history.text
    [link] = history.tree.xpath("//a[text()='ดูทีละรายการ'][1]/@href")[:1]
    assert f"{prefix}1999" in admin.open(link).text


def test_a_large_file_can_be_let_go_or_is_wrong(
    enter: Enter, admin: Browser, office: World
) -> None:
    prefix = f"d{uuid4().hex[:8]}-"
    wrong = many(prefix) + f"{prefix}x,x,galaxy,central\r\n".encode()
    place = uploading(admin.open("/admin/transfer")).send(table="units", file=("x.csv", wrong)).path
    job_of(office, place)
    assert admin.open(place).tree.xpath("//tbody/tr[th='2003']")
    sent = uploading(admin.open("/admin/transfer")).send(
        table="units", file=("x.csv", many(prefix))
    )
    job_of(office, sent.path)
    form = admin.open(sent.path).form(f"{sent.path}/apply")
    dropped = admin.post(f"{sent.path}/drop", {"csrf_token": form.values()["csrf_token"][0]})
    assert "ไม่เก็บไฟล์นี้แล้ว" in dropped.text
    assert form.send().status == 409
    assert enter("faem").open(sent.path).status == 403
    assert enter("tambon").open(sent.path).status in {403, 404}


def test_what_changed_after_the_preview_is_told(admin: Browser, office: World) -> None:
    code = f"u{uuid4().hex[:8]}"
    first = uploading(admin.open("/admin/transfer")).send(
        table="units", file=("x.csv", table(code, "หนึ่ง"))
    )
    other = uploading(admin.open("/admin/transfer")).send(
        table="units", file=("x.csv", table(code, "สอง"))
    )
    assert other.form("/admin/transfer/apply").send().status == 200
    refused = first.form("/admin/transfer/apply").send()
    assert refused.status == 409
    assert "มีการเปลี่ยนแปลงหลังจากที่แสดงไว้" in refused.text
    assert units(office)[code] == "สอง"
