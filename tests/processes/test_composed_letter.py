"""A letter's route that was put together from cards: drafted, refused, corrected and signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from support.ministry import Letter, Ministry, sample

from engine.commands.deployments import Deploy
from engine.errors import Invalid
from engine.queries import definitions
from office.chains import editing, rules, words
from office.chains.compose import compose
from office.chains.model import Act, Ask, Chain, Due, Span, Who
from office.chains.reading import read
from office.documents.commands import CreateDocument, SaveDraft
from office.documents.models import endorsement
from office.documents.routes import routes

KEY = "short-letter"
HEAD = Who("named", ("position:central-director",))


def chain() -> Chain:
    """Drafted by whoever starts it, agreed to by the division's head, signed and delivered."""
    begun = editing.as_letter(Chain(KEY, "หนังสือเดินเร็ว"))
    head = Ask(
        "head", "approve", "ผู้อำนวยการเห็นชอบ", HEAD, words.outcomes_of("approve", refusal=True),
        refusal="back", back_to="draft",
    )  # fmt: skip
    sign = editing.new_step(begun, "sign")
    acts = [
        Act(name, name, f"correspondence.{name}", (("document_id", "=document_id"),))
        for name in ("register", "deliver")
    ]
    return replace(begun, steps=(*begun.steps, head, sign, *acts))


def publish(ministry: Ministry) -> UUID:
    assert rules.faults(chain()) == []
    made = ministry.do(Deploy(compose(chain()), "รุ่นแรก"))
    assert made["warnings"] == []
    return UUID(made["definitions"][0]["id"])


def letter(ministry: Ministry) -> Letter:
    answer = ministry.do(CreateDocument(sample("S01"), KEY), "thotsop")
    return Letter(ministry, UUID(answer["id"]), UUID(answer["instance_id"]), answer)


def test_a_composed_route_signs_its_letter(either_ministry: Ministry) -> None:
    publish(either_ministry)
    found = letter(either_ministry)
    assert (found.row.state, found.open()) == ("drafting", ["draft"])
    found.at("draft").complete("submit")
    for _again in range(2):
        assert (found.row.state, found.open()) == ("in_route", ["head"])
        found.at("head").by("phatsadu").complete("refuse", "ขอให้แก้ไขข้อความ")
        content = {**found.row.content, "subject": "เรื่องที่แก้แล้ว"}
        either_ministry.do(SaveDraft(found.id, content, found.row.revision), "thotsop")
        found.at("draft").complete("submit")
    found.at("head").by("phatsadu").complete("approve")
    assert found.row.state == "waiting_signature"
    found.at("sign1").by("somying").sign()
    either_ministry.work_off()
    assert (found.row.state, found.instance.status, found.end) == ("signed", "completed", "end")
    assert found.row.number == "ตย ๐๒๐๑/๑"
    assert found.incidents() == []


def test_what_was_composed_opens_as_it_was(ministry: Ministry) -> None:
    made = publish(ministry)
    files = ministry.query(lambda db, actor: definitions.files(db, actor.agency_id, made))
    assert read(files, KEY) == chain()


def test_a_letter_that_is_not_signed_is_refused(ministry: Ministry) -> None:
    publish(ministry)
    found = letter(ministry)
    found.at("draft").complete("submit")
    found.at("head").by("phatsadu").complete("approve")
    found.at("sign1").by("somying").sign(outcome="refuse", comment="ไม่เห็นชอบด้วย")
    assert (found.row.state, found.instance.status) == ("refused", "completed")


def test_a_letter_is_refused_by_the_deadline_of_a_step(ministry: Ministry) -> None:
    head = Ask(
        "head", "approve", "ผู้อำนวยการเห็นชอบ", HEAD, words.outcomes_of("approve", refusal=True),
        due=Due(Span(1), late="refuse"), refusal="end",
    )  # fmt: skip
    ministry.do(Deploy(compose(editing.change(chain(), head))))
    found = letter(ministry)
    found.at("draft").complete("submit")
    ministry.clock.advance(timedelta(days=30))
    ministry.fire_due()
    assert (found.row.state, found.end) == ("refused", "end_head")


def test_only_routes_that_sign_are_offered(ministry: Ministry) -> None:
    def offered() -> list[str]:
        rows = ministry.query(lambda db, actor: routes(db, actor.agency_id))
        return [row.key for row in rows]

    before = offered()
    assert (before[0], KEY in before) == ("official-letter", False)
    publish(ministry)
    assert KEY in offered()
    for wrong in ("nothing", "purchase"):
        with pytest.raises(Invalid) as refused:
            ministry.do(CreateDocument(sample("S01"), wrong), "thotsop")
        assert [one.path for one in refused.value.errors] == ["route"]


@pytest.mark.parametrize("changed", [False, True])
def test_who_endorsed_a_letter_endorses_it_again_once_another_has_changed_it(
    ministry: Ministry, changed: bool
) -> None:
    head, deputy = chain().steps[1], Who("named", ("position:general-head",))
    assert isinstance(head, Ask)
    yes = words.outcomes_of("approve", refusal=False)
    first = replace(head, id="first", refusal="none", back_to="", outcomes=yes)
    mid = replace(first, id="proofread", who=deputy)
    again = replace(first, id="again", skip_same=True)
    steps = (chain().steps[0], first, mid, again, *chain().steps[2:])
    route = replace(chain(), steps=steps)
    assert rules.faults(route) == []
    ministry.do(Deploy(compose(route), "รุ่นแรก"))
    found = letter(ministry)
    found.at("draft").complete("submit")
    found.at("first").by("phatsadu").complete("approve")
    if changed:
        content = {**found.row.content, "subject": "เรื่องที่แก้แล้ว"}
        ministry.do(SaveDraft(found.id, content, found.row.revision), "tuayang")
    found.at("proofread").by("tuayang").complete("approve")
    assert found.open() == (["again"] if changed else ["sign1"])
    said = ministry.rows(
        endorsement, endorsement.c.document_id == found.id, endorsement.c.username == "phatsadu"
    )
    given = [(one.element_id, one.skipped, one.position_lines) for one in said]
    mine = given[0][2]
    assert mine
    assert given == [("first", False, mine)] + ([] if changed else [("again", True, mine)])
