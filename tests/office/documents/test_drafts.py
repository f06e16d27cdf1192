"""Creating, saving and enclosing: who may, what is refused by field, what it changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from support.ministry import Letter, Ministry
from support.samples import sample, samples

from engine.db import begin_write
from engine.errors import Conflict, Forbidden, Invalid, NotFound, Rejected, Stale
from engine.ids import new_id
from engine.models.instance import process_instance
from engine.models.task import task
from office.documents import queries
from office.documents.commands import Attach, CreateDocument, Detach, LookAtDraft, SaveDraft
from office.documents.commands.looking import SITTING
from office.documents.kinds import KINDS, Form
from office.documents.models import document, document_look, endorsement
from office.files.uploads import StoredFile, receive


def fields(refused: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {error.path: error.code for error in refused.value.errors}


def create(ministry: Ministry, by: str = "thotsop", **changes: Any) -> Any:
    return ministry.do(CreateDocument(sample("S01", **changes)), by)


# -- creating -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [one for one in samples("EXT", "INT") if one["secrecy"] == "ปกติ"],
    ids=lambda one: one["id"],
)
def test_every_sample_that_has_a_route_starts_it(ministry: Ministry, given: Any) -> None:
    answer = ministry.do(CreateDocument(given), "thotsop")
    assert answer["number"] is None
    assert [one["element_id"] for one in answer["next"]] == ["draft"]
    (row,) = ministry.rows(document)
    assert str(row.id) == answer["id"]
    assert row.state == "drafting"
    assert not {"id", "number", "date", "date_iso", "preparers"} & row.content.keys()
    (instance,) = ministry.rows(process_instance)
    assert (instance.business_key, instance.title) == (answer["id"], given["subject"])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "LETTER"}, {"kind": "unknown_kind"}),
        ({"kind": ["EXT"]}, {"kind": "invalid"}),
        ({"kind": None}, {"kind": "required"}),
        ({"secrecy": "ลับ", "secrecy_code": "002"}, {"secrecy": "secrecy_not_yet"}),
        ({"secrecy": "ลับ"}, {"secrecy": "invalid", }),
        ({"priority": "เร็วมาก"}, {"priority": "invalid"}),
        ({"position_lines": ["พระเจ้าอยู่หัว"]}, {"position_lines": "unknown_post"}),
        ({"position_lines": []}, {"position_lines": "required"}),
        ({"subject": " "}, {"subject": "required"}),
        ({"subject": 7}, {"subject": "invalid"}),
        ({"subject": "ก" * 501}, {"subject": "too_long"}),
        ({"subject": "เรื่อง\x00"}, {"subject": "invalid"}),
        ({"to": None}, {"to": "required"}),
        ({"paragraphs": "ข้อความ"}, {"paragraphs": "invalid"}),
        ({"paragraphs": []}, {"paragraphs": "required"}),
        ({"paragraphs": ["ก", ""]}, {"paragraphs.1": "required"}),
        ({"paragraphs": ["ก" * 20_001]}, {"paragraphs.0": "too_long"}),
        ({"paragraphs": ["ก" * 19_000] * 30}, {"paragraphs": "document_too_long"}),
        ({"paragraphs": [{"runs": []}]}, {"paragraphs.0": "required"}),
        ({"paragraphs": [{"runs": [{"text": "ก\nข"}]}]}, {"paragraphs.0": "invalid"}),
        ({"paragraphs": [{"runs": [{"text": "ก", "bold": 1}]}]}, {"paragraphs.0": "invalid"}),
        ({"paragraphs": [{"runs": "ก"}]}, {"paragraphs.0": "invalid"}),
        ({"paragraphs": [{"text": "ก"}]}, {"paragraphs.0": "invalid"}),
        ({"attachments": [{"qty": "๑"}]}, {"attachments.0.name": "required"}),
        ({"attachments": [{"name": "ก", "path": "x"}]}, {"attachments.0.path": "unknown"}),
        ({"contact": "โทร."}, {"contact": "invalid"}),
        ({"refs": ["ก"] * 201}, {"refs": "too_long"}),
        ({"extra": {"x": "ก" * 30_000}}, {"extra": "too_long"}),
        ({"extra": {"consult_units": ["nowhere"]}}, {"extra.consult_units.0": "unknown_unit"}),
        ({"extra": {"consult_units": "legal"}}, {"extra.consult_units": "invalid"}),
        ({"extra": {"consult_units": [{}]}}, {"extra.consult_units.0": "unknown_unit"}),
        ({"approved": True}, {"approved": "unknown"}),
    ],
)  # fmt: skip
def test_bad_content_is_told_by_field(
    ministry: Ministry, changes: dict[str, Any], expected: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        create(ministry, **changes)
    assert fields(refused) == expected
    assert ministry.rows(document) == []
    assert ministry.rows(process_instance) == []


@pytest.mark.parametrize("content", [None, [], "หนังสือ", 3])
def test_content_is_an_object(ministry: Ministry, content: Any) -> None:
    with pytest.raises(Invalid):
        ministry.do(CreateDocument(content), "thotsop")


def test_what_the_route_decides_is_ignored(ministry: Ministry) -> None:
    create(ministry, number="ตย ๐๒๐๑/๙๙๙", preparers={"draft": "ใครก็ได้"}, id="X")
    (row,) = ministry.rows(document)
    assert row.number is None


def test_an_owner_that_nobody_knows_is_the_drafters_unit(ministry: Ministry) -> None:
    create(ministry, owner_unit="กองที่ไม่มี")
    (row,) = ministry.rows(document)
    assert row.owner_unit == "general"


# -- saving ---------------------------------------------------------------------------------------


@pytest.fixture
def letter(ministry: Ministry) -> Letter:
    return ministry.letter()


def save(letter: Letter, by: str = "thotsop", base: int | None = None, **changes: Any) -> Any:
    row = letter.row
    revision = row.revision if base is None else base
    return letter.ministry.do(SaveDraft(letter.id, {**row.content, **changes}, revision), by)


def test_marks_are_kept_in_one_shape(letter: Letter) -> None:
    runs = [{"text": " ก", "bold": True}, {"text": "ข", "bold": True, "underline": False}]
    save(letter, paragraphs=[{"runs": runs}, {"runs": [{"text": "ไม่มีเครื่องหมาย"}]}])
    assert letter.row.content["paragraphs"] == [
        {"runs": [{"text": "กข", "bold": True, "underline": False}]},
        "ไม่มีเครื่องหมาย",
    ]


def test_saving_makes_a_revision_only_when_words_change(letter: Letter) -> None:
    assert save(letter, subject="เรื่องใหม่")["revision"] == 2
    assert save(letter)["revision"] == 2
    assert letter.row.subject == "เรื่องใหม่"


def test_the_case_is_called_what_the_letter_is_about(letter: Letter) -> None:
    save(letter, subject="เรื่องใหม่", priority="ด่วนมาก", priority_code="003")
    assert letter.instance.title == "เรื่องใหม่"
    letter.submitted()
    (waiting,) = letter.ministry.rows(task, task.c.id == letter.at("proofread").id)
    assert waiting.priority == 3


def test_changes_to_an_older_revision_are_stale(letter: Letter) -> None:
    save(letter, subject="ของคนแรก")
    with pytest.raises(Stale) as refused:
        save(letter, base=1, subject="ของคนที่สอง")
    assert refused.value.code == "stale"
    assert letter.row.subject == "ของคนแรก"


def test_two_who_save_at_once_do_not_overwrite_each_other(postgres_ministry: Ministry) -> None:
    letter = postgres_ministry.letter()

    def one(place: int) -> str:
        try:
            save(letter, base=1, subject=f"ฉบับที่ {place}")
        except Rejected as refused:
            return refused.code
        return "saved"

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(one, range(6)))
    assert sorted(answers) == ["saved", *["stale"] * 5]


def test_only_whoever_has_the_step_may_save(letter: Letter) -> None:
    for stranger in ("sommut", "niti", "somying"):
        with pytest.raises(Forbidden):
            save(letter, by=stranger, subject="ของคนอื่น")
    letter.submitted()
    with pytest.raises(Forbidden):
        save(letter, subject="สายไปแล้ว")
    assert save(letter, by="sommut", subject="ทานแล้ว")["revision"] == 2


def test_a_claimed_step_is_its_holders_alone(ministry: Ministry) -> None:
    letter = ministry.letter()
    letter.at("draft").claim()
    assert save(letter, subject="ก")["revision"] == 2


def test_the_signer_does_not_edit_and_after_signing_nobody_does(letter: Letter) -> None:
    letter.on_the_signers_desk()
    with pytest.raises(Forbidden):
        save(letter, by="somying", subject="แก้เอง")
    letter.signed()
    with pytest.raises(Conflict) as refused:
        save(letter, subject="แก้หลังลงนาม")
    assert refused.value.code == "document_locked"


@pytest.mark.parametrize("changes", [{"kind": "INT"}, {"position_lines": ["ผู้อำนวยการกองกลาง"]}])
def test_what_decided_the_route_stays(letter: Letter, changes: dict[str, Any]) -> None:
    with pytest.raises(Conflict) as refused:
        save(letter, **changes)
    assert refused.value.code == "route_begun"


def test_saving_is_judged_as_creating_is(letter: Letter) -> None:
    with pytest.raises(Invalid) as refused:
        save(letter, secrecy="ลับมาก", secrecy_code="003")
    assert fields(refused) == {"secrecy": "secrecy_not_yet"}


# -- enclosing ------------------------------------------------------------------------------------


def a_file(ministry: Ministry, words: bytes = b"words") -> StoredFile:
    return receive(ministry.desk.storage, ministry.agency_id, words, "กำหนดการ.txt")


def test_an_enclosed_file_is_a_line_on_the_paper(letter: Letter) -> None:
    ministry = letter.ministry
    before = letter.row.content["attachments"]
    answer = ministry.do(Attach(letter.id, a_file(ministry), "แผนที่", "จำนวน ๑ แผ่น"), "thotsop")
    assert answer["revision"] == letter.row.revision == 2
    added = {"name": "แผนที่", "qty": "จำนวน ๑ แผ่น"}
    assert letter.row.content["attachments"] == [*before, added]
    view = ministry.query(queries.one, letter.id, by="thotsop")
    assert [(file.name, file.file_name, file.size) for file in view.attachments] == [
        ("แผนที่", "กำหนดการ.txt", 5)
    ]
    ministry.do(Detach(letter.id, UUID(answer["id"])), "thotsop")
    assert letter.row.content["attachments"] == before
    with pytest.raises(NotFound):
        ministry.do(Detach(letter.id, UUID(answer["id"])), "thotsop")


def test_a_file_for_a_line_that_is_there_adds_none(letter: Letter) -> None:
    before = letter.row.content["attachments"]
    ministry = letter.ministry
    ministry.do(Attach(letter.id, a_file(ministry), before[0]["name"]), "thotsop")
    assert letter.row.content["attachments"] == before


def test_an_enclosed_file_is_part_of_what_is_endorsed(letter: Letter) -> None:
    ministry = letter.ministry
    letter.submitted()
    ministry.do(Attach(letter.id, a_file(ministry, b"one"), "กำหนดการสัมมนา"), "sommut")
    letter.at("proofread").complete("corrected")
    letter.at("check").send_back("proofread")
    (file,) = ministry.query(queries.one, letter.id, by="sommut").attachments
    ministry.do(Detach(letter.id, UUID(file.id)), "sommut")
    ministry.do(Attach(letter.id, a_file(ministry, b"two"), "กำหนดการสัมมนา"), "sommut")
    letter.passed("proofread")
    hashes = [one.version_sha256 for one in letter.said]
    assert len({hashes[0], hashes[1], hashes[3]}) == 3


def test_a_stranger_encloses_nothing(letter: Letter) -> None:
    with pytest.raises(Forbidden):
        letter.ministry.do(Attach(letter.id, a_file(letter.ministry), "แทรก"), "niti")


# -- who may read ---------------------------------------------------------------------------------


def test_readers_are_those_of_the_route(letter: Letter) -> None:
    ministry = letter.ministry
    with pytest.raises(Forbidden):
        ministry.query(queries.one, letter.id, by="sommut")
    letter.submitted()
    ministry.query(queries.one, letter.id, by="sommut")
    ministry.query(queries.one, letter.id, by="admin")
    with pytest.raises(Forbidden):
        ministry.query(queries.one, letter.id, by="niti")
    why = ministry.query(queries.readers, letter.id, by="thotsop")
    assert {(one.principal, one.because) for one in why} == {
        ("person:thotsop", "drafter"),
        ("position:general-clerk", "task"),
    }


def test_the_list_is_of_those_that_can_be_read(letter: Letter) -> None:
    ministry = letter.ministry
    other = ministry.letter("S03", by="banchi")
    mine = ministry.query(queries.listing, by="thotsop")
    assert [row.id for row in mine.items] == [str(letter.id)]
    assert ministry.query(queries.listing, by="admin").total == 2
    assert ministry.query(queries.listing, by="admin", kind="INT").items[0].id == str(other.id)
    assert ministry.query(queries.listing, by="admin", q="วิทยากร").total == 1
    first = ministry.query(queries.listing, by="admin", page_size=1)
    rest = ministry.query(queries.listing, by="admin", page_size=1, after=first.next)
    assert {first.items[0].id, rest.items[0].id} == {str(letter.id), str(other.id)}


def test_receivers_may_read_what_was_delivered(ministry: Ministry) -> None:
    letter = ministry.letter(to="กรมสาธิต")
    letter.on_the_signers_desk().signed()
    assert ministry.query(queries.one, letter.id, by="athibodi").document.number == "ตย ๐๒๐๑/๑"
    with pytest.raises(Forbidden):
        ministry.query(queries.one, letter.id, by="wijai")


def test_another_agency_sees_nothing(letter: Letter) -> None:
    from dataclasses import replace

    foreign = replace(letter.ministry.actor("admin"), agency_id=new_id())
    from engine.db import reading

    with reading(letter.ministry.bus.engine) as db:
        for ask in (queries.one, queries.versions, queries.endorsements, queries.readers):
            with pytest.raises(NotFound):
                ask(db, foreign, letter.id)
        assert queries.listing(db, foreign).items == []
    for command in (
        SaveDraft(letter.id, letter.row.content, 1),
        Attach(letter.id, a_file(letter.ministry), "แทรก"),
    ):
        with pytest.raises(NotFound):
            letter.ministry.bus.execute(command, foreign)


# -- versions -------------------------------------------------------------------------------------


def test_a_version_is_frozen_for_each_text_that_was_endorsed(letter: Letter) -> None:
    ministry = letter.ministry
    letter.submitted()
    save(
        letter, by="sommut", paragraphs=[*letter.row.content["paragraphs"][:-1], "จึงเรียนมาเพื่อทราบ"]
    )
    letter.at("proofread").complete("corrected", proofread_note="แก้ย่อหน้าสุดท้าย")
    letter.passed("check")
    found = ministry.query(queries.versions, letter.id, by="thotsop")
    assert [(one.ordinal, one.revision, one.frozen_by) for one in found] == [
        (1, 1, "thotsop"),
        (2, 2, "sommut"),
    ]
    compared = ministry.query(queries.compare, letter.id, 1, 2, by="thotsop")
    (change,) = compared.changes
    assert change.path == "paragraphs.2"
    kinds = {piece.kind for piece in change.pieces}
    assert kinds == {"same", "ins", "del"}
    assert "".join(p.text for p in change.pieces if p.kind != "del") == "จึงเรียนมาเพื่อทราบ"
    said = ministry.query(queries.endorsements, letter.id, by="thotsop")
    assert [(one.element_id, one.version, one.text) for one in said] == [
        ("draft", 1, ""),
        ("proofread", 2, "แก้ย่อหน้าสุดท้าย"),
        ("check", 2, ""),
    ]


def test_a_level_sees_what_changed_since_it_passed_the_letter(either_ministry: Ministry) -> None:
    letter = either_ministry.letter().submitted().passed("proofread")
    since = queries.since_seen
    assert either_ministry.query(since, letter.id, by="sommut") is None
    first, *rest = letter.row.content["paragraphs"]
    save(letter, by="tuayang", paragraphs=[first + " เพิ่ม", *rest])
    found = either_ministry.query(since, letter.id, by="sommut")
    assert (found.old, [change.path for change in found.changes]) == (1, ["paragraphs.0"])
    assert either_ministry.query(since, letter.id, by="tuayang") is None


def look(letter: Letter, by: str) -> list[tuple[int, str]]:
    """Of what whoever opens the draft is told: since which version (0: their last look), where."""
    letter.ministry.do(LookAtDraft(letter.id), by)
    found = letter.ministry.query(queries.since_seen, letter.id, by=by)
    return [(found.old, change.path) for change in found.changes] if found else []


def test_who_looked_sees_what_others_changed_since_for_all_of_a_sitting(
    either_ministry: Ministry,
) -> None:
    letter = either_ministry.letter().submitted().passed("proofread")
    first, second, *rest = letter.row.content["paragraphs"]
    either_ministry.clock.advance(timedelta(minutes=1))
    assert look(letter, "sommut") == []
    save(letter, by="tuayang", paragraphs=[first + " หนึ่ง", second, *rest])
    assert look(letter, "sommut") == [(0, "paragraphs.0")]
    assert look(letter, "tuayang") == []  # their own
    save(letter, by="tuayang", paragraphs=[first + " หนึ่ง", second + " สอง", *rest])
    assert look(letter, "sommut") == [(0, "paragraphs.0"), (0, "paragraphs.1")]
    either_ministry.clock.advance(SITTING)
    assert look(letter, "sommut") == []  # seen in the sitting before
    save(letter, by="tuayang", paragraphs=[first, second + " สอง", *rest])
    assert look(letter, "sommut") == [(0, "paragraphs.0")]
    letter.at("check").send_back("proofread")
    either_ministry.clock.advance(timedelta(minutes=1))
    letter.passed("proofread")
    save(letter, by="tuayang", paragraphs=[first, second, *rest])
    assert look(letter, "sommut") == [(2, "paragraphs.1")]  # since they passed it on


def test_who_comes_into_a_step_sees_what_changed_since_it_was_done(
    either_ministry: Ministry,
) -> None:
    letter = either_ministry.letter().submitted().passed("proofread")
    letter.at("check").send_back("draft")
    first, *rest = letter.row.content["paragraphs"]
    save(letter, by="thotsop", paragraphs=[first + " เพิ่ม", *rest])
    letter.submitted()
    was = sa.update(endorsement).where(endorsement.c.username == "sommut")
    with begin_write(either_ministry.bus.engine) as db:  # somebody else held the post then
        db.execute(was.values(username="phuchuai"))
        db.commit()
    found = either_ministry.query(queries.since_seen, letter.id, by="sommut")
    assert (found.old, found.level) == (1, True)
    assert [change.path for change in found.changes] == ["paragraphs.0"]
    assert either_ministry.query(queries.since_seen, letter.id, by="somying") is None


def test_what_was_seen_of_a_draft_goes_when_its_route_ends(ministry: Ministry) -> None:
    letter = ministry.letter()
    ministry.do(LookAtDraft(letter.id), "thotsop")
    assert ministry.rows(document_look)
    letter.on_the_signers_desk().signed()
    ministry.work_off()
    assert not ministry.rows(document_look)


def test_the_pages_of_a_version_are_made_once(letter: Letter) -> None:
    ministry = letter.ministry
    letter.submitted()
    ministry.work_off()
    (version,) = ministry.query(queries.versions, letter.id, by="thotsop")
    assert version.pdf_sha256 is not None
    size = ministry.desk.storage.size(ministry.agency_id, version.pdf_sha256)
    assert size is not None
    assert size > 1000


def test_preparers_are_those_who_did_the_steps(letter: Letter) -> None:
    letter.submitted().passed("proofread")
    letter.at("check").send_back("draft")
    view = letter.ministry.query(queries.one, letter.id, by="thotsop")
    assert {(one.part, one.username) for one in view.preparers} == {
        ("draft", "thotsop"),
        ("type", "sommut"),
    }


def test_comparing_shows_what_came_and_went() -> None:
    before = {"subject": "ขอเชิญประชุม", "refs": ["ก", "ข"], "to": "ปลัด"}
    after = {"subject": "ขอเชิญประชุม", "refs": ["ข", "ค"], "to": "ปลัดกระทรวง"}
    found = {change.path: change for change in queries.changes(before, after)}
    assert found.keys() == {"to", "refs.0", "refs.1"}


TYPED: dict[Form, tuple[Any, Any]] = {
    Form.LINE: ("๑", "๒"),
    Form.DATE: ("2026-11-23", "2026-11-24"),
    Form.TIME: ("09:30", "10:30"),
    Form.LINES: (["กองกลาง"], ["กองคลัง"]),
    Form.PEOPLE: ([{"name": "นายหนึ่ง", "role": None}], [{"name": "นายสอง", "role": None}]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_a_kind_has_of_its_own_is_compared(kind: str) -> None:
    before = {"kind": kind, "signer": "นายหนึ่ง", "position_lines": ["ปลัดกระทรวง"], "extra": {}}
    after = {**before, "signer": "นายสอง", "position_lines": ["รองปลัดกระทรวง", "ปฏิบัติราชการแทน"]}
    own = {one.name: TYPED[one.form] for one in KINDS[kind].extras}
    before["extra"] = {name: two[0] for name, two in own.items()}
    after["extra"] = {name: two[1] for name, two in own.items()}
    found = [change.path.partition(".")[0] for change in queries.changes(before, after)]
    assert found == [*own, "signer", "position_lines"]
    assert list(queries.changes(after, after)) == []


def test_who_acts_for_whom_stands_with_the_endorsement(ministry: Ministry) -> None:
    letter = ministry.letter().on_the_signers_desk().signed()
    last = letter.said[-1]
    assert (last.username, last.on_behalf_of) == ("somying", "position:permanent-secretary")
    assert last.instrument_id is not None
