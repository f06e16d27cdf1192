"""Takes the pictures of a running demo: `python tests/browser/pictures.py ADDRESS FOLDER [guide]`.

Those of the README; with `guide` those of the administrators' guide (`api/static/guide`), in the
sizes that the guide says. The demo should be fresh: letters are drafted and sent on their way
first, so that pages have something to show.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from support import composing
from support.samples import sample
from support.writing import write_body

from api.pages.admin_guide_topics import TOPICS
from office.demo.officials import OFFICIALS
from office.demo.secrets import PASSWORDS
from signing.preview import page_png

PINS = {one.username: one.pin for one in OFFICIALS}
WINDOW = {"width": 1440, "height": 900}
LETTERS = (
    ("ขอข้อมูลประกอบการชี้แจงคณะกรรมาธิการงบประมาณ", "4"),
    ("ขอเชิญเป็นวิทยากรบรรยายเรื่องการใช้งานระบบ e-Office", "3"),
    ("ตอบข้อหารือการขอใช้สถานที่จัดกิจกรรม", "2"),
    ("แนวทางปฏิบัติช่วงเปลี่ยนปีงบประมาณ", "1"),
)
COMPOSER = ".page--full .subbar"
DECIDE = ".decide button[type=submit]:visible"


class Camera:
    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self.browser, self.address, self.folder = browser, address, folder

    def sit(self, username: str) -> Page:
        page = self.browser.new_context(viewport=WINDOW, locale="th-TH").new_page()
        page.goto(f"{self.address}/sign-in")
        page.fill("#username", username)
        page.fill("#password", PASSWORDS[username])
        page.click("form[action='/sign-in'] button[type=submit]")
        return page

    def take(self, page: Page, name: str) -> None:
        page.wait_for_load_state("networkidle")
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        picture.save(self.folder / f"{name}.png", optimize=True)

    def print(self, page: Page, name: str) -> None:
        """The first sheet of the letter that the page offers."""
        address = self.address + str(page.get_attribute("a[href$='/pdf']", "href"))
        sheet = Image.open(io.BytesIO(page_png(page.request.get(address).body(), 0, 800)))
        sheet.convert("L").quantize(16).save(self.folder / f"{name}.png", optimize=True)

    def draft(self, subject: str, urgency: str) -> None:
        letter, page = sample("S01"), self.sit("thotsop")
        page.goto(f"{self.address}/documents/new?kind=EXT")
        page.select_option("#position_lines", letter["position_lines"][0])
        page.select_option("#priority", urgency)
        page.fill("#subject", subject)
        page.fill("#to", letter["to"])
        page.fill("#refs-1", letter["refs"][0])
        write_body(page, "\n".join(letter["paragraphs"]))
        page.click("text=สร้างร่างหนังสือ")
        page.click("text=บันทึก แล้วไปเลือกผลของงาน")
        page.click(DECIDE)

    def decide(self, username: str, subject: str, note: str = "") -> None:
        page = self.task(username, subject)
        if note:
            page.fill("#comment", note)
        page.click(DECIDE)

    def task(self, username: str, subject: str) -> Page:
        page = self.sit(username)
        page.goto(f"{self.address}/?view=claimable&q={subject[:30]}")
        page.click(".task__t a >> nth=0")
        return page


def shoot(camera: Camera) -> None:
    for subject, urgency in LETTERS:
        camera.draft(subject, urgency)
        camera.decide("sommut", subject, "แก้คำผิด 3 แห่ง รูปแบบถูกต้องตามระเบียบ")
    invitation = LETTERS[1][0]
    inbox = camera.sit("tuayang")
    camera.take(inbox, "inbox")
    camera.take(camera.task("tuayang", invitation), "task")
    camera.decide("tuayang", invitation, "ตรวจแล้วถูกต้อง")
    camera.decide("phatsadu", invitation, "เห็นชอบ")
    camera.decide("wichan", invitation, "เห็นควรลงนาม")
    page = camera.task("somying", invitation)
    page.click("text=ไปหน้าลงนาม >> nth=0")
    camera.take(page, "sign")
    page.check("#read")
    page.fill("#pin", PINS["somying"])
    page.click("#sign button[type=submit]")
    page.wait_for_url("**/signed")
    camera.print(page, "letter")
    page.click("a:has-text('เส้นทาง')")
    page.wait_for_selector(".at-done")
    camera.take(page, "case")


def compose(camera: Camera) -> None:
    """The composer with a chain that is being tried."""
    page = camera.sit("admin")
    hands = composing.Hands(page)
    page.goto(camera.address)
    composing.begin(hands)
    composing.five_steps(hands)
    composing.try_it(hands, "thotsop")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.set_viewport_size({"width": WINDOW["width"], "height": 1180})
    camera.take(page, "composer")


class GuideCamera(Camera):
    """Smaller pictures: one part of a page, in the size that the guide says, in few colours."""

    sizes = {one.picture.name: one.picture for one in TOPICS if one.picture}

    def show(self, page: Page, name: str, part: str = "main", margin: int = 0) -> None:
        size = self.sizes[name]
        page.set_viewport_size({"width": WINDOW["width"], "height": 1600})
        if part in ("main", COMPOSER):  # as wide as the page, so that nothing is cut at its edge
            left = page.evaluate(f"document.querySelector('{part}').getBoundingClientRect().x")
            page.set_viewport_size({"width": int(left) + size.width, "height": 1600})
        page.wait_for_load_state("networkidle")
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        box = page.locator(part).first.bounding_box()
        assert box is not None, part
        left, top = int(box["x"]) - margin, int(box["y"]) - margin
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        cut = picture.crop((left, top, left + size.width, top + size.height)).quantize(48)
        cut.save(self.folder / f"{name}.png", optimize=True)


def guide(camera: GuideCamera) -> None:
    page = camera.sit("admin")
    hands = composing.Hands(page)
    matrix(camera, hands)
    page.goto(camera.address)
    composing.begin(hands)
    composing.five_steps(hands)
    chain = page.url.split("?")[0].split("#")[0]
    page.click("text=ปลัดอนุมัติ")
    camera.show(page, "compose", COMPOSER)
    _of_one_card(camera, page)
    page.goto(chain)
    composing.try_it(hands, "thotsop")
    camera.show(page, "try", ".compose__try")
    page.goto(f"{chain}/publish")
    page.fill("#note", "รุ่นแรก")
    camera.show(page, "publish")
    page.click("form[action$='/publish'] button")
    _two_cases(page)
    page.goto(chain)
    hands.add("inform")
    page.goto(f"{chain}/publish")
    page.fill("#note", "แจ้งผลเพิ่ม")
    page.click("form[action$='/publish'] button")
    page.click("text=ดูผลก่อนย้าย")
    page.wait_for_selector("text=ผลของแต่ละเรื่อง")
    page.locator("button:has-text('ย้ายเรื่องที่เลือก'), a:has-text('ดูผล')").first.wait_for(
        timeout=60_000
    )
    page.reload()
    camera.show(page, "migrate")
    for name, path in (("leave", "/admin/leaves"), ("units", "/admin/units/general")):
        page.goto(camera.address + path)
        camera.show(page, name)
    page.goto(f"{camera.address}/admin/permissions")
    page.fill("[name=username]", "thotsop")
    page.click("form[action='/admin/permissions'] button")
    camera.show(page, "permissions")


def _of_one_card(camera: GuideCamera, page: Page) -> None:
    """What the last approval does with a refusal, and where nobody can do it; nothing is saved."""
    page.select_option("#refusal", "chosen")
    for one in page.locator("input[name=may]").all()[:3]:
        one.check()
    camera.show(page, "refusals", "div.field:has(> #refusal)", 12)
    page.select_option("#if_nobody", "hand")
    for field, principal in (("#instead-1", "position:deputy-1"), ("#instead-2", "right:operate")):
        offered = page.locator(f"#instead-list option[value$='{principal}']").first
        page.fill(field, offered.get_attribute("value") or principal)
    camera.show(page, "absence", "div.field:has(> #if_nobody)", 12)


def matrix(camera: GuideCamera, hands: composing.Hands) -> None:
    """A chain whose approver the table names, by amount and kind."""
    page = hands.page
    page.goto(camera.address)
    composing.begin(hands)
    page.goto(page.url.split("?")[0].split("#")[0] + "?settings=1")
    page.fill("#field-2", "ชนิด")
    page.select_option("#kind-2", "choice")
    page.fill("#options-2", "วัสดุ\nคอมพิวเตอร์")
    hands.click("form[action$='/settings'] button:not([name])")
    page.wait_for_selector(".kinds")
    hands.add("matrix")
    for post in ("position:central-director", "position:deputy-2", "position:permanent-secretary"):
        page.fill("#way_for", post)
        page.click("button[value=way]")
        page.wait_for_function("document.querySelector('#way_for').value === ''")
    page.click("button[value='unway:0']")
    page.select_option("#hit", "first")
    for n, (low, high) in enumerate((("", "100,000"), ("", "500,000"), ("500,000", ""))):
        page.fill(f"#low-{n}-field2", low)
        page.fill(f"#high-{n}-field2", high)
        if n == 0:
            page.check(f"[name=in-{n}-field3][value=วัสดุ]")
        page.select_option(f"#way-{n}", str(n))
        page.click("button[value=add]")
        page.wait_for_selector(f"#rule-{n + 1}")
    camera.show(page, "matrix", COMPOSER)


def _two_cases(page: Page) -> None:
    version = page.url
    for subject, amount in (("เก้าอี้ 20 ตัว", "150000"), ("หมึกพิมพ์ 12 ตลับ", "18000")):
        page.goto(version)
        page.fill("[name=field1]", subject)
        page.fill("[name=field2]", amount)
        page.click("form[action$='/start'] button")
        page.wait_for_url("**/instances/*")


def main(address: str, folder: str, what: str = "readme") -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        where = (browser, address.rstrip("/"), Path(folder))
        if what == "guide":
            guide(GuideCamera(*where))
        else:
            compose(Camera(*where))
            shoot(Camera(*where))
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
