"""Templates: saved from a draft, listed beside the shipped ones, begun from, removed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from support.world import World

from engine.actor import Actor
from office.modeling.commands import AddModelFiles, CreateModel
from office.people import queries as people


def by(world: World, command: Any) -> dict[str, Any]:
    actor = Actor(
        world.home.id, world.home.persons["admin"], "admin", rights=frozenset({"everything"})
    )
    return world.system.bus.execute(command, actor)


def test_a_draft_becomes_a_template_and_a_template_a_draft(world: World) -> None:
    draft = by(world, CreateModel("ขอใช้รถ"))
    form = b'{"type":"default","id":"car","schemaVersion":19,"components":[]}'
    by(world, AddModelFiles(UUID(str(draft["id"])), {"car.form.json": form}, 1))
    body = {"model_draft_id": str(draft["id"]), "name": "แม่แบบรถ", "description": "ใช้กับรถ"}
    saved = world.post("/model-templates", body, as_="admin")
    assert saved.status_code == 201, saved.text
    rows = world.get("/model-templates", as_="admin").json["items"]
    mine = next(row for row in rows if row["id"] == saved.json["id"])
    assert (mine["name"], mine["description"]) == ("แม่แบบรถ", "ใช้กับรถ")
    assert {"official-letter"} <= {row["id"] for row in rows}
    begun = world.post(
        f"/model-templates/{mine['id']}/begin", {"name": "ขอใช้เรือ"}, as_="admin"
    ).json
    assert begun["key"] not in ("", draft["key"])
    read = world.get(f"/model-drafts/{begun['id']}", as_="admin").json
    assert (read["name"], read["files"]) == ("ขอใช้เรือ", ["car.form.json"])
    assert draft["key"] not in read["xml"]
    world.post(f"/model-templates/{mine['id']}/remove", {}, as_="admin")
    assert world.get(f"/model-templates/{mine['id']}", as_="admin").status_code == 404
    with world.system.engine.connect() as db:
        events = people.events(db, world.home.id, actor="admin", page=1, page_size=5)
    assert {"template.saved", "template.removed"} <= {one.type for one in events.items}


def test_a_shipped_one_is_begun_from_and_stays(world: World) -> None:
    used = {"name": "หนังสือของเรา", "key": "our-letter"}
    begun = world.post("/model-templates/official-letter/begin", used, as_="admin")
    assert (begun.status_code, begun.json["key"]) == (201, "our-letter")
    taken = world.post(
        "/model-templates/official-letter/begin", {"name": "x", "key": "review"}, as_="admin"
    )
    assert [error["field"] for error in taken.json["errors"]] == ["key"]


def test_another_agencys_template_is_not_found(world: World) -> None:
    draft = by(world, CreateModel("x"))
    body = {"model_draft_id": str(draft["id"]), "name": "x"}
    saved = world.post("/model-templates", body, as_="admin").json["id"]
    for path in (f"/model-templates/{saved}/begin", f"/model-templates/{saved}/remove"):
        sent = {"name": "x"} if path.endswith("begin") else {}
        assert world.post(path, sent, as_="stranger").status_code == 404
    foreign = world.post("/model-templates", body, as_="stranger")
    assert foreign.status_code == 404
    assert world.get("/model-templates", as_="clerk").status_code == 403
