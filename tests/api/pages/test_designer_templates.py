"""Templates on pages: saved from a draft, seen with a picture, begun from, removed."""

from __future__ import annotations

from typing import Any


def _begins(page: Any) -> set[str]:
    """Where templates are begun from; others' may stand there as well."""
    actions = {form.get("action") for form in page.tree.iter("form")}
    return {one for one in actions if one.endswith("/begin")}


def test_a_template_from_a_draft_and_back(enter: Any) -> None:
    admin = enter("admin")
    page = admin.open("/designer").form("/designer").send(name="ขอใช้ห้องประชุม", key="room-request")
    draft, before = page.path, _begins(admin.open("/designer/templates"))
    page = page.form(f"{draft}/template").send(name="แม่แบบห้อง", description="ห้องของผู้ทดสอบ")
    assert page.path == "/designer/templates"
    assert "ห้องของผู้ทดสอบ" in page.text
    assert len(page.tree.findall('.//svg[@class="pic"]')) >= 2
    (action,) = _begins(page) - before
    wrong = page.form(action).send(name="ห้องใหญ่", key="ก")
    assert wrong.status == 422
    assert "รหัสใช้ a-z" in wrong.text
    begun = page.form(action).send(name="ห้องใหญ่", key="")
    assert begun.path not in (draft, "/designer/templates")
    assert "ห้องใหญ่" in begun.text
    assert "room-request" not in begun.text.split("data-steps")[0].split("</h1>")[0]
    page = admin.open("/designer/templates")
    gone = page.form(action.replace("/begin", "/remove")).send()
    assert "ห้องของผู้ทดสอบ" not in gone.text
