"""Fields for files on pages: what has come stays, whatever else is wrong."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from support.builders import assigned, bpmn, extension, outcomes, user

from api.pages import guide
from engine import jsonio
from forms.stored import StoredForms
from office.files import uploads

ASK = {"components": [
    {"type": "textfield", "key": "subject", "label": "เรื่อง", "validate": {"required": True}},
    {"type": "filepicker", "key": "quotation", "label": "ใบเสนอราคา", "accept": ".pdf,.txt",
     "multiple": True, "validate": {"required": True}},
    {"type": "filepicker", "key": "map", "label": "แผนที่"},
]}  # fmt: skip
CHECK = {"components": [
    {"type": "filepicker", "key": "quotation", "label": "ใบเสนอราคา", "readonly": True},
    {"type": "filepicker", "key": "map", "label": "แผนที่"},
    {"type": "textfield", "key": "note", "label": "หมายเหตุ", "validate": {"required": True}},
]}  # fmt: skip


@pytest.fixture(scope="module")
def start(office):
    """The page on which the process is begun, of thotsop."""
    return _begun_at(office, CHECK)


@pytest.fixture(scope="module")
def changing(office):
    """The same, with a step that may change the files."""
    return _begun_at(office, ASK)


def _begun_at(office, checked):
    key = f"buy{uuid4().hex[:6]}"
    check = user("check", assigned("starter"), extension("form", key="check"), outcomes("ok"))
    source = bpmn(key, check, flows="start>check check>end", title="=subject").replace(
        b"<saraban:title ", b'<saraban:start form="ask"/><saraban:title '
    )
    forms = {
        f"{n}.form.json": jsonio.dumps(f).encode() for n, f in (("ask", ASK), ("check", checked))
    }
    office.deploy({f"{key}.bpmn": source, **forms})
    from support.browsing import signed_in

    admin = signed_in(office.client.application, "admin")
    return admin.open("/definitions").tree.xpath(f"//tr[td/code='{key}']/th/a/@href")[0]


def _send(form, **typed):
    """Several files of one field are pairs in a list."""
    data = {**form.values(), **typed}
    posted = [
        (name, (BytesIO(one[1]), one[0]) if isinstance(one, tuple) else one)
        for name, given in data.items()
        for one in (given if isinstance(given, list) else [given])
    ]
    from werkzeug.datastructures import MultiDict

    return form.page.browser.post(form.element.get("action"), MultiDict(posted))


def _ticked(page, name):
    return page.tree.xpath(f"//input[@type='checkbox'][@name='{name}']/@value")


def test_files_and_words_stay_while_something_is_wrong(enter, start, monkeypatch):
    monkeypatch.setattr(uploads, "MOST", 5_000)
    page = enter("thotsop").open(start)
    form = page.form(f"{start}/start")
    assert form.element.get("enctype") == "multipart/form-data"
    (field,) = page.tree.xpath("//input[@type='file'][@name='quotation']")
    assert (field.get("accept"), field.get("multiple")) == (".pdf,.txt", "multiple")
    page = form.send()
    assert (page.status, page.error("f-quotation")) == (422, "ต้องกรอกช่องนี้")
    good, bad = ("ราคา.txt", b"100"), ("ร้าน.pdf", b"no pdf")
    others = ("x.csv", b"a"), ("e.txt", b"")
    page = _send(page.form(f"{start}/start"), quotation=[good, bad, *others],
                 map=[("ใหญ่.pdf", b"%PDF-" + b"0" * 5_000)])  # fmt: skip
    assert page.status == 422
    said = page.error("f-quotation")
    assert "ร้าน.pdf" in said
    assert "ใหญ่.pdf" in page.error("f-map")
    (taken,) = _ticked(page, "quotation")
    # the words are wrong now, the file is here already; another comes beside it
    page = _send(page.form(f"{start}/start"), quotation=[taken, ("สอง.txt", b"2")])
    assert (page.status, page.error("f-subject")) == (422, "ต้องกรอกช่องนี้")
    first, second = _ticked(page, "quotation")
    assert first == taken
    page = _send(page.form(f"{start}/start"), subject="ซื้อเครื่องพิมพ์", quotation=[second],
                 map=[("ผัง.png", b"")])  # fmt: skip
    assert page.status == 422
    page = _send(page.form(f"{start}/start"), subject="ซื้อเครื่องพิมพ์", quotation=[second])
    assert (page.status, "ผลของขั้น" in page.text) == (200, True), page.text
    (link,) = page.tree.xpath("//form//a[contains(@href, '/files/')]/@href")
    assert link.endswith(second)
    assert not page.tree.xpath("//form//input[@name='quotation']")
    got = page.browser.open(link).response
    assert (got.data, got.headers["X-Content-Type-Options"]) == (b"2", "nosniff")
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert enter("wichan").open(link).status == 403
    assert page.browser.open(link.replace(second, first)).status == 404  # taken back before it went
    # one alone: what is chosen stands for what was
    action = page.tree.xpath("//form[@id='decide']/@action")[0]
    one, two = ("ก.txt", b"1"), ("ข.txt", b"2")
    page = _send(page.form(action), map=[one])
    assert (page.status, page.error("f-note")) == (422, "ต้องกรอกช่องนี้")
    page = _send(page.form(action), map=[*_ticked(page, "map"), two])
    assert page.status == 422
    (only,) = _ticked(page, "map")
    form = page.form(action)
    page = _send(form, map=[only], note="ครบ")
    assert page.status == 200
    case = page.browser.open(link.partition("/files/")[0])
    names = [a.text for a in case.tree.xpath("//main//dd//a[contains(@href, '/files/')]")]
    assert names == ["สอง.txt", "ข.txt"]
    assert "ไฟล์: สอง.txt" in case.text  # its history
    assert "ไฟล์: ข.txt" in case.text
    assert "ก.txt" not in case.text
    assert "ถูกแทน" not in case.text  # what never went with a form was never there
    # the same page again is the same answer, and nothing is there twice
    again = _send(form, map=[only], note="ครบ")
    assert again.status in {200, 409}


def test_a_case_tells_which_files_were_replaced_and_which_taken_out(enter, changing):
    page = enter("thotsop").open(changing)
    first, kept = ("ฉบับแรก.txt", b"1"), ("คงไว้.txt", b"k")
    page = _send(page.form(f"{changing}/start"), subject="ซื้อตู้", quotation=[first, kept],
                 map=("ผัง.txt", b"m"))  # fmt: skip
    action = page.tree.xpath("//form[@id='decide']/@action")[0]
    one, other = _ticked(page, "quotation")
    page = _send(page.form(action), quotation=[other, ("ฉบับสอง.txt", b"2")], map=[])
    assert page.status == 200, page.text
    case = page.browser.open("/instances?status=completed&q=ซื้อตู้").follow("/instances/01")
    gone = case.tree.xpath("//section[.//h2='ไฟล์ที่ถูกแทนหรือนำออก']//li")
    replaced, out = (" ".join(" ".join(li.itertext()).split()) for li in gone)
    assert replaced.startswith("ฉบับแรก.txt 1 ")
    assert "ใบเสนอราคา · ส่ง วันนี้" in replaced
    assert "แทนด้วย คงไว้.txt, ฉบับสอง.txt วันนี้" in replaced
    assert replaced.count("โดยนางสาวทดสอบ ร่างดี") == 2
    assert out.startswith("ผัง.txt 1 ")
    assert "นำออก วันนี้" in out
    (link,) = gone[0].xpath(".//a/@href")
    assert (link.endswith(one), page.browser.open(link).response.data) == (True, b"1")


def test_the_same_form_sent_twice_is_one_case(enter, start):
    browser = enter("thotsop")
    form = browser.open(start).form(f"{start}/start")
    sent = {
        "subject": f"ซ้ำ {uuid4().hex[:6]}",
        "quotation": [("ราคา.txt", b"7"), ("ราคา.txt", b"7")],
    }
    pages = [_send(form, **sent) for _ in range(2)]
    assert [page.status for page in pages] == [200, 200]
    assert pages[0].path == pages[1].path
    found = browser.open("/instances", query={"q": sent["subject"]})
    assert len(found.links("/instances/01")) == 1
    # come back to and sent with another file it is another case
    other = _send(form, **{**sent, "quotation": [("ราคา.txt", b"8")]})
    assert (other.status, other.path == pages[0].path) == (200, False)


def test_the_guides_example_is_a_form_that_takes_files(enter):
    assert StoredForms().check("ask.form.json", guide.FILES.encode()) == []
    assert StoredForms().files(guide.FILES.encode()) == ["quotation"]
    assert "quotation[1].name" in enter("thotsop").open("/help/designer").text
