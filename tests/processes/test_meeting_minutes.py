"""bpmn/meetings/meeting-minutes.bpmn: two people sign one document; every flow and every end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from lxml import etree
from support.ministry import LIBRARY, Letter, Ministry
from support.samples import sample

from engine.commands.deployments import Deploy
from engine.errors import Conflict, Invalid
from engine.runtime.lint.signing import RECORD
from office.correspondence.models import letter_number
from office.documents import queries
from office.documents.commands import CreateDocument, SaveDraft
from office.documents.kinds import KINDS
from office.documents.routes import MINUTES, ROUTE
from office.files.storage import read
from signing.preview import page_text
from signing.verify import verify

RECORDER, CHECKER = "somying", "phatsadu"
MEETING = {
    "meeting": "1/2569", "meeting_date": "2026-11-20", "start": "09:30", "venue": "ห้องประชุม ๑",
    "recorder": "นางสาวสมหญิง รักงานดี",
    "present": [{"name": "นายหนึ่ง สองสาม", "position": "รองปลัด", "role": "ประธานกรรมการ"}],
}  # fmt: skip
USUAL = {
    "f_start", "f_prepared", "f_drafted", "f_submit", "f_recorded", "f_signed_first", "f_checked",
    "f_signed", "f_registered", "f_filed",
}  # fmt: skip
OTHERS = {"f_withdraw", "f_other_record", "f_return_draft", "f_other_sign", "f_refuse"}


def words(**extra: Any) -> dict[str, Any]:
    lines = {"secrecy": "ปกติ", "secrecy_code": "001", "position_lines": ["ผู้อำนวยการกองกลาง"],
             "owner_unit": None, "signer": None}  # fmt: skip
    return {**sample("S10"), **lines, "extra": {**MEETING, **extra}}


def minutes(ministry: Ministry, **extra: Any) -> Letter:
    answer = ministry.do(CreateDocument(words(**extra), MINUTES), RECORDER)
    return Letter(ministry, UUID(answer["id"]), UUID(answer["instance_id"]), answer)


def submitted(made: Letter) -> Letter:
    made.at("draft").by(RECORDER).complete("submit")
    return made


def recorded(made: Letter) -> Letter:
    submitted(made).at("record").by(RECORDER).sign()
    return made


def pdf_of(made: Letter) -> bytes:
    ministry = made.ministry
    view = ministry.query(queries.one, made.id)
    return read(ministry.desk.storage, ministry.agency_id, view.signed_sha256)


def test_every_flow_has_a_story() -> None:
    tree = etree.parse(str(LIBRARY / "meetings" / "meeting-minutes.bpmn"))
    assert {str(flow.get("id")) for flow in tree.iter("{*}sequenceFlow")} == USUAL | OTHERS


def test_both_sign_one_file(either_ministry: Ministry) -> None:
    made = recorded(minutes(either_ministry))
    assert (made.row.state, made.row.number, made.row.blob_id) == ("waiting_signature", None, None)
    assert either_ministry.rows(letter_number, letter_number.c.document_id == made.id) == []
    made.at("sign").by(CHECKER).sign()
    either_ministry.work_off()
    assert (made.row.state, made.row.number, made.end) == ("signed", "ครั้งที่ ๑/๒๕๖๙", "end_filed")
    assert made.flows() == USUAL
    assert made.incidents() == []
    first, second = sorted(made.signatures, key=lambda one: one.field)
    assert [(one.field, one.state, one.username) for one in (first, second)] == [
        ("sig_0001", "first", RECORDER),
        ("sig_0002", "signed", CHECKER),
    ]
    pdf = pdf_of(made)
    verdict = verify(pdf, either_ministry.desk.trust, either_ministry.now)
    assert verdict.good
    assert [one.field for one in verdict.signatures] == ["sig_0001", "sig_0002"]
    assert {one.level for one in verdict.signatures} == {"B-LTA"}
    text = " ".join(page_text(pdf).split())
    for said in ("(นางสาวสมหญิง รักงานดี)", "ผู้จดรายงานการประชุม", f"({second.name})",
                 "ผู้ตรวจรายงานการประชุม"):  # fmt: skip
        assert said in text, (said, text)
    (number,) = either_ministry.rows(letter_number, letter_number.c.document_id == made.id)
    assert number.state == "final"
    with either_ministry.bus.engine.connect() as db:
        public = queries.by_code(db, made.row.public_code)
    assert public is not None
    assert [(one.field, one.name, list(one.position_lines)) for one in public.signers] == [
        ("sig_0001", "นางสาวสมหญิง รักงานดี", ["ผู้จดรายงานการประชุม"]),
        ("sig_0002", second.name, ["ผู้อำนวยการกองกลาง"]),
    ]


def test_a_timestamp_that_is_away_delays_the_first(ministry: Ministry) -> None:
    made = submitted(minutes(ministry))
    ministry.stamps.away = True
    made.at("record").by(RECORDER).sign()
    assert (made.row.state, made.open()) == ("waiting_timestamp", ["record"])
    ministry.stamps.away = False
    ministry.clock.advance(timedelta(minutes=6))
    ministry.work_off()
    assert (made.row.state, made.open()) == ("waiting_signature", ["sign"])
    made.at("sign").by(CHECKER).sign()
    ministry.work_off()
    assert verify(pdf_of(made), ministry.desk.trust, ministry.now).good


def test_what_is_sent_back_is_signed_anew(ministry: Ministry) -> None:
    made = recorded(minutes(ministry))
    made.at("sign").by(CHECKER).send_back("draft")
    content = {**made.row.content, "extra": {**MEETING, "venue": "ห้องประชุม ๒"}}
    ministry.do(SaveDraft(made.id, content, made.row.revision), RECORDER)
    recorded(made).at("sign").by(CHECKER).sign()
    ministry.work_off()
    assert made.flows() == USUAL | {"f_other_sign", "f_return_draft"}
    pdf = pdf_of(made)
    assert "ห้องประชุม ๒" in page_text(pdf)
    assert len(verify(pdf, ministry.desk.trust, ministry.now).signatures) == 2
    with ministry.bus.engine.connect() as db:
        public = queries.by_code(db, made.row.public_code)
    assert public is not None
    assert [one.field for one in public.signers] == ["sig_0001", "sig_0002"]


def test_the_recorder_may_send_it_back_and_the_drafter_end_it(ministry: Ministry) -> None:
    made = submitted(minutes(ministry))
    made.at("record").by(RECORDER).send_back("draft")
    made.at("draft").by(RECORDER).complete("withdraw", comment="ไม่ต้องใช้")
    assert (made.row.state, made.end) == ("withdrawn", "end_withdrawn")
    assert {"f_withdraw", "f_other_record", "f_return_draft"} <= made.flows()


def test_the_checker_may_refuse(ministry: Ministry) -> None:
    made = recorded(minutes(ministry))
    made.at("sign").by(CHECKER).sign(outcome="refuse", comment="มติไม่ตรง")
    assert (made.row.state, made.end) == ("refused", "end_refused")
    assert "f_refuse" in made.flows()


def test_only_whom_the_paper_names_signs_it(ministry: Ministry) -> None:
    made = submitted(minutes(ministry, recorder="นายคนอื่น"))
    with pytest.raises(Conflict) as refused:
        made.at("record").by(RECORDER).sign()
    assert refused.value.code == "other_name"


def test_the_route_is_for_minutes_alone(ministry: Ministry) -> None:
    """Whatever it is called: nobody comes to a signature that will be refused."""
    letter = sample("S01", position_lines=["ผู้อำนวยการกองกลาง"], owner_unit=None)
    files = {f.name: f.read_bytes() for f in (LIBRARY / "meetings").iterdir() if f.is_file()}
    other = {
        name: data.replace(b"meeting-minutes", b"two-sign") for name, data in files.items()
        if not name.endswith(".tests.json")
    }  # fmt: skip
    ministry.do(Deploy(other), "admin")
    for route in (MINUTES, "two-sign"):
        with pytest.raises(Invalid) as refused:
            ministry.do(CreateDocument(letter, route), "thotsop")
        assert [(one.path, one.code) for one in refused.value.errors] == [("route", "signs_twice")]
    assert KINDS["MIN"].before[0][0] == RECORD
    assert ministry.do(CreateDocument(words(), ROUTE), RECORDER)["state"] == "drafting"
