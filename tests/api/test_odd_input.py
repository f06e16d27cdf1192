"""Numbers, days and cursors that no database and no clock would take: refused, never a failure."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from api.auth import cookies
from engine.queries.page import encode_cursor

HUGE = "9" * 5000
NOBODY = str(UUID(int=0))
LETTER = {
    "kind": "EXT",
    "subject": "เรื่อง",
    "to": "ถึง",
    "paragraphs": ["ความ"],
    "position_lines": ["หัวหน้ากอง"],
}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/?page={HUGE}", 200),
        (f"/inbox/live?seen={HUGE}", 200),
        (f"/documents/{NOBODY}/compare?old={HUGE}", 404),
        ("/sign-in?next=/%0aX", 302),
        ("/sign-in?next=/a%0d%0aX:y", 302),
    ],
)
def test_pages_take_what_can_be_a_number_or_a_path(world: Any, path: str, status: int) -> None:
    client = world.client.application.test_client()
    client.set_cookie(cookies.PLAIN_NAME, world.session("clerk"))
    assert client.get(path).status_code == status


@pytest.mark.parametrize(
    "path",
    [
        f"/tasks?after={encode_cursor('mine.urgency', [10**30, '2026-01-01T00:00:00Z', NOBODY])}",
        f"/tasks?after={encode_cursor('mine.urgency', [1, '2026-01-01T00:00:00', NOBODY])}",
        f"/tasks?sort=due&after={encode_cursor('mine.due', ['0001-01-01T00:00:00+14:00', NOBODY])}",
        f"/people?after={encode_cursor('people', [chr(0), NOBODY])}",
        f"/org-units?after={encode_cursor('window', [10**40])}",
        "/registers/send?day=9999-12-31",
        "/registers/send?day=0001-01-01",
    ],
)
def test_lists_say_what_is_wrong_with_an_invented_place(world: Any, path: str) -> None:
    assert world.get(path).status_code == 422


def test_an_order_is_for_days_that_a_calendar_has(world: Any) -> None:
    order = {"mode": "acting", "username": "clerk", "position": "head", "order_ref": "ที่ ๑"}
    for first, last in (("2026-01-01", "9999-12-31"), ("0001-01-01", "2026-01-01")):
        days = {"order_date": "2026-01-01", "first_day": first, "last_day": last}
        assert world.post("/delegations", {**order, **days}, as_="admin").status_code == 422


def test_a_version_that_no_document_has_is_not_found_first(world: Any) -> None:
    headers = {"If-Match": f'"{HUGE}"'}
    answer = world.call("PUT", f"/documents/{NOBODY}", json=LETTER, headers=headers)
    assert answer.status_code == 404
