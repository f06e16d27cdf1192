"""An agency's own list of those who are greeted with กราบเรียน."""

from __future__ import annotations

import pytest
from support.ministry import Ministry

from engine.db import reading
from engine.errors import Forbidden, Invalid
from office.documents.commands import NameHonoured, SetGreetingRows
from office.documents.letters import printable
from office.documents.policy import manners
from office.people import queries as people

CHAIR = "ประธานสภาตัวอย่าง"


def salutation(ministry: Ministry, to: str) -> tuple[str, str]:
    letter = ministry.letter("S01", to=to, salutation=None, closing=None)
    with reading(ministry.bus.engine) as db:
        words = printable(db, ministry.agency_id, letter.id, letter.row.content)
    return words["salutation"], words["closing"]


def test_whom_the_agency_names_is_greeted_like_those_of_the_regulation(ministry: Ministry) -> None:
    assert salutation(ministry, CHAIR) == ("เรียน", "ขอแสดงความนับถือ")
    answer = ministry.do(NameHonoured([CHAIR, CHAIR, "นายกรัฐมนตรี"]))
    assert answer == {"names": [CHAIR]}
    assert salutation(ministry, CHAIR) == ("กราบเรียน", "ขอแสดงความนับถืออย่างยิ่ง")
    assert salutation(ministry, "นายกรัฐมนตรี")[0] == "กราบเรียน"
    ministry.do(NameHonoured([]))
    assert salutation(ministry, CHAIR)[0] == "เรียน"


def test_the_change_is_told_once(ministry: Ministry) -> None:
    for _ in range(2):
        ministry.do(NameHonoured([CHAIR]))
    with reading(ministry.bus.engine) as db:
        events = people.events_of(db, ministry.agency_id, ministry.agency_id)
        assert CHAIR in manners(db, ministry.agency_id).honoured
    assert [e.data["honoured"] for e in events if e.type == "greetings.changed"] == [CHAIR]


def test_only_the_registry_names_them(ministry: Ministry) -> None:
    with pytest.raises(Forbidden):
        ministry.do(NameHonoured([CHAIR]), "thotsop")


@pytest.mark.parametrize("names", [["x"] * 101, [" "], ["ก" * 501], ["ก\x00"]])
def test_what_is_no_list_of_names_is_refused(ministry: Ministry, names: list[str]) -> None:
    with pytest.raises(Invalid):
        ministry.do(NameHonoured(names))


ELDER = {"who": "พระราชาคณะ*", "salutation": "นมัสการ", "closing": "ขอนมัสการด้วยความเคารพอย่างสูง"}


def test_rows_of_the_agencys_own_come_before_the_regulations(ministry: Ministry) -> None:
    chair = {"who": "นายกรัฐมนตรี", "salutation": "เรียน", "closing": "ด้วยความนับถือ"}
    short = {**ELDER, "who": "พระ*", "closing": "ด้วยความเคารพ"}
    answer = ministry.do(SetGreetingRows([short, ELDER, chair]))
    assert answer["rows"][1] == {**ELDER, "purpose": "จึงนมัสการมาเพื่อ"}
    assert salutation(ministry, "ฯพณฯ นายกรัฐมนตรี") == ("เรียน", "ด้วยความนับถือ")
    assert salutation(ministry, "พระราชาคณะชั้นธรรม")[1] == ELDER["closing"]
    assert salutation(ministry, "พระครูตัวอย่าง")[1] == "ด้วยความเคารพ"
    ministry.do(SetGreetingRows([]))
    assert salutation(ministry, "นายกรัฐมนตรี")[0] == "กราบเรียน"
    with reading(ministry.bus.engine) as db:
        events = people.events_of(db, ministry.agency_id, ministry.agency_id)
    assert [one.type for one in events].count("greetings.rows_changed") == 2


@pytest.mark.parametrize(
    ("rows", "path", "code"),
    [
        ([{**ELDER, "closing": " "}], "rows.0.closing", "required"),
        ([{**ELDER, "who": "*"}], "rows.0.who", "required"),
        ([ELDER, ELDER], "rows.1.who", "taken"),
        ([{**ELDER, "who": "ก" * 121}], "rows.0.who", "too_long"),
        ([{**ELDER, "who": str(n)} for n in range(101)], "rows", "too_long"),
    ],
)
def test_rows_that_say_nothing_certain_are_refused(
    ministry: Ministry, rows: list[dict[str, str]], path: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        ministry.do(SetGreetingRows(rows))
    assert [(one.path, one.code) for one in refused.value.errors] == [(path, code)]
    with pytest.raises(Forbidden):
        ministry.do(SetGreetingRows([ELDER]), "wikhro")
