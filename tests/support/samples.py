"""The twelve sample documents of the fictitious ministry, by their ids."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "sample_documents.json"


@cache
def _all() -> dict[str, dict[str, Any]]:
    return {d["id"]: d for d in json.loads(_FILE.read_text("utf-8"))["documents"]}


def sample(name: str, **changes: Any) -> dict[str, Any]:
    """A copy of one document, with some fields changed."""
    return {**copy.deepcopy(_all()[name]), **changes}


def samples(*kinds: str) -> list[dict[str, Any]]:
    """Copies of all documents, or of those kinds."""
    return [sample(name) for name, d in _all().items() if not kinds or d["kind"] in kinds]


def every_kind() -> dict[str, dict[str, Any]]:
    """At least one document of every kind, by a short name."""
    found = {d["id"]: d for d in samples()}
    order, rules, memo = sample("S08"), sample("S07"), sample("S03")
    found["bylaw"] = {**rules, "kind": "BYLAW", "extra": {"heading": None}}
    found["statement"] = {**order, "kind": "STMT", "number": "๑", "extra": {}, "signer": None}
    found["news"] = {**order, "kind": "NEWS", "number": None, "extra": {}, "signer": None}
    found["other"] = {**sample("S09"), "kind": "OTHER", "subject": "สำเนาหนังสือรับรอง",
                      "extra": {"source": "บริษัทตัวอย่าง จำกัด", "received": "2026-11-20"}}  # fmt: skip
    found["note"] = {**memo, "kind": "NOTE", "number": None, "attachments": [], "extra": {}}
    return found
