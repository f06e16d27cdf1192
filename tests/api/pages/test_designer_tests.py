"""A model's tests on a page: written, run, in the way of publishing until they are green."""

from __future__ import annotations

import json

import pytest

from office.chains.compose import compose
from office.chains.model import Ask, Chain, Who
from office.chains.words import outcomes_of
from office.modeling.testing import Laboratory


@pytest.fixture
def draft(enter, request):
    """The address of a new draft, and the browser."""
    admin = enter("admin")
    key = f"t{abs(hash(request.node.name)) % 10**9}"
    return admin.open("/designer").form("/designer").send(name="ขอลา", key=key)


def _tests(page):
    return page.browser.open(f"{page.path}/tests")


def _save(page, **values):
    return page.form(page.path).send(**{f"0.{name}": text for name, text in values.items()})


def test_a_test_that_fails_says_where_and_stands_in_the_way(draft):
    page = _save(_tests(draft), name="เดินจนจบ", answers="work", end="begin", path="begin work end")
    said = "".join(page.tree.xpath("//*[@data-failures]")[0].itertext())
    assert "ควรจบหรือรอที่ “เริ่ม” แต่อยู่ที่ “เสร็จ” (end)" in said
    publish = page.browser.open(f"{draft.path}/publish")
    assert "ไม่ผ่าน 1 จาก 1 ข้อ" in publish.text
    assert not publish.tree.xpath("//textarea[@name='note']")
    token = page.form(page.path).values()["csrf_token"][0]
    sent = {"csrf_token": token, "revision": "2", "note": "x", "after": "0"}
    assert page.browser.post(f"{draft.path}/publish", sent).status == 422
    page = _save(page, end="end")
    assert "ผ่านทั้ง 1 ข้อ" in page.text
    assert "เดินผ่านครบทุกเส้น" in page.text
    way = ["".join(one.itertext()) for one in page.tree.xpath("//*[@data-way]/li")]
    assert way == ["เริ่ม", "ดำเนินการ", "เสร็จ"]
    ask = page.browser.open(f"{draft.path}/publish")
    done = ask.form(ask.path).send(note="รุ่นแรก")
    assert done.path.startswith("/definitions/"), done.text
    # They travel with the model.
    again = done.form("/designer/open").send()
    assert ".tests.json" in again.text


STUCK = """<bpmn:scriptTask id="work" name="คำนวณ"><bpmn:extensionElements>
<saraban:result variable="each" /></bpmn:extensionElements><bpmn:incoming>to_work</bpmn:incoming>
<bpmn:outgoing>to_end</bpmn:outgoing><bpmn:script>12 / days</bpmn:script></bpmn:scriptTask>"""


@pytest.mark.parametrize(("start", "said"), [
    ("days = 0", "ติดขัดที่ “คำนวณ”: “12 / days” ต้องให้ค่า แต่ได้ค่าว่าง"),
    ("days = 1 +", "ค่า days อ่านไม่ได้ “1 +”: บรรทัด 1 ตัวที่"),
])  # fmt: skip
def test_what_the_engine_says_of_a_red_test_is_told_in_the_readers_language(draft, start, said):
    xml = draft.browser.open(f"{draft.path}/xml").response.text
    whole = xml.partition("<bpmn:userTask")[0] + STUCK + xml.partition("</bpmn:userTask>")[2]
    form = draft.browser.open("/designer").form("/designer/import")
    page = form.send(files=("a.bpmn", whole.encode()))
    tests = page.browser.open(page.path.replace("/checklist", "/tests"))
    page = _save(tests, name="แบ่ง", start=start, end="end")
    told = "".join(page.tree.xpath("//*[@data-failures]")[0].itertext())
    assert said in told
    assert "Expected" not in told


@pytest.fixture
def runs(monkeypatch):
    """How many files of tests were run since: a list that grows."""
    found, real = [], Laboratory.run

    def counted(self, tried):
        found.append(self.process_id)
        return real(self, tried)

    monkeypatch.setattr(Laboratory, "run", counted)
    return found


def test_publishing_runs_the_tests_once_and_its_refusal_tells_what_came_of_them(draft, runs):
    page = _save(_tests(draft), name="ถึงปลาย", answers="work", end="end")
    ask = page.browser.open(f"{draft.path}/publish").form(f"{draft.path}/publish")
    red = {"cases": [{"name": "แดง", "answers": [{"element": "work"}], "end": "begin"}]}
    shown = page.browser.open(draft.path)
    shown = shown.form(f"{draft.path}/files").send(
        files=("second.tests.json", json.dumps(red).encode())
    )
    sent = {name: values[0] for name, values in ask.values().items()}
    runs.clear()
    refused = page.browser.post(f"{draft.path}/publish", {**sent, "note": "x", "revision": "3"})
    assert (refused.status, len(runs)) == (422, 2)
    said = [one.text_content() for one in refused.tree.xpath("//*[@data-failures]")]
    assert len(said) == 1
    assert "ควรจบหรือรอที่ “เริ่ม” แต่อยู่ที่ “เสร็จ” (end)" in said[0]
    assert "ผ่านทั้ง 1 ข้อ" in refused.text
    ids = refused.tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert not refused.tree.xpath("//textarea[@name='note']")
    red["cases"][0]["end"] = "end"
    shown = page.browser.open(draft.path)
    shown.form(f"{draft.path}/files").send(files=("second.tests.json", json.dumps(red).encode()))
    ask = page.browser.open(f"{draft.path}/publish").form(f"{draft.path}/publish")
    runs.clear()
    assert ask.send(note="รุ่นแรก").path.startswith("/definitions/")
    assert len(runs) == 2


def test_whom_a_step_looks_up_is_asked_of_the_agency_or_said_by_the_test(enter):
    """Superiors are those of the test's starter. Nobody of another agency is found."""
    yes = outcomes_of("approve", refusal=False)
    steps = (
        Ask("up", "approve", "ขั้นหนึ่ง", Who("ladder", rank="division"), yes, "in_order"),
        Ask("far", "approve", "ขั้นสอง", Who("members", ("unit:muban",)), yes),
    )
    chain = Chain("lookups", "หาผู้ทำ", steps)
    imported = enter("admin").open("/designer").form("/designer/import")
    files = compose(chain)
    page = imported.send(files=("lookups.bpmn", files["lookups.bpmn"]))
    page = page.browser.open(f"{page.path.removesuffix('/checklist')}/tests")
    page = _save(page, name="สองขั้น", answers="up approve\nup approve\nup approve", end="l_far")

    def red() -> str:
        return page.tree.xpath("//*[@data-failures]")[0].text_content()

    mend = 'ระบุผู้เริ่มเรื่องของข้อทดสอบ หรือเขียนคำตอบเอง เช่น l_up; people = ["position:…"]'
    assert f"หาผู้ทำไม่ได้ {mend}" in red()
    page = _save(page, starter="นางสาวทดสอบ ร่างดี")
    assert page.form(page.path).values()["0.starter"] == ["thotsop"]
    (found,) = page.tree.xpath("//*[@data-looked-up]/li")
    assert "(l_up): เจ้าพนักงานธุรการชำนาญงาน" in found.text_content()
    assert "l_far; people" in red()
    publish = page.path.replace("/tests", "/publish")
    assert not page.browser.open(publish).tree.xpath("//textarea[@name='note']")
    far = '\nup approve\nl_far; people = ["person:faem"]\nfar approve'
    page = _save(page, starter="", answers=f'l_up; people = ["person:somying"]{far}', end="end")
    assert "ผ่านทั้ง 1 ข้อ" in page.text
    ask = page.browser.open(publish).form(publish)
    assert ask.send(note="รุ่นแรก").path.startswith("/definitions/")


def test_tests_travel_as_a_file(draft):
    page = _save(_tests(draft), name="หนึ่ง", answers="work")
    shown = draft.browser.open(draft.path)
    (file,) = [one.text for one in shown.tree.iter("code") if ".tests.json" in (one.text or "")]
    content = page.browser.open(f"{draft.path}/files/get?name={file}").response.data
    other = page.browser.open("/designer").form("/designer").send(name="ข", key=f"{file[:9]}x")
    added = other.form(f"{other.path}/files").send(files=(file, content))
    assert page.browser.open(f"{added.path}/tests").tree.xpath("//input[@value='หนึ่ง']")


def test_a_line_that_cannot_be_read_is_said_and_nothing_is_lost(draft):
    page = _save(_tests(draft), name="หนึ่ง", start="มากมาย")
    assert page.status == 422
    assert "บรรทัดนี้อ่านไม่ได้" in page.text
    assert page.tree.xpath("//input[@value='หนึ่ง']")


def test_a_test_is_taken_away(draft):
    page = _save(_tests(draft), name="หนึ่ง", answers="work")
    page = page.form(page.path).send(**{"0.remove": "1"})
    assert not page.tree.xpath("//input[@value='หนึ่ง']")


def test_a_model_that_cannot_run_is_said_so(draft):
    xml = draft.browser.open(f"{draft.path}/xml").response.text
    broken = (
        draft.browser.open("/designer")
        .form("/designer/import")
        .send(files=("broken.bpmn", xml.replace('targetRef="end"', 'targetRef="gone"').encode()))
    )
    page = broken.browser.open(f"{broken.path.removesuffix('/checklist')}/tests")
    page = _save(page, name="หนึ่ง")
    assert "ยังทดสอบไม่ได้" in page.text


def test_tests_that_are_too_large_are_named_with_the_place(draft):
    page = _save(_tests(draft), name="หนึ่ง", answers="work")
    shown = draft.browser.open(draft.path)
    (file,) = [one.text for one in shown.tree.iter("code") if ".tests.json" in (one.text or "")]
    large = {"cases": [{"name": "ก", "start": {f"v{n}": "1" for n in range(30_000)}}]}
    content = json.dumps(large).encode()
    page = shown.form(f"{draft.path}/files").send(files=(file, content))
    page = page.browser.open(f"{draft.path}/tests")
    assert page.status == 200
    assert "ชุดทดสอบใหญ่เกินที่รับได้ ที่ cases.0.start" in page.text
    ask = page.browser.open(f"{draft.path}/publish")
    assert not ask.tree.xpath("//textarea[@name='note']")
    token = shown.form(f"{draft.path}/files").values()["csrf_token"][0]
    sent = {"csrf_token": token, "revision": "3", "note": "x", "after": "0"}
    refused = page.browser.post(f"{draft.path}/publish", sent)
    assert refused.status == 422
    for one in (ask, refused):
        assert "ชุดทดสอบใหญ่เกินที่รับได้" in one.text
