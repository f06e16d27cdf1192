"""bpmn/withdrawal/document-withdrawal.bpmn: every signer agrees, or the document stays."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from lxml import etree
from processes.test_meeting_minutes import CHECKER, RECORDER, minutes, recorded
from support.ministry import LIBRARY, Letter, Ministry

from engine.errors import Conflict, Forbidden, Invalid
from engine.models.history import history_event
from engine.models.task import task_candidate
from office.correspondence.models import register_entry
from office.documents import queries
from office.documents.commands import (
    AskWithdrawal,
    RevokeDocument,
    TellKept,
    WithdrawDocument,
)
from office.documents.queries import by_code
from office.notices.models import notice

AGREED = {"f_start", "f_asked", "f_agreed", "f_done"}
REFUSED = {"f_start", "f_asked", "f_refused", "f_told"}


def signed(ministry: Ministry) -> Letter:
    """Minutes, which two have signed."""
    made = recorded(minutes(ministry))
    made.at("sign").by(CHECKER).sign()
    ministry.work_off()
    return made


def asked(made: Letter, by: str = RECORDER, reason: str = "มติคลาดเคลื่อน") -> Letter:
    """The withdrawal's own instance, about the same document."""
    answer = made.ministry.do(AskWithdrawal(made.id, reason), by)
    assert sorted(answer["signers"]) == sorted([RECORDER, CHECKER])
    return Letter(made.ministry, made.id, UUID(answer["instance_id"]), answer)


def answer(case: Letter, who: str, outcome: str, comment: str | None = None) -> None:
    mine = case.ministry.rows(task_candidate, task_candidate.c.principal == f"person:{who}")
    tasks = {one.task_id for one in mine}
    (step,) = [one for one in case.steps("consent") if one.id in tasks]
    step.by(who).complete(outcome, comment)


def test_every_flow_has_a_story() -> None:
    tree = etree.parse(str(LIBRARY / "withdrawal" / "document-withdrawal.bpmn"))
    assert {str(flow.get("id")) for flow in tree.iter("{*}sequenceFlow")} == AGREED | REFUSED


def test_all_agree_and_it_counts_no_more_anywhere(either_ministry: Ministry) -> None:
    made = signed(either_ministry)
    assert either_ministry.query(queries.one, made.id, by=RECORDER).may_ask_withdrawal
    case = asked(made)
    assert case.open() == ["consent", "consent"]
    view = either_ministry.query(queries.one, made.id, by=RECORDER)
    assert (view.withdrawal_asked, view.revoked_at) == (True, None)
    answer(case, RECORDER, "agree")
    assert made.row.revoked_at is None
    either_ministry.clock.advance(timedelta(hours=1))
    answer(case, CHECKER, "agree")
    either_ministry.work_off()
    assert (case.end, case.flows()) == ("end_done", AGREED)
    row = made.row
    assert (row.state, row.revoked_by, row.revoked_reason) == ("signed", RECORDER, "มติคลาดเคลื่อน")
    assert row.revoked_at == either_ministry.now
    with either_ministry.bus.engine.connect() as db:
        public = by_code(db, row.public_code)
    assert public is not None
    assert public.revoked_at == either_ministry.now
    entries = either_ministry.rows(register_entry, register_entry.c.document_id == made.id)
    assert entries
    assert all("ถอนแล้ว ๒๓ พฤศจิกายน ๒๕๖๙" in one.remark for one in entries)
    kinds = [one.type for one in either_ministry.rows(
        history_event, history_event.c.root_id == made.instance_id)]  # fmt: skip
    assert kinds[-2:] == ["document.withdrawal_asked", "document.revoked"]
    told = either_ministry.rows(notice, notice.c.kind == "withdrawal")
    assert [one.page for one in told] == [f"/documents/{made.id}"]


def test_one_refusal_ends_it_and_the_document_stays(ministry: Ministry) -> None:
    made = signed(ministry)
    case = asked(made)
    answer(case, CHECKER, "refuse", "มติถูกต้องแล้ว")
    ministry.work_off()
    assert (case.end, case.flows(), case.open()) == ("end_kept", REFUSED, [])
    assert made.row.revoked_at is None
    assert len(ministry.rows(notice, notice.c.kind == "withdrawal")) == 1
    again = asked(made, by=CHECKER)
    assert again.open() == ["consent", "consent"]


def test_it_is_asked_for_once_with_a_reason_and_by_those_concerned(ministry: Ministry) -> None:
    made = signed(ministry)
    with pytest.raises(Invalid):
        ministry.do(AskWithdrawal(made.id, " "), RECORDER)
    with pytest.raises(Forbidden):
        ministry.do(AskWithdrawal(made.id, "x"), "truatsop")
    asked(made)
    with pytest.raises(Conflict) as twice:
        ministry.do(AskWithdrawal(made.id, "x"), CHECKER)
    assert twice.value.code == "withdrawal_running"
    with pytest.raises(Conflict) as alone:
        ministry.do(RevokeDocument(made.id, "x"), CHECKER)
    assert alone.value.code == "several_signed"


def test_nothing_of_it_is_done_past_the_route(ministry: Ministry) -> None:
    made = signed(ministry)
    for command in (WithdrawDocument(made.id, "x", RECORDER), TellKept(made.id, RECORDER)):
        with pytest.raises(Forbidden):
            ministry.do(command)
    draft = ministry.letter()
    with pytest.raises(Conflict) as early:
        ministry.do(AskWithdrawal(draft.id, "x"), "thotsop")
    assert early.value.code == "not_in_force"
