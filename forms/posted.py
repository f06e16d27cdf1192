"""From a posted HTML form to the data that a form judges: what browsers leave out is put back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from forms.conditions import ConditionFailed, Situation
from forms.definition import Component
from forms.form import Form, Values, locked


class Posted(Protocol):
    """The part of a multi-dict that is read here: werkzeug's has it."""

    def get(self, key: str) -> str | None: ...

    def getlist(self, key: str) -> list[str]: ...


def read_post(
    form: Form, posted: Posted, known: Values, now: datetime, outcome: str | None = None
) -> dict[str, Any]:
    """Data for `Form.fill`: a box not ticked is False, a date in three parts is one text."""
    data = {key: _read(item.kind, key, posted) for key, item in form.inputs.items()}
    given = {key: value for key, value in data.items() if value is not None}
    situation = form.situation(form.clean_part(given), known, now, outcome)
    live = form.visible(situation)
    return {key: given[key] for key in given if key in live and not _locked(live[key], situation)}


def _locked(item: Component, situation: Situation) -> bool:
    try:
        return locked(item, situation)
    except ConditionFailed:
        return False


def _read(kind: str, key: str, posted: Posted) -> Any:
    if kind == "check":
        return posted.get(key) is not None
    if kind in {"checks", "tags", "files", "people"}:
        return posted.getlist(key)
    if kind == "date" and posted.get(key) is None:
        return _three_parts(key, posted)
    return posted.get(key)


def _three_parts(key: str, posted: Posted) -> str | None:
    parts = [posted.get(f"{key}-{part}") for part in ("day", "month", "year")]
    if all(part is None for part in parts):
        return None
    texts = [(part or "").strip() for part in parts]
    return "/".join(texts) if any(texts) else ""
