"""Changing the organization: what is refused, what is remembered, what stays inside the agency."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from support.rooms import SINCE, Rooms, at

from engine.errors import Conflict, Forbidden, Invalid, NotFound, Rejected
from office.people import commands as people
from office.people import queries
from office.people.models import org_event

TODAY = date(2026, 11, 23)


def _events(rooms: Rooms) -> list[str]:
    with rooms.read() as db:
        wanted = sa.select(org_event.c.type).where(org_event.c.agency_id == rooms.agency_id)
        return list(db.execute(wanted.order_by(org_event.c.at, org_event.c.id)).scalars())


def _refused(rooms: Rooms, command: Any, code: str, by: str | None = None) -> Rejected:
    before = _events(rooms)
    with pytest.raises(Rejected) as refused:
        rooms.do(command, by=by)
    assert refused.value.code == code, refused.value
    assert _events(rooms) == before
    return refused.value


def test_units_form_a_tree_and_inherit_their_contacts(rooms: Rooms) -> None:
    rooms.do(people.ChangeUnit("office", number_code="ตย 0201", phone="1"))
    rooms.do(people.AddUnit("archive", "group", "กลุ่มหอจดหมายเหตุ", parent="records", phone="2"))
    with rooms.read() as db:
        archive = queries.unit(db, rooms.agency_id, "archive")
    assert archive.path == ("สำนักงาน", "กลุ่มสารบรรณ", "กลุ่มหอจดหมายเหตุ")
    assert (archive.number_code, archive.phone, archive.own["number_code"]) == (
        "ตย 0201",
        "2",
        None,
    )
    assert archive.department == "office"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ตย  ๐๒๐๑", "ตย 0201"),
        ("กค 0402.2", "กค 0402.2"),
        ("ชร 52003", "ชร 52003"),
        ("ตช ๐๐๐๑(ผบ)", "ตช 0001(ผบ)"),
    ],
)
def test_a_prefix_of_numbers_is_kept_in_one_writing(rooms: Rooms, typed: str, kept: str) -> None:
    rooms.do(people.ChangeUnit("office", number_code=typed))
    with rooms.read() as db:
        assert queries.unit(db, rooms.agency_id, "office").number_code == kept


@pytest.mark.parametrize("typed", ["0201", "ตย", "ตย 0201/1", "ตย0201", "AB 1", "ตย 0201 ว"])
def test_what_no_letter_could_bear_is_no_prefix(rooms: Rooms, typed: str) -> None:
    wrong = _refused(rooms, people.ChangeUnit("office", number_code=typed), "invalid")
    assert isinstance(wrong, Invalid)
    (field,) = wrong.errors
    assert (field.path, field.code) == ("number_code", "number_prefix")


def test_a_branch_is_the_whole_tree_s_rows_from_the_top_down(rooms: Rooms, other: Rooms) -> None:
    """Looked up by itself, a unit is what it is in the tree."""
    rooms.do(people.ChangeUnit("office", number_code="ตย 0201", phone="1"))
    rooms.do(people.AddUnit("archive", "group", "กลุ่มหอจดหมายเหตุ", parent="records", phone="2"))
    rooms.do(people.AddUnit("beside", "group", "กลุ่มข้างเคียง", parent="office"))
    with rooms.read() as db:
        tree = {one.code: one for one in queries.units(db, rooms.agency_id)}
        for code, one in tree.items():
            way = queries.branch(db, rooms.agency_id, code)
            assert [each.name for each in way] == list(one.path)
            assert all(each == tree[each.code] for each in way)
            assert queries.unit(db, rooms.agency_id, code) == one
            department = queries.department_of(db, rooms.agency_id, code)
            assert department == tree[one.department]
        with pytest.raises(NotFound, match="'archive'"):
            queries.branch(db, other.agency_id, "archive")


def test_units_and_superiors_never_close_a_circle(rooms: Rooms) -> None:
    _refused(rooms, people.ChangeUnit("office", parent="records"), "circle")
    _refused(rooms, people.ChangePosition("chief", superior="clerk"), "circle")
    rooms.do(people.ChangePosition("clerk", superior="chief"))
    rooms.do(people.ChangePosition("clerk", superior=""))
    with rooms.read() as db:
        assert queries.position(db, rooms.agency_id, "clerk").superior is None


BAD: list[tuple[Any, str]] = [
    (people.AddUnit("office", "group", "ซ้ำ"), "taken"),
    (people.AddUnit("Bad Code", "group", "x"), "invalid"),
    (people.AddUnit("new", "planet", "x"), "invalid"),
    (people.AddUnit("new", "group", "  "), "invalid"),
    (people.AddUnit("new", "group", "x", parent="nowhere"), "not_found"),
    (people.AddPosition("new", "x", "nowhere", "officer"), "not_found"),
    (people.AddPosition("new", "x", "office", "emperor"), "invalid"),
    (people.AddPosition("chief", "x", "office", "head"), "taken"),
    (people.AddPerson("noi", "x"), "taken"),
    (people.AddPerson("new", ""), "invalid"),
    (people.AddPerson("new", "x", email="a@b.example\nBcc: c@d.example"), "invalid"),
    (people.AddPerson("new", "x", language="fr"), "invalid"),
    (people.ChangePerson("nobody", given_name="x"), "not_found"),
    (people.AddRole("new", "x", ["Not A Right"]), "invalid"),
    (people.GrantRole("noi", "nothing", SINCE), "not_found"),
    (people.ChangeUnit("records", active=False), "not_empty"),
    (people.ChangePosition("clerk", active=False), "held"),
    (people.ChangeAgency(timezone="Mars/Olympus"), "invalid"),
    (people.ChangeAgency(name="  "), "invalid"),
    (people.ChangeAgency(name="x", expected="what was read before"), "stale"),
]


def test_what_cannot_be_is_refused_without_a_trace(rooms: Rooms) -> None:
    for command, code in BAD:
        _refused(rooms, command, code)
    _refused(rooms, people.FoundAgency(rooms.code, "x"), "taken")
    address = f"NOI@{rooms.code}.example.go.th"
    _refused(rooms, people.AddPerson("new", "x", email=address), "taken")


def test_nobody_takes_up_rights_by_way_of_anothers_mail(rooms: Rooms) -> None:
    """The link to a new password goes to that address."""
    rooms.empower("rong", "people")
    rooms.empower("ying", "everything")
    caught = people.ChangePerson("ying", email="else@elsewhere.example")
    _refused(rooms, caught, "more_rights", by="rong")
    same = f"ying@{rooms.code}.example.go.th"
    rooms.do(people.ChangePerson("ying", phone="02", email=same), by="rong")
    rooms.do(people.ChangePerson("noi", email="noi@elsewhere.example"), by="rong")
    rooms.do(people.ChangePerson("rong", email="rong@elsewhere.example"), by="rong")
    rooms.do(caught, by="ying")


def test_a_post_has_one_holder_at_a_time(rooms: Rooms) -> None:
    rooms.do(people.AddPerson("mai", "ใหม่"))
    _refused(rooms, people.AssignPosition("mai", "clerk", TODAY), "held")
    with rooms.read() as db:
        held = queries.posts(db, rooms.agency_id, ["noi"], rooms.now)["noi"][0]
    rooms.do(people.EndHolding(held.holding_id, TODAY))
    rooms.do(people.AssignPosition("mai", "clerk", TODAY + timedelta(days=1)))
    with rooms.read() as db:
        codes = [queries.holders(db, rooms.agency_id, ["clerk"], rooms.now + timedelta(days=n))
                 for n in (0, 1)]  # fmt: skip
    assert codes == [{"clerk": ("noi",)}, {"clerk": ("mai",)}]


def test_a_person_has_one_primary_post_at_a_time(rooms: Rooms) -> None:
    _refused(rooms, people.AssignPosition("noi", "vacant", TODAY), "second_primary")
    rooms.do(people.AssignPosition("noi", "vacant", TODAY, is_primary=False))
    with rooms.read() as db:
        held = queries.posts(db, rooms.agency_id, ["noi"], rooms.now)["noi"]
    assert [(post.code, post.is_primary) for post in held] == [("clerk", True), ("vacant", False)]


@pytest.mark.parametrize("last", [TODAY - timedelta(days=900), TODAY + timedelta(days=1)])
def test_a_holding_ends_once_and_after_it_began(rooms: Rooms, last: date) -> None:
    with rooms.read() as db:
        held = queries.posts(db, rooms.agency_id, ["noi"], rooms.now)["noi"][0]
    rooms.do(people.EndHolding(held.holding_id, TODAY))
    with pytest.raises((Conflict, Invalid)):
        rooms.do(people.EndHolding(held.holding_id, last))


def test_only_who_has_the_right_changes_the_organization(rooms: Rooms) -> None:
    command = people.AddPerson("mai", "ใหม่")
    _refused(rooms, command, "forbidden", by="noi")
    rooms.empower("noi", "people")
    assert rooms.do(command, by="noi")["username"] == "mai"


def test_nobody_gives_away_a_right_that_they_do_not_hold(rooms: Rooms) -> None:
    rooms.empower("noi", "people")
    rooms.do(people.AddRole("everything", "ทุกอย่าง", ["everything"]))
    _refused(rooms, people.GrantRole("noi", "everything", SINCE), "forbidden", by="noi")
    _refused(rooms, people.AddRole("mine", "x", ["everything"]), "forbidden", by="noi")
    _refused(rooms, people.ChangeRole("everything", name="x", rights=[]), "forbidden", by="noi")
    _refused(rooms, people.FoundAgency("new", "x"), "forbidden", by="noi")


def test_a_role_is_granted_once_and_ends_at_once(rooms: Rooms) -> None:
    rooms.do(people.AddRole("registrar", "นายทะเบียน", ["registry"]))
    grant = rooms.do(people.GrantRole("noi", "registrar", SINCE))
    _refused(rooms, people.GrantRole("noi", "registrar", TODAY), "granted")
    assert rooms.actor("noi").may("registry")
    rooms.do(people.EndRole(UUID(grant["id"])))
    assert not rooms.actor("noi").may("registry")
    assert "role:registrar" not in rooms.actor("noi").principals
    _refused(rooms, people.EndRole(UUID(grant["id"])), "ended")


def test_each_change_leaves_an_event_with_its_actor(rooms: Rooms) -> None:
    rooms.empower("ying", "people")
    rooms.do(people.ChangePerson("noi", family_name="ใจดี"), by="ying")
    with rooms.read() as db:
        row = db.execute(
            sa.select(org_event.c.actor, org_event.c.data).where(
                org_event.c.agency_id == rooms.agency_id, org_event.c.type == "person.changed"
            )
        ).one()
        renamed = queries.person(db, rooms.agency_id, "NOI")
    assert (row.actor, row.data["name"]) == ("ying", "Noi ใจดี")
    assert (renamed.name, renamed.initials) == ("Noi ใจดี", "Nจ")


def test_who_has_left_holds_nothing(rooms: Rooms) -> None:
    me = rooms.person_id("noi")
    rooms.do(people.ChangePerson("noi", active=False))
    with rooms.read() as db:
        assert queries.holders(db, rooms.agency_id, ["clerk"], rooms.now) == {"clerk": ()}
        with pytest.raises(NotFound):
            queries.actor_for(db, rooms.agency_id, me, rooms.now)


def test_people_are_listed_in_dictionary_order_by_pages(rooms: Rooms) -> None:
    for n, name in enumerate(("เก่ง", "กล้า", "ขวัญ", "แก้ว", "กมล")):
        rooms.do(people.AddPerson(f"p{n}", name))
    with rooms.read() as db:
        first = queries.people(db, rooms.agency_id, page_size=4)
        rest = queries.people(db, rooms.agency_id, page_size=4, after=first.next)
        found = queries.people(db, rooms.agency_id, q="แก้ว")
        page_two = queries.people(db, rooms.agency_id, page_size=4, page=2)
        percent = queries.people(db, rooms.agency_id, q="%")
    assert [row.given_name for row in (*first.items, *rest.items)] == [
        "Noi", "Rong", "Ying", "กมล", "กล้า", "เก่ง", "แก้ว", "ขวัญ",
    ]  # fmt: skip
    assert (first.total, rest.next) == (8, None)
    assert [row.username for row in found.items] == ["p3"]
    assert page_two.items == rest.items
    assert percent.items == []


def test_what_belongs_to_another_agency_is_not_there(rooms: Rooms, other: Rooms) -> None:
    with rooms.read() as db:
        theirs = queries.posts(db, other.agency_id, ["noi"], rooms.now)["noi"][0]
        assert queries.posts(db, rooms.agency_id, ["noi"], rooms.now)["noi"][0] != theirs
        with pytest.raises(NotFound):
            queries.person_by_id(db, rooms.agency_id, other.person_id("noi"))
        with pytest.raises(NotFound):
            queries.actor_for(db, rooms.agency_id, other.person_id("noi"), rooms.now)
        ids = {one.id for one in queries.units(db, rooms.agency_id)}
        assert not ids & {one.id for one in queries.units(db, other.agency_id)}
    with pytest.raises(NotFound):
        rooms.do(people.EndHolding(theirs.holding_id, TODAY))
    rooms.do(people.ChangeUnit("records", name="เปลี่ยนแล้ว"))
    with rooms.read() as db:
        assert queries.unit(db, other.agency_id, "records").name == "กลุ่มสารบรรณ"


def test_an_agency_changes_itself_and_keeps_what_it_was(rooms: Rooms, other: Rooms) -> None:
    with rooms.read() as db:
        was = queries.agency(db, rooms.agency_id)
        seen = queries.agency_version(db, rooms.agency_id)
    told = people.ChangeAgency("สำนักงาน  ใหม่", " New  Office ", "Asia/Tokyo", seen)
    rooms.do(told)
    with rooms.read() as db:
        row = queries.agency(db, rooms.agency_id)
        event = queries.events_of(db, rooms.agency_id, rooms.agency_id, 1)[0]
        assert queries.agency(db, other.agency_id).name != row.name
    assert (row.code, row.policy) == (was.code, was.policy)
    new = {"name": "สำนักงาน ใหม่", "name_en": "New Office", "timezone": "Asia/Tokyo"}
    assert (row.name, row.name_en, row.timezone) == tuple(new.values())
    old = {"name": was.name, "name_en": "", "timezone": "Asia/Bangkok"}
    assert event.data == {**new, "was": old}
    _refused(rooms, told, "stale")
    _refused(rooms, people.ChangeAgency(name="x"), "forbidden", by="noi")
    rooms.do(people.ChangeAgency(name="สำนักงาน ใหม่"))
    with rooms.read() as db:
        assert queries.events_of(db, rooms.agency_id, rooms.agency_id, 1) == (event,)


def test_days_begin_at_the_midnight_of_the_agencys_new_zone(rooms: Rooms) -> None:
    rooms.do(people.ChangeAgency(timezone="Asia/Tokyo"))
    rooms.do(people.RecordLeave("noi", "sick", TODAY, TODAY))
    with rooms.read() as db:
        (leave,) = queries.leaves_of(db, rooms.agency_id, "noi")
    assert leave.starts_at == at(2026, 11, 22, 15)


def test_the_history_of_one_matter_is_not_pushed_out_by_others(rooms: Rooms) -> None:
    rooms.do(people.ChangeAgency(name_en="Office"))
    rooms.do(people.ChangeAgency(timezone="Asia/Tokyo"))
    with rooms.read() as db:
        at = (rooms.agency_id, rooms.agency_id)
        found = queries.events_of(db, *at, 1, types=("agency.founded",))
        assert [one.type for one in found] == ["agency.founded"]
        assert [one.type for one in queries.events_of(db, *at, 1)] == ["agency.changed"]


def test_ones_language_is_ones_own_choice(rooms: Rooms) -> None:
    rooms.do(people.ChooseLanguage("en"), by="noi")
    with rooms.read() as db:
        assert queries.person(db, rooms.agency_id, "noi").language == "en"
    with pytest.raises(Invalid):
        rooms.do(people.ChooseLanguage("xx"), by="noi")
    with pytest.raises(Forbidden):
        rooms.do(people.ChangePerson("noi", language="th"), by="noi")
