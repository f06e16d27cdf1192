"""How an agency stands on its letters: lines, emblem and greetings of its own, and none again."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from support.ministry import Letter, Ministry

from engine.db import reading
from engine.errors import FieldError, Forbidden, Invalid, NotFound
from office.documents import policy, queries
from office.documents.commands import SetEmblem, SetGreetings, SetLetterhead
from office.documents.emblems import keep_emblem
from office.documents.letters import printable
from office.files.storage import read
from office.people import queries as people
from office.people.models import agency
from signing.preview import page_png, page_text

OURS = SetLetterhead(
    name=["สำนักเลขานุการ", "กระทรวงทดลอง"],
    address=["ถนนราชดำเนิน", "กรุงเทพฯ ๑๐๒๐๐"],
    contact=["โทรสาร ๐ ๒๑๒๓ ๔๕๖๗", "www.example.go.th"],
)


def red() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 60), "#c00000").save(out, "PNG")
    return out.getvalue()


def words(ministry: Ministry, letter: Letter) -> dict[str, Any]:
    with reading(ministry.bus.engine) as db:
        return printable(db, ministry.agency_id, letter.id, letter.row.content)


def drawn(ministry: Ministry, letter: Letter) -> bytes:
    return ministry.desk.papers.render(ministry.agency_id, words(ministry, letter), draft=True)


def file_of(letter: Letter) -> bytes:
    view = letter.ministry.query(queries.one, letter.id)
    return read(letter.ministry.desk.storage, letter.ministry.agency_id, view.signed_sha256)


def own(ministry: Ministry, **changes: Any) -> Letter:
    """A letter in whose head the drafter has changed nothing."""
    as_is = {"owner_agency": None, "address": None, "contact": None}
    return ministry.letter("S01", **as_is, **changes)


def events(ministry: Ministry, kind: str) -> list[Any]:
    with reading(ministry.bus.engine) as db:
        found = people.events_of(db, ministry.agency_id, ministry.agency_id)
    return [one.data for one in found if one.type == kind]


def test_lines_of_its_own_stand_on_letters_at_once_and_go_again(ministry: Ministry) -> None:
    letter = own(ministry)
    before = page_text(drawn(ministry, letter))
    assert not any(line in before for line in (*OURS.name, *OURS.address, *OURS.contact))
    ministry.do(OURS)
    text = page_text(drawn(ministry, letter))
    for line in (*OURS.name, *OURS.address, *OURS.contact):
        assert line in text
    ministry.do(SetLetterhead())
    assert page_text(drawn(ministry, letter)) == before


def test_what_the_drafter_wrote_otherwise_stays(ministry: Ministry) -> None:
    ministry.do(OURS)
    letter = ministry.letter("S01", address="เลขที่ ๑ ถนนอื่น")
    heading = words(ministry, letter)["heading"]
    assert "address" not in heading
    assert "เลขที่ ๑ ถนนอื่น" in page_text(drawn(ministry, letter))


def test_the_nearest_unit_that_says_something_is_followed(ministry: Ministry) -> None:
    letter = own(ministry)
    unit = letter.row.owner_unit
    ministry.do(OURS)
    ministry.do(SetLetterhead(unit, name=["กลุ่มงานสารบรรณ"], contact=["โทร. ๑๑๑๑"]))
    heading = words(ministry, letter)["heading"]
    assert heading["unit"] == ["กลุ่มงานสารบรรณ"]
    assert heading["contact"] == ["โทร. ๑๑๑๑"]
    assert heading["name"] == list(OURS.name)
    assert heading["address"] == list(OURS.address)
    assert "กลุ่มงานสารบรรณ" in page_text(drawn(ministry, letter))


def test_an_emblem_is_printed_until_it_is_taken_away(ministry: Ministry) -> None:
    letter = own(ministry)

    def middle() -> Any:
        page = Image.open(io.BytesIO(page_png(drawn(ministry, letter), 0, 595)))
        return page.convert("RGB").getpixel((312, 85))

    assert middle() == (255, 255, 255)
    file = keep_emblem(ministry.desk.storage, ministry.agency_id, red())
    for _ in range(2):
        ministry.do(SetEmblem(file))
    assert middle()[0] > 150
    assert middle()[1] < 40
    assert words(ministry, letter)["heading"]["emblem"] == file.sha256
    ministry.do(SetEmblem(None))
    assert middle() == (255, 255, 255)
    assert [one["emblem"] for one in events(ministry, "emblem.changed")][::-1] in (
        [file.sha256[:16], ""],
        ["", file.sha256[:16]],
    )


def test_a_file_that_is_no_emblem_keeps_nothing(ministry: Ministry) -> None:
    with pytest.raises(Invalid) as refused:
        keep_emblem(ministry.desk.storage, ministry.agency_id, b"<svg>\n<script/></svg>")
    wrong = refused.value.errors[0]
    assert (wrong.path, wrong.code) == ("emblem", "emblem_script")
    assert "line 2" in wrong.message


def test_greetings_are_reworded_and_reset(ministry: Ministry) -> None:
    letter = ministry.letter("S01", to="อธิบดีกรมตัวอย่าง", salutation=None, closing=None)
    law = words(ministry, letter)
    assert (law["salutation"], law["closing"]) == ("เรียน", "ขอแสดงความนับถือ")
    answer = ministry.do(SetGreetings({"common": {"closing": "ด้วยความนับถือ", "salutation": " "}}))
    assert answer["common"]["closing"] == "ด้วยความนับถือ"
    ours = words(ministry, letter)
    assert (ours["salutation"], ours["closing"]) == ("เรียน", "ด้วยความนับถือ")
    with reading(ministry.bus.engine) as db:
        assert policy.manners(db, ministry.agency_id).forms["common"].closing == "ด้วยความนับถือ"
    ministry.do(SetGreetings({}))
    assert words(ministry, letter)["closing"] == "ขอแสดงความนับถือ"
    assert ministry.rows(agency, agency.c.id == ministry.agency_id)[0].policy["greetings"] == {}
    assert len(events(ministry, "greetings.reworded")) == 2


def test_a_signed_file_stays_as_it_was(ministry: Ministry) -> None:
    letter = ministry.letter().on_the_signers_desk()
    letter.at("sign").by("somying").sign()
    before = file_of(letter)
    ministry.do(OURS)
    ministry.work_off()  # evidence is added behind it
    assert file_of(letter).startswith(before)
    assert OURS.name[0] not in page_text(file_of(letter))


@pytest.mark.parametrize(
    "command",
    [
        SetLetterhead(name=["ก"] * 6),
        SetLetterhead(name=[" "]),
        SetLetterhead(name=["ก" * 121]),
        SetLetterhead(contact=["ก\nข"]),
        SetLetterhead(address=["ก\x00"]),
        SetGreetings({"king": {"closing": "x"}}),
        SetGreetings({"common": {"closing": "ก" * 121}}),
    ],
)
def test_what_cannot_be_printed_there_is_refused(ministry: Ministry, command: Any) -> None:
    with pytest.raises(Invalid) as refused:
        ministry.do(command)
    assert isinstance(refused.value.errors[0], FieldError)


def test_only_the_registry_and_only_for_units_that_there_are(ministry: Ministry) -> None:
    for command in (OURS, SetEmblem(None), SetGreetings({})):
        with pytest.raises(Forbidden):
            ministry.do(command, "thotsop")
    with pytest.raises(NotFound):
        ministry.do(SetLetterhead("no-such-unit"))
