"""What can come of a task: its outcomes as choices, with what each does to others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from api.pages import words
from api.pages.desk import now
from api.pages.diagram import Diagram
from api.pages.faces import face
from api.pages.forecast import forecast
from api.pages.i18n import gettext as _
from api.pages.i18n import language, lazy_gettext
from api.pages.view import when
from engine.models.task_row import TaskRow
from engine.queries.tasks import TaskView

#: an outcome of the engine's own: the task goes back along a path of the diagram
RETURN = "return"
BYPASS = "bypass"
ACKNOWLEDGE = "acknowledge"
LIVE = frozenset({"open", "claimed"})
SHORTEST_REASON = 10
FORWARD_BUTTON = lazy_gettext("%(outcome)s และส่งต่อ")
ENDS_BUTTON = lazy_gettext("%(outcome)s และยุติเรื่อง")


@dataclass(frozen=True, slots=True)
class Choice:
    """One outcome to choose: how it looks, what it does to others, what its button says."""

    id: str
    name: str
    kind: str  # forward, return or end
    tone: str
    icon: str
    reason_required: bool
    effect: str
    button: str


def offers(view: TaskView, outcome: str) -> bool:
    can = "complete" in view.verbs
    return can and any(one["id"] == outcome for one in view.task.outcomes)


def choices_of(view: TaskView, diagram: Diagram) -> list[Choice]:
    """The task's outcomes as its diagram names them, and a return where it has paths back."""
    found: list[Choice] = []
    if "complete" in view.verbs:
        wanted = (one for one in view.task.outcomes if one["id"] not in _elsewhere(view.task))
        found += [_choice(one, *_following(view, diagram, one["id"])) for one in wanted]
    if "return" in view.verbs and view.task.returns:
        found.insert(_place_of_return(found), _return_choice())
    return found


def _elsewhere(task: TaskRow) -> set[str]:
    """Outcomes with a form or page of their own."""
    return {RETURN, BYPASS, "recall"} | ({"sign"} if task.act == "sign" else set())


def _place_of_return(found: Sequence[Choice]) -> int:
    """Between what goes forward and what ends the matter."""
    return next((n for n, one in enumerate(found) if one.kind == "end"), len(found))


def _following(view: TaskView, diagram: Diagram, outcome: str) -> tuple[str, bool]:
    """The name of the step that this outcome probably leads to, and whether that is a way back."""
    here = view.task.element_id
    coming = forecast(diagram, [here], view.variables, now(), outcome)
    if not coming:
        return "", False
    back = coming[0].kind == "userTask" and (
        diagram.is_before(coming[0].id, here)
        or (words.ends(outcome) and _comes_again(view, diagram, coming[0].id))
    )
    return coming[0].name or coming[0].id, back


def _comes_again(view: TaskView, diagram: Diagram, correcting: str) -> bool:
    """Whether somebody only corrects it there: then this step follows, or one before it."""
    here = view.task.element_id
    after = forecast(diagram, [correcting], view.variables, now())
    return bool(after) and (after[0].id == here or diagram.is_before(after[0].id, here))


def _choice(outcome: Mapping[str, Any], following: str, back: bool) -> Choice:
    english = language() == "en"
    name = str((english and outcome.get("name_en")) or outcome["name"])
    if back:
        return _way_back(outcome, name, following)
    ends, told = words.ends(outcome["id"]), outcome["id"] == ACKNOWLEDGE
    return Choice(
        id=outcome["id"],
        name=name,
        kind="end" if ends else "forward",
        tone="danger" if ends else "ok",
        icon="circle-x" if ends else "circle-check-big",
        reason_required=bool(outcome.get("reason_required")),
        effect=_effect(ends=ends, told=told, following=following),
        button=str("%(outcome)s" if told else ENDS_BUTTON if ends else FORWARD_BUTTON)
        % {"outcome": name},
    )


def _way_back(outcome: Mapping[str, Any], name: str, following: str) -> Choice:
    return Choice(
        id=outcome["id"],
        name=name,
        kind="forward",
        tone="warn",
        icon="undo-2",
        reason_required=bool(outcome.get("reason_required")),
        effect=_("เรื่องกลับไปขั้น “%(step)s” แล้วเดินต่อจากขั้นนั้น", step=following),
        button=_("%(outcome)s และส่งกลับ", outcome=name),
    )


def _effect(*, ends: bool, told: bool, following: str) -> str:
    if ends:
        return _("เรื่องจะยุติ และแจ้งผู้เกี่ยวข้องในเส้นทาง")
    if told:
        return _("บันทึกว่าท่านทราบแล้ว เรื่องเดินต่อไปก่อนแล้ว")
    if following:
        return _("ส่งต่อไปขั้น “%(step)s” ทันที", step=following)
    return _("ส่งต่อให้ขั้นถัดไปของเส้นทางทันที")


def _return_choice() -> Choice:
    return Choice(
        id=RETURN,
        name=_("ส่งคืนแก้ไข"),
        kind=RETURN,
        tone="warn",
        icon="undo-2",
        reason_required=True,
        effect=_("ผู้ทำขั้นที่เลือกได้รับงานกลับพร้อมเหตุผลนี้ ทุกคนในเส้นทางเห็นเหตุผล"),
        button=_("ส่งคืนแก้ไข"),
    )


def chosen(values: MultiDict[str, Any], choices: Sequence[Choice]) -> str:
    asked = values.get("outcome", "")
    known = [choice.id for choice in choices]
    return asked if asked in known else (known[0] if known else "")


def returns(task: TaskRow, found: Sequence[TaskRow], diagram: Diagram) -> list[dict[str, str]]:
    """The earlier steps that this one may send back to, with who did them last."""
    last = {one.element_id: one for one in found if one.state == "completed"}
    return [
        {"id": element, "name": diagram.name(element), "note": _done_by(last.get(element))}
        for element in task.returns
    ]


def _done_by(task: TaskRow | None) -> str:
    if task is None:
        return _("ยังไม่มีผู้ทำขั้นนี้")
    return _(
        "%(who)s · ทำเสร็จ %(when)s", who=face(task.completed_by).name, when=when(task.ended_at)
    )
