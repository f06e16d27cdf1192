"""Templates on pages: saved from a draft, seen with a picture, begun from, removed."""

from __future__ import annotations

from typing import Any


def test_a_template_from_a_draft_and_back(enter: Any) -> None:
    admin = enter("admin")
    page = admin.open("/designer").form("/designer").send(name="ขอใช้ห้องประชุม", key="room-request")
    draft = page.path
    page = page.form(f"{draft}/template").send(name="แม่แบบห้อง", description="จองห้อง")
    assert page.path == "/designer/templates"
    assert "จองห้อง" in page.text
    assert len(page.tree.findall('.//svg[@class="pic"]')) >= 2
    begins = [form.get("action") for form in page.tree.iter("form")]
    action = next(one for one in begins if one.endswith("/begin"))  # one's own come first
    wrong = page.form(action).send(name="ห้องใหญ่", key="ก")
    assert wrong.status == 422
    assert "รหัสใช้ a-z" in wrong.text
    begun = page.form(action).send(name="ห้องใหญ่", key="")
    assert begun.path not in (draft, "/designer/templates")
    assert "ห้องใหญ่" in begun.text
    assert "room-request" not in begun.text.split("data-steps")[0].split("</h1>")[0]
    page = admin.open("/designer/templates")
    gone = page.form(action.replace("/begin", "/remove")).send()
    assert "จองห้อง" not in gone.text
