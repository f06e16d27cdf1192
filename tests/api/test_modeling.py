"""Drafts of diagrams on both databases: who may, who comes second, what publishing makes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from support.world import World

import bpmn
from engine.actor import system_actor
from engine.db import reading
from engine.errors import Conflict, DeploymentRefused, Forbidden, Invalid, NotFound, Stale
from engine.queries import definitions
from office.modeling import queries, rules
from office.modeling.commands import (
    AddModelFiles,
    CopyModel,
    CreateModel,
    DiscardModel,
    ImportModel,
    OpenModel,
    PublishModel,
    RemoveModelFile,
    SaveModel,
)
from office.people import queries as people
from office.people.commands import GrantRole
from office.people.models import org_event

DRAFTING = Path(bpmn.path()) / "drafting"


class Designer:
    def __init__(self, world: World) -> None:
        self.world, self.bus = world, world.system.bus
        self.home = world.home.id

    def do(self, command, by: str = "admin"):
        with reading(self.bus.engine) as db:
            who = people.person(db, self.home, by)
            actor = people.actor_for(db, self.home, who.id, self.world.clock.now())
        return self.bus.execute(command, actor)

    def new(self, key: str) -> UUID:
        return UUID(str(self.do(CreateModel("ขอใช้รถ", key))["id"]))

    def draft(self, draft_id: UUID) -> queries.DraftRow:
        with reading(self.bus.engine) as db:
            return queries.draft(db, self.home, draft_id)

    def xml(self, draft_id: UUID) -> str:
        with reading(self.bus.engine) as db:
            return queries.xml(db, self.home, draft_id)

    def beside(self, draft_id: UUID):
        with reading(self.bus.engine) as db:
            return queries.beside(db, self.home, draft_id)

    def latest(self, key: str):
        with reading(self.bus.engine) as db:
            return definitions.latest(db, self.home, key)


@pytest.fixture
def designer(ministry: World) -> Designer:
    return Designer(ministry)


def test_whoever_saves_second_is_told_and_loses_nothing(designer: Designer):
    draft_id = designer.new("second")
    first = designer.xml(draft_id).replace("ดำเนินการ", "ตรวจ")
    saved = designer.do(SaveModel(draft_id, first, 1))
    assert (saved["revision"], saved["updated_by"]) == (2, "admin")
    second = designer.xml(draft_id).replace("ตรวจ", "อนุมัติ")
    for late in (SaveModel(draft_id, second, 1), DiscardModel(draft_id, 1),
                 PublishModel(draft_id, 1, "ช้า", 0), AddModelFiles(draft_id, {"a.dmn": b""}, 1),
                 RemoveModelFile(draft_id, "a.dmn", 1)):  # fmt: skip
        with pytest.raises(Stale):
            designer.do(late)
    assert designer.xml(draft_id) == first
    other = UUID(str(designer.do(CopyModel(draft_id, second))["id"]))
    assert (designer.xml(draft_id), designer.xml(other)) == (first, second)


def test_history_tells_each_sitting_and_not_each_save(designer: Designer):
    """A pause, another person, and what was published each begin another one."""
    draft_id, clock = designer.new("sitting"), designer.world.clock
    designer.do(GrantRole("somying", "admin", clock.now().date()))
    revisions = []

    def save(by: str = "admin") -> None:
        row = designer.draft(draft_id)
        text = designer.xml(draft_id).replace("เริ่ม", "เริ่ม ")
        designer.do(SaveModel(draft_id, text, row.revision), by)
        revisions.append(row.revision + 1)

    def told() -> list[tuple[str, int]]:
        with reading(designer.bus.engine) as db:
            found = people.events_of(db, designer.home, draft_id, 99)
        changes = [one for one in found if one.type == "model.changed"]
        return [(one.actor, one.data["revision"]) for one in reversed(changes)]

    save()
    save()
    assert told() == []  # who began it goes on
    save("somying")
    save("somying")
    save()
    assert told() == [("somying", 4), ("admin", 6)]
    clock.advance(timedelta(minutes=59))
    save()
    assert len(told()) == 2
    clock.advance(timedelta(minutes=61))
    save()
    assert told()[2:] == [("admin", 8)]
    designer.do(PublishModel(draft_id, 8, "รุ่นแรก", 0))
    save()
    save()
    assert told()[3:] == [("admin", 10)]
    designer.do(AddModelFiles(draft_id, {"a.dmn": b"1"}, 11))
    designer.do(AddModelFiles(draft_id, {"a.dmn": b"2"}, 12), "somying")
    designer.do(AddModelFiles(draft_id, {"a.dmn": b"2"}, 13), "admin")  # nothing is another
    assert told()[4:] == [("somying", 13)]


def test_key_and_name_are_read_from_the_diagram(designer: Designer):
    draft_id = designer.new("renamed")
    text = designer.xml(draft_id).replace("ขอใช้รถ", "ขอใช้ห้อง").replace('"renamed"', '"room"')
    designer.do(SaveModel(draft_id, text, 1))
    row = designer.draft(draft_id)
    assert (row.key, row.name, row.file_name) == ("room", "ขอใช้ห้อง", "renamed.bpmn")


@pytest.mark.parametrize(
    ("text", "code"),
    [("<a", "not_xml"), ("<a/>", "not_bpmn"), ("", "not_xml"),
     ("<!DOCTYPE a><a/>", "doctype_not_allowed"),
     ("<a>" + "x" * 2_000_001 + "</a>", "file_too_large"),
     (rules.template("much", "ก") + "<!-- -->" * 2_001, "too_many_comments")],
)  # fmt: skip
def test_what_is_no_diagram_is_not_kept(designer: Designer, text: str, code: str):
    draft_id = designer.new("kept")
    with pytest.raises(Invalid) as refused:
        designer.do(SaveModel(draft_id, text, 1))
    assert [one.code for one in refused.value.errors] == [code]
    assert designer.draft(draft_id).revision == 1
    designer.do(DiscardModel(draft_id, 1))


def test_a_new_one_has_a_name_and_a_key_of_its_own(designer: Designer):
    assert designer.do(CreateModel("ไม่มีรหัส"))["key"].startswith("process-")
    for name, key, code in (("", "a", "required"), ("ก" * 201, "a", "required"),
                            ("ก", "A b", "key"), ("ก", "official-letter", "taken")):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            designer.do(CreateModel(name, key))
        assert [one.code for one in refused.value.errors] == [code]


def test_a_name_of_odd_signs_is_still_a_diagram(designer: Designer):
    name = """ก"<'&{key}>"""
    assert designer.do(CreateModel(name, "odd-signs"))["name"] == name


def test_publishing_makes_versions_and_refuses_what_has_faults(designer: Designer):
    draft_id = designer.new("car")
    with pytest.raises(Invalid):
        designer.do(PublishModel(draft_id, 1, " ", 0))
    made = designer.do(PublishModel(draft_id, 1, "รุ่นแรก", 0))
    row = designer.draft(draft_id)
    assert (made["version"], row.base_version, row.changed, row.revision) == (1, 1, False, 2)
    text = designer.xml(draft_id)
    designer.do(SaveModel(draft_id, text.replace('targetRef="work"', 'targetRef="gone"'), 2))
    with pytest.raises(DeploymentRefused):
        designer.do(PublishModel(draft_id, 3, "ผิด", 1))
    designer.do(SaveModel(draft_id, text.replace("ดำเนินการ", "ตรวจ"), 3))
    assert designer.draft(draft_id).changed
    with pytest.raises(Conflict) as conflict:
        designer.do(PublishModel(draft_id, 4, "ไม่ได้ดู", 0))
    assert conflict.value.code == "newer_version"
    assert designer.do(PublishModel(draft_id, 4, "เปลี่ยนชื่อขั้น", 1))["version"] == 2
    assert designer.latest("car")[0].version == 2
    with reading(designer.bus.engine) as db:
        events = db.execute(org_event.select().where(org_event.c.subject_id == draft_id)).all()
    assert [(one.type, one.data.get("note")) for one in sorted(events, key=lambda e: e.id)] == [
        ("model.created", None), ("model.published", "รุ่นแรก"), ("model.changed", None),
        ("model.published", "เปลี่ยนชื่อขั้น"),
    ]  # fmt: skip


def test_a_deployed_process_is_opened_with_its_forms_and_deployed_again(designer: Designer):
    (letter,) = designer.latest("official-letter")
    opened = designer.do(OpenModel(UUID(letter.id)))
    draft_id = UUID(str(opened["id"]))
    assert designer.do(OpenModel(UUID(letter.id)))["id"] == str(draft_id)
    assert designer.xml(draft_id).encode() == (DRAFTING / letter.file_name).read_bytes()
    assert "letter-draft.form.json" in designer.beside(draft_id)
    row = designer.draft(draft_id)
    assert (row.base_version, row.changed) == (letter.version, False)
    again = designer.do(PublishModel(draft_id, 1, "เหมือนเดิม", letter.version))
    assert again["version"] == letter.version  # the same files are the same version
    designer.do(DiscardModel(draft_id, 2))
    assert not designer.beside(draft_id)


def test_files_beside_a_diagram_come_and_go(designer: Designer):
    text = (DRAFTING / "official-letter.bpmn").read_bytes()
    made = designer.do(ImportModel({"b.bpmn": b"<b/>", "a.bpmn": text}))
    draft_id = UUID(str(made["id"]))
    designer.do(AddModelFiles(draft_id, {"x.dmn": b"1", "b.bpmn": b"2"}, 1))
    assert designer.beside(draft_id) == {"x.dmn": b"1", "b.bpmn": b"2"}
    for odd, code in (({"a.bpmn": b""}, "drawn"), ({"a.exe": b""}, "unknown_file"),
                      ({"a.dmn": bytes(9 << 20)}, "too_many")):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            designer.do(AddModelFiles(draft_id, odd, 2))
        assert [one.code for one in refused.value.errors] == [code]
    designer.do(RemoveModelFile(draft_id, "b.bpmn", 2))
    with reading(designer.bus.engine) as db:
        told = people.events_of(db, designer.home, draft_id, 9)
    assert [(one.type, one.data.get("name")) for one in reversed(told)][1:] == [
        ("model.file_added", "x.dmn"), ("model.file_removed", "b.bpmn"),
    ]  # fmt: skip
    with pytest.raises(Invalid):
        designer.do(RemoveModelFile(draft_id, "b.bpmn", 3))
    assert designer.beside(draft_id) == {"x.dmn": b"1"}
    with pytest.raises(Invalid):
        designer.do(ImportModel({"x.dmn": b"1"}))


def test_an_old_encoding_becomes_utf_8_and_nothing_else_changes(designer: Designer):
    text = '<?xml version="1.0" encoding="windows-874"?>\n<d:definitions name="ขอซื้อ" xmlns:d="%s"/>'
    text = text.replace("%s", "http://www.omg.org/spec/BPMN/20100524/MODEL")
    made = designer.do(ImportModel({"old.bpmn": text.encode("cp874")}))
    assert designer.xml(UUID(str(made["id"]))) == text.replace("windows-874", "UTF-8")
    assert made["name"] == "ขอซื้อ"
    with pytest.raises(Invalid):
        designer.do(ImportModel({"old.bpmn": "ขอซื้อ".encode("cp874")}))


def test_a_pool_that_is_only_drawn_gives_a_draft_no_name(designer: Designer):
    text = designer.xml(designer.new("pooled"))
    pool = '<bpmn:process id="customer" isExecutable="false" /><bpmn:process id="pooled"'
    both = text.replace('<bpmn:process id="pooled"', pool).replace(' isExecutable="true"', "")
    made = designer.do(ImportModel({"pooled.bpmn": both.encode()}))
    assert made["key"] == "pooled"
    assert designer.do(PublishModel(UUID(str(made["id"])), 1, "รุ่นแรก", 0))["key"] == "pooled"


def test_it_takes_the_right_and_stays_in_its_agency(designer: Designer):
    draft_id = designer.new("fenced-model")
    (letter,) = designer.latest("official-letter")
    text = designer.xml(draft_id)
    about = [
        SaveModel(draft_id, text, 1), CopyModel(draft_id, text), DiscardModel(draft_id, 1),
        AddModelFiles(draft_id, {}, 1), RemoveModelFile(draft_id, "a", 1),
        PublishModel(draft_id, 1, "ของเขา", 0), OpenModel(UUID(letter.id)),
    ]  # fmt: skip
    for command in (*about, CreateModel("ก"), ImportModel({})):
        with pytest.raises(Forbidden):
            designer.do(command, by="thotsop")
    stranger = system_actor(designer.world.foreign.id)
    for command in about:
        with pytest.raises(NotFound):
            designer.bus.execute(command, stranger)
    assert designer.draft(draft_id).revision == 1
