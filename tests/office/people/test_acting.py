"""Acting for a post: only while the order's condition holds, and never beyond its scope."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from support.rooms import Rooms

from engine.actor import Authority
from engine.clock import SteppedClock
from engine.errors import Invalid, Rejected
from office.people import commands as people
from office.people import queries
from office.people.commands import RecordInstrument
from office.people.directory import StoredDirectory

TODAY = date(2026, 11, 23)  # a Monday; the clock stands at 09:00 in Bangkok
CHIEF = "position:chief"


def _order(mode: str, position: str = "chief", **more: object) -> RecordInstrument:
    given: dict[str, object] = {
        "mode": mode,
        "username": "rong",
        "position": position,
        "order_ref": f"คำสั่ง ที่ ๑/๒๕๖๙ {mode}",
        "order_date": date(2026, 11, 1),
        "first_day": date(2026, 11, 1),
    }
    return RecordInstrument(**{**given, **more})  # type: ignore[arg-type]


def _leave(rooms: Rooms, username: str = "ying", **more: object) -> UUID:
    given: dict[str, object] = {"kind": "vacation", "first_day": TODAY, "last_day": TODAY}
    return UUID(rooms.do(people.RecordLeave(username, **{**given, **more}))["id"])  # type: ignore[arg-type]


def _acts(rooms: Rooms, username: str = "rong", post: str = CHIEF) -> bool:
    """Asked in both ways that the product asks: as the person, and as the post."""
    actor = rooms.actor(username)
    with rooms.read() as db:
        names = StoredDirectory().who_can_act(db, rooms.agency_id, [post], rooms.now)
    assert (post in actor.principals) == (username in names)
    return post in actor.principals


def test_full_powers_are_lent_while_the_holder_is_away(rooms: Rooms, clock: SteppedClock) -> None:
    rooms.do(_order("acting"))
    assert not _acts(rooms)
    leave = _leave(rooms)
    assert _acts(rooms)
    rooms.do(people.CancelLeave(leave), by="ying")
    assert not _acts(rooms)
    _leave(rooms)
    clock.advance(timedelta(days=1))
    assert not _acts(rooms)


def test_a_half_day_lends_the_post_until_noon(rooms: Rooms, clock: SteppedClock) -> None:
    rooms.do(_order("acting"))
    _leave(rooms, to_noon=True)
    assert _acts(rooms)
    clock.advance(timedelta(hours=3))  # 12:00 sharp
    assert not _acts(rooms)


def test_a_vacant_post_is_lent_by_both_orders_for_it(rooms: Rooms) -> None:
    rooms.do(_order("acting", "vacant"))
    rooms.do(_order("vacant_post", "vacant"))
    assert _acts(rooms, post="position:vacant")
    rooms.do(people.AssignPosition("noi", "vacant", TODAY, is_primary=False))
    assert not _acts(rooms, post="position:vacant")
    _leave(rooms, "noi")
    assert _acts(rooms, post="position:vacant")  # by รักษาราชการแทน alone
    with rooms.read() as db:
        lent = queries.posts_acted_for(db, rooms.agency_id, rooms.person_id("rong"), rooms.now)
    assert [post.mode for post in lent] == ["acting"]


def test_a_delegation_holds_while_the_holder_is_there(rooms: Rooms) -> None:
    instrument = UUID(rooms.do(_order("delegated"))["id"])
    assert rooms.actor("rong").principals[CHIEF] == Authority(instrument, CHIEF)


def test_full_powers_come_before_a_delegation_and_ones_own_post_before_both(rooms: Rooms) -> None:
    rooms.do(_order("delegated"))
    acting = UUID(rooms.do(_order("acting"))["id"])
    _leave(rooms)
    assert rooms.actor("rong").principals[CHIEF].instrument_id == acting
    assert rooms.actor("ying").principals[CHIEF] == Authority()


@pytest.mark.parametrize(
    ("before", "after"), [(date(2026, 11, 22), False), (date(2026, 11, 23), True), (None, True)]
)
def test_an_order_holds_through_its_last_day(
    rooms: Rooms, before: date | None, after: bool
) -> None:
    rooms.do(_order("delegated", last_day=before))
    assert _acts(rooms) is after


def test_a_revoked_order_lends_nothing(rooms: Rooms) -> None:
    instrument = UUID(rooms.do(_order("delegated"))["id"])
    rooms.do(people.RevokeInstrument(instrument, "เปลี่ยนผู้รับมอบ"))
    assert not _acts(rooms)
    with rooms.read() as db:
        (row,) = queries.instruments(db, rooms.agency_id, rooms.now)
    assert (row.state, row.in_force, row.revoked_reason) == ("revoked", False, "เปลี่ยนผู้รับมอบ")
    with pytest.raises(Rejected) as refused:
        rooms.do(people.RevokeInstrument(instrument, "อีกครั้ง"))
    assert refused.value.code == "revoked"


def test_who_has_left_acts_for_nobody(rooms: Rooms) -> None:
    rooms.do(_order("delegated"))
    rooms.do(people.ChangePerson("rong", active=False))
    with rooms.read() as db:
        assert StoredDirectory().who_can_act(db, rooms.agency_id, [CHIEF], rooms.now) == {"ying"}


def test_a_lent_post_brings_neither_its_unit_nor_its_roles(rooms: Rooms) -> None:
    rooms.do(_order("delegated", position="clerk"))
    assert "unit:records" not in rooms.actor("rong").principals
    assert "unit:records" in rooms.actor("noi").principals


IMPOSSIBLE: list[tuple[RecordInstrument, str]] = [
    (_order("acting", order_ref="  "), "invalid"),
    (_order("by magic"), "invalid"),
    (_order("delegated", username="ying"), "own_post"),
    (_order("acting", kinds=("EXT",)), "invalid"),
    (_order("delegated", order_date=date(2026, 12, 1)), "invalid"),
    (_order("delegated", last_day=date(2026, 10, 1)), "invalid"),
    (_order("delegated", username="nobody"), "not_found"),
    (_order("delegated", position="nothing"), "not_found"),
]


def test_orders_that_cannot_stand(rooms: Rooms) -> None:
    for order, code in IMPOSSIBLE:
        with pytest.raises(Rejected) as refused:
            rooms.do(order)
        assert refused.value.code == code, order


def test_full_powers_never_lie_with_two_at_once(rooms: Rooms) -> None:
    rooms.do(_order("acting", last_day=TODAY))
    with pytest.raises(Rejected) as refused:
        rooms.do(_order("acting", username="noi", first_day=TODAY, order_ref="อีกฉบับ"))
    assert refused.value.code == "rival"
    tomorrow = TODAY + timedelta(days=1)
    rooms.do(_order("acting", username="noi", first_day=tomorrow, order_ref="อีกฉบับ"))


def _capacity(rooms: Rooms, username: str, **more: object) -> queries.SigningCapacity:
    with rooms.read() as db:
        return queries.signing_capacity(
            db,
            rooms.agency_id,
            username,
            "chief",
            rooms.now,
            **more,  # type: ignore[arg-type]
        )


def test_one_signs_in_ones_own_post_with_one_line(rooms: Rooms) -> None:
    capacity = _capacity(rooms, "ying")
    assert (capacity.position_lines, capacity.mode, capacity.instrument_id) == (
        ["หัวหน้า"],
        None,
        None,
    )


def test_who_acts_signs_with_the_words_of_the_order(rooms: Rooms) -> None:
    rooms.do(_order("delegated", kinds=("EXT",)))
    acting = rooms.do(_order("acting"))["id"]
    assert _capacity(rooms, "rong", kind="EXT").position_lines == [
        "รองหัวหน้า",
        "ปฏิบัติราชการแทน หัวหน้า",
    ]
    _leave(rooms)
    capacity = _capacity(rooms, "rong", kind="EXT")
    assert capacity.position_lines == ["รองหัวหน้า", "รักษาราชการแทน หัวหน้า"]
    assert (str(capacity.instrument_id), capacity.own_position_code) == (acting, "deputy")
    assert capacity.instrument_ref == "คำสั่ง ที่ ๑/๒๕๖๙ acting"
    assert _capacity(rooms, "rong", mode="ปฏิบัติราชการแทน").mode == "ปฏิบัติราชการแทน"


def test_nobody_signs_beyond_the_scope_or_without_an_order(rooms: Rooms) -> None:
    rooms.do(_order("delegated", kinds=("EXT",), subjects=("พัสดุ",)))
    assert _capacity(rooms, "rong", kind="EXT", subject="ขอซื้อพัสดุ").mode == "ปฏิบัติราชการแทน"
    for username, more in (
        ("rong", {"kind": "ORDER"}),
        ("rong", {"kind": "EXT", "subject": "ขอลา"}),
        ("rong", {"mode": "รักษาราชการแทน"}),
        ("noi", {}),
        ("nobody", {}),
    ):
        with pytest.raises(Rejected) as refused:
            _capacity(rooms, username, **more)
        assert refused.value.code == "no_authority"


def test_position_lines_name_the_post_that_signs(rooms: Rooms) -> None:
    with rooms.read() as db:
        own = queries.signing_post(db, rooms.agency_id, ["รองหัวหน้า"])
        lent = queries.signing_post(db, rooms.agency_id, ["รองหัวหน้า", "ปฏิบัติราชการแทน หัวหน้า"])
        unknown = queries.signing_post(db, rooms.agency_id, ["จักรพรรดิ"])
        nothing = queries.signing_post(db, rooms.agency_id, [])
    assert own is not None
    assert lent is not None
    assert (own[0].code, own[1]) == ("deputy", None)
    assert (lent[0].code, lent[1]) == ("chief", "ปฏิบัติราชการแทน")
    assert unknown is None
    assert nothing is None


@pytest.mark.parametrize("by", ["rong", None])
def test_leaves_are_ones_own_or_the_personnel_offices(rooms: Rooms, by: str | None) -> None:
    command = people.RecordLeave("noi", "sick", TODAY, TODAY)
    if by:
        with pytest.raises(Rejected) as refused:
            rooms.do(command, by=by)
        assert refused.value.code == "forbidden"
    rooms.do(command, by="noi")
    with pytest.raises(Rejected) as refused:
        rooms.do(command, by="noi")
    assert refused.value.code == "overlap"


def test_a_leave_lasts_and_ends_once(rooms: Rooms, other: Rooms) -> None:
    for wrong in (
        people.RecordLeave("noi", "sick", TODAY, TODAY - timedelta(days=1)),
        people.RecordLeave("noi", "sick", TODAY, TODAY, from_noon=True, to_noon=True),
        people.RecordLeave("noi", "holiday", TODAY, TODAY),
    ):
        with pytest.raises(Rejected):
            rooms.do(wrong)
    leave = _leave(rooms, "noi")
    for agency, by in ((rooms, "rong"), (other, "noi")):
        with pytest.raises(Rejected) as refused:
            agency.do(people.CancelLeave(leave), by=by)
        assert refused.value.code == "not_found"
    rooms.do(people.CancelLeave(leave), by="noi")
    with pytest.raises(Rejected) as refused:
        rooms.do(people.CancelLeave(leave), by="noi")
    assert refused.value.code == "over"
    with rooms.read() as db:
        assert [row.cancelled_at for row in queries.leaves(db, rooms.agency_id, rooms.now)] == [
            rooms.now
        ]


VACANT = "position:vacant"


def _lend(rooms: Rooms, *posts: str, **more: object) -> UUID:
    """The chief, who heads a group as well, is away; their deputy acts for these posts."""
    return _leave(rooms, substitute="rong", order_ref="คำสั่ง ที่ ๕/๒๕๖๙", posts=posts, **more)


def _two_posts(rooms: Rooms) -> None:
    rooms.do(people.AssignPosition("ying", "vacant", date(2025, 1, 1), is_primary=False))


def test_a_substitute_acts_for_the_chosen_posts_alone(rooms: Rooms, clock: SteppedClock) -> None:
    _two_posts(rooms)
    _lend(rooms, "chief")
    assert _acts(rooms)
    assert not _acts(rooms, post=VACANT)
    orders = rooms.actor("rong").principals[CHIEF]
    with rooms.read() as db:
        (leave,) = queries.leaves(db, rooms.agency_id, rooms.now)
        found = queries.standings(
            db, rooms.agency_id, [CHIEF, VACANT], rooms.now, StoredDirectory()
        )
        event = queries.events_of(db, rooms.agency_id, rooms.person_id("ying"), 1)[0]
    assert leave.orders == [str(orders.instrument_id)]
    assert orders.on_behalf_of == CHIEF
    assert [found[post].shortfall for post in (CHIEF, VACANT)] == ["", "away"]
    assert event.data["posts"] == ["chief"]
    clock.advance(timedelta(days=1))
    assert not _acts(rooms)


def test_without_a_choice_every_post_is_lent(rooms: Rooms) -> None:
    _two_posts(rooms)
    _lend(rooms)
    assert _acts(rooms)
    assert _acts(rooms, post=VACANT)


def test_posts_that_are_left_out_may_go_to_somebody_else(rooms: Rooms) -> None:
    _two_posts(rooms)
    _lend(rooms, "chief")
    rooms.do(_order("acting", "vacant", username="noi", first_day=TODAY, last_day=TODAY))
    assert _acts(rooms, "noi", VACANT)
    assert not _acts(rooms, "noi")


def test_a_leave_taken_back_leaves_no_order_behind(rooms: Rooms) -> None:
    _two_posts(rooms)
    first = _lend(rooms, "vacant")
    rooms.do(people.CancelLeave(first), by="ying")
    assert not _acts(rooms, post=VACANT)
    _lend(rooms, "chief")
    assert _acts(rooms)
    assert not _acts(rooms, post=VACANT)


@pytest.mark.parametrize(
    ("posts", "more", "path"),
    [
        (("clerk",), {}, "posts.0"),
        (("chief", "nothing"), {}, "posts.1"),
        (("chief",), {"substitute": None}, "substitute"),
    ],
)
def test_only_posts_that_are_held_can_be_lent(
    rooms: Rooms, posts: tuple[str, ...], more: dict[str, object], path: str
) -> None:
    _two_posts(rooms)
    given = {"substitute": "rong", "order_ref": "x", "posts": posts, **more}
    with pytest.raises(Invalid) as refused:
        _leave(rooms, **given)
    assert [one.path for one in refused.value.errors] == [path]
    with rooms.read() as db:
        assert queries.leaves(db, rooms.agency_id, rooms.now) == ()
        assert queries.instruments(db, rooms.agency_id, rooms.now) == ()


def test_a_post_of_later_days_can_be_lent(rooms: Rooms) -> None:
    """Held on a day of the leave, though not today."""
    later = TODAY + timedelta(days=3)
    rooms.do(people.AssignPosition("ying", "vacant", later, is_primary=False))
    with pytest.raises(Invalid):
        _lend(rooms, "vacant")
    _lend(rooms, "vacant", last_day=later)
