"""bpmn/destruction/records-destruction.bpmn: what is due is listed, decided about and destroyed."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from lxml import etree
from support.builders import bpmn, service
from support.ministry import LIBRARY, Letter, Ministry

from api.archiving import proofs, working
from api.archiving.commands import DestroyFile, StartDestruction
from api.archiving.deciding import (
    DestroyCase,
    HoldCase,
    ListDue,
    ReleaseCase,
    SpareFiles,
    WeighList,
    line,
)
from api.archiving.numbers import numbers_in
from api.evidence import Sources
from api.rest.archived_instances import items_as_read
from engine import faults
from engine.commands.archiving import SetArchivePolicy
from engine.commands.definitions import WithdrawDefinition
from engine.commands.deployments import Deploy
from engine.commands.instances import CancelInstance, StartInstance
from engine.commands.tasks import ChangeList, ReassignTask
from engine.commands.variables import SetVariables
from engine.errors import Conflict, DeploymentRefused, Forbidden, Invalid, Rejected
from engine.models.archive import archived_instance, destruction_item
from engine.models.archive import destruction as asked_table
from engine.models.deployment import process_definition
from engine.models.history import history_event
from engine.models.instance import process_instance
from engine.models.task import task_candidate
from engine.ports import Action
from engine.queries import archive, audit
from engine.queries.destruction import DueFile
from office.documents.models import document
from office.files.collect import GRACE, collect
from office.files.models import blob
from office.people.commands import AddPosition, AssignPosition

#: HEAD acts for the permanent secretary.
HEAD, MEMBERS = "somying", ("phatsadu", "wichan", "tuayang")
#: From the list to the report, where all goes its usual way.
USUAL = {
    "f_start", "f_listed", "f_due", "f_answered", "f_appointed", "f_considered", "f_weighed",
    "f_left", "f_decided", "f_approved", "f_archives", "f_destroyed", "f_reported",
}  # fmt: skip
OTHERS = {
    "f_nothing", "f_declined", "f_all_spared", "f_reconsider", "f_again", "f_refused", "f_silent",
}  # fmt: skip


@dataclass
class Archive:
    """Cases put away eleven years ago, and what becomes of them."""

    ministry: Ministry
    cases: Sequence[UUID]

    def asked(self, **changes: Any) -> Letter:
        wish: dict[str, Any] = {"committee": MEMBERS, "reason": "พื้นที่ไม่พอ"}
        answer = self.ministry.do(StartDestruction(**wish | changes))
        self.ministry.work_off()
        id_ = UUID(answer["instance_id"])
        return Letter(self.ministry, id_, id_, answer)

    def stone(self, nth: int) -> Any:
        rows = self.ministry.rows(archived_instance, archived_instance.c.id == self.cases[nth])
        return rows[0]

    def gone(self) -> list[bool]:
        """Of each case, whether its bytes left storage, once the collector has been there."""
        storage, agency = self.ministry.desk.storage, self.ministry.agency_id
        collect(self.ministry.bus.engine, storage, self.ministry.now + GRACE + timedelta(days=1))
        each = (self.stone(nth).stored_sha256 for nth in range(len(self.cases)))
        return [storage.size(agency, sha256) is None for sha256 in each]

    def fates(self) -> list[str]:
        rows = self.ministry.rows(destruction_item)
        return [row.fate for row in sorted(rows, key=lambda row: row.ordinal)]

    def findings(self) -> list[str]:
        with self.ministry.bus.engine.connect() as db:
            found = [
                *audit.findings(db),
                *proofs.broken(db, self.ministry.desk.storage, self.ministry.now),
            ]
        return [one.message for one in found]


def archived(ministry: Ministry, count: int = 3) -> Archive:
    ministry.do(Deploy({"a.bpmn": bpmn("old-case", flows="start>end")}))
    cases = []
    for nth in range(count):
        cases.append(UUID(ministry.do(StartInstance("old-case", business_key=f"c{nth}"))["id"]))
        ministry.clock.advance(timedelta(days=1))
    ministry.do(SetArchivePolicy("old-case", 0, reason="ระเบียบ", destroy_years=10))
    sources = Sources.of(ministry.bus)
    fates = list(working.archive_due(ministry.bus, sources, ministry.agency_id))
    assert [fate.outcome for fate in fates] == ["archived"] * count
    ministry.clock.advance(timedelta(days=4018))
    return Archive(ministry, cases)


def appointed(case: Letter) -> Letter:
    case.at("appoint").by(HEAD).complete("appoint")
    return case


def consider(case: Letter, *keeps: str) -> Letter:
    """What each member would keep."""
    assert case.open() == ["consider"] * 3
    for who, kept in zip(MEMBERS, keeps, strict=True):
        mine = case.ministry.rows(task_candidate, task_candidate.c.principal == f"person:{who}")
        tasks = {one.task_id for one in mine}
        (step,) = [one for one in case.steps("consider") if one.id in tasks]
        step.by(who).complete("considered", keeps=kept)
    case.ministry.work_off()
    return case


def approved(case: Letter) -> Letter:
    case.at("approve").by(HEAD).complete("approve")
    return case


def reported(case: Letter) -> Letter:
    case.ministry.work_off()
    case.at("report").by(MEMBERS[0]).complete("reported")
    return case


def test_every_flow_has_a_story() -> None:
    tree = etree.parse(str(LIBRARY / "destruction" / "records-destruction.bpmn"))
    assert {str(flow.get("id")) for flow in tree.iter("{*}sequenceFlow")} == USUAL | OTHERS


def test_what_all_agree_on_goes_and_its_tombstone_proves_it(either_ministry: Ministry) -> None:
    put_away = archived(either_ministry)
    before = [put_away.stone(nth) for nth in range(3)]
    case = appointed(put_away.asked())
    assert "1. " in case.instance.variables["listing"]
    consider(case, "", "๒", "2")
    weighed = case.instance.variables["weighed"]
    assert "เห็นควรทำลาย 2 เรื่อง เก็บต่อ 1 เรื่อง" in weighed
    assert "เลข 2: เก็บต่อ ผู้เห็นว่าควรเก็บ tuayang, wichan" in weighed
    assert put_away.gone() == [False] * 3
    approved(case).at("national_archives").by("admin").complete("answered")
    said_at = case.ministry.rows(archived_instance)[0].approved_at
    assert said_at is None
    reported(case)
    assert (case.end, case.flows()) == ("end_done", USUAL)
    assert put_away.gone() == [True, False, True]
    assert put_away.fates() == ["destroyed", "spared", "destroyed"]
    stone = either_ministry.query(archive.one, put_away.cases[0])
    assert (stone.seal, stone.evidence_sha256) == (before[0].seal, before[0].evidence_sha256)
    assert (stone.approved_by, stone.destruction_id) == (HEAD, case.id)
    assert stone.approved_at is not None
    kept = put_away.stone(1)
    assert (kept.destroyed_at, kept.keep_until.year) == (None, either_ministry.now.year + 5)
    told = either_ministry.rows(
        history_event, history_event.c.root_id == case.id,
        history_event.c.type == "destruction.carried_out",
    )  # fmt: skip
    assert len(told) == 2
    assert put_away.findings() == []
    with pytest.raises(Conflict) as nothing:
        put_away.asked()
    assert nothing.value.code == "nothing_due"


def test_nothing_goes_that_its_head_refuses(ministry: Ministry) -> None:
    put_away = archived(ministry)
    case = consider(appointed(put_away.asked()), "", "", "")
    case.at("approve").by(HEAD).complete("refuse", "ยังใช้อ้างอิง")
    assert (case.end, put_away.gone()) == ("end_refused", [False] * 3)
    assert case.flows() & OTHERS == {"f_refused"}
    case = put_away.asked()
    case.at("appoint").by(HEAD).complete("decline", "ไม่จำเป็น")
    assert (case.end, case.flows() & OTHERS) == ("end_declined", {"f_declined"})
    assert put_away.findings() == []


def test_the_committee_is_asked_once_more(ministry: Ministry) -> None:
    put_away = archived(ministry)
    case = consider(appointed(put_away.asked()), "", "", "")
    case.at("approve").by(HEAD).complete("reconsider", "ดูเรื่องแรกอีกครั้ง")
    consider(case, "1-3", "1-3", "")
    assert put_away.fates() == ["spared"] * 3
    reported(case)
    assert case.flows() & OTHERS == {"f_reconsider", "f_again", "f_all_spared"}
    assert (case.end, put_away.gone()) == ("end_done", [False] * 3)
    assert case.instance.variables["stayed"] == 3
    assert put_away.findings() == []


def test_sixty_days_of_silence_are_consent(ministry: Ministry) -> None:
    put_away = archived(ministry, 1)
    case = approved(consider(appointed(put_away.asked()), "", "", ""))
    ministry.clock.advance(timedelta(days=59))
    ministry.fire_due()  # the reminder
    assert case.open() == ["national_archives"]
    ministry.clock.advance(timedelta(days=1, minutes=1))
    ministry.fire_due()
    reported(case)
    assert case.flows() & OTHERS == {"f_silent"}
    assert put_away.gone() == [True]
    assert put_away.findings() == []


def test_what_the_national_archives_claim_is_kept(ministry: Ministry) -> None:
    put_away = archived(ministry)
    case = approved(consider(appointed(put_away.asked(spare_years=20)), "", "", ""))
    case.at("national_archives").by("admin").complete("answered", claimed="๑ และ 3")
    reported(case)
    assert put_away.fates() == ["spared", "destroyed", "spared"]
    assert put_away.gone() == [False, True, False]
    assert put_away.stone(0).keep_until.year == ministry.now.year + 20
    assert put_away.findings() == []


def test_a_held_case_is_never_destroyed(either_ministry: Ministry) -> None:
    put_away = archived(either_ministry)
    first, second, _ = put_away.cases
    either_ministry.do(HoldCase(first, "มีคดีปกครอง"))
    assert put_away.stone(0).held_by == "admin"
    case = appointed(put_away.asked())
    assert len(put_away.fates()) == 2
    approved(consider(case, "", "", ""))
    # held after its head has approved, too
    either_ministry.do(HoldCase(second, "สตง. ขอไว้"))
    case.at("national_archives").by("admin").complete("answered")
    reported(case)
    assert put_away.fates() == ["kept", "destroyed"]
    assert put_away.gone() == [False, False, True]
    third = put_away.cases[2]
    for bad, code in ((HoldCase(first, "x"), "held_already"), (HoldCase(third, "x"), "destroyed"),
                      (ReleaseCase(third, "x"), "not_held")):  # fmt: skip
        with pytest.raises(Conflict) as refused:
            either_ministry.do(bad)
        assert refused.value.code == code
    either_ministry.do(ReleaseCase(first, "คดีถึงที่สุด"))
    kinds = [e.type for e in either_ministry.rows(
        history_event, history_event.c.root_id == first)]  # fmt: skip
    assert kinds == ["case.held", "case.released"]
    again = appointed(put_away.asked())
    assert again.instance.variables["listed"] == 1
    assert put_away.findings() == []


def test_a_longer_term_counts_at_the_last_moment(ministry: Ministry) -> None:
    put_away = archived(ministry, 1)
    case = approved(consider(appointed(put_away.asked()), "", "", ""))
    ministry.do(SetArchivePolicy("old-case", 0, reason="ระเบียบใหม่", destroy_years=20))
    case.at("national_archives").by("admin").complete("answered")
    reported(case)
    assert (put_away.fates(), put_away.gone()) == (["kept"], [False])
    assert put_away.findings() == []


def test_what_is_no_more_due_when_it_is_listed_ends_it(ministry: Ministry) -> None:
    put_away = archived(ministry, 1)
    wish = StartDestruction(MEMBERS, "พื้นที่")
    id_ = UUID(ministry.do(wish)["instance_id"])
    case = Letter(ministry, id_, id_, {})
    ministry.do(HoldCase(put_away.cases[0], "คดี"))
    ministry.work_off()
    assert (case.end, case.flows()) == ("end_nothing", {"f_start", "f_listed", "f_nothing"})


def test_nobody_destroys_past_the_route(ministry: Ministry) -> None:
    put_away = archived(ministry, 1)
    this, case = put_away.cases[0], consider(appointed(put_away.asked()), "", "", "")
    part = (ListDue(case.id), WeighList(case.id))
    alone = (SpareFiles(case.id), DestroyFile(this, case.id), DestroyCase(this, case.id))
    for command in (*part, *alone):
        with pytest.raises(Forbidden):
            ministry.do(command)
    for command in part:
        with pytest.raises(Forbidden):
            ministry.do(command, "system")
    # condemned, but its head has not said anything yet; or another word was their last
    with pytest.raises(Conflict) as early:
        ministry.do(DestroyFile(this, case.id), "system")
    assert early.value.code == "not_approved"
    case.at("approve").by(HEAD).complete("reconsider", "อีกครั้ง")
    with pytest.raises(Conflict):
        ministry.do(DestroyFile(this, case.id), "system")
    with pytest.raises(Forbidden):
        ministry.do(HoldCase(this, "x"), "thotsop")
    assert put_away.gone() == [False]


def test_who_may_be_asked(ministry: Ministry) -> None:
    one, two, _ = MEMBERS
    for changes, field in (
        ({"committee": (one, two)}, "committee"),
        ({"committee": (one, two, "nobody")}, "committee"),
        ({"committee": (one, two, one)}, "committee"),
        ({"committee": ("admin", one, two)}, "committee"),
        ({"committee": (one, "somchai", HEAD)}, "committee"),
        ({"reason": " "}, "reason"),
        ({"spare_years": 0}, "spare_years"),
    ):
        wish: dict[str, Any] = {"committee": MEMBERS, "reason": "x"}
        with pytest.raises(Invalid) as refused:
            ministry.do(StartDestruction(**wish | changes))
        assert [found.path for found in refused.value.errors] == [field]


def test_terms_of_less_than_ten_years_are_refused(ministry: Ministry) -> None:
    with pytest.raises(Invalid):
        ministry.do(SetArchivePolicy(None, 0, reason="x", destroy_years=9))
    with pytest.raises(Forbidden):
        ministry.do(StartDestruction(MEMBERS, "x"), "thotsop")


@pytest.mark.parametrize(
    "harm", ["history", "tombstone", "moment", "asked", "approval", "list", "bytes"]
)
def test_the_audit_notices_a_destruction_that_nobody_decided(ministry: Ministry, harm: str) -> None:
    put_away = archived(ministry, 2)
    first, second = put_away.stone(0), put_away.stone(1)
    case = approved(consider(appointed(put_away.asked()), "", "2", "2"))
    case.at("national_archives").by("admin").complete("answered")
    reported(case)
    assert (put_away.gone(), put_away.findings()) == ([True, False], [])
    with ministry.bus.engine.begin() as db:
        if harm == "history":  # the other one made away with, as if it had been decided
            names = ("destroyed_at", "approved_by", "approved_at", "destruction_id")
            decided = {name: getattr(put_away.stone(0), name) for name in names}
            other = archived_instance.update().where(archived_instance.c.id == second.id)
            db.execute(other.values(decided))
        elif harm == "tombstone":
            this = archived_instance.update().where(archived_instance.c.id == first.id)
            db.execute(this.values(approved_by="thotsop"))
        elif harm == "moment":
            this = archived_instance.update().where(archived_instance.c.id == first.id)
            db.execute(this.values(destroyed_at=ministry.now - timedelta(days=1)))
        elif harm == "asked":
            db.execute(asked_table.delete())
        elif harm == "approval":
            db.execute(asked_table.update().values(asker=HEAD))
        elif harm == "list":
            mine = destruction_item.c.case_id == second.id
            db.execute(destruction_item.update().where(mine).values(shown="2. อื่น"))
    if harm == "history":
        ministry.desk.storage.delete(ministry.agency_id, second.stored_sha256)
    elif harm == "bytes":  # put back from a copy
        folder = ministry.home / "files" / str(ministry.agency_id)
        place = folder / first.stored_sha256[:2] / first.stored_sha256
        place.write_bytes(b"still here")
        ministry.clock.advance(GRACE + timedelta(days=3))
    assert len(put_away.findings()) == 1


def test_who_destroys_dies_and_begins_anew(
    either_ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the first of three: nothing is lost or left."""
    put_away = archived(either_ministry)
    case = approved(consider(appointed(put_away.asked()), "", "", ""))
    case.at("national_archives").by("admin").complete("answered")

    def dies(place: str) -> None:
        if place == "destroyed":
            raise OSError("the disk went away")

    with monkeypatch.context() as broken:
        broken.setattr(faults, "point", dies)
        either_ministry.work_off()
    assert put_away.gone() == [True, False, False]
    assert put_away.fates() == ["destroyed", "condemned", "condemned"]
    either_ministry.clock.advance(timedelta(minutes=10))
    reported(case)
    assert put_away.gone() == [True] * 3
    assert len(either_ministry.rows(blob, blob.c.held_by.like("archive:%"))) == 0
    assert put_away.findings() == []


def test_bytes_stay_while_a_backup_may_come_for_them(ministry: Ministry) -> None:
    put_away = archived(ministry, 1)
    case = approved(consider(appointed(put_away.asked()), "", "", ""))
    case.at("national_archives").by("admin").complete("answered")
    reported(case)
    stored, storage = put_away.stone(0).stored_sha256, ministry.desk.storage
    collect(ministry.bus.engine, storage, ministry.now + GRACE - timedelta(hours=1))
    assert storage.size(ministry.agency_id, stored) is not None
    assert put_away.findings() == []
    ministry.clock.advance(GRACE + timedelta(days=3))
    assert len(put_away.findings()) == 1  # nobody collected


# -- who has no part in it -----------------------------------------------------------------------


def test_a_process_that_nobody_asked_for_destroys_nothing(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drawn by whoever may deploy, with one task of the approval's name."""
    put_away = archived(ministry, 1)
    for action in ("archive.list_due", "archive.weigh", "archive.destroy"):
        source = bpmn("mine", service("do", action), flows="start>do do>end")
        with pytest.raises(DeploymentRefused):
            ministry.do(Deploy({"a.bpmn": source}))
        with monkeypatch.context() as before:  # the linter knew whose action it is
            before.setattr(Action, "free_for", lambda *_: True)
            ministry.do(Deploy({"a.bpmn": source}))
        id_ = UUID(ministry.do(StartInstance("mine"))["id"])
        ministry.work_off()
        (incident,) = Letter(ministry, id_, id_, {}).incidents()
        assert "was started otherwise" in incident
    assert put_away.gone() == [False]


def _deployed(ministry: Ministry, **changed: tuple[str, str]) -> None:
    files = {f.name: f.read_bytes() for f in (LIBRARY / "destruction").iterdir() if f.is_file()}
    for old, new in changed.values():
        assert old.encode() in files["records-destruction.bpmn"]
        files = {name: each.replace(old.encode(), new.encode()) for name, each in files.items()}
    ministry.do(Deploy(files))


def test_only_the_shipped_route_is_started(ministry: Ministry) -> None:
    put_away = archived(ministry, 1)
    _deployed(ministry, late=("P60D", "P1D"))
    case = put_away.asked()  # the shipped version is still there: that one
    found = ministry.rows(process_definition, process_definition.c.key == "records-destruction")
    assert case.instance.definition_id == min(found, key=lambda row: row.version).id
    ministry.do(CancelInstance(case.id, "x"))
    oldest = min(found, key=lambda row: row.version)
    ministry.do(WithdrawDefinition(oldest.id, "x"))
    with pytest.raises(Conflict) as refused:
        put_away.asked()
    assert refused.value.code == "route_changed"
    _deployed(ministry)
    assert put_away.asked().open() == ["appoint"]


def test_one_person_cannot_play_every_part(ministry: Ministry) -> None:
    put_away = archived(ministry, 1)
    case = put_away.asked()
    step = case.at("appoint")
    with pytest.raises(Rejected):  # barred: it is they who asked
        ministry.do(ReassignTask(step.id, "admin", "x"))
    ministry.do(ReassignTask(step.id, "thotsop", "x"))
    step.by("thotsop").complete("appoint")
    consider(case, "", "", "")
    assert "Expected the holder of permanent-secretary to appoint" in case.incidents()[-1]
    assert (put_away.fates(), put_away.gone()) == (["listed"], [False])


def test_who_is_not_the_head_approves_nothing(ministry: Ministry) -> None:
    put_away = archived(ministry, 1)
    case = consider(appointed(put_away.asked()), "", "", "")
    step = case.at("approve")
    ministry.do(ReassignTask(step.id, "thotsop", "x"))
    step.by("thotsop").complete("approve")
    case.at("national_archives").by("admin").complete("answered")
    ministry.work_off()
    assert "Expected the holder of permanent-secretary to approve" in case.incidents()[-1]
    assert put_away.gone() == [False]


def test_the_appointed_committee_votes_each_once(ministry: Ministry) -> None:
    put_away = archived(ministry, 1)
    case = appointed(put_away.asked())
    for step in case.steps("consider"):
        ministry.do(ReassignTask(step.id, MEMBERS[0], "x"))
        step.by(MEMBERS[0]).complete("considered", keeps="")
    ministry.work_off()
    assert "phatsadu, phatsadu, phatsadu voted" in case.incidents()[-1]
    ministry.do(CancelInstance(case.id, "x"))
    case = appointed(put_away.asked())
    some = case.steps("consider")[0].id
    ministry.do(ChangeList(some, "ย้าย", withdraw=[f"person:{name}" for name in MEMBERS[1:]]))
    case.at("consider").by(MEMBERS[0]).complete("considered", keeps="")
    ministry.work_off()
    assert "but phatsadu voted" in case.incidents()[-1]
    assert (put_away.fates()[0], put_away.gone()) == ("listed", [False])


def test_votes_count_under_the_name_of_who_cast_them(ministry: Ministry) -> None:
    put_away = archived(ministry, 1)
    case = appointed(put_away.asked())
    by_member = {row.task_id: row.principal.removeprefix("person:") for row in ministry.rows(
        task_candidate, task_candidate.c.root_id == case.id)}  # fmt: skip
    other = {MEMBERS[0]: MEMBERS[1], MEMBERS[1]: MEMBERS[0], MEMBERS[2]: MEMBERS[2]}
    for step in case.steps("consider"):
        who = other[by_member[step.id]]
        ministry.do(ReassignTask(step.id, who, "x"))
        step.by(who).complete("considered", keeps="1" if who == MEMBERS[0] else "")
    ministry.work_off()
    (line,) = ministry.rows(destruction_item)
    assert line.spared_by == [MEMBERS[0]]


def test_the_list_that_was_shown_is_the_one_that_goes(ministry: Ministry) -> None:
    put_away = archived(ministry, 2)
    case = consider(appointed(put_away.asked()), "", "", "")
    assert all(f"/instances/{id_}" in case.instance.variables["listing"] for id_ in put_away.cases)
    approved(case).at("national_archives").by("admin").complete("answered")
    with ministry.bus.engine.begin() as db:
        first = destruction_item.c.ordinal == 1
        db.execute(destruction_item.update().where(first).values(shown="1. อื่น"))
    ministry.work_off()
    assert "Expected the list that was decided about" in case.incidents()[-1]
    assert put_away.gone() == [False] * 2


def test_nobody_decides_about_another_list(ministry: Ministry) -> None:
    put_away = archived(ministry, 1)
    case = put_away.asked()
    ministry.do(SetVariables(case.id, {"listing": "1. อื่น"}))
    with pytest.raises(Conflict) as refused:
        appointed(case)
    assert refused.value.code == "list_changed"


def test_numbers_that_the_list_has_not_are_refused_at_once(ministry: Ministry) -> None:
    put_away = archived(ministry)
    case = appointed(put_away.asked())
    for kept, code in (("9", "unknown_number"), ("3-", "unreadable_numbers")):
        with pytest.raises(Invalid) as refused:
            consider(case, kept, "", "")
        assert [(one.path, one.code) for one in refused.value.errors] == [("keeps", code)]
    approved(consider(case, "", "", ""))
    with pytest.raises(Invalid):
        case.at("national_archives").by("admin").complete("answered", claimed="2-4")
    case.at("national_archives").by("admin").complete("answered", claimed="3 - 2")
    ministry.do(SetVariables(case.id, {"claimed": ""}))  # what was answered counts
    reported(case)
    assert put_away.fates() == ["destroyed", "spared", "spared"]
    assert put_away.findings() == []


def test_a_case_that_another_destruction_had_is_gone(ministry: Ministry) -> None:
    put_away = archived(ministry, 1)
    case = approved(consider(appointed(put_away.asked()), "", "", ""))
    with ministry.bus.engine.begin() as db:
        db.execute(archived_instance.update().where(archived_instance.c.id == put_away.cases[0])
                   .values(destroyed_at=ministry.now, destruction_id=UUID(int=1)))  # fmt: skip
    case.at("national_archives").by("admin").complete("answered")
    reported(case)
    assert (put_away.fates(), case.instance.variables["destroyed"]) == (["gone"], 0)


def test_of_two_that_ask_at_once_one_is_refused(postgres_ministry: Ministry) -> None:
    put_away = archived(postgres_ministry, 1)

    def ask(_: int) -> str:
        try:
            postgres_ministry.do(StartDestruction(MEMBERS, "พื้นที่"))
        except Conflict as refused:
            return refused.code
        return "asked"

    with ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(ask, range(4)))
    assert said == ["asked", *["destruction_running"] * 3]
    assert put_away.fates() == []


def test_the_list_names_no_case_with_a_secret_letter(ministry: Ministry) -> None:
    put_away = archived(ministry, 2)
    letter = ministry.letter()
    with ministry.bus.engine.begin() as db:
        mine = document.update().where(document.c.id == letter.id)
        db.execute(mine.values(instance_id=put_away.cases[0], secrecy=2))
        db.execute(process_instance.update().where(process_instance.c.id.in_(put_away.cases))
                   .values(title="เรื่อง"))  # fmt: skip
    case = put_away.asked()
    titles = [one.title for one in ministry.query(items_as_read, case.id)]
    assert titles == ["", "เรื่อง"]
    titles = [one.title for one in ministry.query(items_as_read, case.id, by="system")]
    assert titles == ["เรื่อง", "เรื่อง"]
    first, second = case.instance.variables["listing"].splitlines()
    assert first.startswith("1. มีหนังสือชั้นความลับ (จบ ")
    assert second.startswith("2. เรื่อง เลขอ้างอิง c1 (จบ ")


def test_an_agency_without_one_head_is_told_where_to_set_it(ministry: Ministry) -> None:
    put_away = archived(ministry, 1)
    ministry.do(AddPosition("second", "ปลัดอีกคน", "ops", "head"))
    with pytest.raises(Conflict) as refused:
        put_away.asked()
    assert (refused.value.code, "/admin/units" in refused.value.message) == ("no_head", True)
    ministry.do(AddPosition("minister", "รัฐมนตรี", "ministry", "head"))
    with pytest.raises(Invalid):  # set, but nobody holds it
        put_away.asked()
    ministry.do(AssignPosition("khlang", "minister", ministry.now.date(), is_primary=False))
    put_away.asked().at("appoint").by("khlang").complete("appoint")


def test_no_file_is_kept_shorter_than_before(ministry: Ministry) -> None:
    put_away = archived(ministry, 2)
    case = approved(consider(appointed(put_away.asked()), "1", "1", ""))
    later = ministry.now + timedelta(days=9999)
    with ministry.bus.engine.begin() as db:
        first = archived_instance.c.id == put_away.cases[0]
        db.execute(archived_instance.update().where(first).values(keep_until=later))
    case.at("national_archives").by("admin").complete("answered")
    reported(case)
    assert put_away.stone(0).keep_until == later


def test_lines_are_one_line_of_a_bangkok_day_and_tell_no_secret() -> None:
    late = datetime(2026, 1, 31, 18, tzinfo=UTC)
    one = DueFile(UUID(int=7), "เรื่อง", "ขอ\nอนุมัติ  ซื้อ", "k 1", late, "", "")
    end = "(จบ 1 ก.พ. 2569) /instances/00000000-0000-0000-0000-000000000007"
    assert line(3, one, secret=False) == f"3. ขอ อนุมัติ ซื้อ เลขอ้างอิง k 1 {end}"
    assert line(3, one, secret=True) == f"3. มีหนังสือชั้นความลับ {end}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("๓, 7 และ 10-12", {3, 7, 10, 11, 12}),
        ("12-10", {10, 11, 12}),
        ("๑๒-๑๐", {10, 11, 12}),
        ("3 - 1", {1, 2, 3}),
        (None, set()),
        ("", set()),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str | None, found: set[int]) -> None:
    assert numbers_in(text, range(1, 13), "keeps") == found


@pytest.mark.parametrize("text", ["0", "13", "1-13", "1-2-3", "3-", "สาม", "1-999999999"])
def test_what_is_no_number_of_the_list_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        numbers_in(text, range(1, 13), "keeps")
