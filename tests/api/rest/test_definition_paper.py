"""/process-definitions/<id>/pdf: a version on paper, for programs."""

from __future__ import annotations

from typing import Any

from pypdfium2 import PdfDocument
from support.world import World


def text(data: bytes) -> str:
    return "".join(page.get_textpage().get_text_bounded() for page in PdfDocument(data))


def test_a_version_is_printed_in_either_language_for_its_agency_alone(world: World) -> None:
    (review,) = world.get("/process-definitions?key=review").json["items"]
    at = f"/process-definitions/{review['id']}/pdf"

    def printed(query: str = "", **more: Any) -> Any:
        return world.get(f"{at}{query}", **more)

    thai, english = printed(), printed("?language=en")
    assert (thai.status_code, thai.mimetype) == (200, "application/pdf")
    assert "review-1.pdf" in thai.headers["Content-Disposition"]
    assert "ผู้รับผิดชอบ" in text(thai.data).replace("\ufffe", "")
    assert "Responsible" in text(english.data)
    assert "May be returned to: ร่าง" in text(english.data)
    assert "ผู้รับผิดชอบ" not in text(english.data)
    assert printed("?language=fr").status_code == 422
    assert printed(as_="stranger").status_code == 404
