"""Remarks on a draft over HTTP: said, answered, settled; a proposal changes the draft's words."""

from __future__ import annotations

from typing import Any

import pytest
from support.samples import sample


@pytest.fixture
def draft(ministry: Any) -> str:
    made = ministry.post("/documents", sample("S01"), as_="thotsop")
    assert made.status_code == 201, made.text
    return str(made.json["id"])


def test_a_proposal_is_made_answered_and_accepted(ministry: Any, draft: str) -> None:
    quote = ministry.get(f"/documents/{draft}", as_="thotsop").json["content"]["paragraphs"][0][:6]
    given = {"quote": quote, "paragraph": 0, "replacement": "อ้างถึง", "text": "ให้สั้นลง"}
    made = ministry.post(f"/documents/{draft}/remarks", given, as_="thotsop")
    assert made.status_code == 201, made.text
    one = f"/documents/{draft}/remarks/{made.json['id']}"
    assert ministry.post(f"{one}/answers", {"text": "ได้"}, as_="thotsop").status_code == 201
    (shown,) = ministry.get(f"/documents/{draft}/remarks", as_="thotsop").json["items"]
    assert (shown["paragraph"], shown["start"], shown["end"]) == (0, 0, 6)
    assert [reply["text"] for reply in shown["replies"]] == ["ได้"]
    settled = ministry.post(f"{one}/settle", {"verdict": "accept"}, as_="thotsop")
    assert settled.json["state"] == "accepted"
    words = ministry.get(f"/documents/{draft}", as_="thotsop").json["content"]["paragraphs"][0]
    assert words.startswith("อ้างถึง")


def test_what_is_no_remark_is_refused(ministry: Any, draft: str) -> None:
    address = f"/documents/{draft}/remarks"
    wrong = ministry.post(address, {"quote": "ตาม", "paragraph": 0}, as_="thotsop")
    assert (wrong.status_code, [e["field"] for e in wrong.json["errors"]]) == (422, ["text"])
    assert ministry.post(address, {"text": "ใคร"}, as_="wikhro").status_code == 403
    assert ministry.get(address, as_="wikhro").status_code == 403
