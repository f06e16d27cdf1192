"""Drafts of approval chains on both databases: who may, who comes second, what publishing makes."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
import sqlalchemy as sa
from support.purchase import PURCHASE
from support.world import World

from engine.actor import system_actor
from engine.commands.deployments import Deploy
from engine.db import reading
from engine.errors import Conflict, DeploymentRefused, Forbidden, Invalid, NotFound, Stale
from engine.queries import definitions
from office.chains import queries
from office.chains.commands import (
    CreateChain,
    DiscardChain,
    DrawChain,
    OpenChain,
    PublishChain,
    SaveChain,
    StepBack,
    StepForward,
)
from office.chains.compose import compose
from office.chains.errors import NotComposable
from office.chains.models import chain_draft, chain_past
from office.chains.past import KEPT
from office.chains.stored import dump, load
from office.modeling import cases
from office.modeling import queries as modeling
from office.modeling.cases import Case, write
from office.modeling.commands import AddModelFiles, PublishModel
from office.modeling.commands.rows import SITTING
from office.modeling.judging import RedTests
from office.people import queries as people
from office.people.models import org_event

SPARE = b'{"id": "spare", "type": "default", "components": []}'


class Composer:
    def __init__(self, world: World) -> None:
        self.world, self.bus = world, world.system.bus

    def versions(self, key: str):
        with reading(self.bus.engine) as db:
            return definitions.versions(db, self.world.home.id, key)

    def files(self, definition_id: str):
        with reading(self.bus.engine) as db:
            return definitions.files(db, self.world.home.id, UUID(str(definition_id)))

    def do(self, command, by: str = "admin"):
        home = self.world.home
        with reading(self.bus.engine) as db:
            who = people.person(db, home.id, by)
            actor = people.actor_for(db, home.id, who.id, self.world.clock.now())
        return self.bus.execute(command, actor)

    def do_as_another(self, command):
        """By a second administrator, of whom the demo ministry has none."""
        home = self.world.home
        with reading(self.bus.engine) as db:
            who = people.person(db, home.id, "admin")
            actor = people.actor_for(db, home.id, who.id, self.world.clock.now())
        return self.bus.execute(command, replace(actor, username="designer"))

    def draft(self, chain_id: UUID) -> queries.DraftRow:
        with reading(self.bus.engine) as db:
            return queries.draft(db, self.world.home.id, chain_id)

    def told(self, chain_id: UUID):
        with reading(self.bus.engine) as db:
            return db.execute(org_event.select().where(org_event.c.subject_id == chain_id)).all()

    def saved(self, key: str) -> UUID:
        made = self.do(CreateChain("ขออนุมัติซื้อ", key))
        chain_id = UUID(made["id"])
        self.do(SaveChain(chain_id, dump(replace(PURCHASE, key=key)), 1))
        return chain_id


@pytest.fixture
def composer(ministry: World) -> Composer:
    return Composer(ministry)


def test_a_chain_is_stored_as_it_is():
    assert load(dump(PURCHASE)) == PURCHASE
    for wrong in (None, {}, {"key": "a"}, {**dump(PURCHASE), "more": 1}, {"key": 1, "name": ""},
                  {"key": "a", "name": "b", "steps": [{"card": "dance"}]}):  # fmt: skip
        with pytest.raises(ValueError, match="Expected"):
            load(wrong)


def test_saving_counts_and_who_comes_second_is_refused(composer: Composer):
    chain_id = composer.saved("stale")
    assert composer.draft(chain_id).revision == 2
    with pytest.raises(Stale):
        composer.do(SaveChain(chain_id, dump(PURCHASE), 1))
    with pytest.raises(Stale):
        composer.do(DiscardChain(chain_id, 1))
    with pytest.raises(Invalid):
        composer.do(SaveChain(chain_id, {"key": 1}, 2))
    assert composer.draft(chain_id).chain == replace(PURCHASE, key="stale")


def test_a_key_is_taken_once(composer: Composer):
    composer.saved("taken")
    with pytest.raises(Invalid):
        composer.do(CreateChain("อีกสาย", "taken"))
    with pytest.raises(Invalid):
        composer.do(CreateChain("อีกสาย", "official-letter"))
    with pytest.raises(Invalid):
        composer.do(CreateChain(" "))
    assert composer.do(CreateChain("ไม่มีรหัส"))["key"].startswith("chain-")


def test_only_who_may_deploy_composes(composer: Composer):
    for command in (CreateChain("ก"), OpenChain(UUID(int=1)), SaveChain(UUID(int=1), {}, 1),
                    DiscardChain(UUID(int=1), 1), PublishChain(UUID(int=1), 1, "n")):  # fmt: skip
        with pytest.raises(Forbidden):
            composer.do(command, "faem")
    with pytest.raises(NotFound):
        composer.do(SaveChain(UUID(int=1), {}, 1))


def test_publishing_makes_versions_and_keeps_the_note(composer: Composer):
    chain_id = composer.saved("versions")
    first = composer.do(PublishChain(chain_id, 2, "รุ่นแรก"))
    assert (first["version"], first["warnings"]) == (1, [])
    row = composer.draft(chain_id)
    assert (row.published_version, row.changed) == (1, False)
    changed = replace(row.chain, name="ขออนุมัติซื้อหรือจ้าง")
    composer.do(SaveChain(chain_id, dump(changed), 2))
    assert composer.do(PublishChain(chain_id, 3, "เพิ่มการจ้าง"))["version"] == 2
    said = sorted((event.type, event.data.get("note")) for event in composer.told(chain_id))
    assert said == [
        ("chain.changed", None), ("chain.created", None),
        ("chain.published", "รุ่นแรก"), ("chain.published", "เพิ่มการจ้าง"),
    ]  # fmt: skip


def test_history_tells_of_a_change_once_a_sitting_and_of_cards_that_were_replaced(
    composer: Composer,
):
    chain_id = composer.saved("retold")  # by who created it just now: nothing more to tell
    made = composer.do(PublishChain(chain_id, 2, "รุ่นแรก"))
    row = composer.draft(chain_id)
    for revision, name in ((2, "หนึ่ง"), (3, "สอง")):
        composer.do(SaveChain(chain_id, dump(replace(row.chain, name=name)), revision))
    composer.world.clock.advance(SITTING)
    composer.do(SaveChain(chain_id, dump(replace(row.chain, name="สาม")), 4))
    composer.do(OpenChain(UUID(made["id"])))  # what was there is answered: nothing happens
    composer.do(OpenChain(UUID(made["id"]), over=5))
    said = [event.data for event in composer.told(chain_id) if event.type == "chain.changed"]
    assert sorted(one["revision"] for one in said) == [3, 5]
    (renewed,) = [one.data for one in composer.told(chain_id) if one.type == "chain.renewed"]
    assert renewed == {
        "key": "retold", "name": row.chain.name, "version": 1, "unpublished": True,
    }  # fmt: skip


def carrying(composer: Composer, key: str, end: str) -> UUID:
    """A chain whose version in use has a test and a form that no step uses."""
    chain_id = composer.saved(key)
    composer.do(PublishChain(chain_id, 2, "รุ่นแรก"))
    given = {"subject": '"โต๊ะ"', "amount": "900"}
    test = write([Case("ถึงปลายทาง", start=given, end=end)])
    files = {
        **compose(replace(PURCHASE, key=key)),
        "spare.form.json": SPARE,
        f"{key}.tests.json": test,
    }
    composer.world.system.bus.execute(
        Deploy(files, "ชุดทดสอบ"), system_actor(composer.world.home.id)
    )
    (newest, *_) = composer.versions(key)
    composer.do(DiscardChain(chain_id, 2))
    return UUID(composer.do(OpenChain(UUID(newest.id)))["id"])


def test_red_tests_keep_every_deployment_from_going_live(composer: Composer):
    with pytest.raises(DeploymentRefused) as refused:
        carrying(composer, "red", "nowhere")
    (problem,) = refused.value.problems
    assert (problem.file, problem.code, problem.severity) == (
        "red.tests.json",
        "tests_failed",
        "error",
    )
    assert "ถึงปลายทาง" in problem.message
    files = {**compose(replace(PURCHASE, key="red")), "red.tests.json": b"{}"}
    with pytest.raises(DeploymentRefused) as unread:
        composer.bus.execute(Deploy(files), system_actor(composer.world.home.id))
    assert [one.code for one in unread.value.problems] == ["unreadable_tests"]
    assert len(composer.versions("red")) == 1


def test_tests_and_unused_forms_go_along_and_keep_red_cards_from_publishing(composer: Composer):
    first = PURCHASE.steps[0].id
    chain_id = carrying(composer, "along", first)
    row = composer.draft(chain_id)
    composer.do(SaveChain(chain_id, dump(replace(row.chain, name="ชื่อใหม่")), 1))
    made = composer.do(PublishChain(chain_id, 2, "เปลี่ยนชื่อ"))
    assert {"spare.form.json", "along.tests.json"} <= set(composer.files(made["id"]))
    before = replace(PURCHASE.steps[0], id="sooner", name="ตรวจก่อน")
    longer = replace(row.chain, steps=(before, *row.chain.steps))
    composer.do(SaveChain(chain_id, dump(longer), 2))
    with pytest.raises(DeploymentRefused, match="ถึงปลายทาง"):
        composer.do(PublishChain(chain_id, 3, "เพิ่มขั้นแรก"))
    with pytest.raises(Invalid, match="why the tests are left behind"):
        composer.do(PublishChain(chain_id, 3, "เพิ่มขั้นแรก", without_tests=True, reason=" "))
    made = composer.do(PublishChain(chain_id, 3, "เพิ่มขั้นแรก", True, "ขั้นแรกเปลี่ยนไป"))
    said = [one.data for one in composer.told(chain_id) if one.data.get("tests_left")]
    assert [(one["tests_left"], one["tests_reason"]) for one in said] == [
        (["ถึงปลายทาง"], "ขั้นแรกเปลี่ยนไป"),
    ]  # fmt: skip
    assert "spare.form.json" in composer.files(made["id"])
    assert "along.tests.json" not in composer.files(made["id"])


def test_tests_that_cards_made_red_are_mended_in_the_designer_on_the_cards(composer: Composer):
    """On the diagram of the version before, they would be green whatever they say."""
    first = PURCHASE.steps[0].id
    chain_id = carrying(composer, "mended", first)
    row = composer.draft(chain_id)
    before = replace(PURCHASE.steps[0], id="sooner", name="ตรวจก่อน")
    longer = replace(row.chain, steps=(before, *row.chain.steps))
    composer.do(SaveChain(chain_id, dump(longer), 1))
    with pytest.raises(DeploymentRefused):
        composer.do(PublishChain(chain_id, 2, "เพิ่มขั้นแรก"))
    with pytest.raises(Stale):
        composer.do(DrawChain(chain_id, 1))
    with pytest.raises(Forbidden):
        composer.do(DrawChain(chain_id, 2), "faem")
    drawn = composer.do(DrawChain(chain_id, 2))
    draft_id = UUID(str(drawn["id"]))
    with reading(composer.bus.engine) as db:
        model = modeling.draft(db, composer.world.home.id, draft_id)
        files = modeling.beside(db, composer.world.home.id, draft_id)
        drawing = modeling.xml(db, composer.world.home.id, draft_id)
    assert (model.key, model.base_version, model.changed) == ("mended", 1 + 1, True)
    assert {"spare.form.json", "mended.tests.json"} <= set(files)
    assert 'id="sooner"' in drawing
    with pytest.raises(RedTests):
        composer.do(PublishModel(draft_id, 1, "เพิ่มขั้นแรก", None))
    (case,) = cases.read(files["mended.tests.json"])
    test = write([replace(case, end="sooner")])
    composer.do(AddModelFiles(draft_id, {"mended.tests.json": test}, 1))
    made = composer.do(PublishModel(draft_id, 2, "เพิ่มขั้นแรก", None))
    # what the cards say is published: their own publishing replaces nothing unseen
    again = composer.do(PublishChain(chain_id, 2, "เพิ่มขั้นแรก"))
    assert again["version"] == made["version"]
    assert not composer.draft(chain_id).changed


def test_an_opened_version_that_says_the_cards_is_theirs(composer: Composer):
    chain_id = composer.saved("theirs")
    composer.do(PublishChain(chain_id, 2, "รุ่นแรก"))
    renamed = replace(composer.draft(chain_id).chain, name="ชื่อใหม่")
    composer.do(SaveChain(chain_id, dump(renamed), 2))
    drawn = composer.do(DrawChain(chain_id, 3))
    made = composer.do(PublishModel(UUID(str(drawn["id"])), 1, "ชื่อใหม่", None))
    assert composer.draft(chain_id).changed
    composer.do(OpenChain(UUID(str(made["id"]))))
    row = composer.draft(chain_id)
    assert (row.published_version, row.changed) == (2, False)
    # and so it is where nothing had been changed: with tests, say, that the designer added
    files = {**composer.files(made["id"]), "spare.form.json": SPARE}
    newer = composer.do(Deploy(files))["definitions"][0]
    composer.do(OpenChain(UUID(str(newer["id"]))))
    assert composer.draft(chain_id).published_version == 3
    composer.do(OpenChain(UUID(str(made["id"]))))
    assert composer.draft(chain_id).published_version == 3  # an older one takes nothing back
    other = replace(renamed, name="อีกชื่อ")
    composer.do(SaveChain(chain_id, dump(other), 3))
    composer.do(OpenChain(UUID(str(made["id"]))))
    assert composer.draft(chain_id).changed
    faulty = replace(other, steps=())
    composer.do(SaveChain(chain_id, dump(faulty), 4))
    with pytest.raises(Invalid):
        composer.do(DrawChain(chain_id, 5))


def test_faults_and_a_missing_note_keep_it_from_publishing(composer: Composer):
    chain_id = composer.saved("faulty")
    with pytest.raises(Invalid):
        composer.do(PublishChain(chain_id, 2, " "))
    composer.do(SaveChain(chain_id, dump(replace(PURCHASE, steps=())), 2))
    with pytest.raises(Invalid):
        composer.do(PublishChain(chain_id, 3, "ว่าง"))
    assert composer.draft(chain_id).published_version is None


def test_a_published_chain_opens_as_cards_and_another_diagram_says_where_not(composer: Composer):
    chain_id = composer.saved("again")
    made = composer.do(PublishChain(chain_id, 2, "รุ่นแรก"))
    composer.do(DiscardChain(chain_id, 2))
    opened = composer.do(OpenChain(UUID(made["id"])))
    row = composer.draft(UUID(opened["id"]))
    assert row.chain == replace(PURCHASE, key="again")
    assert (row.published_version, row.changed) == (1, False)
    assert composer.do(OpenChain(UUID(made["id"])))["id"] == opened["id"]
    with reading(composer.bus.engine) as db:
        (letter,) = definitions.latest(db, composer.world.home.id, "official-letter")
    with pytest.raises(NotComposable) as refused:
        composer.do(OpenChain(UUID(letter.id)))
    assert refused.value.element


def test_a_newer_version_from_a_diagram_is_not_overwritten(composer: Composer):
    chain_id = composer.saved("newer")
    composer.do(PublishChain(chain_id, 2, "รุ่นแรก"))
    from engine.commands.deployments import Deploy
    from office.chains.compose import compose

    other = replace(PURCHASE, key="newer", name="แก้ในผัง")
    made = composer.do(Deploy(compose(other)))
    composer.do(SaveChain(chain_id, dump(replace(PURCHASE, key="newer", note="อีก")), 2))
    with pytest.raises(Conflict):
        composer.do(PublishChain(chain_id, 3, "ทับ"))
    composer.do(DiscardChain(chain_id, 3))
    opened = composer.do(OpenChain(UUID(made["definitions"][0]["id"])))
    assert composer.draft(UUID(opened["id"])).chain == other


def test_another_agency_does_not_find_it(composer: Composer):
    chain_id = composer.saved("fenced")
    made = composer.do(PublishChain(chain_id, 2, "รุ่นแรก"))
    stranger = system_actor(UUID(int=9))
    for command in (
        SaveChain(chain_id, dump(PURCHASE), 2), DiscardChain(chain_id, 2),
        PublishChain(chain_id, 2, "ของเขา"), OpenChain(UUID(made["id"])),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            composer.bus.execute(command, stranger)
    assert composer.draft(chain_id).revision == 2


def _names(composer: Composer, chain_id: UUID) -> str:
    return composer.draft(chain_id).chain.name


def test_each_change_is_a_step_back_and_forward_again(composer: Composer):
    chain_id = composer.saved("stepped")
    row = composer.draft(chain_id)
    first = row.chain.name
    for revision, name in ((2, "หนึ่ง"), (3, "สอง"), (4, "สอง")):  # the last changes nothing
        composer.do(SaveChain(chain_id, dump(replace(row.chain, name=name)), revision))
    assert composer.do(StepBack(chain_id, 5)) == {"revision": 6}
    assert _names(composer, chain_id) == "หนึ่ง"
    with pytest.raises(Stale):
        composer.do(StepBack(chain_id, 5))
    composer.do(StepBack(chain_id, 6))
    assert _names(composer, chain_id) == first
    composer.do(StepForward(chain_id, 7))
    assert _names(composer, chain_id) == "หนึ่ง"
    composer.do(SaveChain(chain_id, dump(replace(row.chain, name="สาม")), 8))
    with pytest.raises(Conflict) as nothing:
        composer.do(StepForward(chain_id, 9))
    assert nothing.value.code == "no_change"
    composer.do(StepBack(chain_id, 9))
    assert _names(composer, chain_id) == "หนึ่ง"
    told = [one.type for one in composer.told(chain_id)]
    assert (told.count("chain.undone"), told.count("chain.redone")) == (3, 1)


def test_so_many_changes_are_kept_and_a_discarded_draft_keeps_none(composer: Composer):
    chain_id = composer.saved("long")
    chain = composer.draft(chain_id).chain
    for revision in range(2, 2 + KEPT + 5):
        composer.do(SaveChain(chain_id, dump(replace(chain, note=str(revision))), revision))
    last = 2 + KEPT + 5
    for taken in range(KEPT - 1):
        composer.do(StepBack(chain_id, last + taken))
    with pytest.raises(Conflict):
        composer.do(StepBack(chain_id, last + KEPT - 1))
    composer.do(DiscardChain(chain_id, last + KEPT - 1))
    with reading(composer.bus.engine) as db:
        assert db.scalar(sa.select(sa.func.count()).where(chain_past.c.chain_id == chain_id)) == 0


def test_anothers_change_is_taken_back_by_who_says_that_they_saw_it(composer: Composer):
    chain_id = composer.saved("shared")
    chain = composer.draft(chain_id).chain
    composer.do_as_another(SaveChain(chain_id, dump(replace(chain, name="ของผู้อื่น")), 2))
    with pytest.raises(Conflict) as refused:
        composer.do(StepBack(chain_id, 3))
    assert (refused.value.code, "designer" in str(refused.value)) == ("of_another", True)
    assert _names(composer, chain_id) == "ของผู้อื่น"
    composer.do(StepBack(chain_id, 3, others=True))
    assert _names(composer, chain_id) == chain.name
    (undone,) = [one.data for one in composer.told(chain_id) if one.type == "chain.undone"]
    assert undone["changed_by"] == "designer"


def test_a_draft_that_a_program_without_steps_back_changed_begins_anew(composer: Composer):
    """While an update rolls, the version before writes drafts alone."""
    chain_id = composer.saved("rolled")
    chain = composer.draft(chain_id).chain
    with composer.bus.engine.begin() as db:
        content = dump(replace(chain, name="รุ่นก่อน"))
        db.execute(
            chain_draft.update()
            .where(chain_draft.c.id == chain_id)
            .values(content=content, revision=3)
        )
    with pytest.raises(Conflict):
        composer.do(StepBack(chain_id, 3))
    composer.do(SaveChain(chain_id, dump(replace(chain, name="ใหม่")), 3))
    composer.do(StepBack(chain_id, 4))
    assert _names(composer, chain_id) == "รุ่นก่อน"
