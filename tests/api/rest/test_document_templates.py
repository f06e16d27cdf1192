"""Letters kept as patterns over HTTP: for whom they are offered, who may keep and put away."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from support.samples import sample

ADDRESS = "/document-templates"


@pytest.fixture
def draft(ministry: Any) -> str:
    return str(ministry.post("/documents", sample("S01"), as_="thotsop").json["id"])


def keep(ministry: Any, draft: str, unit: str | None, as_: str = "thotsop", **more: Any) -> Any:
    given = {"document_id": draft, "name": f"เชิญ {uuid4().hex[:8]}", "unit": unit, **more}
    return ministry.post(ADDRESS, given, as_=as_)


def offered(ministry: Any, as_: str) -> set[str]:
    return {one["id"] for one in ministry.get(ADDRESS, as_=as_).json["items"]}


def test_a_units_pattern_is_offered_to_the_unit_until_put_away(ministry: Any, draft: str) -> None:
    made = keep(ministry, draft, "general")
    assert made.status_code == 201, made.text
    one = made.json["id"]
    assert one in offered(ministry, "thotsop")
    assert one in offered(ministry, "sommut")
    assert one not in offered(ministry, "wikhro")
    assert ministry.call("DELETE", f"{ADDRESS}/{one}", as_="sommut").status_code == 403
    assert ministry.call("DELETE", f"{ADDRESS}/{one}", as_="thotsop").status_code == 200
    assert one not in offered(ministry, "thotsop")
    assert ministry.call("DELETE", f"{ADDRESS}/{one}", as_="thotsop").status_code == 404


def test_the_whole_agency_is_for_the_registry(ministry: Any, draft: str) -> None:
    assert keep(ministry, draft, None).status_code == 403
    assert keep(ministry, draft, "plans").status_code == 403
    assert keep(ministry, draft, "general", as_="wikhro").status_code == 403


def test_a_name_is_taken_once(ministry: Any, draft: str) -> None:
    name = keep(ministry, draft, "general").json["name"]
    again = keep(ministry, draft, "general", name=f" {name} ")
    assert (again.status_code, again.json["errors"][0]["code"]) == (422, "name_taken")
