"""bpmn/withdrawal/document-withdrawal.bpmn: every signer agrees, or the document stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from lxml import etree
from processes.test_meeting_minutes import CHECKER, RECORDER, minutes, recorded
from support.ministry import LIBRARY, Letter, Ministry, Step

from engine.commands.definitions import WithdrawDefinition
from engine.commands.deployments import Deploy
from engine.commands.instances import CancelInstance
from engine.commands.migration.migrate import MigrateInstance
from engine.commands.tasks import DelegateTask, ReassignTask
from engine.commands.variables import SetVariables
from engine.commands.vouching import vouch
from engine.errors import Conflict, Forbidden, Invalid
from engine.models.deployment import process_definition
from engine.models.history import history_event
from engine.models.incident import OPEN, incident
from engine.models.task import task_candidate
from engine.queries import instances
from office.correspondence.models import register_entry
from office.documents import queries
from office.documents.commands import (
    AskWithdrawal,
    NameReplacement,
    RevokeDocument,
    TellKept,
    WithdrawDocument,
)
from office.documents.queries import by_code
from office.documents.withdrawals import PROCESS
from office.notices.models import notice
from office.people.commands import LetGo

AGREED = {"f_start", "f_asked", "f_agreed", "f_done"}
REFUSED = {"f_start", "f_asked", "f_refused", "f_told"}


def signed(ministry: Ministry) -> Letter:
    """Minutes, which two have signed."""
    made = recorded(minutes(ministry))
    made.at("sign").by(CHECKER).sign()
    ministry.work_off()
    return made


def asked(
    made: Letter,
    by: str = RECORDER,
    reason: str = "มติคลาดเคลื่อน",
    replaced_by: UUID | None = None,
) -> Letter:
    """The withdrawal's own instance, about the same document."""
    answer = made.ministry.do(AskWithdrawal(made.id, reason, replaced_by), by)
    assert sorted(answer["signers"]) == sorted([RECORDER, CHECKER])
    return Letter(made.ministry, made.id, UUID(answer["instance_id"]), answer)


def answer(case: Letter, who: str, outcome: str, comment: str | None = None) -> None:
    consent(case, who).by(who).complete(outcome, comment)


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


def test_the_letter_in_its_place_is_named_to_signers_registers_and_the_public(
    ministry: Ministry,
) -> None:
    made, other = signed(ministry), signed(ministry)
    with pytest.raises(Invalid) as itself:
        ministry.do(AskWithdrawal(made.id, "x", made.id), RECORDER)
    assert itself.value.errors[0].path == "replaced_by"
    case = asked(made, replaced_by=other.id)
    said = f"ใช้ {other.row.number} แทน"
    reason = ministry.query(instances.one, case.instance_id, by=CHECKER).variables
    assert reason["withdrawal_reason"] == f"มติคลาดเคลื่อน\n{said}"
    answer(case, RECORDER, "agree")
    answer(case, CHECKER, "agree")
    ministry.work_off()
    assert (made.row.replaced_by, made.row.revoked_reason) == (other.id, "มติคลาดเคลื่อน")
    entries = ministry.rows(register_entry, register_entry.c.document_id == made.id)
    assert all(one.remark.endswith(said) for one in entries)
    with ministry.bus.engine.connect() as db:
        assert by_code(db, made.row.public_code).replaced_by == other.row.number  # type: ignore[union-attr] # it is there


def test_one_that_was_withdrawn_meanwhile_takes_no_place_and_another_is_named_later(
    ministry: Ministry,
) -> None:
    made, other, third = signed(ministry), signed(ministry), signed(ministry)
    with pytest.raises(Conflict) as early:
        ministry.do(NameReplacement(made.id, other.id), RECORDER)
    assert early.value.code == "still_in_force"
    case = asked(made, replaced_by=other.id)
    for gone in (asked(other), case):
        answer(gone, RECORDER, "agree")
        answer(gone, CHECKER, "agree")
        ministry.work_off()
    assert (made.row.revoked_at is None, made.row.replaced_by) == (False, None)
    with pytest.raises(Invalid):
        ministry.do(NameReplacement(made.id, other.id), RECORDER)
    with pytest.raises(Forbidden):
        ministry.do(NameReplacement(made.id, third.id), "truatsop")
    for _ in range(2):
        ministry.do(NameReplacement(made.id, third.id), RECORDER)
    assert made.row.replaced_by == third.id
    remarks = {one.remark.count("แทน") for one in ministry.rows(
        register_entry, register_entry.c.document_id == made.id)}  # fmt: skip
    assert remarks == {1}
    kinds = [one.type for one in ministry.rows(
        history_event, history_event.c.root_id == made.instance_id)]  # fmt: skip
    assert kinds.count("document.replaced") == 1


def stopped(case: Letter) -> tuple[str, str]:
    """The code and words of what the case stands at."""
    (one,) = case.ministry.rows(
        incident, incident.c.root_id == case.instance_id, incident.c.state == OPEN
    )
    return one.code, one.message


def consent(case: Letter, who: str) -> Step:
    mine = case.ministry.rows(task_candidate, task_candidate.c.principal == f"person:{who}")
    tasks = {one.task_id for one in mine}
    (step,) = [one for one in case.steps("consent") if one.id in tasks]
    return step


@pytest.mark.parametrize("changed", ["document_id", "requester"])
def test_variables_move_it_to_no_other_letter_and_no_other_person(
    ministry: Ministry, changed: str
) -> None:
    made, other = signed(ministry), signed(ministry)
    case = asked(made)
    value = {"document_id": str(other.id), "requester": CHECKER}[changed]
    ministry.do(SetVariables(case.instance_id, {changed: value}))
    answer(case, RECORDER, "agree")
    answer(case, CHECKER, "agree")
    ministry.work_off()
    assert stopped(case)[0] == "withdrawal_not_asked"
    assert (made.row.revoked_at, other.row.revoked_at) == (None, None)


def test_the_reason_is_the_one_that_the_signers_read(ministry: Ministry) -> None:
    made = signed(ministry)
    case = asked(made)
    answer(case, RECORDER, "agree")
    ministry.do(SetVariables(case.instance_id, {"withdrawal_reason": "อื่น", "signers": []}))
    answer(case, CHECKER, "agree")
    ministry.work_off()
    assert (case.end, made.row.revoked_reason) == ("end_done", "มติคลาดเคลื่อน")


def test_nobody_agrees_for_a_signer_who_did_not_choose_them(ministry: Ministry) -> None:
    made = signed(ministry)
    case = asked(made)
    answer(case, RECORDER, "agree")
    step = consent(case, CHECKER)
    ministry.do(ReassignTask(step.id, "admin", "x"), "admin")
    step.by("admin").complete("agree")
    ministry.work_off()
    code, message = stopped(case)
    assert code == "withdrawal_not_agreed"
    assert CHECKER in message
    assert RECORDER not in message
    assert made.row.revoked_at is None


def test_whom_a_signer_chose_agrees_for_them(ministry: Ministry) -> None:
    made = signed(ministry)
    case = asked(made)
    answer(case, RECORDER, "agree")
    step = consent(case, CHECKER)
    ministry.do(DelegateTask(step.id, "admin"), CHECKER)
    step.by("admin").complete("agree")
    ministry.work_off()
    assert (case.end, made.row.revoked_by) == ("end_done", RECORDER)


@pytest.mark.parametrize("before", [True, False])
def test_for_a_signer_who_left_whoever_has_their_task_agrees(
    ministry: Ministry, *, before: bool
) -> None:
    made = signed(ministry)
    if before:
        ministry.do(LetGo(CHECKER, "ย้าย", to="admin"))
    case = asked(made)
    if not before:
        ministry.do(LetGo(CHECKER, "ย้าย", to="admin"))
    answer(case, RECORDER, "agree")
    (step,) = case.steps("consent")
    if before:
        ministry.do(ReassignTask(step.id, "admin", "ผู้ลงนามย้ายไปแล้ว"))
    step.by("admin").complete("agree")
    ministry.work_off()
    assert case.end == "end_done"
    assert made.row.revoked_at is not None


def drawn_otherwise() -> dict[str, bytes]:
    """The same process, in which one step asks for something else."""
    files = {one.name: one.read_bytes() for one in (LIBRARY / "withdrawal").iterdir()}
    name = "document-withdrawal.bpmn"
    return {**files, name: files[name].replace("ยินยอมให้ถอนหนังสือ".encode(), "ดื่มกาแฟ".encode())}


def test_it_runs_only_as_it_is_shipped(ministry: Ministry) -> None:
    made = signed(ministry)
    (shipped,) = ministry.rows(process_definition, process_definition.c.key == PROCESS)
    ministry.do(Deploy(drawn_otherwise()))
    case = asked(made)
    assert case.instance.definition_id == shipped.id
    ministry.do(CancelInstance(case.instance_id, "x"))
    ministry.do(WithdrawDefinition(shipped.id, "x"))
    with pytest.raises(Conflict) as changed:
        ministry.do(AskWithdrawal(made.id, "x"), RECORDER)
    assert changed.value.code == "withdrawal_route"


def test_a_case_that_was_moved_to_another_form_and_back_withdraws_nothing(
    ministry: Ministry,
) -> None:
    made = signed(ministry)
    case = asked(made)
    (shipped,) = ministry.rows(process_definition, process_definition.c.key == PROCESS)
    ministry.do(Deploy(drawn_otherwise()))
    (other,) = ministry.rows(
        process_definition, process_definition.c.key == PROCESS, process_definition.c.version == 2
    )
    ministry.do(MigrateInstance(case.instance_id, other.id))
    answer(case, RECORDER, "agree")
    ministry.do(MigrateInstance(case.instance_id, shipped.id))
    answer(case, CHECKER, "agree")
    ministry.work_off()
    assert (stopped(case)[0], made.row.revoked_at) == ("withdrawal_route", None)


def test_one_that_began_before_its_history_said_so_goes_on(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = signed(ministry)

    def vouched(ctx: Any, instance_id: UUID, *told: Any) -> None:
        if instance_id == made.instance_id:
            vouch(ctx, instance_id, *told)

    with monkeypatch.context() as older:
        older.setattr("office.documents.commands.withdrawing.vouch", vouched)
        case = asked(made)
    answer(case, RECORDER, "agree")
    ministry.clock.advance(timedelta(hours=1))
    answer(case, CHECKER, "agree")
    ministry.work_off()
    assert (case.end, made.row.revoked_by) == ("end_done", RECORDER)


def test_nothing_of_it_is_done_past_the_route(ministry: Ministry) -> None:
    made = signed(ministry)
    for command in (
        WithdrawDocument(made.instance_id, made.id, RECORDER),
        TellKept(made.instance_id, made.id, RECORDER),
    ):
        with pytest.raises(Forbidden):
            ministry.do(command)
    draft = ministry.letter()
    with pytest.raises(Conflict) as early:
        ministry.do(AskWithdrawal(draft.id, "x"), "thotsop")
    assert early.value.code == "not_in_force"
