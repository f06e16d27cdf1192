"""The act with two commits: what it leaves when it works, and when it stops half-way."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pikepdf
import pytest
import sqlalchemy as sa
from support.ministry import Letter, Ministry, Step

from engine.commands.instances import CancelInstance
from engine.commands.tasks import DelegateTask, ReassignTask, ReturnTask, UnclaimTask
from engine.errors import Conflict, Forbidden, Invalid, Rejected, TooMany
from engine.ids import new_id
from engine.models.job import job
from office.correspondence.models import letter_number, register_entry
from office.documents import enclosing, signing_act
from office.documents.commands import Attach, EnrolOwnKey, ReserveSignature, RetireKey, RevokeKey
from office.documents.models import document, signature, signing_key
from office.documents.queries import signing_desk
from office.documents.signing_act import Authorization, Wish, read_authorization, sign
from office.files.storage import read
from office.files.uploads import receive
from office.people.commands import ChangeUnit, RevokeInstrument
from office.people.models import agency
from office.people.queries import instruments
from signing.preview import page_text
from signing.verify import verify


@pytest.fixture
def waiting(ministry: Ministry) -> Letter:
    return ministry.letter().on_the_signers_desk()


def numbers(letter: Letter) -> list[tuple[int, str]]:
    rows = letter.ministry.rows(letter_number, letter_number.c.document_id == letter.id)
    return [(row.value, row.state) for row in sorted(rows, key=lambda row: row.value)]


def sign_step(letter: Letter) -> Step:
    return letter.at("sign").by("somying")


def test_the_signed_file_says_what_the_books_say(either_ministry: Ministry) -> None:
    letter = either_ministry.letter()
    for data in (b"enclosed", b"2" * enclosing.MOST, b"three"):
        file = receive(either_ministry.desk.storage, either_ministry.agency_id, data, "a/b.txt")
        either_ministry.do(Attach(letter.id, file, f"ไฟล์ที่ {data[:1].decode()}"), "thotsop")
    letter.on_the_signers_desk()
    answer = sign_step(letter).sign()
    assert answer["status"] == "signed"
    assert answer["document"] == {
        "id": str(letter.id),
        "state": "signed",
        "number": "ตย ๐๒๐๑/๑",
        "date_iso": "2026-11-23",
    }
    (made,) = letter.signatures
    assert (made.level, made.mode) == ("B-T", "รักษาราชการแทน")
    assert made.instrument_id is not None
    number = either_ministry.rows(letter_number, letter_number.c.document_id == letter.id)[0]
    lines = list(either_ministry.desk.numbers._journal.lines())  # type: ignore[attr-defined]
    written = [(line["number"], line["sha256"]) for line in lines if "number" in line]
    assert written == [(number.text, number.sha256)]
    assert [(line["register"], line["no"]) for line in lines if "no" in line] == [("send", 1)]
    pdf = read(either_ministry.desk.storage, either_ministry.agency_id, number.sha256)
    verdict = verify(pdf, either_ministry.desk.trust, either_ministry.now)
    assert verdict.good
    text = page_text(pdf)
    for words in ("ตย ๐๒๐๑/๑", "๒๓ พฤศจิกายน ๒๕๖๙", "นางสาวสมหญิง รักงานดี", "รักษาราชการแทน"):
        assert words in text
    assert either_ministry.rows(register_entry, register_entry.c.register == "send")
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        carried = {name: one.get_file().read_bytes() for name, one in opened.attachments.items()}
    told = carried.pop("GovernmentDocument.xml").decode()
    assert carried == {"01 ไฟล์ที่ e.txt": b"enclosed", "03 ไฟล์ที่ t.txt": b"three"}
    for data in (b"enclosed", b"2" * enclosing.MOST, b"three"):  # one by its hash alone
        assert f"{len(data)} bytes, SHA-256 {sha256(data).hexdigest()}" in told


def test_a_repeated_request_gets_the_kept_answer(waiting: Letter) -> None:
    command_id = new_id()
    step = sign_step(waiting)
    first = step.sign(command_id=command_id)
    assert step.sign(command_id=command_id) == first
    assert numbers(waiting) == [(1, "final")]
    assert len(waiting.signatures) == 1


def test_a_mistyped_pin_costs_no_number_and_too_many_lock_the_key(waiting: Letter) -> None:
    step = sign_step(waiting)
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(Rejected) as refused:
            step.sign(pin="000000")
        assert refused.value.code == "wrong_pin"
        assert f"{left} tries" in refused.value.message
    assert numbers(waiting) == []
    with pytest.raises(TooMany) as locked:
        step.sign()
    assert locked.value.code == "pin_locked"
    waiting.ministry.clock.advance(timedelta(minutes=16))
    assert step.sign()["status"] == "signed"


def test_a_route_that_comes_to_sign_again_is_told_what_is_wrong_with_it(waiting: Letter) -> None:
    """A route of before they were refused, or one that was changed under a running case."""
    with waiting.ministry.bus.engine.begin() as db:
        db.execute(sa.update(document).where(document.c.id == waiting.id).values(state="signed"))
    with pytest.raises(Conflict) as refused:
        sign_step(waiting).sign()
    assert refused.value.code == "signed_already"
    assert numbers(waiting) == []


def test_a_pin_of_the_demo_signs_nothing_elsewhere(waiting: Letter) -> None:
    services = waiting.ministry.bus.services
    strict = replace(services.extra["accounts"], demo=False)
    waiting.ministry.bus.services = replace(services, extra={**services.extra, "accounts": strict})
    with pytest.raises(Rejected) as refused:
        sign_step(waiting).sign()
    assert refused.value.code == "demo_secret"
    assert numbers(waiting) == []


def test_a_right_pin_clears_the_count(waiting: Letter) -> None:
    with pytest.raises(Rejected):
        sign_step(waiting).sign(pin="000000")
    sign_step(waiting).sign()
    row = waiting.ministry.rows(signing_key, signing_key.c.username == "somying")[0]
    assert row.failed_count == 0


def test_without_a_key_in_force_nothing_is_reserved(waiting: Letter) -> None:
    ministry = waiting.ministry
    key = ministry.rows(signing_key, signing_key.c.username == "somying")[0]
    ministry.do(RetireKey(key.id))
    with pytest.raises(Conflict) as refused:
        sign_step(waiting).sign()
    assert refused.value.code == "no_signing_key"
    assert numbers(waiting) == []


def end_the_certificate(letter: Letter) -> None:
    letter.ministry.clock.advance(timedelta(days=3 * 365))


def bring_one_of_next_year(letter: Letter) -> None:
    ministry = letter.ministry
    issuer, begins = ministry.desk.issuer, ministry.now + timedelta(days=30)
    assert issuer is not None
    key = issuer.enrol("นางสาวสมหญิง", "864213", begins, organisation="กระทรวง")
    ministry.do(EnrolOwnKey(key), "somying")


def revoke_it(letter: Letter) -> None:
    ministry = letter.ministry
    (key,) = ministry.rows(signing_key, signing_key.c.username == "somying")
    ministry.do(RevokeKey(key.id, "เครื่องหาย"), "somying")


NOT_IN_FORCE = {
    "key_expired": (end_the_certificate, "ended on 2028-11-2"),
    "key_not_yet": (bring_one_of_next_year, "begins on 2026-12-2"),
    "key_revoked": (revoke_it, "revoked on 2026-11-23"),
}


@pytest.mark.parametrize("code", NOT_IN_FORCE)
def test_why_a_certificate_does_not_count_is_told_and_nothing_reserved(
    waiting: Letter, code: str
) -> None:
    happens, said = NOT_IN_FORCE[code]
    happens(waiting)
    task_id = waiting.at("sign").id
    desk = waiting.ministry.query(signing_desk, task_id, waiting.ministry.now, by="somying")
    assert [one for one, _ in desk.obstacles if one.startswith("key_")] == [code]
    with pytest.raises(Conflict, match=said) as refused:
        sign_step(waiting).sign()
    assert refused.value.code == code
    assert (numbers(waiting), waiting.signatures) == ([], [])


def test_the_policy_decides_which_proof_suffices(waiting: Letter) -> None:
    import sqlalchemy as sa

    ministry = waiting.ministry
    with ministry.bus.engine.begin() as db:
        db.execute(sa.update(agency).values(policy={}))
    with pytest.raises(Rejected) as refused:
        sign_step(waiting).sign()
    assert refused.value.code == "authorization_method"
    pin = ministry.pins["somying"]
    with pytest.raises(Rejected) as wrong:
        sign_step(waiting).sign(authorization=Authorization("totp", "123456", pin))
    assert wrong.value.code == "wrong_code"
    ministry.codes.good.add("123456")
    with pytest.raises(Invalid) as missing:
        sign_step(waiting).sign(authorization=Authorization("totp", "123456"))
    assert missing.value.errors[0].path == "authorization.pin"
    ministry.codes.good.add("123456")
    answer = sign_step(waiting).sign(authorization=Authorization("totp", "123456", pin))
    assert answer["status"] == "signed"
    assert waiting.signatures[0].method == "totp"


def test_a_code_is_for_what_stood_there_when_it_was_given(
    waiting: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the signer does not say what they saw: what changes after it is not signed."""
    ministry = waiting.ministry
    ministry.codes.good |= {"123456", "234567"}
    proof = Authorization("totp", "123456", ministry.pins["somying"])
    shown = signing_act.shown_now

    def before_the_change(*asked: Any) -> str | None:
        shown(*asked)
        return "0" * 64

    with monkeypatch.context() as change:
        change.setattr(signing_act, "shown_now", before_the_change)
        with pytest.raises(Rejected) as other:
            sign_step(waiting).sign(authorization=proof)
    assert other.value.code == "other_than_shown"
    seen = shown(ministry.bus, ministry.actor("somying"), sign_step(waiting).id)
    signed = sign_step(waiting).sign(authorization=replace(proof, code="234567"))
    assert signed["status"] == "signed"
    said = {"document_id": str(waiting.id), "field": "sig_0001", "digest": seen}
    assert ministry.codes.said[-1] == said


def test_a_token_signs_only_with_its_scope(waiting: Letter) -> None:
    ministry, task_id = waiting.ministry, sign_step(waiting).id
    wish = Wish(task_id, authorization=Authorization("pin", ministry.pins["somying"]))
    with pytest.raises(Forbidden):
        sign(ministry.bus, ministry.actor("somying", frozenset({"tasks"})), wish, new_id())
    assert numbers(waiting) == []
    actor = ministry.actor("somying", frozenset({"sign"}))
    assert sign(ministry.bus, actor, wish, new_id())["status"] == "signed"


def test_whoever_has_no_authority_signs_nothing(waiting: Letter) -> None:
    with pytest.raises(Rejected) as refused:
        waiting.at("sign").by("wichan").sign()
    assert refused.value.code == "not_candidate"
    assert numbers(waiting) == []


def test_who_may_not_sign_hears_that_before_anything_of_keys(waiting: Letter) -> None:
    with pytest.raises(Forbidden) as refused:
        waiting.at("sign").by("thotsop").sign(pin="000000")
    assert refused.value.code == "not_candidate"


@pytest.mark.parametrize(
    ("asked", "mode"),
    [
        (["ปลัดกระทรวงตัวอย่าง"], "รักษาราชการแทน"),
        (["รองปลัดกระทรวงตัวอย่าง", "ปฏิบัติราชการแทน ปลัดกระทรวงตัวอย่าง"], "ปฏิบัติราชการแทน"),
    ],
)
def test_who_acts_in_two_ways_signs_as_the_letter_says(
    ministry: Ministry, asked: list[str], mode: str
) -> None:
    letter = ministry.letter(position_lines=asked)
    letter.on_the_signers_desk()
    sign_step(letter).sign()
    (row,) = ministry.rows(signature, signature.c.document_id == letter.id)
    assert (row.mode, row.position_lines[0]) == (mode, "รองปลัดกระทรวงตัวอย่าง")


@pytest.mark.parametrize(
    "bad",
    [
        {"variables": {"sign_note": "ก" * 2001}},
        {"variables": {"no_such_field": 1}},
        {"comment": "ก" * 100_001},
    ],
)
@pytest.mark.parametrize("pin", ["right", "wrong"])
def test_a_bad_form_costs_neither_a_number_nor_a_try(
    waiting: Letter, bad: dict[str, Any], pin: str
) -> None:
    ministry, step = waiting.ministry, sign_step(waiting)
    code = ministry.pins["somying"] if pin == "right" else "000000"
    keys = ministry.rows(signing_key)
    with pytest.raises(Invalid):
        sign(ministry.bus, ministry.actor("somying"),
             Wish(step.id, **bad, authorization=Authorization("pin", code)), new_id())  # fmt: skip
    assert (numbers(waiting), waiting.signatures) == ([], [])
    assert ministry.rows(signing_key) == keys
    assert waiting.open() == ["sign"]


def test_a_bad_form_is_refused_in_the_first_commit_too(waiting: Letter) -> None:
    command = ReserveSignature(waiting.at("sign").id, "sign", "pin", {"sign_note": "ก" * 2001})
    with pytest.raises(Invalid):
        waiting.ministry.do(command, "somying")
    assert (numbers(waiting), waiting.signatures) == ([], [])


def change_address(letter: Letter) -> None:
    letter.ministry.do(ChangeUnit(letter.row.owner_unit, address="ที่อยู่ใหม่"))


def end_the_acting(letter: Letter) -> None:
    """somying acts by another order, still in force, from now on."""
    orders = letter.ministry.query(
        lambda db, actor: instruments(db, actor.agency_id, letter.ministry.now)
    )
    (acting,) = (one for one in orders if one.mode == "acting" and one.username == "somying")
    letter.ministry.do(RevokeInstrument(acting.id, "ผู้ดำรงตำแหน่งกลับมา"))


CHANGES = {
    "date": lambda letter: letter.ministry.clock.advance(timedelta(days=1)),
    "address": change_address,
    "capacity": end_the_acting,
}


@pytest.mark.parametrize("changed", CHANGES)
def test_nobody_signs_other_than_what_they_were_shown(ministry: Ministry, changed: str) -> None:
    letter = ministry.letter(address=None).on_the_signers_desk()
    task_id = letter.at("sign").id

    def shown() -> str | None:
        return ministry.query(signing_desk, task_id, ministry.now, by="somying").seen

    def press(seen: str | None, pin: str) -> Any:
        wish = Wish(task_id, authorization=Authorization("pin", pin), seen=seen)
        return sign(ministry.bus, ministry.actor("somying"), wish, new_id())

    seen = shown()
    assert seen == shown()
    CHANGES[changed](letter)
    for pin in ("000000", ministry.pins["somying"]):
        with pytest.raises(Conflict) as refused:
            press(seen, pin)
        assert refused.value.code == "other_than_shown"
    reserving = ReserveSignature(task_id, "sign", "pin", seen=seen)
    with pytest.raises(Conflict):
        ministry.do(reserving, "somying")
    assert (numbers(letter), letter.signatures) == ([], [])
    assert press(shown(), ministry.pins["somying"])["status"] == "signed"


# -- a timestamp authority that is away -----------------------------------------------------------


def test_a_missing_timestamp_is_added_by_a_job_without_the_key(either_ministry: Ministry) -> None:
    ministry = either_ministry
    letter = ministry.letter().on_the_signers_desk()
    ministry.stamps.away = True
    command_id = new_id()
    answer = sign_step(letter).sign(command_id=command_id)
    assert answer["status"] == "waiting_timestamp"
    assert answer["document"]["number"] is None
    assert letter.row.state == "waiting_timestamp"
    assert sign_step(letter).sign(command_id=command_id) == answer
    ministry.work_off()
    assert (letter.row.state, numbers(letter)) == ("waiting_timestamp", [(1, "reserved")])
    ministry.stamps.away = False
    ministry.clock.advance(timedelta(minutes=10))
    ministry.work_off()
    (made,) = letter.signatures
    assert (letter.row.state, made.level, numbers(letter)) == ("signed", "B-T", [(1, "final")])
    assert letter.end == "end_filed"
    assert letter.said[-1].username == "somying"


def test_a_number_that_waits_for_its_timestamp_survives_midnight(waiting: Letter) -> None:
    ministry = waiting.ministry
    ministry.stamps.away = True
    sign_step(waiting).sign()
    ministry.clock.advance(timedelta(days=1))
    ministry.work_off()
    assert numbers(waiting) == [(1, "reserved")]
    ministry.stamps.away = False
    ministry.clock.advance(timedelta(hours=1))
    ministry.work_off()
    assert numbers(waiting) == [(1, "final")]
    assert waiting.row.dated.isoformat() == "2026-11-23"


def test_what_waits_for_its_timestamp_cannot_be_declined(waiting: Letter) -> None:
    waiting.ministry.stamps.away = True
    sign_step(waiting).sign()
    with pytest.raises(Conflict):
        sign_step(waiting).sign(outcome="refuse", comment="เปลี่ยนใจ")


@pytest.mark.parametrize("leaving", ["return", "cancel", "delegate", "person", "post", "unclaim"])
def test_what_waits_for_its_timestamp_stays_where_it_is(waiting: Letter, leaving: str) -> None:
    ministry, step = waiting.ministry, sign_step(waiting)
    ministry.stamps.away = True
    step.sign()
    acts: dict[str, Any] = {
        "return": (ReturnTask(step.id, "draft", "เปลี่ยนใจ"), "somying"),
        "cancel": (CancelInstance(waiting.instance_id, "ยกเลิก"), "admin"),
        "unclaim": (UnclaimTask(step.id), "somying"),
        "delegate": (DelegateTask(step.id, "wichan"), "somying"),
        "person": (ReassignTask(step.id, "wichan", "ไม่อยู่"), "admin"),
        "post": (ReassignTask(step.id, "position:permanent-secretary", "ไม่อยู่"), "admin"),
    }
    with pytest.raises(Conflict) as refused:
        ministry.do(*acts[leaving])
    assert refused.value.code == "document_locked"
    ministry.stamps.away = False
    ministry.clock.advance(timedelta(minutes=10))
    ministry.work_off()
    assert (waiting.row.state, numbers(waiting)) == ("signed", [(1, "final")])


# -- crashes between the commits ------------------------------------------------------------------


def reserve(letter: Letter) -> None:
    """The request dies after its first commit."""
    letter.ministry.do(ReserveSignature(letter.at("sign").id, "sign", "pin"), "somying")


def test_a_dead_request_keeps_its_number_for_the_same_day(waiting: Letter) -> None:
    reserve(waiting)
    reserve(waiting)
    assert numbers(waiting) == [(1, "reserved")]
    sign_step(waiting).sign()
    assert numbers(waiting) == [(1, "final")]
    assert [one.state for one in waiting.signatures].count("signed") == 1


def test_a_dead_request_is_settled_and_its_number_void_the_next_day(waiting: Letter) -> None:
    ministry = waiting.ministry
    reserve(waiting)
    ministry.clock.advance(timedelta(minutes=11))
    ministry.work_off()
    assert [one.state for one in waiting.signatures] == ["failed"]
    assert numbers(waiting) == [(1, "reserved")]
    ministry.clock.advance(timedelta(days=1))
    ministry.work_off()
    rows = ministry.rows(letter_number)
    assert [(row.state, row.cause) for row in rows] == [("void", "ไม่ได้ลงนามภายในวันที่จองเลข")]
    sign_step(waiting).sign()
    assert numbers(waiting) == [(1, "void"), (2, "final")]


def test_a_number_of_yesterday_is_never_printed_today(waiting: Letter) -> None:
    reserve(waiting)
    waiting.ministry.clock.advance(timedelta(days=1))
    sign_step(waiting).sign()  # before any sweep
    assert numbers(waiting) == [(1, "void"), (2, "final")]
    assert waiting.row.dated.isoformat() == "2026-11-24"


@pytest.mark.parametrize("leaving", ["refuse", "return", "cancel"])
def test_a_number_is_given_up_when_the_letter_leaves_the_desk(
    waiting: Letter, leaving: str
) -> None:
    reserve(waiting)
    if leaving == "refuse":
        sign_step(waiting).sign(outcome="refuse", comment="ไม่ลงนาม")
    elif leaving == "return":
        sign_step(waiting).send_back("draft")
    else:
        waiting.ministry.do(CancelInstance(waiting.instance_id, "ยกเลิก"))
    assert numbers(waiting) == [(1, "void")]


def test_our_own_check_stops_a_bad_signature(waiting: Letter) -> None:
    ministry = waiting.ministry
    services = ministry.bus.services
    untrusting = replace(ministry.desk, trust=())
    ministry.bus.services = replace(services, extra={**services.extra, "desk": untrusting})
    with pytest.raises(Conflict) as refused:
        sign_step(waiting).sign()
    assert refused.value.code == "own_signature_invalid"
    assert (waiting.row.state, numbers(waiting)) == ("waiting_signature", [(1, "reserved")])
    ministry.bus.services = services
    sign_step(waiting).sign()
    assert numbers(waiting) == [(1, "final")]


def test_a_draft_that_cannot_be_printed_is_told_by_field(ministry: Ministry) -> None:
    letter = ministry.letter(subject="ข้อความ \U0001f600 ที่ไม่มีในแบบอักษร").on_the_signers_desk()
    with pytest.raises(Invalid) as refused:
        sign_step(letter).sign()
    assert refused.value.errors[0].path == "subject"
    assert numbers(letter) == [(1, "reserved")]


# -- many at once ---------------------------------------------------------------------------------


def test_two_who_sign_one_letter_make_one_signature(postgres_ministry: Ministry) -> None:
    letter = postgres_ministry.letter().on_the_signers_desk()
    step = sign_step(letter)

    def attempt(_: int) -> str:
        try:
            return str(step.sign()["status"])
        except Rejected as refused:
            return refused.code

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(attempt, range(4)))
    assert answers.count("signed") == 1
    assert [row[1] for row in numbers(letter)].count("final") == 1
    assert [one.state for one in letter.signatures].count("signed") == 1


def test_guesses_at_a_pin_side_by_side_all_count(postgres_ministry: Ministry) -> None:
    step = sign_step(postgres_ministry.letter().on_the_signers_desk())

    def guess(number: int) -> str:
        with pytest.raises(Rejected) as refused:
            step.sign(pin=f"00000{number}")
        return refused.value.code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(9)))
    assert (answers.count("wrong_pin"), answers.count("pin_locked")) == (5, 4)


def test_signed_letters_are_settled_for_good(waiting: Letter) -> None:
    sign_step(waiting).sign()
    waiting.ministry.clock.advance(timedelta(days=2))
    waiting.ministry.work_off()
    assert [one.state for one in waiting.signatures] == ["signed"]
    assert numbers(waiting) == [(1, "final")]
    dead = waiting.ministry.rows(job, job.c.state == "dead")
    assert dead == []


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ("pin", "authorization"),
        ({}, "authorization.method"),
        ({"method": "pin"}, "authorization.code"),
        ({"method": "pin", "code": 1234}, "authorization.code"),
        ({"method": "totp", "code": "1", "pin": 1}, "authorization.pin"),
    ],
)
def test_a_proof_is_read_by_field(raw: Any, path: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_authorization(raw)
    assert refused.value.errors[0].path == path


def test_a_secret_is_in_no_log() -> None:
    assert "918273" not in repr(Authorization("totp", "918273", "918273"))


def test_signing_asks_for_a_proof(waiting: Letter) -> None:
    ministry = waiting.ministry
    with pytest.raises(Invalid) as refused:
        sign(ministry.bus, ministry.actor("somying"), Wish(sign_step(waiting).id), new_id())
    assert refused.value.code == "authorization_required"
    assert ministry.rows(signature) == []
