"""bpmn/drafting/official-letter.bpmn: every flow, every outcome, every end, each loop twice.

Each story names the flows it is there for; it fails when it does not take them, and the last test
fails when a flow of the diagram has no story.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from lxml import etree
from support.ministry import LIBRARY, Letter, Ministry
from support.samples import sample

from engine.commands.tasks import CompleteTask
from engine.errors import Conflict, Forbidden, Invalid
from engine.models.task import task
from office.correspondence.models import letter_number, register_entry
from office.documents.commands import RecallDocument

LEVELS = ("proofread", "check", "division_head", "deputy")
TOLD: set[str] = set()
Story = Callable[[Ministry], Letter]


def takes(*flows: str) -> Callable[[Story], Callable[[Ministry], None]]:
    """The story takes these flows, among others."""

    def told(story: Story) -> Callable[[Ministry], None]:
        TOLD.update(flows)

        def test(ministry: Ministry) -> None:
            letter = story(ministry)
            assert set(flows) <= letter.flows()
            assert letter.incidents() == []

        test.__name__, test.__doc__ = story.__name__, story.__doc__
        return test

    return told


def flow_ids() -> set[str]:
    tree = etree.parse(str(LIBRARY / "drafting" / "official-letter.bpmn"))
    return {str(flow.get("id")) for flow in tree.iter("{*}sequenceFlow")}


def test_every_flow_has_a_story() -> None:
    assert flow_ids() - TOLD == set()


# -- the usual way ---------------------------------------------------------------------------------


def test_the_whole_way_to_a_signed_filed_letter(either_ministry: Ministry) -> None:
    letter = either_ministry.letter("S01")
    letter.on_the_signers_desk()
    assert letter.row.state == "waiting_signature"
    letter.signed()
    assert (letter.row.state, letter.end) == ("signed", "end_filed")
    assert letter.row.number == "ตย ๐๒๐๑/๑"
    assert letter.row.filed_at is not None
    assert [one.element_id for one in letter.said] == ["draft", *LEVELS, "sign"]
    assert {one.version_sha256 for one in letter.said} == {letter.said[0].version_sha256}


@takes("f_signed", "f_seal", "f_sealed", "f_registered")
def test_a_letter_under_seal_passes_the_seal(ministry: Ministry) -> Letter:
    """What the seal does is told in tests/office/documents/test_seals.py."""
    plain = {"secrecy": "ปกติ", "secrecy_code": "001", "owner_unit": None}
    lines = {"position_lines": ["ปลัดกระทรวงตัวอย่าง"]}
    words = {**dict.fromkeys(sample("S01")), **sample("S05"), **plain, **lines}
    return ministry.letter("S01", **words).on_the_signers_desk().signed()


@takes(
    "f_start", "f_prepared", "f_drafted", "f_submit", "f_submitted", "f_has_proofread",
    "f_done_proofread", "f_pass_proofread", "f_has_check", "f_done_check", "f_pass_check",
    "f_has_consult", "f_done_consult", "f_has_division_head", "f_done_division_head",
    "f_pass_division_head", "f_has_deputy", "f_done_deputy", "f_pass_deputy", "f_done_sign",
    "f_signed", "f_no_seal", "f_registered", "f_delivered", "f_nobody", "f_filed",
)  # fmt: skip
def test_units_are_consulted_at_the_same_time(ministry: Ministry) -> Letter:
    letter = ministry.letter().submitted().passed("proofread")
    letter.at("check").complete("pass", consult_units=["unit:legal", "unit:finance"])
    assert letter.open() == ["consult", "consult"]
    letter.steps("consult")[0].by("khlang").complete("agree", consult_note="งบประมาณเพียงพอ")
    assert letter.open() == ["consult"]
    letter.at("consult").by("niti").complete("remark", consult_note="อ้างระเบียบให้ครบ")
    assert set(letter.instance.variables["consult_opinions"]) == {
        "งบประมาณเพียงพอ",
        "อ้างระเบียบให้ครบ",
    }
    return letter.passed("division_head", "deputy").signed()


@takes("f_deadline")
def test_a_silent_unit_does_not_stop_the_letter(ministry: Ministry) -> Letter:
    letter = ministry.letter().submitted().passed("proofread")
    letter.at("check").complete("pass", consult_units=["unit:legal", "unit:finance"])
    letter.at("consult").by("khlang").complete("agree", consult_note="ไม่ขัดข้อง")
    ministry.clock.advance(timedelta(days=2, minutes=-1))
    ministry.fire_due()
    assert letter.open() == ["consult"]
    ministry.clock.advance(timedelta(minutes=1))
    ministry.fire_due()
    assert letter.open() == ["division_head"]
    assert letter.instance.variables["consult_opinions"] is not None
    return letter


@takes("f_no_consult")
def test_nobody_is_consulted_unless_someone_asks(ministry: Ministry) -> Letter:
    letter = ministry.letter().submitted().passed("proofread", "check")
    assert letter.open() == ["division_head"]
    return letter


@takes("f_no_proofread", "f_no_check", "f_no_head", "f_no_deputy")
def test_levels_that_the_organisation_does_not_have_are_passed_by(ministry: Ministry) -> Letter:
    letter = ministry.letter(by="somchai")
    letter.at("draft").by("somchai").complete("submit")
    assert letter.open() == ["sign"]
    return letter


def test_only_levels_below_the_signer_are_asked(ministry: Ministry) -> None:
    letter = ministry.letter("S03").submitted().passed("proofread", "check")
    letter.at("sign").by("phatsadu").sign()
    assert letter.row.state == "signed"


def test_who_signs_by_delegation_is_not_asked_before(ministry: Ministry) -> None:
    letter = ministry.letter("S02", by="wikhro")
    variables = letter.instance.variables
    assert variables["deputy"] is None
    assert variables["division_head"] == "position:strategy-director"


# -- what a level can say -------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_corrects_the_draft_itself(ministry: Ministry, level: str) -> None:
    from office.documents.commands import SaveDraft

    letter = ministry.letter().submitted().passed(*LEVELS[: LEVELS.index(level)])
    step = letter.at(level)
    content = {**letter.row.content, "closing": "ขอแสดงความนับถืออย่างสูง"}
    step._do(SaveDraft(letter.id, content, letter.row.revision))
    step.complete("corrected")
    assert letter.said[-1].version_sha256 != letter.said[-2].version_sha256
    assert letter.open() != [level]


def refusing(level: str, *flows: str) -> Callable[[Ministry], None]:
    @takes(*flows, "f_refuse")
    def story(ministry: Ministry) -> Letter:
        letter = ministry.letter().submitted().passed(*LEVELS[: LEVELS.index(level)])
        with pytest.raises(Invalid):
            letter.at(level).complete("refuse")
        letter.at(level).complete("refuse", comment="ไม่สอดคล้องกับนโยบาย")
        assert (letter.row.state, letter.end) == ("refused", "end_refused")
        assert letter.said[-1].text == "ไม่สอดคล้องกับนโยบาย"
        return letter

    return story


test_the_proofreader_refuses = refusing("proofread", "f_other_proofread")
test_the_checker_refuses = refusing("check", "f_other_check")
test_the_division_head_refuses = refusing("division_head", "f_other_division_head")
test_the_deputy_refuses = refusing("deputy", "f_other_deputy")


@takes("f_other_sign", "f_refuse")
def test_the_signer_declines_without_a_proof(ministry: Ministry) -> Letter:
    letter = ministry.letter().on_the_signers_desk()
    letter.at("sign").by("somying").sign(outcome="refuse", comment="ยังไม่ถึงเวลา")
    assert (letter.row.state, letter.end) == ("refused", "end_refused")
    return letter


@takes("f_withdraw")
def test_the_drafter_withdraws(ministry: Ministry) -> Letter:
    letter = ministry.letter()
    letter.at("draft").complete("withdraw", comment="ผู้รับแจ้งว่าไม่ต้องส่งแล้ว")
    assert (letter.row.state, letter.end) == ("withdrawn", "end_withdrawn")
    return letter


# -- returns --------------------------------------------------------------------------------------


@takes(
    "f_other_sign", "f_return", "f_return_draft", "f_return_proofread", "f_return_check",
    "f_return_division_head", "f_return_deputy",
)  # fmt: skip
def test_the_signer_returns_to_any_earlier_step_and_the_levels_after_it_run_again(
    ministry: Ministry,
) -> Letter:
    letter = ministry.letter().on_the_signers_desk()
    for place, target in enumerate(("draft", *LEVELS)):
        for _ in range(2):
            letter.at("sign").by("somying").send_back(target)
            assert letter.open() == [target]
            if target == "draft":
                letter.submitted().passed(*LEVELS)
            else:
                letter.passed(*LEVELS[place - 1 :])
    assert letter.open() == ["sign"]
    return letter


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_returns_to_each_step_before_it(ministry: Ministry, level: str) -> None:
    before = ("draft", *LEVELS[: LEVELS.index(level)])
    letter = ministry.letter().submitted().passed(*before[1:])
    for target in before:
        letter.at(level).send_back(target)
        assert letter.open() == [target]
        if target == "draft":
            letter.submitted()
        letter.passed(*before[1:][max(before.index(target) - 1, 0) :])
    assert letter.open() == [level]


def straight_back(level: str, *flows: str) -> Callable[[Ministry], None]:
    @takes(*flows, "f_resume", "f_backed")
    def story(ministry: Ministry) -> Letter:
        done = LEVELS[: LEVELS.index(level)] if level in LEVELS else LEVELS
        letter = ministry.letter().submitted().passed(*done)
        who = "somying" if level == "sign" else ""
        for _ in range(2):
            step = letter.at(level)
            (step.by(who) if who else step).send_back("draft", resume="back_to_me")
            letter.submitted()
            assert letter.open() == [level]
        return letter

    return story


test_the_proofreader_gets_it_straight_back = straight_back("proofread", "f_back_proofread")
test_the_checker_gets_it_straight_back = straight_back("check", "f_back_check")
test_the_division_head_gets_it_straight_back = straight_back(
    "division_head", "f_back_division_head"
)
test_the_deputy_gets_it_straight_back = straight_back("deputy", "f_back_deputy")
test_the_signer_gets_it_straight_back = straight_back("sign", "f_back_sign")


@takes("f_back", "f_back_sign")
def test_a_level_in_between_hands_it_straight_back(ministry: Ministry) -> Letter:
    letter = ministry.letter().on_the_signers_desk()
    for _ in range(2):
        letter.at("sign").by("somying").send_back("check", resume="back_to_me")
        letter.passed("check")
        assert letter.open() == ["sign"]
    standing = [one.element_id for one in letter.said if one.lapsed_at is None]
    assert {"division_head", "deputy"} <= set(standing), "what they said still holds"
    return letter


def test_a_return_voids_what_was_said_from_there_on(ministry: Ministry) -> None:
    letter = ministry.letter().on_the_signers_desk()
    letter.at("sign").by("somying").send_back("check", "ตรวจข้อกฎหมายอีกครั้ง")
    lapsed = [one.element_id for one in letter.said if one.lapsed_at is not None]
    assert lapsed == ["check", "division_head", "deputy", "sign"]


def test_after_straight_back_the_way_goes_on_as_usual(ministry: Ministry) -> None:
    letter = ministry.letter().submitted().passed("proofread")
    letter.at("check").send_back("draft", resume="back_to_me")
    letter.submitted().passed("check")
    assert letter.open() == ["division_head"]


def test_only_steps_of_the_diagram_can_be_returned_to(ministry: Ministry) -> None:
    letter = ministry.letter().submitted()
    with pytest.raises(Conflict) as refused:
        letter.at("proofread").send_back("check")
    assert refused.value.code == "return_not_allowed"


# -- recall ---------------------------------------------------------------------------------------


def recalling(level: str, *flows: str) -> Callable[[Ministry], None]:
    """The drafter is the level before each of these, for want of posts in between."""

    @takes(*flows)
    def story(ministry: Ministry) -> Letter:
        letter = ministry.letter()
        without = dict.fromkeys(["proofreader", "checker", "division_head", "deputy"])
        names = {"proofread": "proofreader", "check": "checker"}
        if level not in {"sign", "consult"}:
            without.pop(names.get(level, level))
        _forget(ministry, letter, without)
        for _ in range(2):
            units = ["unit:legal"] if level == "consult" else []
            letter.submitted(consult_units=units)
            assert letter.open() == [level]
            ministry.do(RecallDocument(letter.id, "แก้วันที่"), "thotsop")
            assert letter.open() == ["draft"]
            assert letter.row.state == "drafting"
        return letter

    return story


def _forget(ministry: Ministry, letter: Letter, variables: dict[str, Any]) -> None:
    """As if the organisation had had no such posts when the route started."""
    from sqlalchemy import update

    from engine.models.instance import process_instance

    changed = {**letter.instance.variables, **variables}
    with ministry.bus.engine.begin() as db:
        db.execute(
            update(process_instance)
            .where(process_instance.c.id == letter.instance_id)
            .values(variables=changed)
        )


test_recalled_from_the_proofreader = recalling("proofread", "f_recall_proofread")
test_recalled_from_the_checker = recalling("check", "f_recall_check")
test_recalled_from_the_consulted = recalling("consult", "f_recall_consult")
test_recalled_from_the_division_head = recalling("division_head", "f_recall_division_head")
test_recalled_from_the_deputy = recalling("deputy", "f_recall_deputy")
test_recalled_from_the_signer = recalling("sign", "f_recall_sign")


def test_recall_ends_when_the_next_level_has_looked(ministry: Ministry) -> None:
    letter = ministry.letter().submitted()
    letter.at("proofread").look()
    with pytest.raises(Conflict) as refused:
        ministry.do(RecallDocument(letter.id), "thotsop")
    assert refused.value.code == "recall_too_late"


def test_recall_is_the_drafters_alone_and_only_from_the_next_level(ministry: Ministry) -> None:
    letter = ministry.letter().submitted()
    with pytest.raises(Forbidden):
        ministry.do(RecallDocument(letter.id), "phuchuai")
    letter.passed("proofread")
    with pytest.raises(Conflict) as refused:
        ministry.do(RecallDocument(letter.id), "thotsop")
    assert refused.value.code == "recall_too_late"


# -- urgent bypass --------------------------------------------------------------------------------


def _urgent(ministry: Ministry) -> Letter:
    letter = ministry.letter()
    with pytest.raises(Invalid):
        letter.at("draft").complete("bypass")
    letter.at("draft").complete("bypass", comment="ต้องถึงผู้รับก่อนเที่ยง")
    assert letter.open() == ["consent"]
    return letter


@takes(
    "f_bypass", "f_urgent", "f_consented", "f_straight", "f_tell", "f_told", "f_file_too",
    "f_acknowledged",
)  # fmt: skip
def test_the_skipped_are_told_and_take_note(ministry: Ministry) -> Letter:
    letter = _urgent(ministry)
    letter.at("consent").complete("pass")
    assert letter.open() == ["sign"]
    assert (letter.row.urgency, letter.row.content["priority"]) == (4, "ด่วนที่สุด")
    assert letter.row.bypass_reason == "ต้องถึงผู้รับก่อนเที่ยง"
    letter.signed()
    assert letter.open() == ["acknowledge"] * 3
    assert letter.row.filed_at is not None, "filing waits for nobody"
    for step in letter.steps("acknowledge"):
        candidates = ministry.rows(task, task.c.id == step.id)[0].candidates
        post = candidates[0]["id"]
        holder = {"general-clerk": "sommut", "general-head": "tuayang", "deputy-2": "wichan"}
        step.by(holder[post]).complete("acknowledge")
    assert letter.instance.status == "completed"
    return letter


@takes("f_decline")
def test_the_division_head_may_send_it_the_usual_way(ministry: Ministry) -> Letter:
    letter = _urgent(ministry)
    letter.at("consent").complete("decline", comment="ยังมีเวลา")
    assert letter.open() == ["proofread"]
    letter.passed(*LEVELS)
    letter.signed()
    assert letter.open() == [], "nobody was skipped"
    return letter


@takes("f_consent_return")
def test_consent_returns_the_draft(ministry: Ministry) -> Letter:
    letter = _urgent(ministry)
    for resume in ("rerun", "back_to_me"):
        letter.at("consent").send_back("draft", resume=resume)
        assert letter.open() == ["draft"]
        letter.at("draft").complete("bypass", comment="ด่วนจริง")
    letter.at("consent").send_back("draft", resume="back_to_me")
    letter.submitted()
    assert letter.open() == ["proofread"], "whoever asks no longer to skip takes the usual way"
    return letter


@takes("f_recall_consent")
def test_recalled_from_consent(ministry: Ministry) -> Letter:
    letter = _urgent(ministry)
    ministry.do(RecallDocument(letter.id), "thotsop")
    assert letter.open() == ["draft"]
    return letter


# -- time -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("priority", "hours"), [("ด่วนที่สุด", 1), ("ด่วนมาก", 4), ("ด่วน", 24), ("ปกติ", 72)]
)
def test_deadlines_follow_the_urgency(ministry: Ministry, priority: str, hours: int) -> None:
    letter = ministry.letter(priority=priority, priority_code=None).submitted()
    waiting = ministry.rows(task, task.c.id == letter.at("proofread").id)[0]
    assert waiting.due_at - ministry.now == timedelta(hours=hours), "Monday to Thursday"
    assert waiting.priority == ["ปกติ", "ด่วน", "ด่วนมาก", "ด่วนที่สุด"].index(priority) + 1


# -- rights ---------------------------------------------------------------------------------------


def test_a_level_is_nobody_elses(ministry: Ministry) -> None:
    letter = ministry.letter().submitted()
    with pytest.raises(Forbidden):
        letter.at("proofread").by("niti").complete("pass")


def test_signing_needs_the_act(ministry: Ministry) -> None:
    letter = ministry.letter().on_the_signers_desk()
    with pytest.raises(Conflict) as refused:
        ministry.do(CompleteTask(letter.at("sign").id, "sign"), "somying")
    assert refused.value.code == "authorization_required"


def test_the_letter_reaches_units_of_the_ministry(ministry: Ministry) -> None:
    letter = ministry.letter(to="กรมสาธิต", cc=["อธิบดีกรมทดลอง", "บริษัท สมมติการค้า จำกัด"])
    letter.on_the_signers_desk().signed()
    lines = ministry.rows(register_entry, register_entry.c.document_id == letter.id)
    received = {row.unit for row in lines if row.register == "receive"}
    assert received == {"sathit", "thotlong"}
    sent = next(row for row in lines if row.register == "send")
    assert sent.handling == "ส่งในกระทรวง 2 หน่วย · ส่งภายนอก: บริษัท สมมติการค้า จำกัด"
    number = ministry.rows(letter_number, letter_number.c.document_id == letter.id)[0]
    assert {row.number for row in lines} == {number.text} == {"ตย 0201/1"}


def test_whoever_was_skipped_sees_that_it_is_only_to_know(ministry: Ministry) -> None:
    letter = _urgent(ministry)
    letter.at("consent").complete("pass")
    letter.signed()
    waiting = ministry.rows(task, task.c.id == letter.at("acknowledge").id)[0]
    assert waiting.because == "acknowledge"
